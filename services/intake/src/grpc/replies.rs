//! `ListReplies`, `SendReply` (16, 17).

use duban_proto::intake::v1::{
    DeliveryOutcome, ListRepliesRequest, ListRepliesResponse, Reply as WireReply, SendReplyRequest,
    SendReplyResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::complaint::one_of;
use super::seal::Item;
use super::see::Hidden;
use crate::deliver::FORMS;
use crate::domain::{Act, Case, Reply, SendReply, reply_message};
use crate::store::{self, Filed, ReplyKey, ReplyRow, Which};

/// The longest text, in characters.
const MAX_TEXT: usize = 10_000;

impl Grpc {
    pub(super) async fn replies(
        &self,
        caller: &Caller,
        request: ListRepliesRequest,
    ) -> Result<ListRepliesResponse, Error> {
        let ListRepliesRequest { case_id, open_only, page_size: size, page_token, for_person } = request;
        let mut check = Violations::default();
        let wanted = check.optional_uuid("case_id", &case_id);
        let (wanted,) = check.finish_with((wanted,))?;
        let directory = self.directory.knowing([caller.principal().organ.as_str()]).await?;
        let organs = directory.visible(caller.visibility(directory.tree()));
        let tokens =
            PageToken::of("ListReplies").filter(&case_id).filter([u8::from(open_only), u8::from(for_person)]);
        let after: Option<ReplyKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let which = match (for_person, open_only) {
            (true, _) => Which::ForPerson { sent: self.ports.routes() },
            (false, true) => Which::Open,
            (false, false) => Which::All,
        };
        let rows = match wanted {
            None => store::list_replies(self.pool(), &organs, which, after, size).await?,
            Some(case_id) => {
                let found = store::find_case(self.pool(), &organs, case_id).await?;
                let Filed { organ, .. } = found.ok_or_else(|| Error::case_not_found(case_id))?;
                store::list_replies_of_case(self.pool(), &organ, case_id, which, after, size).await?
            }
        };
        let full = i64::try_from(rows.len()).is_ok_and(|count| count >= size);
        let next_page_token = match rows.last().filter(|_| full) {
            Some(last) => tokens.encode(&ReplyKey::of(&last.reply))?,
            None => String::new(),
        };
        let cases = store::cases_of(self.pool(), &rows).await?;
        let hidden = Hidden::from(caller, directory.tree());
        let mut replies = Vec::with_capacity(rows.len());
        for ReplyRow { organ, reply } in &rows {
            let hides = |case: &&Case| hidden.as_ref().is_some_and(|hidden| hidden.hides(organ, case));
            if let Some(case) = cases.get(&reply.case_id).filter(|case| !hides(case)) {
                replies.push(self.told_reply(organ, case, reply).await?);
            }
        }
        Ok(ListRepliesResponse { replies, next_page_token })
    }

    async fn told_reply(&self, organ: &str, case: &Case, reply: &Reply) -> Result<WireReply, Error> {
        let proposed_text = self.reply_text(organ, case, reply).await?;
        let now = self.writer.clock().now();
        let message = reply_message(reply, organ, &case.number, now);
        Ok(self.shown(&reply.delivery.route, WireReply { proposed_text, ..message }))
    }

    pub(super) async fn reply(
        &self,
        caller: &Caller,
        mut request: SendReplyRequest,
    ) -> Result<SendReplyResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("reply_id", &request.reply_id),
            check.required_enum::<DeliveryOutcome>("outcome", request.outcome),
        );
        let asked = !matches!(values.3, Some(DeliveryOutcome::Obsolete | DeliveryOutcome::Erased));
        check.must(asked, "outcome", "不能这样登记", "is the program's own");
        if check.required("form", &request.form) && !FORMS.contains(&request.form.as_str()) {
            one_of(&mut check, "form", FORMS.iter());
        }
        check.text("text", &request.text, MAX_TEXT);
        let (request_id, case_id, reply_id, outcome) = check.finish_with(values)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        let replies = store::replies_of_case(self.pool(), &organ, case_id).await?;
        let reply = replies.iter().find(|reply| reply.reply_id == reply_id);
        let reply = reply.ok_or_else(|| Error::nothing_to_act_on("reply", reply_id))?;
        let text = match request.text.trim() {
            "" => self.reply_text(&organ, &case, reply).await?,
            text => text.to_owned(),
        };
        let key = self.key(&organ, case_id).await?;
        let item = Item { organ: &organ, case_id, id: self.new_id(), version: 1, kind: "reply" };
        let act = Act::SendReply(SendReply {
            reply_id,
            form: request.form.clone(),
            outcome,
            text: self.draft(&key, &item, text.as_bytes())?,
        });
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let proposed_text = self.reply_text(&organ, &case, reply).await?;
        let sent = answer.reply.ok_or_else(|| Error::internal("an answer without its reply"))?;
        Ok(SendReplyResponse {
            reply: Some(self.shown(&reply.delivery.route, WireReply { proposed_text, ..sent })),
            case: Some(self.told_now(caller, &organ, answer.case).await?),
        })
    }

    /// What was written to the complainant beside the regulation's own words; empty where nothing was.
    pub(super) async fn explanation(
        &self,
        organ: &str,
        case_id: Uuid,
        reply_id: Uuid,
    ) -> Result<String, Error> {
        match self.vault.read_text(organ, case_id, reply_id, 1).await {
            Ok(text) => Ok(text.to_string()),
            Err(content::ContentError::Missing { .. } | content::ContentError::Erased(_)) => {
                Ok(String::new())
            }
            Err(error) => Err(error.into()),
        }
    }
}
