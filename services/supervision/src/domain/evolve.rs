//! How entries change the book: the only way it changes, live and in a rebuild.

use duban_proto::common::v1::{Light, Organ};
use duban_proto::supervision::v1::{
    ClockMoved, ClockPaused, ClockResumed, ClockStarted, ClockStopped, ExtensionDecided, ExtensionRequested,
    ExtensionState, RungFired, RungTold, StopReason, event::Kind,
};
use jiff::{Timestamp, tz::TimeZone};
use ledger::Context;
use uuid::Uuid;

use super::decide::Fact;
use super::time::{from_wire, opt_from_wire};
use super::told::told;
use super::{
    Annulled, Book, Clock, ClockKey, Extension, Fired, Paused, Stop, Told, concern, docket, figures,
    follow_up,
};

/// What an entry says beside its event.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Its number in the ledger.
    pub seq: u64,
    /// When it was committed.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub actor: &'a str,
    /// Where a day is a day, for the register of notices.
    pub zone: &'a TimeZone,
}

/// Applies one entry. What it says of a clock or extension that is not there changes nothing.
pub fn evolve(book: &mut Book, case_id: Option<Uuid>, kind: &Kind, stamp: Stamp<'_>) {
    let case_id = case_id.unwrap_or_default();
    figures::count(book, case_id, kind, stamp);
    book.notice(case_id, kind, stamp);
    book.accountability(case_id, kind, stamp);
    book.conducted(case_id, kind, stamp);
    match kind {
        Kind::ClockStarted(started) => book.started(case_id, started),
        Kind::ClockStopped(stopped) => book.stopped(case_id, stopped),
        Kind::ClockMoved(moved) => book.moved(case_id, moved),
        Kind::RungFired(fired) => book.rung_fired(case_id, fired, stamp),
        Kind::ExtensionRequested(requested) => book.extension_requested(case_id, requested, stamp),
        Kind::ExtensionDecided(decided) => book.extension_decided(case_id, decided, stamp),
        Kind::ExternalLimitNoted(noted) => {
            book.limit_noted(case_id, noted.external_due_at.as_ref().and_then(opt_from_wire));
        }
        Kind::OrganNoted(noted) => book.organ_noted(noted.organ.as_ref()),
        Kind::RepeatNoted(_) | Kind::RepeatTakenBack(_) | Kind::ReportNoted(_) | Kind::ReportSettled(_) => {
            book.concern(case_id, kind, stamp.recorded_at);
            figures::count_concerns(book, case_id, stamp);
        }
        Kind::HandlersNoted(_)
        | Kind::FollowUpDue(_)
        | Kind::FollowUpAttempted(_)
        | Kind::FollowUpRecorded(_)
        | Kind::LookAsked(_)
        | Kind::FollowUpDropped(_) => {
            book.keyed.extend(follow_up::keyed(kind).then_some(case_id));
            book.follow_ups.apply(case_id, kind, stamp);
            book.docket.evolve(case_id, kind, stamp);
        }
        Kind::RungTold(told) => book.rung_told(case_id, told, stamp),
        Kind::ClockPaused(paused) => book.paused(case_id, paused),
        Kind::ClockResumed(resumed) => book.resumed(case_id, resumed),
        Kind::ContentErased(_) => book.erased.extend([case_id]),
        docket::kinds!() => {
            if docket::brings_text(kind, &book.organ) {
                book.keyed.insert(case_id);
            }
            book.docket.evolve(case_id, kind, stamp);
        }
        // Counted, and taken in, above.
        Kind::IntakeNoted(_)
        | Kind::OutcomeNoted(_)
        | Kind::FacetsNoted(_)
        | Kind::ReopeningNoted(_)
        | Kind::ReturnNoted(_)
        | Kind::ExclusionProposed(_)
        | Kind::ExclusionDecided(_)
        | Kind::AnalysisSaved(_)
        | Kind::AnalysisSigned(_)
        | Kind::PeriodFrozen(_)
        | Kind::NoticeIssued(_)
        | Kind::NoticeSeen(_)
        | Kind::NoticeAnswered(_)
        | Kind::NoticeAnswerAccepted(_)
        | Kind::NoticeAnswerRejected(_)
        | Kind::NoticeOverdue(_)
        | Kind::NoticeWithdrawn(_)
        | Kind::ConductNoted(_)
        | Kind::ChainNoted(_)
        | Kind::ConductTold(_)
        | Kind::EvidenceNoted(_)
        | Kind::AccountabilityProposed(_)
        | Kind::AccountabilityOpened(_)
        | Kind::AccountabilityDismissed(_)
        | Kind::StatementGiven(_)
        | Kind::AccountabilityConcluded(_) => {}
    }
}

