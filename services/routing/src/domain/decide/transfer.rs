//! What officers ask about a case's terms: return, recall, takeover, departure, designation (5(4), 6(2), 14, 20).

use competence::{Competent, centre, judges_itself};
use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    DepartureDecided, DepartureProposed, Designated, DesignationAsked, RecallAnswered, RecallRequested,
    ReportedUp, ReturnDecided, ReturnDropped, ReturnProposed, SupersededBy, TransferReturned,
};
use jiff::Timestamp;
use regulation::Approver;

use super::begin::{self, Later};
use super::step::Step;
use super::{Outcome, home, transfer_told};
use crate::domain::{Departure, GiveBack, Handshake, OnReturn, Rejection, Sealed, Tenure};

/// Decides what is asked, or notes what was told.
pub(super) fn decide(step: Step<'_>, handshake: &Handshake) -> Result<Outcome, Rejection> {
    match handshake {
        Handshake::Return(asked) => give_back(step, asked),
        Handshake::DecideProposal { term, approves_as, dropped } => {
            decide_proposal(step, *term, approves_as, dropped.as_ref())
        }
        Handshake::DecideReturn { term, decision, reason } => decide_return(step, *term, decision, reason),
        Handshake::Recall { term, organ, reason } => recall(step, *term, organ.as_deref(), reason),
        Handshake::AnswerRecall { term, kept } => answer_recall(step, *term, kept.as_ref()),
        Handshake::TakeOver { term, reason } => take_over(step, *term, reason),
        Handshake::DecideDeparture { version, rejected } => {
            decide_departure(step, *version, rejected.as_ref())
        }
        Handshake::AskDesignation { version, reason } => ask_designation(step, *version, reason),
        Handshake::Designate { version, organ, reason } => designate(step, *version, organ, reason),
        told => Ok(transfer_told::note(step, told)),
    }
}

/// Within its limit, with a ground; the organ stays responsible until the home has decided. A return that is not free needs
/// approval (house).
fn give_back(mut step: Step<'_>, asked: &GiveBack) -> Result<Outcome, Rejection> {
    let tenure = step.held(asked.term)?.clone();
    if step.case.is_home(step.at.organ) || !tenure.is_early() {
        return Err(step.not_in_state());
    }
    may_return(&tenure, step.at.now)?;
    if tenure.open_proposal().is_some() {
        return Err(Rejection::ReturnNotAllowed { why: "returned", return_by: None });
    }
    let rules = step.regulation().transfers();
    let reason = Some(asked.reason.draft.reference());
    step.keeps(&asked.reason);
    if tenure.returns_before < rules.free_returns || asked.approves {
        tell_return(&mut step, asked.term, asked.ground.clone(), reason);
    } else {
        step.answer().awaits_approval = true;
        step.happens(Kind::ReturnProposed(ReturnProposed {
            term: asked.term,
            ground: asked.ground.clone(),
            reason,
            approvers: rules.approvers.iter().map(|approver| approver.code().to_owned()).collect(),
        }));
    }
    Ok(step.done())
}

/// `asked_at` is when the return was asked for: an approval may come later than the limit.
fn may_return(tenure: &Tenure, asked_at: Timestamp) -> Result<(), Rejection> {
    let return_by = tenure.return_by.as_ref().and_then(server::time::from_proto);
    let why = if tenure.compulsory {
        "compulsory"
    } else if tenure.returned.is_some() {
        "returned"
    } else if return_by.is_some_and(|return_by| asked_at > return_by) {
        "past_limit"
    } else {
        return Ok(());
    };
    Err(Rejection::ReturnNotAllowed { why, return_by })
}

fn tell_return(
    step: &mut Step<'_>,
    term: u32,
    ground: String,
    reason: Option<duban_proto::common::v1::ContentRef>,
) {
    let returned = TransferReturned {
        term,
        organ: step.at.organ.to_owned(),
        ground,
        reason,
        returned_at: Some(server::time::to_proto(step.at.now)),
        returned_by: step.at.actor.to_owned(),
    };
    let home = step.case.home.clone();
    step.tells(Kind::TransferReturned(returned), Some(home));
}

/// By one whom the regulation names, and not by whoever asked (house).
fn decide_proposal(
    mut step: Step<'_>,
    term: u32,
    approves_as: &[Approver],
    dropped: Option<&Sealed>,
) -> Result<Outcome, Rejection> {
    let tenure = step.held(term)?.clone();
    if step.case.is_home(step.at.organ) {
        return Err(step.not_in_state());
    }
    let proposed =
        tenure.open_proposal().ok_or(Rejection::Nothing { what: "return", id: step.case_id })?.clone();
    other_person(&step, &proposed.proposed_by)?;
    if !approves_as.iter().any(|approver| proposed.approvers.iter().any(|code| code == approver.code())) {
        return Err(excluded(
            &step,
            "办法未授权该人员批准退回。",
            "The regulation names others to approve it.",
        ));
    }
    if let Some(reason) = dropped {
        step.keeps(reason);
        let reason = Some(reason.draft.reference());
        step.happens(Kind::ReturnDropped(ReturnDropped { term, reason }));
    } else {
        may_return(&tenure, Timestamp::from_microsecond(proposed.proposed_at).unwrap_or(step.at.now))?;
        tell_return(&mut step, term, proposed.ground, proposed.reason);
    }
    Ok(step.done())
}

