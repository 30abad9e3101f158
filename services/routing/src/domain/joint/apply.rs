//! How each entry changes the parts of a case.

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    OpinionDecided, OpinionSubmitted, PartBegun, PartChange, PartChanged, PartFacts, PartReceived, PartState,
    PartText, TermState,
};

use super::super::{Case, Entry, Tenure};
use super::{OpinionRound, Part, Step};

/// Whether a text was sealed with this entry, so that the case has a data key in this ledger.
pub(crate) fn brings_text(entry: &Entry<'_>) -> bool {
    let here = |text: Option<&PartText>| text.is_some_and(|text| text.organ == entry.organ);
    match entry.kind {
        Kind::PartBegun(event) => here(event.part.as_ref().and_then(|part| part.words.as_ref())),
        Kind::PartChanged(event) => here(event.reason.as_ref()),
        Kind::OpinionDecided(event) => event.reason.is_some(),
        Kind::PartReturned(_) | Kind::OpinionSubmitted(_) | Kind::OpinionQueried(_) => true,
        _ => false,
    }
}

/// The case that a part opens at the organ that handles it.
pub(crate) fn opened(event: &PartReceived, entry: &Entry<'_>) -> Option<Case> {
    let begun = event.part.as_ref()?;
    let at = entry.at.as_microsecond();
    let mut case = Case::begin(&begun.home, begun.facts.clone(), CaseState::InHandling, at);
    case.apply(entry);
    Some(case)
}

impl Case {
    pub(in crate::domain) fn apply_joint(&mut self, entry: &Entry<'_>) {
        match entry.kind {
            Kind::PartBegun(event) | Kind::PartReceived(PartReceived { part: Some(event) }) => {
                self.begin_part(event, entry);
            }
            Kind::PartOverdue(event) => self.miss(event),
            Kind::PartChanged(event) => self.change_part(event, entry, &event.by),
            Kind::PartNoted(noted) => {
                if let Some(event) = &noted.change {
                    self.note_part(event, entry);
                }
            }
            _ => self.apply_part(entry),
        }
    }

    fn begin_part(&mut self, event: &PartBegun, entry: &Entry<'_>) {
        let Some(facts) = event.part.clone().filter(|facts| self.part(facts.part).is_none()) else { return };
        let step = step(PartChange::Begun, entry, entry.actor, None);
        self.parts.push(Part { facts, steps: vec![step], ..Part::default() });
        // It may know the case from before it was opened again (3).
        let ended = matches!(self.state(), CaseState::Concluded | CaseState::Replied | CaseState::Archived);
        if ended && !self.is_home(entry.organ) {
            self.state = CaseState::InHandling.into();
        }
    }

    /// The home tells several organs of one change, and it is one.
    fn change_part(&mut self, event: &PartChanged, entry: &Entry<'_>, by: &str) {
        let Some(facts) = &event.part else { return };
        let Some(part) = self.part_mut(facts.part) else { return };
        if part.facts.version >= facts.version {
            return;
        }
        part.facts.clone_from(facts);
        // That it began stands there already, and so does what the home did to a part of its own.
        let known = match event.change() {
            PartChange::Begun => true,
            PartChange::Acknowledged | PartChange::Returned | PartChange::Answered => {
                facts.organ == entry.organ
            }
            _ => false,
        };
        if !known {
            part.steps.push(step(event.change(), entry, by, event.reason.clone()));
        }
    }

    /// At the lead, and at the organ that handles the part; that one's casework goes on where only the term changed.
    fn note_part(&mut self, event: &PartChanged, entry: &Entry<'_>) {
        let Some(facts) = &event.part else { return };
        let noted = step(event.change(), entry, &event.by, event.reason.clone());
        match self.part_mut(facts.part) {
            None => {
                self.parts.push(Part { facts: facts.clone(), steps: vec![noted], ..Part::default() });
                self.parts.sort_by_key(|part| part.facts.part);
            }
            Some(part) => {
                let only_term = event.change() == PartChange::Attached && facts.organ == entry.organ;
                part.facts = if only_term {
                    let (term, version) = (facts.term, facts.version);
                    PartFacts { term, version, ..std::mem::take(&mut part.facts) }
                } else {
                    facts.clone()
                };
                // The lead that asked for it knows already.
                let last = part.steps.last().map(Step::change);
                if event.change() != PartChange::Queried || last != Some(PartChange::Queried) {
                    part.steps.push(noted);
                }
            }
        }
        self.end_with_the_parts(event.change(), entry);
    }

