//! `complaints.jsonl`: a complaint a line.

use std::collections::BTreeMap;

use duban_proto::common::v1::Source;
use duban_proto::intake::v1 as wire;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::parts::{Complainant, Flag, Instruction, Origin, Reference, Respondent};

/// One line. Has no `Debug`: it names the complainant.
#[derive(Clone, Deserialize)]
pub struct Line {
    /// The id of the request; absent: made from the line itself.
    pub request_id: Option<String>,
    /// The day of the sample period it arrives on, from 0.
    #[serde(default)]
    pub day: u32,
    /// The minute of that day.
    #[serde(default)]
    pub minute: u32,
    /// How the demo goes on with it.
    #[serde(default)]
    pub scenario: String,
    channel: String,
    source: Option<Origin>,
    external_reference: Option<Reference>,
    title: String,
    text: String,
    #[serde(default)]
    grounds: Vec<String>,
    respondents: Vec<Respondent>,
    complainant: Option<Complainant>,
    #[serde(default)]
    flags: Vec<Flag>,
    leader_instruction: Option<Instruction>,
    #[serde(default)]
    occurred_on: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    channel_details: BTreeMap<String, String>,
    #[serde(default)]
    anonymous: bool,
}

/// Why a line can't be used. Quotes nothing of it: it names the complainant.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// Not JSON, or not of the expected form.
    #[error("line {line}, column {column}: {what}")]
    Form {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong and expected.
        what: String,
    },
    /// The id is none.
    #[error("line {line}: request_id is not a UUID, as 0190f12c-90c7-4624-b5b6-26d8db24c040")]
    RequestId {
        /// From 1.
        line: usize,
    },
}

impl Line {
    /// Reads the text of line `number`, counted from 1.
    pub fn parse(text: &str, number: usize) -> Result<Self, LineError> {
        let line: Self = serde_json::from_str(text).map_err(|error| LineError::Form {
            line: number,
            column: error.column(),
            what: explain(&error),
        })?;
        match &line.request_id {
            Some(id) if uuid::Uuid::try_parse(id).is_err() => Err(LineError::RequestId { line: number }),
            _ => Ok(line),
        }
    }

    /// The request that submits it to `organ`; `id` where the line has none.
    pub fn into_request(self, organ: &str, id: &str) -> wire::SubmitComplaintRequest {
        let request_id = self.request_id.clone().unwrap_or_else(|| id.to_owned());
        wire::SubmitComplaintRequest {
            request_id,
            organ: organ.to_owned(),
            complaint: Some(self.into_complaint()),
        }
    }

    /// The complaint.
    pub fn into_complaint(self) -> wire::Complaint {
        wire::Complaint {
            channel: self.channel,
            source: self.source.map_or(Source::Unspecified, Origin::wire).into(),
            title: self.title,
            text: self.text,
            grounds: self.grounds,
            respondents: self.respondents.into_iter().map(Respondent::wire).collect(),
            complainant: self.complainant.map(Complainant::wire),
            occurred_on: self.occurred_on,
            place: self.place,
            weights: self.flags.into_iter().map(|flag| flag.wire().into()).collect(),
            leader_instruction: self.leader_instruction.map(Instruction::wire),
            external_reference: self.external_reference.map(Reference::wire),
            channel_details: self.channel_details.into_iter().collect(),
            anonymous: self.anonymous,
        }
    }

    /// Its dates, moved by so many days: the samples are written as if day 0 were 2026-03-02.
    pub fn move_dates(&mut self, days: i64) {
        let by = jiff::SignedDuration::from_hours(24 * days);
        move_date(&mut self.occurred_on, by);
        if let Some(instruction) = &mut self.leader_instruction {
            move_date(&mut instruction.date, by);
        }
        if let Some(due) = self.external_reference.as_mut().and_then(|reference| reference.due.as_mut()) {
            *due = due.checked_add(by).unwrap_or(*due);
        }
        if let Some(postmark) = self.channel_details.get_mut("letter_postmark") {
            *postmark = postmark.split(' ').map(|word| moved(word, by)).collect::<Vec<_>>().join(" ");
        }
    }

    /// The organ of the first respondent; empty where it is not known.
    pub fn first_respondent(&self) -> &str {
        self.respondents.first().map_or("", |respondent| respondent.organ.as_str())
    }

    /// Whether it came online, at any hour of any day.
    pub fn is_online(&self) -> bool {
        self.channel == "online"
    }

    /// Whether another agency's system handed it in.
    pub fn is_of_a_system(&self) -> bool {
        self.channel == "agency"
    }