/// Two persons: who asked does not approve (house).
fn other_person(step: &Step<'_>, asked_by: &str) -> Result<(), Rejection> {
    if step.at.actor != asked_by {
        return Ok(());
    }
    Err(excluded(step, "提出申请的人员不得自行批准。", "Whoever asked for it does not approve it."))
}

/// Rules of the house.
fn excluded(step: &Step<'_>, zh: &'static str, en: &'static str) -> Rejection {
    Rejection::PersonExcluded { person: step.at.actor.to_owned(), zh, en, article: String::new() }
}

/// The home agrees, and a new term begins elsewhere; or it insists, and the term stays as a compulsory assignment (6(2), house).
fn decide_return(
    mut step: Step<'_>,
    term: u32,
    decision: &OnReturn,
    reason: &Sealed,
) -> Result<Outcome, Rejection> {
    let tenure = begin::handed_on(&step, term)?;
    let holder = tenure.organ.clone();
    if tenure.open_return().is_none() {
        return Err(Rejection::Nothing { what: "return", id: step.case_id });
    }
    let later = match decision {
        OnReturn::Insist => None,
        OnReturn::Agree { organ, compulsory } => Some(Later {
            competent: begin::chosen(&step, organ.as_deref(), &holder)?,
            reason: Some(reason.draft.reference()),
            compulsory: *compulsory,
            why: SupersededBy::Return,
        }),
    };
    step.keeps(reason);
    let decided = ReturnDecided {
        term,
        agreed: later.is_some(),
        reason: Some(reason.draft.reference()),
        decided_by: step.at.actor.to_owned(),
        decided_at: Some(server::time::to_proto(step.at.now)),
    };
    step.tells(Kind::ReturnDecided(decided), Some(holder));
    if let Some(later) = later {
        begin::later_term(&mut step, later);
    }
    Ok(step.done())
}

/// A request that the holder answers (house); one at a time. One that is closed answers nothing: its term ends at once.
fn recall(mut step: Step<'_>, term: u32, organ: Option<&str>, reason: &Sealed) -> Result<Outcome, Rejection> {
    let tenure = begin::handed_on(&step, term)?;
    let (holder, before) = (tenure.organ.clone(), tenure.recalls.len());
    if tenure.open_recall().is_some() {
        return Err(step.not_in_state());
    }
    let chosen = begin::chosen(&step, Some(organ.unwrap_or(step.at.organ)), &holder)?;
    step.keeps(reason);
    if step.directory.is_closed(&holder) {
        let reason = Some(reason.draft.reference());
        let why = SupersededBy::Succession;
        begin::later_term(&mut step, Later { competent: chosen, reason, compulsory: false, why });
        return Ok(step.done());
    }
    let asked = RecallRequested {
        term,
        recall: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1),
        organ: chosen.organ,
        reason: Some(reason.draft.reference()),
        requested_by: step.at.actor.to_owned(),
        requested_at: Some(server::time::to_proto(step.at.now)),
    };
    step.tells(Kind::RecallRequested(asked), Some(holder));
    Ok(step.done())
}

/// The holder stays responsible until the home has its answer.
fn answer_recall(mut step: Step<'_>, term: u32, kept: Option<&Sealed>) -> Result<Outcome, Rejection> {
    let asked = step.held(term)?.open_recall().filter(|_| !step.case.is_home(step.at.organ));
    let asked = asked.ok_or(Rejection::Nothing { what: "recall", id: step.case_id })?.clone();
    if let Some(reason) = kept {
        step.keeps(reason);
    }
    let answered = RecallAnswered {
        term,
        recall: asked.recall,
        organ: step.at.organ.to_owned(),
        agreed: kept.is_none(),
        reason: kept.map(|reason| reason.draft.reference()),
        answered_by: step.at.actor.to_owned(),
        answered_at: Some(server::time::to_proto(step.at.now)),
    };
    let home = step.case.home.clone();
    step.tells(Kind::RecallAnswered(answered), Some(home));
    Ok(step.done())
}

/// At once, whatever the holder says (14(3), 20).
fn take_over(mut step: Step<'_>, term: u32, reason: &Sealed) -> Result<Outcome, Rejection> {
    begin::handed_on(&step, term)?;
    let competent = begin::itself(&step)?;
    step.keeps(reason);
    let reason = Some(reason.draft.reference());
    begin::later_term(&mut step, Later { competent, reason, compulsory: false, why: SupersededBy::Takeover });
    Ok(step.done())
}

/// A desk officer's departure waits for a leader of the same organ (14, house).
pub(super) fn propose_departure(step: &mut Step<'_>, chosen: &Competent, departure: &Departure) {
    step.answer().route = Some(begin::told(chosen));
    step.happens(Kind::DepartureProposed(DepartureProposed {
        organ: departure.organ.clone(),
        reason: Some(departure.reason.draft.reference()),
    }));
}

