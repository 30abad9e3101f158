//! A file of accountability, at the organ that keeps it and at the organ concerned (21).

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::{
    AccountabilityFile, AccountabilityOpened, AccountabilityState, Evidence, EvidenceNoted, Statement,
    event::Kind,
};
use uuid::Uuid;

use super::Book;
use super::evolve::Stamp;
use super::time::to_wire;

/// A file as it is kept. In no state while it is only watched: what was told so far does not make the chain complete.
#[derive(Clone, PartialEq, prost::Message)]
pub struct File {
    /// Without texts, and without what depends on who reads it.
    #[prost(message, required, tag = "1")]
    pub told: AccountabilityFile,
    /// Why it was opened or dismissed, at the organ that keeps it.
    #[prost(message, optional, tag = "2")]
    pub reason: Option<ContentRef>,
    /// Why it was concluded so, likewise.
    #[prost(message, optional, tag = "3")]
    pub conclusion: Option<ContentRef>,
    /// What the organ concerned said, in order, in its own ledger.
    #[prost(message, repeated, tag = "4")]
    pub statements: Vec<ContentRef>,
}

impl File {
    /// One of which nothing was told yet.
    pub(crate) fn watched(id: Uuid, case_id: Uuid) -> Self {
        let (file_id, case_id) = (id.to_string(), case_id.to_string());
        Self {
            told: AccountabilityFile { file_id, case_id, ..AccountabilityFile::default() },
            ..Self::default()
        }
    }

    /// Whom it is on, in the order of their names.
    pub(crate) fn subjects(&self) -> Vec<&str> {
        let organ = Some(&self.told.organ).filter(|_| self.told.on_organ);
        let mut subjects: Vec<&str> =
            organ.into_iter().chain(&self.told.persons).map(String::as_str).collect();
        subjects.sort_unstable();
        subjects
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.told.file_id.parse().unwrap_or_default()
    }

    /// The case.
    pub fn case_id(&self) -> Uuid {
        self.told.case_id.parse().unwrap_or_default()
    }

    /// Whoever may see files sees it.
    pub fn is_listed(&self) -> bool {
        self.told.state() != AccountabilityState::Unspecified
    }

    /// Proposed or open.
    pub fn is_open(&self) -> bool {
        matches!(self.told.state(), AccountabilityState::Proposed | AccountabilityState::Open)
    }

    /// What happens later is added: while it is watched, proposed or open.
    pub(crate) fn takes_evidence(&self) -> bool {
        !matches!(self.told.state(), AccountabilityState::Dismissed | AccountabilityState::Concluded)
    }

    /// Of these, what is not in it.
    pub(crate) fn new_of<'a>(&self, evidence: impl IntoIterator<Item = &'a Evidence>) -> Vec<Evidence> {
        let same = |one: &Evidence, other: &Evidence| {
            one.kind == other.kind && one.ledger == other.ledger && one.seq == other.seq
        };
        let new = |it: &&Evidence| !self.told.evidence.iter().any(|known| same(known, it));
        evidence.into_iter().filter(new).cloned().collect()
    }
}

impl Book {
    /// A file.
    pub fn file(&self, id: Uuid) -> Option<&File> {
        self.files.get(&id)
    }

    /// Those of a case in this ledger.
    pub fn files_of(&self, case_id: Uuid) -> impl Iterator<Item = &File> {
        self.files.values().filter(move |file| file.case_id() == case_id)
    }

    /// Puts in files as loaded.
    pub fn with_files(&mut self, files: impl IntoIterator<Item = File>) {
        self.files.extend(files.into_iter().map(|file| (file.id(), file)));
    }

    /// The files that changed in this batch.
    pub fn changed_files(&self) -> Vec<&File> {
        self.dirty.files.iter().filter_map(|id| self.files.get(id)).collect()
    }

    /// Takes a file's event into the book.
    pub(crate) fn accountability(&mut self, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
        match kind {
            Kind::EvidenceNoted(noted) => self.evidence_noted(case_id, noted),
            Kind::AccountabilityProposed(proposed) => {
                self.change(&proposed.file_id, |file| {
                    file.told.set_state(AccountabilityState::Proposed);
                    file.told.begun_at = Some(to_wire(stamp.recorded_at));
                    file.told.citation.clone_from(&proposed.citation);
                });
            }
            Kind::AccountabilityOpened(opened) => self.file_opened(case_id, opened),
            Kind::AccountabilityDismissed(dismissed) => {
                self.keyed.insert(case_id);
                self.change(&dismissed.file_id, |file| {
                    file.told.set_state(AccountabilityState::Dismissed);
                    stamp.actor.clone_into(&mut file.told.decided_by);
                    file.reason.clone_from(&dismissed.reason);
                });
            }
            Kind::StatementGiven(given) => {
                self.keyed.insert(case_id);
                self.change(&given.file_id, |file| {
                    file.told.statements.push(Statement {
                        given_by: given.given_by.clone(),
                        given_at: given.given_at,
                        text: String::new(),
                    });
                    file.statements.push(given.text.clone().unwrap_or_default());
                });
            }
            Kind::AccountabilityConcluded(concluded) => {
                self.keyed.insert(case_id);
                self.change(&concluded.file_id, |file| {
                    file.told.set_state(AccountabilityState::Concluded);
                    file.told.outcomes.clone_from(&concluded.outcomes);
                    file.told.concluded_by.clone_from(&concluded.concluded_by);
                    file.conclusion.clone_from(&concluded.reason);
                });
            }
            _ => {}
        }
    }

    fn evidence_noted(&mut self, case_id: Uuid, noted: &EvidenceNoted) {
        let Ok(id) = noted.file_id.parse() else { return };
        let told = AccountabilityFile {
            file_id: noted.file_id.clone(),
            case_id: case_id.to_string(),
            case_number: noted.case_number.clone(),
            authority: self.organ.clone(),
            organ: noted.organ.clone(),
            home: noted.home.clone(),
            ..AccountabilityFile::default()
        };
        let new = File { told, ..File::default() };
        let file = self.files.entry(id).or_insert(new);
        file.told.evidence.extend(noted.evidence.iter().cloned());
        file.told.evidence.sort_by_key(|it| it.at.map(|at| (at.seconds, at.nanos)));
        self.dirty.files.insert(id);
    }

    /// At the organ that keeps it, and at the organ concerned, which gets a file of its own without evidence.
    fn file_opened(&mut self, case_id: Uuid, opened: &AccountabilityOpened) {
        let Ok(id) = opened.file_id.parse() else { return };
        self.keyed.insert(case_id);
        let file = self.files.entry(id).or_default();
        let begun_at = file.told.begun_at.or(opened.opened_at);
        file.told = AccountabilityFile {
            file_id: opened.file_id.clone(),
            case_id: case_id.to_string(),
            case_number: opened.case_number.clone(),
            authority: opened.authority.clone(),
            organ: opened.organ.clone(),
            home: opened.home.clone(),
            state: AccountabilityState::Open.into(),
            by_hand: opened.by_hand,
            persons: opened.persons.clone(),
            on_organ: opened.on_organ,
            begun_at,
            decided_by: opened.opened_by.clone(),
            heard_until: opened.heard_until,
            citation: opened.citation.clone(),
            ..std::mem::take(&mut file.told)
        };
        file.reason.clone_from(&opened.reason);
        self.dirty.files.insert(id);
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut File)) {
        let Ok(id) = id.parse() else { return };
        if let Some(file) = self.files.get_mut(&id) {
            change(file);
            self.dirty.files.insert(id);
        }
    }
}
