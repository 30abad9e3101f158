//! Rungs that are due fire: each once, in order (16, 17, 20).

use std::collections::BTreeMap;

use duban_proto::supervision::v1::{Instrument, Recipient, RungFired, RungTold, event::Kind};
use jiff::{SignedDuration, Timestamp};
use ledger::{Context, Organ};
use regulation::{Numbered, Rung};

use crate::domain::decide::{Decision, Fact, notice, pause};
use crate::domain::time::to_wire;
use crate::domain::{Book, Clock, FireRungs, Rules, ladder};

/// A rung that fires later than this after its time says so.
const PUNCTUAL: SignedDuration = SignedDuration::from_secs(1);

/// The sign of the register of complaints (投), in whose place the template of notices has one of its own (督).
const COMPLAINT_SIGN: char = '投';

/// Due is judged by the tick's clock, so that a ledger whose time was once turned ahead fires nothing early.
pub(super) fn fire(rules: &Rules<'_>, book: &Book, fire: &FireRungs, context: Context<'_>) -> Decision {
    let mut notices = Notices::new(rules, book, &fire.number_prefix, context.now);
    // A clock named twice would fire twice: what the first firing changes is not in the book yet.
    let clocks: std::collections::BTreeSet<_> = fire.clocks.iter().copied().collect();
    let running = clocks.into_iter().filter_map(|key| book.clock(key)).filter(|clock| clock.runs());
    let (paused, running): (Vec<_>, Vec<_>) = running.partition(|clock| clock.paused.is_some());
    let mut facts = over(rules, book, &paused, fire.at, context.now);
    let mut due: Vec<_> = running.into_iter().flat_map(|clock| due_rungs(clock, fire.at)).collect();
    due.sort_by_key(|(clock, index, at)| (*at, clock.key, *index));
    for (clock, index, at) in due {
        let rung = ladder::rungs(rules, clock).get(index);
        let mut fired = fired(rules, clock, index, at, rung, &mut notices, context.now);
        let others = tells(book, clock, rung, &fire.centre, &mut fired);
        let seq = context.next_seq + u64::try_from(facts.len()).unwrap_or(u64::MAX);
        let audience = notice::of_rung(book, clock, &mut fired, seq);
        facts.push(Fact::new(clock.key.case_id, Kind::RungFired(fired)).addressed(audience));
        facts.extend(others);
    }
    Decision::of(facts)
}

/// Pauses that lasted as long as they can: the time of their cases goes on by itself, once a case.
fn over(rules: &Rules<'_>, book: &Book, paused: &[&Clock], at: Timestamp, now: Timestamp) -> Vec<Fact> {
    let until = |clock: &Clock| clock.paused.as_ref().map(|paused| paused.until).filter(|until| *until <= at);
    let cases: BTreeMap<_, _> =
        paused.iter().filter_map(|clock| Some((clock.key.case_id, until(clock)?))).collect();
    let resumed = cases.into_iter();
    resumed.filter_map(|(case_id, until)| pause::goes_on(rules, book, case_id, (until, now), true)).collect()
}

/// Says in the rung who is told at this organ, and gives what others are told: the home of a term, the centre.
fn tells(book: &Book, clock: &Clock, rung: Option<&Rung>, centre: &str, fired: &mut RungFired) -> Vec<Fact> {
    let mut others = BTreeMap::<&str, Vec<Recipient>>::new();
    for recipient in rung.map_or(&[][..], |rung| &rung.tells) {
        let (to, recipient) = match recipient {
            regulation::Recipient::Handler => (book.organ.as_str(), Recipient::Handler),
            regulation::Recipient::LeaderInCharge => (book.organ.as_str(), Recipient::LeaderInCharge),
            regulation::Recipient::PrincipalHead => (book.organ.as_str(), Recipient::PrincipalHead),
            regulation::Recipient::Home => (clock.home.as_str(), Recipient::Home),
            regulation::Recipient::Centre => (centre, Recipient::Centre),
        };
        if to == book.organ {
            fired.tells.push(recipient.into());
        } else {
            others.entry(to).or_default().push(recipient);
        }
    }
    let others = others.into_iter().filter_map(|(to, recipients)| {
        let audience = Organ::new(to).ok()?;
        let told = RungTold {
            to: to.to_owned(),
            tells: recipients.into_iter().map(i32::from).collect(),
            // What its own people are told is its own.
            rung: Some(RungFired { tells: Vec::new(), ..fired.clone() }),
            number: clock.number.clone(),
        };
        Some(Fact::new(clock.key.case_id, Kind::RungTold(told)).addressed(Some(audience)))
    });
    others.collect()
}

/// Another organ's rung is told here: noted once, for the digest.
pub(super) fn note(book: &Book, case_id: uuid::Uuid, told: &RungTold) -> Decision {
    if told.to != book.organ {
        return Decision::default();
    }
    Decision::of(vec![Fact::new(case_id, Kind::RungTold(told.clone()))])
}

/// The rungs of a clock that have not fired and are due, by their place on the ladder.
fn due_rungs(clock: &Clock, now: Timestamp) -> impl Iterator<Item = (&Clock, usize, Timestamp)> {
    let rungs = clock.rung_times.iter().copied().enumerate().skip(clock.fired);
    rungs.take_while(move |(_, at)| *at <= now).map(move |(index, at)| (clock, index, at))
}

fn fired(
    rules: &Rules<'_>,
    clock: &Clock,
    index: usize,
    at: Timestamp,
    rung: Option<&Rung>,
    notices: &mut Notices<'_>,
    now: Timestamp,
) -> RungFired {
    let plain = RungFired {
        clock: clock.kind().into(),
        term: clock.key.term,
        index: u32::try_from(index).unwrap_or(u32::MAX),
        due_at: Some(to_wire(at)),
        late: at.duration_until(now) > PUNCTUAL,
        light: clock.light.into(),
        organ: clock.responsible_organ.clone(),
        ..RungFired::default()
    };
    // The regulation has lost the rung since the clock started: it passes without effect.
    let Some(rung) = rung else { return plain };
    let instrument = ladder::instrument(rung);
    let is_notice = instrument == Instrument::SupervisionNotice;
    RungFired {
        rung: rung.code.clone(),
        light: ladder::light(rung.colour).into(),
        instrument: instrument.into(),
        instrument_number: if is_notice { notices.next() } else { String::new() },
        answer_by: rung.reply_within.map(|length| to_wire(rules.due(now, length).at)),
        citation: Some(rules.citation(&rung.basis, &rung.code, &rung.text)),
        release_at: Some(to_wire(rules.regulation.rung_told_from(now, rules.calendar))),
        ..plain
    }
}

/// Gives out the numbers of supervision notices, gapless in each organ and year.
pub(super) struct Notices<'a> {
    rules: &'a Rules<'a>,
    prefix: &'a str,
    year: i16,
    last: u64,
}

impl<'a> Notices<'a> {
    pub(super) fn new(rules: &'a Rules<'a>, book: &Book, prefix: &'a str, now: Timestamp) -> Self {
        let year = rules.date(now).year();
        let last = book.notices.get(&year).copied().unwrap_or_default();
        Self { rules, prefix: prefix.strip_suffix(COMPLAINT_SIGN).unwrap_or(prefix), year, last }
    }

    pub(super) fn next(&mut self) -> String {
        self.last += 1;
        match self.rules.regulation.numbering(Numbered::SupervisionNotice) {
            Some(numbering) => numbering.template.render(self.prefix, self.year, self.last),
            None => format!("{}〔{}〕{}", self.prefix, self.year, self.last),
        }
    }
}