fn decide_departure(
    mut step: Step<'_>,
    version: u32,
    rejected: Option<&Sealed>,
) -> Result<Outcome, Rejection> {
    must_be_at(&step, version)?;
    let departed = step.case.open_departure().cloned();
    let departed = departed.ok_or(Rejection::Nothing { what: "departure", id: step.case_id })?;
    other_person(&step, &departed.proposed_by)?;
    if let Some(reason) = rejected {
        step.keeps(reason);
        let reason = Some(reason.draft.reference());
        step.happens(Kind::DepartureDecided(DepartureDecided { approved: false, reason }));
        return Ok(step.done());
    }
    let facts = step.case.facts.clone().unwrap_or_default();
    let by_rule = competence::competent(step.regulation(), step.directory, step.at.organ, &facts);
    let chosen = home::departing(&step, &departed.organ, by_rule.map_err(Rejection::from))?;
    step.happens(Kind::DepartureDecided(DepartureDecided { approved: true, reason: None }));
    home::go_as(&mut step, chosen, departed.reason, false);
    Ok(step.done())
}

fn must_be_at(step: &Step<'_>, version: u32) -> Result<(), Rejection> {
    let actual = step.case.version;
    if version == actual { Ok(()) } else { Err(Rejection::Version { expected: version, actual }) }
}

/// A sub-centre's own case goes up to the centre with the question; the holder of a term asks its home (5(4)).
fn ask_designation(mut step: Step<'_>, version: u32, reason: &Sealed) -> Result<Outcome, Rejection> {
    must_be_at(&step, version)?;
    if step.case.open_dispute().is_some() {
        return Err(step.not_in_state());
    }
    let own = step.at.organ;
    let unrouted = step.case.state() == CaseState::Accepted && step.case.reported_to.is_empty();
    let (term, asked_of) = if step.case.is_home(own) {
        if !unrouted {
            return Err(step.not_in_state());
        }
        (0, report_up(&mut step)?)
    } else {
        let tenure = step.held(step.case.current_term())?;
        if !tenure.is_early() {
            return Err(step.not_in_state());
        }
        (tenure.term, step.case.home.clone())
    };
    step.keeps(reason);
    let asked = DesignationAsked {
        organ: own.to_owned(),
        term,
        reason: Some(reason.draft.reference()),
        asked_by: step.at.actor.to_owned(),
        asked_at: Some(server::time::to_proto(step.at.now)),
    };
    step.tells(Kind::DesignationAsked(asked), Some(asked_of));
    Ok(step.done())
}

/// To the centre above, which becomes the home.
fn report_up(step: &mut Step<'_>) -> Result<String, Rejection> {
    if !step.case.is_ready() {
        return Err(Rejection::MasksNotConfirmed);
    }
    let own = step.at.organ;
    let above = centre(step.directory, own).filter(|centre| centre.code != own).cloned();
    let above = above.ok_or_else(|| step.not_in_state())?.code;
    let facts = step.case.facts.clone().unwrap_or_default();
    if !step.directory.receives(&above) || judges_itself(&facts, &above) {
        return Err(Rejection::NotAHandler { organ: above });
    }
    let citation = Some(begin::power(step, "designate"));
    let reported = ReportedUp { facts: Some(facts), parent: above.clone(), citation, facts_used: Vec::new() };
    step.tells(Kind::ReportedUp(reported), Some(above.clone()));
    Ok(above)
}

/// Final: what was designated is not returned (5(4)).
fn designate(mut step: Step<'_>, version: u32, organ: &str, reason: &Sealed) -> Result<Outcome, Rejection> {
    must_be_at(&step, version)?;
    let open = matches!(step.case.state(), CaseState::Accepted | CaseState::InHandling);
    if !step.case.is_home(step.at.organ) || !open || !step.case.reported_to.is_empty() {
        return Err(step.not_in_state());
    }
    let asked = step.case.open_dispute().cloned();
    let asked = asked.ok_or(Rejection::Nothing { what: "dispute", id: step.case_id })?;
    let stays = step.case.current().is_some_and(|tenure| tenure.organ == organ);
    let citation = begin::power(&step, "designate");
    let later = if stays {
        None
    } else {
        Some(Competent { citation: citation.clone(), ..begin::chosen(&step, Some(organ), "")? })
    };
    step.keeps(reason);
    let reason = Some(reason.draft.reference());
    let designated = Designated {
        organ: organ.to_owned(),
        term: step.case.current_term(),
        reason: reason.clone(),
        citation: Some(citation),
        designated_by: step.at.actor.to_owned(),
        designated_at: Some(server::time::to_proto(step.at.now)),
        asked_at: asked.asked_at,
    };
    step.tells(Kind::Designated(designated), Some(asked.organ));
    if let Some(competent) = later {
        let why = SupersededBy::Designation;
        begin::later_term(&mut step, Later { competent, reason, compulsory: true, why });
    }
    Ok(step.done())
}
