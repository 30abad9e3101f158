//! How entries change what is counted. Called before the entry changes the rest of the book.

use duban_proto::common::v1::Finding;
use duban_proto::supervision::v1::{
    ClockKind, ClockMoved, ClockStarted, ClockStopped, FigureFacets, FigurePart, IntakeNoted, IntakeStep,
    Measure, OutcomeNoted, ReopeningNoted, ReturnNoted, StopReason, event::Kind,
};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use super::{Against, Facets, Occurrence, OccurrenceKey, exclusion, number_of, paper};
use crate::domain::evolve::Stamp;
use crate::domain::time::from_wire;
use crate::domain::{Book, Clock, ClockKey};

/// The day of a moment, in days since 1970.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> i32 {
    number_of(zone.to_datetime(at).date())
}

/// Counts what an entry says.
pub(crate) fn count(book: &mut Book, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
    let at = At { case_id, stamp, today: day_of(stamp.recorded_at, stamp.zone) };
    match kind {
        Kind::ClockStarted(started) => at.started(book, started),
        Kind::ClockStopped(stopped) => at.stopped(book, stopped),
        Kind::ClockMoved(moved) if !moved.extension_id.is_empty() => at.extended(book, moved),
        Kind::IntakeNoted(noted) => at.intake(book, noted),
        Kind::OutcomeNoted(noted) => at.outcome(book, noted),
        Kind::FacetsNoted(noted) => at.corrected(book, &facets(noted.facets.as_ref())),
        Kind::ReopeningNoted(noted) => at.reopened(book, noted),
        Kind::ReturnNoted(noted) => at.returned(book, noted),
        Kind::ExclusionProposed(_) | Kind::ExclusionDecided(_) => {
            exclusion::evolve(&mut book.figures, case_id, kind, stamp);
        }
        Kind::AnalysisSaved(_) | Kind::AnalysisSigned(_) | Kind::PeriodFrozen(_) => {
            paper::evolve(&mut book.figures, kind, stamp);
        }
        _ => {}
    }
}

/// Counts what an entry about concerns came to (21). Called after it changed the book.
pub(crate) fn count_concerns(book: &mut Book, case_id: Uuid, stamp: Stamp<'_>) {
    let at = At { case_id, stamp, today: day_of(stamp.recorded_at, stamp.zone) };
    let counted = book.figures.stands(case_id, FigurePart::Cases, Measure::Repeated);
    match (book.is_repeated(case_id), counted) {
        (true, false) => at.add(book, FigurePart::Cases, Measure::Repeated, (at.today, 0)),
        (false, true) => at.undo(book, FigurePart::Cases, &[Measure::Repeated], None),
        _ => {}
    }
}

/// As an entry has them.
pub(super) fn facets(facets: Option<&FigureFacets>) -> Facets {
    let FigureFacets { channel, grounds, respondents } = facets.cloned().unwrap_or_default();
    Facets { channel, grounds, against: respondents.iter().map(Against::of).collect() }
}

/// The entry that is counted.
#[derive(Clone, Copy)]
struct At<'a> {
    case_id: Uuid,
    stamp: Stamp<'a>,
    today: i32,
}

fn part_of(clock: &Clock) -> FigurePart {
    if clock.kind() == ClockKind::Case { FigurePart::Cases } else { FigurePart::Handled }
}