    /// Whether a citizen complains, who needs no authorisation (2).
    pub fn is_of_a_citizen(&self) -> bool {
        self.complainant.as_ref().is_none_or(Complainant::is_citizen)
    }

    /// How the complainant is told: by the way they came.
    pub fn reply_form(&self) -> &'static str {
        match self.channel.as_str() {
            "visit" => "in_person",
            "call" => "call",
            "online" => "online",
            "agency" => "agency",
            _ => "letter",
        }
    }

    /// Whether a ground was given.
    pub fn has_ground(&self) -> bool {
        !self.grounds.is_empty()
    }
}

/// What a complainant answers when asked for what is missing: a line of `supplements.jsonl`. Has no `Debug` either.
#[derive(Clone, Deserialize)]
pub struct Supplement {
    pub(super) request_id: String,
    complainant: Complainant,
    respondents: Vec<Respondent>,
    text: String,
}

impl Supplement {
    /// Puts what was supplied into the complaint.
    pub fn complete(self, line: &mut Line) {
        line.complainant = Some(self.complainant);
        line.respondents = self.respondents;
        line.text.push_str("\n补充:");
        line.text.push_str(&self.text);
    }
}

/// An id that follows from a line's place and text, so that a file without ids can be submitted again as well.
pub(super) fn id_of(text: &str, number: usize) -> String {
    let digest = Sha256::new().chain_update(number.to_be_bytes()).chain_update(text).finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// The request of line `number`, to be submitted to `organ`.
pub fn requests_of(
    text: &str,
    number: usize,
    organ: &str,
) -> Result<wire::SubmitComplaintRequest, LineError> {
    let line = Line::parse(text, number)?;
    Ok(line.into_request(organ, &id_of(text, number)))
}

/// What serde says, without the values that it may quote and without its own line and column.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    if text.contains("hex escape") {
        return "an escape \\u is cut off, or an unpaired surrogate: expected both halves, as \\ud83d\\ude00"
            .to_owned();
    }
    match (error.classify(), text.split_once("expected ")) {
        (serde_json::error::Category::Data, Some((_, expected))) if !text.starts_with("unknown variant") => {
            format!("expected {expected}")
        }
        _ => text.to_owned(),
    }
}

fn move_date(date: &mut String, by: jiff::SignedDuration) {
    *date = moved(date, by);
}

fn moved(word: &str, by: jiff::SignedDuration) -> String {
    let date = word.parse::<jiff::civil::Date>().and_then(|date| date.checked_add(by));
    date.map_or_else(|_| word.to_owned(), |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_complaint_becomes_a_request() {
        let lines: Vec<_> = super::super::COMPLAINTS.lines().collect();
        assert_eq!(lines.len(), 142);
        for (index, text) in lines.iter().enumerate() {
            let request = requests_of(text, index + 1, "baoshan").unwrap();
            let complaint = request.complaint.unwrap();
            assert!(!complaint.text.is_empty() && !complaint.channel.is_empty(), "line {}", index + 1);
        }
    }

    #[test]
    fn a_wrong_line_is_told_by_its_place_and_quotes_nobody() {
        let said = |text: &str| Line::parse(text, 7).err().unwrap().to_string();
        let text = r#"{"channel": "call", "title": "t", "text": "张三的地址", "respondents": "张三"}"#;
        assert!(said(text).starts_with("line 7, column ") && !said(text).contains("张三"), "{}", said(text));
        assert!(said("{").contains("line 7"));
        let unpaired = r#"{"channel": "call", "title": "\ud83d", "text": "t", "respondents": []}"#;
        assert!(said(unpaired).contains("surrogate"), "{}", said(unpaired));
        let id = r#"{"request_id": "7", "channel": "call", "title": "t", "text": "t", "respondents": []}"#;
        assert!(said(id).contains("UUID"));
    }

    #[test]
    fn a_line_without_an_id_has_the_same_one_again() {
        assert_eq!(id_of("a", 1), id_of("a", 1));
        assert_ne!(id_of("a", 1), id_of("a", 2));
        assert!(uuid::Uuid::try_parse(&id_of("a", 1)).is_ok());
    }

    #[test]
    fn dates_move_together() {
        let text =
            super::super::COMPLAINTS.lines().find(|line| line.contains("\"due\":\"2026-03-16T17")).unwrap();
        let mut line = Line::parse(text, 1).unwrap();
        line.move_dates(7);
        let complaint = line.into_complaint();
        let due = complaint.external_reference.unwrap().due_at.unwrap();
        assert_eq!(jiff::Timestamp::from_second(due.seconds).unwrap().to_string(), "2026-03-23T09:00:00Z");
    }
}
