use std::collections::{BTreeMap, BTreeSet};

use content::{Draft, Listed, NewKey};
use duban_proto::common::v1::Organ;
use duban_proto::supervision::v1::{ConcernKind, RungFired};
use jiff::Timestamp;
use uuid::Uuid;

use super::docket::Docket;
use super::figures::FiguresBook;
use super::follow_up::FollowUps;
use super::{Annulled, Clock, ClockKey, Concern, ConcernKey, Conduct, Counts, Extension, File, Notice, Told};

/// What one batch works on, for one organ: the clocks of the cases concerned, and what has changed.
#[derive(Debug, Default)]
pub struct Book {
    /// The organ in whose ledger it all stands.
    pub organ: String,
    pub(crate) clocks: BTreeMap<ClockKey, Clock>,
    pub(crate) extensions: BTreeMap<Uuid, Extension>,
    pub(crate) concerns: BTreeMap<ConcernKey, Concern>,
    pub(crate) follow_ups: FollowUps,
    /// The last number given out, of supervision notices, by year.
    pub(crate) notices: BTreeMap<i16, u64>,
    /// Reminders and supervision notices of the cases concerned.
    pub(crate) issued: BTreeMap<Uuid, Notice>,
    /// What bears on accountability, by case.
    pub(crate) conducts: BTreeMap<Uuid, Conduct>,
    /// Files of accountability of the cases concerned.
    pub(crate) files: BTreeMap<Uuid, File>,
    pub(crate) counts: Counts,
    pub(crate) fired: Vec<Fired>,
    pub(crate) told: Vec<Told>,
    pub(crate) annulled: Vec<Annulled>,
    pub(crate) organs: Vec<Organ>,
    /// Cases that have a data key here, of those for which a command brings one.
    pub(crate) keyed: BTreeSet<Uuid>,
    /// Cases whose erasure the ledger tells of already, of those that a command erases.
    pub(crate) erased: BTreeSet<Uuid>,
    /// The results of the cases, with their reviews and appeals.
    pub(crate) docket: Docket,
    /// What is counted (5(3), 6(3), 24).
    pub figures: FiguresBook,
    pub(crate) dirty: Dirty,
}

/// What has to be saved.
#[derive(Debug, Default)]
pub(crate) struct Dirty {
    pub(crate) clocks: BTreeSet<ClockKey>,
    pub(crate) extensions: BTreeSet<Uuid>,
    pub(crate) concerns: BTreeSet<ConcernKey>,
    pub(crate) notices: BTreeSet<i16>,
    pub(crate) issued: BTreeSet<Uuid>,
    pub(crate) conducts: BTreeSet<Uuid>,
    pub(crate) files: BTreeSet<Uuid>,
}

/// A rung that fired, for the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Fired {
    /// The entry's number in the ledger.
    pub seq: u64,
    /// The case.
    pub case_id: Uuid,
    /// The case's number.
    pub number: String,
    /// When it fired.
    pub fired_at: Timestamp,
    /// What fired.
    pub rung: RungFired,
}

/// Primary data that goes with an entry.
#[derive(Clone, Debug)]
pub enum Write {
    /// The data key of a case that is new here.
    Key(NewKey),
    /// A sealed text.
    Text(Draft),
    /// Deletes what is listed as erased.
    Erase(Box<Listed>),
}

impl Book {
    /// An empty book of this organ.
    pub fn new(organ: impl Into<String>) -> Self {
        Self { organ: organ.into(), ..Self::default() }
    }

    /// Puts in clocks as loaded.
    pub fn with_clocks(&mut self, clocks: impl IntoIterator<Item = Clock>) {
        self.clocks.extend(clocks.into_iter().map(|clock| (clock.key, clock)));
    }

    /// Puts in extensions as loaded.
    pub fn with_extensions(&mut self, extensions: impl IntoIterator<Item = Extension>) {
        self.extensions.extend(extensions.into_iter().map(|extension| (extension.id, extension)));
    }