/// The clocks and extensions of the book after these entries: for answers.
pub(crate) fn evolved(book: &Book, facts: &[Fact], context: Context<'_>) -> Book {
    let mut after = Book::new(book.organ.clone());
    for case_id in facts.iter().filter_map(|fact| fact.case_id) {
        after.clocks.extend(book.clocks_of(case_id).map(|clock| (clock.key, clock.clone())));
        let own = book.extensions.values().filter(|extension| extension.clock.case_id == case_id);
        after.extensions.extend(own.map(|extension| (extension.id, extension.clone())));
    }
    let stamp = Stamp { seq: 0, recorded_at: context.now, actor: context.actor, zone: &TimeZone::UTC };
    for fact in facts {
        evolve(&mut after, fact.case_id, &fact.kind, stamp);
    }
    after
}

impl Book {
    fn started(&mut self, case_id: Uuid, started: &ClockStarted) {
        let key = ClockKey { case_id, term: started.term };
        let clock = clock(key, started);
        self.dirty.clocks.insert(key);
        if key.term == 0 {
            self.counts.received += 1;
            self.counts.open += 1;
        } else if clock.counts(&self.organ) && key.part_number() == 0 {
            *self.counts.of_term(clock.reopened) += 1;
        }
        self.clocks.insert(key, clock);
    }

    fn stopped(&mut self, case_id: Uuid, stopped: &ClockStopped) {
        let key = ClockKey { case_id, term: stopped.term };
        let Some(clock) = self.clocks.get_mut(&key).filter(|clock| clock.runs()) else { return };
        let reason = stopped.reason();
        clock.stopped = Some(Stop {
            at: from_wire(stopped.at.as_ref()),
            reason,
            on_time: stopped.on_time,
            workdays: stopped.workdays,
        });
        self.dirty.clocks.insert(key);
        if !clock.counts(&self.organ) {
            return;
        }
        self.counts.light(clock.light, -1);
        if key.part_number() > 0 {
            return;
        }
        if key.term > 0 {
            *self.counts.of_term(clock.reopened) -= 1;
            return;
        }
        self.counts.open -= 1;
        match reason {
            StopReason::Concluded => {
                self.counts.concluded += 1;
                self.counts.on_time += i64::from(stopped.on_time);
            }
            // The parent is its home now, and counts it.
            StopReason::HomeMoved => self.counts.received -= 1,
            StopReason::Withdrawn
            | StopReason::Superseded
            | StopReason::Released
            | StopReason::Unspecified => {}
        }
    }

    fn moved(&mut self, case_id: Uuid, moved: &ClockMoved) {
        let key = ClockKey { case_id, term: moved.term };
        let Some(clock) = self.clocks.get_mut(&key) else { return };
        clock.due_at = from_wire(moved.due_at.as_ref());
        clock.length = moved.length.parse().unwrap_or(clock.length);
        clock.provisional = moved.provisional;
        clock.calendar.clone_from(&moved.calendar);
        clock.extended |= !moved.extension_id.is_empty();
        clock.rung_times = moved.rung_times.iter().filter_map(opt_from_wire).collect();
        let standing = usize::try_from(moved.rungs_standing).unwrap_or(usize::MAX);
        let annuls = standing < clock.fired;
        clock.fired = standing.min(clock.fired);
        self.dirty.clocks.insert(key);
        if annuls {
            self.annul(Annulled { clock: key, standing: moved.rungs_standing });
        }
        self.turn(key, moved.light());
    }

