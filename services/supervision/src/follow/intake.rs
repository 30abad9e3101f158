//! Intake's entries of the same organ: what supervision has to know of beside the time (12, 21).

use duban_proto::intake::v1::{self as intake, LinkKind, event::Kind as Told};
use duban_proto::supervision::v1::event::Kind;
use duban_proto::supervision::v1::{
    DropGround, FigureFacets, IntakeNoted, IntakeStep, RepeatNoted, RepeatTakenBack, ReportNoted,
    ReportSettled,
};
use ledger::{Incoming, Translate, TranslateError};

use super::{case_of, event, follow_up, need};
use crate::domain::figures::{FiguresCommand, Told as Counts};
use crate::domain::{Command, NoteConcern};
use crate::ledgers::Ledgers;

/// Translates intake's entries.
#[derive(Debug)]
pub(crate) struct Intake;

impl Translate<Ledgers> for Intake {
    const KINDS: &'static [&'static str] = &[
        "case_linked",
        "case_unlinked",
        "report_received",
        "report_closed",
        "reply_delivered",
        "case_reopened",
        "case_erased",
        "handling_rated",
        "complaint_received",
        "case_corrected",
        "case_declined",
        "case_referred",
        "directed_elsewhere",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let told = match need(event::<intake::Event>(entry)?.kind, "event", entry)? {
            Told::ReplyDelivered(reply) => return follow_up::result_told(entry, &reply),
            Told::CaseReopened(_) => return follow_up::dropped(entry, DropGround::Reopened),
            Told::HandlingRated(rated) => return follow_up::rated(entry, rated),
            Told::CaseErased(_) => return follow_up::dropped(entry, DropGround::Erased),
            Told::CaseLinked(linked) if linked.kind() == LinkKind::Repeated => {
                let intake::CaseLinked { other_organ, other_case_id, citation, .. } = linked;
                Kind::RepeatNoted(RepeatNoted { other_organ, other_case_id, citation })
            }
            Told::CaseUnlinked(unlinked) => {
                let link = need(unlinked.link, "link", entry)?;
                Kind::RepeatTakenBack(RepeatTakenBack { other_case_id: link.other_case_id })
            }
            Told::ReportReceived(received) => {
                let kind = received.kind;
                let intake::ReportReceived { organ, case_id, citation, .. } = received;
                Kind::ReportNoted(ReportNoted { kind, organ, case_id, citation })
            }
            Told::ReportClosed(closed) => Kind::ReportSettled(ReportSettled { finding: closed.finding }),
            other => return Ok(counted(entry, other)?.into_iter().collect()),
        };
        Ok(vec![Command::Concern(Box::new(NoteConcern { case_id: case_of(entry)?, told }))])
    }
}

/// What the figures count of intake (5(3), 6(3)).
fn counted(entry: &Incoming, told: Told) -> Result<Option<Command>, TranslateError> {
    let step = |step: IntakeStep| IntakeNoted { step: step.into(), ..IntakeNoted::default() };
    let told = match told {
        Told::ComplaintReceived(received) => Counts::Intake(IntakeNoted {
            day: received.received_on.clone(),
            facets: Some(facets(received)),
            ..step(IntakeStep::Received)
        }),
        Told::CaseDeclined(_) => Counts::Intake(step(IntakeStep::Declined)),
        Told::CaseReferred(_) => Counts::Intake(step(IntakeStep::Referred)),
        Told::DirectedElsewhere(_) => Counts::Intake(step(IntakeStep::Directed)),
        Told::CaseCorrected(corrected) => {
            Counts::Facets(facets(need(corrected.received, "received", entry)?))
        }
        _ => return Ok(None),
    };
    let case_id = case_of(entry)?;
    let told = match told {
        // The day intake recorded it, wherever this one is heard.
        Counts::Intake(noted) if noted.day.is_empty() => Counts::IntakeAt(noted, entry.recorded_at),
        told => told,
    };
    Ok(Some(Command::Figures(Box::new(FiguresCommand::Told { case_id, told }))))
}

fn facets(received: intake::ComplaintReceived) -> FigureFacets {
    let intake::ComplaintReceived { channel, grounds, respondents, .. } = received;
    FigureFacets { channel, grounds, respondents }
}
