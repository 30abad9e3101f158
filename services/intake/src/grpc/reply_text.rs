//! What a complainant is told, in the regulation's words (16, 17).

use duban_proto::common::v1::Finding;
use duban_proto::intake::v1::ReplyOccasion;
use jiff::Timestamp;
use regulation::{Event, Language, Stage};
use seal::CaseRef;
use server::Error;

use super::Grpc;
use crate::domain::{Case, Reply};

/// The places of a reply's template that depend on the occasion.
#[derive(Default)]
struct Places {
    missing: String,
    due: String,
    reason: String,
    department: String,
    result: String,
}

impl Grpc {
    /// The text proposed for a reply, in Chinese.
    pub(super) async fn reply_text(&self, organ: &str, case: &Case, reply: &Reply) -> Result<String, Error> {
        if reply.occasion == ReplyOccasion::Lead {
            return Ok(format!("您的投诉({})", case.number) + words(reply));
        }
        let Some(event) = event(reply.occasion) else { return Ok(String::new()) };
        let places = self.places(organ, case, reply).await?;
        let Some(template) = self.regulation(organ).reply(event) else { return Ok(String::new()) };
        let code = self.tracking.of(CaseRef::new(organ, case.case_id.as_bytes())).expose();
        let responsible = self.name(&case.responsible_organ);
        let all = [
            ("number", case.number.as_str()),
            ("tracking_code", &code),
            ("missing", &places.missing),
            ("due", &places.due),
            ("reason", &places.reason),
            ("department", &places.department),
            ("result", &places.result),
            ("organ", &responsible),
        ];
        template.render(Language::Zh, &all).map_err(Error::internal)
    }

    async fn places(&self, organ: &str, case: &Case, reply: &Reply) -> Result<Places, Error> {
        let mut places = Places::default();
        match reply.occasion {
            ReplyOccasion::Supplement => {
                places.missing = self.words_of_missing(organ, case);
                places.due = case.supplement_due_at.map(|due| self.date(organ, due)).unwrap_or_default();
            }
            ReplyOccasion::Accepted => places.due = self.case_due(organ, case),
            ReplyOccasion::Extended => {
                let text = reply.citation.as_ref().and_then(|citation| citation.text.as_ref());
                places.due = text.map(|text| text.zh.clone()).unwrap_or_default();
                // As an approver wrote it for the complainant; the reason that was asked with may tell of the investigation.
                let told = self.explanation(organ, case.case_id, reply.reply_id).await?;
                let told = told.trim().trim_end_matches(['。', '.', ',', ',', ';', ';']);
                if told.is_empty() { "办理需要" } else { told }.clone_into(&mut places.reason);
            }
            ReplyOccasion::Declined | ReplyOccasion::Referred | ReplyOccasion::DirectedElsewhere => {
                places.department = self.name(&case.closing);
                places.reason = self.reason(organ, case, reply).await?;
            }
            ReplyOccasion::Result => finding(case.finding).clone_into(&mut places.result),
            ReplyOccasion::Receipt
            | ReplyOccasion::Lead
            | ReplyOccasion::Reopened
            | ReplyOccasion::Unspecified => {}
        }
        Ok(places)
    }

    /// The ground's own words, filled with what the officer wrote.
    async fn reason(&self, organ: &str, case: &Case, reply: &Reply) -> Result<String, Error> {
        let explanation = self.explanation(organ, case.case_id, reply.reply_id).await?;
        let rule = reply.citation.as_ref().map(|citation| citation.rule.as_str()).unwrap_or_default();
        let Some(refusal) = self.regulation(organ).refusal(rule) else {
            return Ok(if explanation.is_empty() { words(reply).to_owned() } else { explanation });
        };
        let referred = reply.occasion == ReplyOccasion::Referred;
        let department = if referred { self.name(&case.closing) } else { explanation.clone() };
        let places = [
            ("number", case.number.as_str()),
            ("statute", explanation.as_str()),
            ("department", &department),
        ];
        let words = refusal.reply(Language::Zh, &places).map_err(Error::internal)?;
        let said = explanation.is_empty() || words.contains(&explanation);
        Ok(if said { words } else { format!("{words}{explanation}") })
    }

    fn words_of_missing(&self, organ: &str, case: &Case) -> String {
        let requirements = self.regulation(organ).requirements();
        let words = |field: &String| {
            let known = requirements.iter().find(|requirement| requirement.field == *field);
            known.map_or_else(|| field.clone(), |known| known.text.zh.trim_end_matches('。').to_owned())
        };
        case.received.missing.iter().map(words).collect::<Vec<_>>().join(";")
    }

    fn case_due(&self, organ: &str, case: &Case) -> String {
        let rules = self.writer.domain().rules();
        let limit = rules.for_organ(organ).limit(Stage::Case);
        let due = case.accepted_at.zip(limit).map(|(from, limit)| rules.due(organ, from, limit.length).at);
        due.map(|due| self.date(organ, due)).unwrap_or_default()
    }

    fn date(&self, organ: &str, at: Timestamp) -> String {
        // The end of a day is the first moment of the next: the day that ends is meant.
        let last = Timestamp::from_nanosecond(at.as_nanosecond() - 1).unwrap_or(at);
        let date = self.regulation(organ).counting().zone.to_datetime(last).date();
        format!("{}年{}月{}日", date.year(), date.month(), date.day())
    }

    /// The name of an organ, or of a department outside the directory, as a complainant reads it.
    fn name(&self, code: &str) -> String {
        let directory = self.directory.current();
        let outside = || Some(self.writer.domain().rules().regulation.refer_target(code)?.text.zh.clone());
        directory.get(code).map(|organ| organ.name.clone()).or_else(outside).unwrap_or_default()
    }
}

fn event(occasion: ReplyOccasion) -> Option<Event> {
    Some(match occasion {
        ReplyOccasion::Unspecified | ReplyOccasion::Lead => return None,
        ReplyOccasion::Receipt => Event::Registered,
        ReplyOccasion::Accepted => Event::Accepted,
        ReplyOccasion::Declined => Event::Declined,
        ReplyOccasion::Referred => Event::Referred,
        ReplyOccasion::DirectedElsewhere => Event::DirectedElsewhere,
        ReplyOccasion::Supplement => Event::SupplementAsked,
        ReplyOccasion::Extended => Event::Extended,
        ReplyOccasion::Result => Event::Concluded,
        ReplyOccasion::Reopened => Event::Reopened,
    })
}

/// The words of what a reply rests on, in Chinese.
fn words(reply: &Reply) -> &str {
    let text = reply.citation.as_ref().and_then(|citation| citation.text.as_ref());
    text.map(|text| text.zh.as_str()).unwrap_or_default()
}

fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Unspecified => "",
        Finding::Founded => "属实",
        Finding::PartlyFounded => "部分属实",
        Finding::Unfounded => "不属实",
        Finding::NotEstablished => "无法查实",
    }
}
