//! An instrument as it is told, and what may be done with it next (7, 22).

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::routing::v1::{self as wire, InstrumentKind, InstrumentState};
use regulation::{Approver, InstrumentAt};
use uuid::Uuid;

use super::decide::position;
use super::{Answered, Asker, Case, Instrument, Standing};

/// A kind of the contract as the regulation names it.
pub fn instrument_kind(kind: InstrumentKind) -> Option<regulation::InstrumentKind> {
    use regulation::InstrumentKind as Rule;
    Some(match kind {
        InstrumentKind::Unspecified => return None,
        InstrumentKind::DemandDocuments => Rule::DemandDocuments,
        InstrumentKind::DemandExplanation => Rule::DemandExplanation,
        InstrumentKind::RequestCooperation => Rule::RequestCooperation,
        InstrumentKind::OrderDuty => Rule::OrderDuty,
        InstrumentKind::Recommendation => Rule::Recommendation,
        InstrumentKind::DisciplineReferral => Rule::DisciplineReferral,
        InstrumentKind::Rectification => Rule::Rectification,
        InstrumentKind::Announcement => Rule::Announcement,
    })
}

/// An instrument of this organ's ledger, without its words and without what depends on who asks.
pub fn wire_instrument(case_id: Uuid, organ: &str, case: &Case, instrument: &Instrument) -> wire::Instrument {
    let drafted = instrument.drafted.clone().unwrap_or_default();
    let issued = instrument.issued.clone().unwrap_or_default();
    let delivered = instrument.delivered.clone().unwrap_or_default();
    let at = |micros: i64| server::time::to_proto(ledger::from_micros(micros));
    wire::Instrument {
        instrument_id: drafted.instrument_id,
        case_id: case_id.to_string(),
        organ: organ.to_owned(),
        case_number: case.facts.as_ref().map(|facts| facts.number.clone()).unwrap_or_default(),
        term: drafted.term,
        kind: drafted.kind,
        state: instrument.state().into(),
        addressee: drafted.addressee,
        addressee_name: String::new(),
        title: String::new(),
        text: String::new(),
        measures: drafted.measures,
        number: issued.number,
        drafted_by: instrument.drafted_by.clone(),
        drafted_at: Some(at(instrument.drafted_at)),
        signed_by: instrument.signed_by.clone(),
        issued_at: instrument.issued.as_ref().map(|_| at(instrument.issued_at)),
        due_at: instrument.due_at.map(at),
        remind_at: instrument.remind_at.map(at),
        reminded_at: instrument.reminded_at.map(at),
        overdue_since: instrument.overdue_since.map(at),
        delivered_on: delivered.delivered_on,
        delivered_by: delivered.way,
        answers: instrument.answers.iter().map(wire_answer).collect(),
        withdrawn_because: String::new(),
        withdrawn_by: instrument.withdrawn_by.clone(),
        citation: drafted.citation,
        finding: issued.finding,
        allowed_actions: Vec::new(),
        on_behalf_of: drafted.on_behalf_of,
        sent_to: instrument.sent_to.clone(),
        lapsed: instrument.withdrawn.as_ref().is_some_and(|withdrawn| withdrawn.lapsed),
    }
}

fn wire_answer(answer: &Answered) -> wire::InstrumentAnswer {
    let answered = answer.answered.clone().unwrap_or_default();
    wire::InstrumentAnswer {
        round: answered.round,
        received_on: answered.received_on,
        recorded_by: answer.recorded_by.clone(),
        text: String::new(),
        measure: answered.measure,
        decided_by: String::new(),
        decided_on: answered.decided_on,
        checked_by: answer.checked_by.clone(),
        accepted: answer.accepted,
        rejected_because: String::new(),
        organ: answered.organ,
    }
}

/// What the asker may do next with an instrument of its own organ's ledger.
pub fn instrument_actions(case: &Case, instrument: &Instrument, asker: &Asker<'_>) -> Vec<Action> {
    let state = instrument.state();
    if case.erased_at.is_some() || matches!(state, InstrumentState::Settled | InstrumentState::Withdrawn) {
        return Vec::new();
    }
    let leader = (asker.has)(Role::Leader);
    let checks = leader || (asker.has)(Role::Handler);
    let officer = checks || (asker.has)(Role::Desk);
    let drafter = instrument.drafted_by == asker.subject;
    let waits = instrument.is_waiting();
    let recorded = instrument.unchecked().map(|answer| answer.recorded_by.as_str());
    let own_draft = state == InstrumentState::Drafted && drafter && checks;
    [
        (Action::IssueInstrument, state == InstrumentState::Drafted && may_issue(case, instrument, asker)),
        (Action::RecordInstrumentDelivery, officer && waits && instrument.delivered.is_none()),
        (Action::RecordInstrumentAnswer, officer && waits && instrument.is_answered_to()),
        (Action::CheckInstrumentAnswer, checks && recorded.is_some_and(|by| by != asker.subject)),
        (Action::WithdrawInstrument, leader || own_draft),
    ]
    .into_iter()
    .filter_map(|(action, allowed)| allowed.then_some(action))
    .collect()
}

fn may_issue(case: &Case, instrument: &Instrument, asker: &Asker<'_>) -> bool {
    let Some(drafted) = &instrument.drafted else { return false };
    let now = position(case, asker.organ).map(|(at, _)| at.code());
    let drafter = instrument.drafted_by == asker.subject;
    let signs = |role: Role, approver: Approver| {
        (asker.has)(role) && drafted.signed_by.iter().any(|code| code == approver.code())
    };
    let who = if drafted.signed_by.is_empty() {
        drafter && ((asker.has)(Role::Handler) || (asker.has)(Role::Leader) || (asker.has)(Role::Head))
    } else {
        !drafter
            && (signs(Role::Leader, Approver::LeaderInCharge) || signs(Role::Head, Approver::PrincipalHead))
    };
    who && now.is_some_and(|now| drafted.issuable.iter().any(|at| at == now))
}

/// Whether the asker may draft one now: during the handling as an investigator, or the deputy of one.
pub(super) fn may_draft(case: &Case, asker: &Asker<'_>, standing: &Standing<'_>) -> bool {
    let seat = || case.current().and_then(|tenure| tenure.seat(asker.subject, standing.represents)).is_some();
    let investigates = || seat() && !case.is_recused(asker.subject);
    let writes = (asker.has)(Role::Handler) || (asker.has)(Role::Leader);
    let now = position(case, asker.organ).map(|(at, _)| at);
    case.erased_at.is_none()
        && writes
        && now.is_some_and(|at| at == InstrumentAt::Concluded || investigates())
}