impl At<'_> {
    fn day(&self, at: Option<&prost_types::Timestamp>) -> i32 {
        day_of(from_wire(at), self.stamp.zone)
    }

    fn occurrence(
        &self,
        part: FigurePart,
        measure: Measure,
        day: i32,
        term: u32,
        facets: Facets,
    ) -> Occurrence {
        Occurrence {
            key: OccurrenceKey { case_id: self.case_id, seq: self.stamp.seq, ordinal: 0 },
            part,
            measure,
            day,
            recorded_on: self.today,
            undone_on: None,
            term,
            facets,
            finding: Finding::Unspecified,
            findings: Vec::new(),
            late: false,
            workdays: 0,
        }
    }

    fn add(&self, book: &mut Book, part: FigurePart, measure: Measure, (day, term): (i32, u32)) {
        let facets = book.figures.facets(self.case_id);
        book.figures.add(self.occurrence(part, measure, day, term, facets));
    }

    fn undo(&self, book: &mut Book, part: FigurePart, measures: &[Measure], term: Option<u32>) {
        let fits = |it: &Occurrence| {
            it.part == part && measures.contains(&it.measure) && term.is_none_or(|term| it.term == term)
        };
        book.figures.undo(self.case_id, self.today, fits);
    }

    fn started(&self, book: &mut Book, started: &ClockStarted) {
        let facets = Facets {
            channel: started.channel.clone(),
            grounds: started.grounds.clone(),
            against: started.respondents.iter().map(Against::of).collect(),
        };
        let day = self.day(started.start.as_ref());
        let own = started.responsible_organ == book.organ;
        let (cases, handled) = match (started.term, started.reopened) {
            (0, _) => (&[Measure::Accepted, Measure::Open][..], false),
            // The home's clock of a later round: the case was accepted once. Where the home handles it, it is the term's, too.
            (_, true) => (&[Measure::Open][..], own),
            (_, false) => (&[][..], true),
        };
        for measure in cases {
            book.figures.add(self.occurrence(FigurePart::Cases, *measure, day, started.term, facets.clone()));
        }
        if handled {
            for measure in [Measure::Accepted, Measure::Open] {
                let term = started.term;
                book.figures.add(self.occurrence(FigurePart::Handled, measure, day, term, facets.clone()));
            }
        }
    }

    fn stopped(&self, book: &mut Book, stopped: &ClockStopped) {
        let key = ClockKey { case_id: self.case_id, term: stopped.term };
        let Some(clock) = book.clock(key).filter(|clock| clock.runs()) else { return };
        let (part, as_term) = (part_of(clock), clock.reopened && clock.responsible_organ == book.organ);
        let term = Some(stopped.term);
        self.undo(book, part, &[Measure::Open], term);
        if as_term {
            self.undo(book, FigurePart::Handled, &[Measure::Open], term);
        }
        match stopped.reason() {
            StopReason::Withdrawn => {
                self.add(book, part, Measure::Withdrawn, (self.day(stopped.at.as_ref()), stopped.term));
            }
            // The parent is its home now, and counts it; what it grants goes along.
            StopReason::HomeMoved => self.undo(book, part, &[Measure::Accepted, Measure::Extended], term),
            StopReason::Concluded
            | StopReason::Superseded
            | StopReason::Released
            | StopReason::Unspecified => {}
        }
    }

    fn extended(&self, book: &mut Book, moved: &ClockMoved) {
        let key = ClockKey { case_id: self.case_id, term: moved.term };
        let Some(part) = book.clock(key).map(part_of) else { return };
        self.add(book, part, Measure::Extended, (self.today, moved.term));
    }

    fn intake(&self, book: &mut Book, noted: &IntakeNoted) {
        let measure = match noted.step() {
            IntakeStep::Received => Measure::Received,
            IntakeStep::Declined => Measure::Declined,
            IntakeStep::Referred => Measure::Referred,
            IntakeStep::Directed => Measure::Directed,
            IntakeStep::Unspecified => return,
        };
        let day = noted.day.parse().map_or(self.today, number_of);
        let facets = match &noted.facets {
            Some(own) => facets(Some(own)),
            None => book.figures.facets(self.case_id),
        };
        book.figures.add(self.occurrence(FigurePart::Cases, measure, day, 0, facets));
    }

    fn outcome(&self, book: &mut Book, noted: &OutcomeNoted) {
        let facets = book.figures.facets(self.case_id);
        let day = self.day(noted.at.as_ref());
        let concluded = Occurrence {
            finding: noted.finding(),
            findings: noted.findings().collect(),
            late: !noted.on_time,
            workdays: noted.workdays,
            ..self.occurrence(noted.part(), Measure::Concluded, day, noted.term, facets)
        };
        book.figures.add(concluded);
    }

    /// What counts is counted under the facets as they are now, as of today.
    fn corrected(&self, book: &mut Book, facets: &Facets) {
        let undone = book.figures.undo(self.case_id, self.today, |_| true);
        for it in undone {
            let key = OccurrenceKey { seq: self.stamp.seq, ordinal: 0, ..it.key };
            let again =
                Occurrence { key, recorded_on: self.today, undone_on: None, facets: facets.clone(), ..it };
            book.figures.add(again);
        }
    }

    /// It is not resolved any more, as of now (3).
    fn reopened(&self, book: &mut Book, noted: &ReopeningNoted) {
        let day = self.day(noted.at.as_ref());
        for (part, concerned) in [(FigurePart::Cases, noted.home), (FigurePart::Handled, noted.holder)] {
            if concerned {
                self.undo(book, part, &[Measure::Concluded], None);
                self.add(book, part, Measure::Reopened, (day, noted.term));
            }
        }
    }

    fn returned(&self, book: &mut Book, noted: &ReturnNoted) {
        self.add(book, FigurePart::Handled, Measure::Returned, (self.day(noted.at.as_ref()), noted.term));
    }
}
