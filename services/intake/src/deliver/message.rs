//! What goes out: one JSON object, the same in every attempt.

use duban_proto::intake::v1::{Complainant, ReplyOccasion};
use serde::Serialize;
use zeroize::Zeroizing;

use super::ports::Contact;
use crate::domain::{Case, Reply};

/// A reply as a receiver gets it.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    r#type: &'static str,
    /// When the reply became due.
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    /// The delivery's id: the reply's, stable over all attempts.
    delivery_id: String,
    organ: &'a str,
    case_id: String,
    number: &'a str,
    /// "accepted", "result" …
    occasion: String,
    /// In Chinese.
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Reach<'a>>,
}

/// Who is to be reached: what the port needs, and nothing else.
#[derive(Serialize)]
struct Reach<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    phones: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    address: &'a str,
}

impl<'a> Message<'a> {
    /// The message of a reply.
    pub(super) fn new(organ: &'a str, case: &'a Case, reply: &Reply, text: &'a str) -> Self {
        let data = Data {
            delivery_id: reply.reply_id.to_string(),
            organ,
            case_id: case.case_id.to_string(),
            number: &case.number,
            occasion: occasion(reply.occasion),
            text,
            contact: None,
        };
        Self { r#type: "reply", timestamp: reply.since.to_string(), data }
    }

    /// With whom to reach; false where nothing of what the port needs to reach them is there.
    pub(super) fn reach(&mut self, complainant: &'a Complainant, wanted: &[Contact]) -> bool {
        let wants = |one| wanted.contains(&one);
        let text = |one, text: &'a String| if wants(one) { text.as_str() } else { "" };
        let reach = Reach {
            name: text(Contact::Name, &complainant.name),
            phones: if wants(Contact::Phone) { &complainant.phones } else { &[] },
            email: text(Contact::Email, &complainant.email),
            address: text(Contact::Address, &complainant.address),
        };
        let reachable = !(reach.phones.is_empty() && reach.email.is_empty() && reach.address.is_empty());
        self.data.contact = Some(reach);
        reachable
    }

    /// As bytes, wiped when dropped.
    pub(super) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        serde_json::to_vec(self).map(Zeroizing::new)
    }
}

/// An occasion without the enum's name: "accepted".
fn occasion(occasion: ReplyOccasion) -> String {
    let name = occasion.as_str_name();
    name.strip_prefix("REPLY_OCCASION_").unwrap_or(name).to_lowercase()
}
