//! About the result of a case: to the review, or to the appeals (5(2), 20).

use duban_proto::supervision::v1::event::Kind;
use ledger::Context;

use super::{Decision, appeal, review};
use crate::domain::docket::AppealKey;
use crate::domain::review::{OnResult, ResultAct};
use crate::domain::{Book, Rejection, Rules};

pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    on: &OnResult,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let case_id = on.case_id;
    match &on.act {
        ResultAct::NoteConclusion(told) => Ok(review::conclude(rules, book, case_id, told, context.now)),
        ResultAct::NoteOverturned(told) => Ok(review::overturn(book, case_id, *told)),
        ResultAct::NoteOrdered(ordered) => Ok(review::note_order(book, case_id, ordered)),
        ResultAct::NoteAppeal(told) => {
            Ok(appeal::note(book, case_id, &told.appeal_id, Kind::AppealRegistered((**told).clone())))
        }
        ResultAct::NoteAdmitted(told) => {
            Ok(appeal::note(book, case_id, &told.appeal_id, Kind::AppealAdmitted(told.clone())))
        }
        ResultAct::NoteDecided(told) => {
            Ok(appeal::note(book, case_id, &told.appeal_id, Kind::AppealDecided((**told).clone())))
        }
        ResultAct::NoteWithdrawn(told) => {
            Ok(appeal::note(book, case_id, &told.appeal_id, Kind::AppealWithdrawn(told.clone())))
        }
        ResultAct::TakeUp => review::take_up(rules, book, case_id, context),
        ResultAct::Decide(decide) => review::decide(rules, book, case_id, decide, context),
        ResultAct::Register(register) => appeal::register(rules, book, case_id, register, context),
        ResultAct::Admit(admit) => appeal::admit(rules, book, case_id, admit, context),
        ResultAct::DecideAppeal(decide) => appeal::decide(rules, book, case_id, decide, context),
        ResultAct::Withdraw { appeal_id } => {
            appeal::withdraw(rules, book, AppealKey { case_id, appeal_id: *appeal_id }, context)
        }
    }
}