    /// Puts in concerns as loaded.
    pub fn with_concerns(&mut self, concerns: impl IntoIterator<Item = Concern>) {
        self.concerns.extend(concerns.into_iter().map(|concern| (concern.key, concern)));
    }

    /// Puts in the last numbers of the years' supervision notices as loaded.
    pub fn with_notices(&mut self, notices: BTreeMap<i16, u64>) {
        self.notices = notices;
    }

    /// Puts in the cases that have a data key here.
    pub fn with_keyed(&mut self, cases: impl IntoIterator<Item = Uuid>) {
        self.keyed.extend(cases);
    }

    /// Puts in the cases whose erasure the ledger tells of already.
    pub fn with_erased(&mut self, cases: impl IntoIterator<Item = Uuid>) {
        self.erased.extend(cases);
    }

    /// Puts in results, reviews and appeals as loaded.
    pub fn with_docket(&mut self, docket: Docket) {
        self.docket = docket;
    }

    /// The results of the cases, with their reviews and appeals.
    pub fn docket(&self) -> &Docket {
        &self.docket
    }

    /// A clock.
    pub fn clock(&self, key: ClockKey) -> Option<&Clock> {
        self.clocks.get(&key)
    }

    /// All clocks of a case in this ledger, the case's first.
    pub fn clocks_of(&self, case_id: Uuid) -> impl Iterator<Item = &Clock> {
        self.clocks.range(ClockKey::case(case_id)..=ClockKey::term(case_id, u32::MAX)).map(|(_, clock)| clock)
    }

    /// An extension.
    pub fn extension(&self, id: Uuid) -> Option<&Extension> {
        self.extensions.get(&id)
    }

    /// What this batch adds to the organ's line of the board.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The cases that the concerns are about: those before, and those that reports are on.
    pub(crate) fn concerns_about(&self) -> impl Iterator<Item = Uuid> {
        self.concerns.values().map(|concern| concern.about.unwrap_or(concern.key.other_id))
    }

    /// Whether a complaint came before: a link of it stands.
    pub(crate) fn is_repeated(&self, case_id: Uuid) -> bool {
        let range = ConcernKey::first(case_id)..=ConcernKey { case_id, other_id: Uuid::max() };
        let mut concerns = self.concerns.range(range).map(|(_, concern)| concern);
        concerns.any(|concern| concern.is_open && concern.kind == ConcernKind::Repeat)
    }

    /// The rungs that fired in this batch, in order.
    pub fn fired(&self) -> &[Fired] {
        &self.fired
    }

    /// Who is told of which rung, of those that fired or were told of in this batch.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// The rungs that were annulled in this batch, of those that fired before it.
    pub fn annulled(&self) -> &[Annulled] {
        &self.annulled
    }

    /// The organs that changed in this batch.
    pub fn organs(&self) -> &[Organ] {
        &self.organs
    }

    /// The clocks that changed in this batch.
    pub fn changed_clocks(&self) -> Vec<&Clock> {
        self.dirty.clocks.iter().filter_map(|key| self.clocks.get(key)).collect()
    }

    /// The extensions that changed in this batch.
    pub fn changed_extensions(&self) -> Vec<&Extension> {
        self.dirty.extensions.iter().filter_map(|id| self.extensions.get(id)).collect()
    }

    /// The concerns that changed in this batch.
    pub fn changed_concerns(&self) -> Vec<&Concern> {
        self.dirty.concerns.iter().filter_map(|key| self.concerns.get(key)).collect()
    }

    /// The years whose register of notices changed in this batch, with the last number given out.
    pub fn changed_notices(&self) -> Vec<(i16, u64)> {
        let last = |year: &i16| self.notices.get(year).map(|last| (*year, *last));
        self.dirty.notices.iter().filter_map(last).collect()
    }
}
