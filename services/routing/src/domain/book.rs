//! What one batch works on: the cases of one organ, and the organs of the directory it keeps.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use duban_proto::common::v1::Organ;
use duban_proto::routing::v1::InstrumentIssued;
use duban_proto::routing::v1::{OrganVersion, PlannedChange};
use uuid::Uuid;

use super::{Case, Guidance, Received, Staff, StaffChanges};

/// The cases of a batch, and which of them changed.
#[derive(Debug, Default)]
pub struct Book {
    pub(crate) cases: BTreeMap<Uuid, Case>,
    pub(crate) changed: HashSet<Uuid>,
    pub(super) organs: BTreeMap<String, Organ>,
    established: BTreeMap<String, Organ>,
    pub(super) staff: Staff,
    /// The last number given out in each register of instruments, by kind and year; and which changed.
    registers: BTreeMap<(i32, i16), u32>,
    given_out: BTreeSet<(i32, i16)>,
    versions: Vec<OrganVersion>,
    /// The planned changes that wait for their day, and those that a command names.
    pub(super) changes: BTreeMap<String, PlannedChange>,
    changed_changes: BTreeMap<String, PlannedChange>,
    /// The cases that have a data key here, of those for which a command brings one.
    pub(crate) keyed: HashSet<Uuid>,
    pub(super) guidance: BTreeMap<Uuid, Guidance>,
    /// Which questions changed.
    pub(super) guided: HashSet<Uuid>,
    /// The instruments that other organs sent, on the cases of the batch; and which of them changed.
    pub(super) received: BTreeMap<String, Received>,
    pub(super) received_changed: BTreeSet<String>,
}

/// What has to be saved.
#[derive(Debug, Default)]
pub struct Changes {
    /// Cases.
    pub cases: Vec<(Uuid, Case)>,
    /// Organs as they are now.
    pub organs: Vec<Organ>,
    /// Deputyships and loans.
    pub staff: StaffChanges,
    /// Questions to the centre as they are now.
    pub guidance: Vec<(Uuid, Guidance)>,
    /// Instruments that other organs sent, as they are now.
    pub received: Vec<Received>,
    /// Registers of instruments: kind, year, and the last number given out.
    pub registers: Vec<(i32, i16, u32)>,
    /// What organs became, one after the other.
    pub versions: Vec<OrganVersion>,
    /// Planned changes.
    pub changes: Vec<PlannedChange>,
}

impl Book {
    /// The book of what was loaded.
    pub fn new(cases: Vec<(Uuid, Case)>, keyed: impl IntoIterator<Item = Uuid>) -> Self {
        Self { cases: cases.into_iter().collect(), keyed: keyed.into_iter().collect(), ..Self::default() }
    }

    /// With the organs of the directory that are to be compared with those of an import.
    #[must_use]
    pub fn with_organs(mut self, organs: Vec<Organ>) -> Self {
        self.organs = organs.into_iter().map(|organ| (organ.code.clone(), organ)).collect();
        self
    }

    /// With deputyships and loans.
    #[must_use]
    pub fn with_staff(mut self, staff: Staff) -> Self {
        self.staff = staff;
        self
    }

    /// Who acts for whom, and whom this organ lends.
    pub fn staff(&self) -> &Staff {
        &self.staff
    }

    /// With the last numbers of the registers of instruments: kind, year, number.
    #[must_use]
    pub fn with_registers(mut self, registers: impl IntoIterator<Item = (i32, i16, u32)>) -> Self {
        self.registers.extend(registers.into_iter().map(|(kind, year, last)| ((kind, year), last)));
        self
    }

    /// The next number in the register of a kind and year, from 1.
    pub(super) fn next_instrument(&self, kind: i32, year: i16) -> u32 {
        self.registers.get(&(kind, year)).copied().unwrap_or_default().saturating_add(1)
    }

    pub(super) fn numbered(&mut self, issued: &InstrumentIssued) {
        let key = (issued.kind, i16::try_from(issued.year).unwrap_or_default());
        let last = self.registers.entry(key).or_default();
        *last = issued.ordinal.max(*last);
        self.given_out.insert(key);
    }

    /// With the planned changes of the directory.
    #[must_use]
    pub fn with_changes(mut self, changes: Vec<PlannedChange>) -> Self {
        self.changes = changes.into_iter().map(|change| (change.change_id.clone(), change)).collect();
        self
    }

    /// An organ of the directory that this ledger keeps.
    pub fn organ(&self, code: &str) -> Option<&Organ> {
        self.organs.get(code)
    }

    pub(super) fn establish(&mut self, version: OrganVersion) {
        let organ = version.organ.clone().unwrap_or_default();
        self.organs.insert(organ.code.clone(), organ.clone());
        self.established.insert(organ.code.clone(), organ);
        self.versions.push(version);
    }

    pub(super) fn change(&mut self, change: PlannedChange) {
        self.changes.insert(change.change_id.clone(), change.clone());
        self.changed_changes.insert(change.change_id.clone(), change);
    }

    /// A case.
    pub fn case(&self, case_id: Uuid) -> Option<&Case> {
        self.cases.get(&case_id)
    }

    /// What changed.
    pub fn into_changes(self) -> Changes {
        let Self {
            cases,
            changed,
            established,
            staff,
            guidance,
            guided,
            received,
            received_changed,
            registers,
            given_out,
            versions,
            changed_changes,
            ..
        } = self;
        let given_out = registers.into_iter().filter(|(key, _)| given_out.contains(key));
        let registers = given_out.map(|((kind, year), last)| (kind, year, last)).collect();
        let cases = cases.into_iter().filter(|(id, _)| changed.contains(id)).collect();
        let guidance = guidance.into_iter().filter(|(id, _)| guided.contains(id)).collect();
        let received = received.into_iter().filter(|(id, _)| received_changed.contains(id));
        let received = received.map(|(_, one)| one).collect();
        let organs = established.into_values().collect();
        let changes = changed_changes.into_values().collect();
        let staff = staff.into_changes();
        Changes { cases, organs, staff, guidance, received, registers, versions, changes }
    }
}