    fn rung_fired(&mut self, case_id: Uuid, fired: &RungFired, stamp: Stamp<'_>) {
        let key = ClockKey { case_id, term: fired.term };
        let Some(clock) = self.clocks.get_mut(&key) else { return };
        clock.fired = usize::try_from(fired.index).unwrap_or(usize::MAX).saturating_add(1);
        self.dirty.clocks.insert(key);
        self.fired.push(Fired {
            seq: stamp.seq,
            case_id,
            number: clock.number.clone(),
            fired_at: stamp.recorded_at,
            rung: fired.clone(),
        });
        let number = clock.number.clone();
        self.told.extend(told(case_id, &number, fired.tells(), fired, stamp));
        if !fired.instrument_number.is_empty() {
            let year = stamp.zone.to_datetime(stamp.recorded_at).year();
            *self.notices.entry(year).or_default() += 1;
            self.dirty.notices.insert(year);
        }
        self.turn(key, fired.light());
    }

    /// Another organ's rung, told to this one. In the ledger that it comes from, it says what that one told.
    fn rung_told(&mut self, case_id: Uuid, said: &RungTold, stamp: Stamp<'_>) {
        if let Some(rung) = said.rung.as_ref().filter(|_| said.to == self.organ) {
            self.told.extend(told(case_id, &said.number, said.tells(), rung, stamp));
        }
    }

    /// What fired in this batch is not told any more, either.
    fn annul(&mut self, annulled: Annulled) {
        let Annulled { clock: ClockKey { case_id, term }, standing } = annulled;
        let withdrawn =
            |it: &&mut Told| it.case_id == case_id && it.rung.term == term && it.rung.index >= standing;
        self.told.iter_mut().filter(withdrawn).for_each(|it| it.annulled = true);
        self.annulled.push(annulled);
    }

    fn paused(&mut self, case_id: Uuid, paused: &ClockPaused) {
        if paused.reason.is_some() {
            self.keyed.insert(case_id);
        }
        for term in &paused.terms {
            let key = ClockKey { case_id, term: *term };
            let Some(clock) = self.clocks.get_mut(&key).filter(|clock| clock.runs()) else { continue };
            clock.paused = Some(Paused {
                cause: paused.cause.clone(),
                at: from_wire(paused.at.as_ref()),
                until: from_wire(paused.until.as_ref()),
            });
            self.dirty.clocks.insert(key);
        }
    }

    /// The pause ends, or, where it had ended by itself before it was told that it ended earlier, it was shorter.
    fn resumed(&mut self, case_id: Uuid, resumed: &ClockResumed) {
        let (since, at) = (from_wire(resumed.since.as_ref()), from_wire(resumed.at.as_ref()));
        for moved in &resumed.clocks {
            let key = ClockKey { case_id, term: moved.term };
            let Some(clock) = self.clocks.get_mut(&key) else { continue };
            clock.paused = None;
            clock.pauses.retain(|(from, _)| *from != since);
            clock.pauses.push((since, at.max(since)));
            self.moved(case_id, moved);
        }
    }

    fn limit_noted(&mut self, case_id: Uuid, due_at: Option<Timestamp>) {
        let keys: Vec<ClockKey> = self.clocks_of(case_id).map(|clock| clock.key).collect();
        for key in keys {
            if let Some(clock) = self.clocks.get_mut(&key) {
                clock.external_due_at = due_at;
                self.dirty.clocks.insert(key);
            }
        }
    }

    fn concern(&mut self, case_id: Uuid, kind: &Kind, at: Timestamp) {
        let Some(key) = concern::key(case_id, kind) else { return };
        let was = self.is_repeated(case_id);
        if let Some(begun) = concern::begun(key, kind, at) {
            self.concerns.insert(key, begun);
        } else if let Some(known) = self.concerns.get_mut(&key) {
            known.is_open = false;
        } else {
            return;
        }
        self.dirty.concerns.insert(key);
        self.counts.repeated += i64::from(self.is_repeated(case_id)) - i64::from(was);
    }

    /// Turns a clock's light, and the board with it.
    fn turn(&mut self, key: ClockKey, light: Light) {
        let Some(clock) = self.clocks.get_mut(&key) else { return };
        let was = std::mem::replace(&mut clock.light, light);
        if clock.runs() && clock.counts(&self.organ) {
            self.counts.light(was, -1);
            self.counts.light(light, 1);
        }
    }