    /// Whoever knows the case by its parts alone learns of its end by them.
    fn end_with_the_parts(&mut self, change: PartChange, entry: &Entry<'_>) {
        let over = |tenure: &Tenure| matches!(tenure.state(), TermState::Concluded | TermState::Superseded);
        let holds = !self.current().is_none_or(over);
        if self.is_home(entry.organ) || holds || !self.reported_to.is_empty() {
            return;
        }
        match change {
            PartChange::Concluded => self.state = CaseState::Concluded.into(),
            PartChange::Withdrawn => self.state = CaseState::Withdrawn.into(),
            _ => {}
        }
    }

    /// What the organ that handles the part does, in its own ledger.
    fn apply_part(&mut self, entry: &Entry<'_>) {
        let now = server::time::to_proto(entry.at);
        match entry.kind {
            Kind::PartAcknowledged(event) => {
                if let Some(part) = self.part_mut(event.part) {
                    part.facts.acknowledged_at = Some(now);
                    part.goes_on(PartState::Acknowledged, PartChange::Acknowledged, None, entry);
                }
            }
            Kind::PartReturned(event) => {
                if let Some(part) = self.part_mut(event.part) {
                    part.facts.ground = event.ground;
                    let note = event.note.clone();
                    let note = PartText { organ: entry.organ.to_owned(), text: note };
                    part.goes_on(PartState::Returned, PartChange::Returned, Some(note), entry);
                }
            }
            Kind::OpinionSubmitted(event) => {
                if let Some(part) = self.part_mut(event.part) {
                    part.submitted(event, entry);
                }
            }
            Kind::OpinionDecided(event) => {
                let number = event.opinion.as_ref().map_or(0, |opinion| opinion.part);
                if let Some(part) = self.part_mut(number) {
                    part.decided(event, entry);
                }
            }
            // Until the home has carried it out, the lead takes the opinion for none.
            Kind::OpinionQueried(event) => {
                if let Some(part) = self.part_mut(event.part) {
                    let reason = PartText { organ: entry.organ.to_owned(), text: event.reason.clone() };
                    part.facts.queried = true;
                    part.goes_on(PartState::Queried, PartChange::Queried, Some(reason), entry);
                }
            }
            _ => {}
        }
    }
}

impl Part {
    fn goes_on(&mut self, state: PartState, change: PartChange, reason: Option<PartText>, entry: &Entry<'_>) {
        self.facts.state = state.into();
        self.steps.push(step(change, entry, entry.actor, reason));
    }

    fn submitted(&mut self, event: &OpinionSubmitted, entry: &Entry<'_>) {
        self.facts.state = PartState::Submitted.into();
        self.rounds.push(OpinionRound {
            submitted: event.clone(),
            submitted_by: entry.actor.to_owned(),
            ..OpinionRound::default()
        });
    }

    fn decided(&mut self, event: &OpinionDecided, entry: &Entry<'_>) {
        if let Some(round) = self.rounds.last_mut() {
            entry.actor.clone_into(&mut round.decided_by);
            round.approved = event.approved;
            round.reason.clone_from(&event.reason);
        }
        if !event.approved {
            self.facts.state =
                if self.facts.queried { PartState::Queried } else { PartState::Acknowledged }.into();
            return;
        }
        if let Some(opinion) = &event.opinion {
            self.facts.answer(opinion, entry.organ, server::time::to_proto(entry.at));
        }
        self.goes_on(PartState::Answered, PartChange::Answered, None, entry);
    }
}

/// An opinion that counts.
pub(in crate::domain) trait Answered {
    /// Takes in the opinion that is kept at this organ.
    fn answer(&mut self, opinion: &OpinionSubmitted, organ: &str, approved_at: prost_types::Timestamp);
}

impl Answered for PartFacts {
    fn answer(&mut self, opinion: &OpinionSubmitted, organ: &str, approved_at: prost_types::Timestamp) {
        self.state = PartState::Answered.into();
        self.round = opinion.round;
        self.finding = opinion.finding;
        self.measures.clone_from(&opinion.measures);
        self.opinion = Some(PartText { organ: organ.to_owned(), text: opinion.opinion.clone() });
        self.approved_at = Some(approved_at);
    }
}

fn step(change: PartChange, entry: &Entry<'_>, by: &str, reason: Option<PartText>) -> Step {
    Step { change: change.into(), at: entry.at.as_microsecond(), by: by.to_owned(), reason }
}
