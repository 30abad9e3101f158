//! What follows for the parts of a case when the case itself moves at its home: a new lead, its end, other facts.

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{FactsCorrected, PartChange, PartFacts, PartState};

use super::super::step::Step;
use super::{Change, change};
use crate::domain::Part;

/// What happened.
pub(in super::super) enum Follows {
    /// A term began at this organ.
    Term { term: u32, organ: String },
    /// The case ended.
    End(PartChange),
    /// It was opened again (3): what was found before binds nobody.
    Again,
    /// The facts were corrected.
    Facts(Box<FactsCorrected>),
}

impl Follows {
    /// What an entry leads to; nothing for most.
    pub(in super::super) fn of(kind: &Kind) -> Option<Self> {
        match kind {
            Kind::TermBegun(event) => Some(Self::Term { term: event.term, organ: event.organ.clone() }),
            Kind::CaseConcluded(_) => Some(Self::End(PartChange::Concluded)),
            Kind::CaseReopened(_) => Some(Self::Again),
            Kind::WithdrawalNoted(event) => (!event.goes_on).then_some(Self::End(PartChange::Withdrawn)),
            Kind::FactsCorrected(event) => Some(Self::Facts(Box::new(event.clone()))),
            _ => None,
        }
    }
}

/// Carries it out, at the home.
pub(in super::super) fn follow(step: &mut Step<'_>, follows: Follows) {
    if !step.case.is_home(step.at.organ) {
        return;
    }
    let going: Vec<PartFacts> =
        step.case.parts.iter().filter(|part| !part.has_ended()).map(|part| part.facts.clone()).collect();
    match follows {
        Follows::Term { term, organ } => {
            for facts in going {
                attach(step, facts, term, &organ);
            }
        }
        Follows::End(end) => {
            for facts in going {
                finish(step, facts, end);
            }
        }
        Follows::Again => {
            for mut facts in going {
                facts.state = PartState::Ended.into();
                facts.ended_by = PartChange::Concluded.into();
                let by = step.at.actor;
                let ended = Change { what: PartChange::Concluded, reason: None, tells_handler: true, by };
                change(step, facts, ended);
            }
        }
        Follows::Facts(event) => tell_facts(step, &event, &going),
    }
}

/// Whatever goes on goes on under the new term; the organ that leads now has no part any more.
fn attach(step: &mut Step<'_>, mut facts: PartFacts, term: u32, lead: &str) {
    let by = step.at.actor;
    let open = step.case.part(facts.part).is_some_and(Part::is_open);
    let leads = open && facts.organ == lead;
    facts.term = term;
    if leads {
        facts.state = PartState::Ended.into();
        facts.ended_by = PartChange::Leads.into();
    }
    let happened = if leads { PartChange::Leads } else { PartChange::Attached };
    change(step, facts, Change { what: happened, reason: None, tells_handler: true, by });
}

/// What is open ends with the case; what was answered stays so, and its organ learns that the case ended.
fn finish(step: &mut Step<'_>, mut facts: PartFacts, end: PartChange) {
    let by = step.at.actor;
    if step.case.part(facts.part).is_some_and(Part::is_open) {
        facts.state = PartState::Ended.into();
        facts.ended_by = end.into();
    }
    change(step, facts, Change { what: end, reason: None, tells_handler: true, by });
}

/// The holder of the term is told by whoever corrected them; so is nobody twice.
fn tell_facts(step: &mut Step<'_>, event: &FactsCorrected, going: &[PartFacts]) {
    let lead = step.case.current().map(|tenure| tenure.organ.clone());
    let mut organs: Vec<&str> = going.iter().map(|facts| facts.organ.as_str()).collect();
    organs.sort_unstable();
    organs.dedup();
    for organ in organs {
        if organ != step.at.organ && lead.as_deref() != Some(organ) {
            step.enters(Kind::FactsCorrected(event.clone()), Some(organ.to_owned()));
        }
    }
}