    fn extension_requested(&mut self, case_id: Uuid, requested: &ExtensionRequested, stamp: Stamp<'_>) {
        let clock = ClockKey { case_id, term: requested.term };
        let (Ok(id), Ok(length)) = (requested.extension_id.parse(), requested.length.parse()) else { return };
        self.dirty.extensions.insert(id);
        self.keyed.insert(case_id);
        let extension = Extension {
            id,
            clock,
            number: requested.number.clone(),
            length,
            due_at: from_wire(requested.due_at.as_ref()),
            requested_by: stamp.actor.to_owned(),
            requested_at: stamp.recorded_at,
            reason: requested.reason.clone().unwrap_or_default(),
            state: ExtensionState::Requested,
            decided_by: String::new(),
            words: duban_proto::common::v1::ContentRef::default(),
        };
        self.extensions.insert(id, extension);
    }

    /// A decision of another organ's extension, noted here, has no request here.
    fn extension_decided(&mut self, case_id: Uuid, decided: &ExtensionDecided, stamp: Stamp<'_>) {
        self.extension_inherited(case_id, decided, stamp);
        let id = decided.extension_id.parse().ok();
        let Some(extension) = id.and_then(|id| self.extensions.get_mut(&id)) else { return };
        extension.state = if decided.granted { ExtensionState::Granted } else { ExtensionState::Refused };
        stamp.actor.clone_into(&mut extension.decided_by);
        let told = decided.told.as_ref().and_then(|told| told.text.clone());
        self.keyed.extend(decided.refusal.as_ref().or(told.as_ref()).map(|_| case_id));
        extension.words = told.or_else(|| decided.refusal.clone()).unwrap_or_default();
        self.dirty.extensions.insert(extension.id);
    }

    /// What a home that was closed had granted waits for the case's clock to start here.
    fn extension_inherited(&mut self, case_id: Uuid, decided: &ExtensionDecided, stamp: Stamp<'_>) {
        let clock = ClockKey::case(case_id);
        let (Ok(id), Ok(length)) = (decided.extension_id.parse(), decided.length.parse()) else { return };
        let waits = !self.clocks.contains_key(&clock) && decided.registering_organ.is_empty();
        if !waits || self.extensions.contains_key(&id) {
            return;
        }
        self.dirty.extensions.insert(id);
        let extension = Extension {
            id,
            clock,
            number: String::new(),
            length,
            due_at: from_wire(decided.due_at.as_ref()),
            requested_by: stamp.actor.to_owned(),
            requested_at: stamp.recorded_at,
            reason: duban_proto::common::v1::ContentRef::default(),
            state: ExtensionState::Requested,
            decided_by: String::new(),
            words: duban_proto::common::v1::ContentRef::default(),
        };
        self.extensions.insert(id, extension);
    }

    fn organ_noted(&mut self, organ: Option<&Organ>) {
        let Some(organ) = organ else { return };
        // One statement saves them all, and can't set the same row twice.
        self.organs.retain(|other| other.code != organ.code);
        self.organs.push(organ.clone());
    }
}

fn clock(key: ClockKey, started: &ClockStarted) -> Clock {
    Clock {
        key,
        number: started.number.clone(),
        responsible_organ: started.responsible_organ.clone(),
        home: started.home.clone(),
        registering_organ: started.registering_organ.clone(),
        start: from_wire(started.start.as_ref()),
        accepted_at: from_wire(started.accepted_at.as_ref()),
        due_at: from_wire(started.due_at.as_ref()),
        length: started.length.parse().unwrap_or(calendar::Length::Workdays(0)),
        extended: false,
        provisional: started.provisional,
        calendar: started.calendar.clone(),
        external_due_at: started.external_due_at.as_ref().and_then(opt_from_wire),
        citation: started.citation.clone().unwrap_or_default(),
        rung_times: started.rung_times.iter().filter_map(opt_from_wire).collect(),
        fired: 0,
        light: Light::Green,
        stopped: None,
        reopened: started.reopened,
        pauses: Vec::new(),
        paused: None,
    }
}
