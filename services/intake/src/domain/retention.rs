//! How long a case is kept, and what became of it: the row of `case_retention` (15, 16).

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    self as wire, CaseErased, Ending, ErasureDecided, ErasureGround, ErasureKind, RetentionSet,
    RetentionStage,
};
use jiff::Timestamp;
use uuid::Uuid;

/// The retention of a case, kept as one message because it is read and written whole. Moments are microseconds since 1970.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Retained {
    /// How it ended.
    #[prost(enumeration = "Ending", tag = "1")]
    pub ending: i32,
    /// For how many years it is kept; 0 is for ever.
    #[prost(uint32, tag = "2")]
    pub years: u32,
    /// From when it may be disposed of.
    #[prost(int64, optional, tag = "3")]
    pub keep_until: Option<i64>,
    /// Where the case stands.
    #[prost(enumeration = "RetentionStage", tag = "4")]
    pub stage: i32,
    /// The disposal list it is or was on.
    #[prost(string, tag = "5")]
    pub list_id: String,
    /// Who proposed that.
    #[prost(string, tag = "6")]
    pub proposed_by: String,
    /// Since when its erasure is decided on.
    #[prost(int64, optional, tag = "7")]
    pub decided_at: Option<i64>,
    /// Where the identity alone stands.
    #[prost(enumeration = "RetentionStage", tag = "8")]
    pub identity_stage: i32,
    /// The demand to erase it.
    #[prost(string, tag = "9")]
    pub demand_id: String,
    /// Why.
    #[prost(enumeration = "ErasureGround", tag = "10")]
    pub demand_ground: i32,
    /// Who took it in.
    #[prost(string, tag = "11")]
    pub demanded_by: String,
    /// Since when the identity's erasure is decided on.
    #[prost(int64, optional, tag = "12")]
    pub identity_decided_at: Option<i64>,
}

/// What of a case nobody may read any more, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// What.
    pub kind: ErasureKind,
    /// Since when.
    pub at: Timestamp,
}

impl Retained {
    /// Whether nobody may read anything of the case any more.
    pub fn case_gone(&self) -> Option<Gone> {
        let gone = matches!(self.stage(), RetentionStage::Decided | RetentionStage::Erased);
        gone.then(|| Gone { kind: ErasureKind::Case, at: moment(self.decided_at) })
    }

    /// Whether nobody may read who complains any more.
    pub fn identity_gone(&self) -> Option<Gone> {
        let gone = matches!(self.identity_stage(), RetentionStage::Decided | RetentionStage::Erased);
        let identity =
            gone.then(|| Gone { kind: ErasureKind::Identity, at: moment(self.identity_decided_at) });
        self.case_gone().or(identity)
    }

    /// What was decided on and is not done yet.
    pub fn pending(&self) -> impl Iterator<Item = Gone> {
        let decided = RetentionStage::Decided;
        let case = self.case_gone().filter(|_| self.stage() == decided);
        let identity = self.identity_stage() == decided && case.is_none();
        let identity =
            identity.then(|| Gone { kind: ErasureKind::Identity, at: moment(self.identity_decided_at) });
        case.into_iter().chain(identity)
    }

    /// Whether it may be disposed of at this time.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.keep_until.is_some_and(|until| until <= now.as_microsecond())
    }

    /// The only way it changes; `None` where an entry does not concern it.
    pub(super) fn after(before: Option<&Self>, kind: &Kind, actor: &str, at: Timestamp) -> Option<Self> {
        let mut retained = before.cloned().unwrap_or_default();
        match kind {
            Kind::RetentionSet(event) => retained.set(event),
            Kind::HandlingNoted(event) => {
                let reopened = before.is_some() && event.state() != CaseState::Archived;
                if !reopened || retained.case_gone().is_some() {
                    return None;
                }
                retained.reopen();
            }
            // A lead that is taken up.
            Kind::CaseAccepted(_) | Kind::SupplementRequested(_) => {
                if retained.ending() != Ending::Lead || retained.case_gone().is_some() {
                    return None;
                }
                retained.reopen();
            }
            Kind::CaseReopened(_) => {
                if before.is_none() || retained.case_gone().is_some() {
                    return None;
                }
                retained.reopen();
            }
            Kind::SupplementProvided(event) if event.reopens => {
                if before.is_none() || retained.case_gone().is_some() {
                    return None;
                }
                retained.reopen();
            }
            Kind::DisposalProposed(event) => {
                retained.set_stage(RetentionStage::Proposed);
                retained.list_id.clone_from(&event.list_id);
                actor.clone_into(&mut retained.proposed_by);
            }
            Kind::ErasureRequested(event) => {
                retained.set_identity_stage(RetentionStage::Proposed);
                retained.demand_id.clone_from(&event.demand_id);
                retained.demand_ground = event.ground;
                actor.clone_into(&mut retained.demanded_by);
            }
            Kind::ErasureDecided(event) => retained.decided(event, at),
            Kind::CaseErased(event) => retained.erased(event),
            _ => return None,
        }
        Some(retained)
    }

    fn set(&mut self, event: &RetentionSet) {
        self.ending = event.ending;
        self.years = event.years;
        let until = event.keep_until.as_ref().and_then(server::time::from_proto);
        self.keep_until = until.map(Timestamp::as_microsecond);
        if self.case_gone().is_none() {
            self.set_stage(RetentionStage::Kept);
        }
    }

    fn reopen(&mut self) {
        self.ending = Ending::Unspecified.into();
        self.years = 0;
        self.keep_until = None;
        self.set_stage(RetentionStage::Unspecified);
        self.list_id.clear();
        self.proposed_by.clear();
    }

    fn decided(&mut self, event: &ErasureDecided, at: Timestamp) {
        let at = at.as_microsecond();
        match (event.kind(), event.granted) {
            (ErasureKind::Identity, true) => {
                self.set_identity_stage(RetentionStage::Decided);
                self.identity_decided_at = Some(at);
            }
            (ErasureKind::Identity, false) => self.set_identity_stage(RetentionStage::Unspecified),
            (_, true) => {
                self.set_stage(RetentionStage::Decided);
                self.decided_at = Some(at);
            }
            (_, false) => {
                self.set_stage(RetentionStage::Kept);
                self.list_id.clear();
                self.proposed_by.clear();
            }
        }
    }

    fn erased(&mut self, event: &CaseErased) {
        let at = event.erased_at.as_ref().and_then(server::time::from_proto).map(Timestamp::as_microsecond);
        if event.kind() == ErasureKind::Identity {
            self.set_identity_stage(RetentionStage::Erased);
            self.identity_decided_at = at;
        } else {
            self.set_stage(RetentionStage::Erased);
            self.decided_at = at;
        }
    }

    /// As the contracts have it.
    pub fn to_wire(&self, case_id: Uuid) -> wire::Retention {
        let at = |micros: i64| server::time::to_proto(moment(Some(micros)));
        let erased = RetentionStage::Erased;
        wire::Retention {
            case_id: case_id.to_string(),
            ending: self.ending,
            years: self.years,
            keep_until: self.keep_until.map(at),
            stage: self.stage,
            list_id: self.list_id.clone(),
            proposed_by: self.proposed_by.clone(),
            identity_stage: self.identity_stage,
            demand_id: self.demand_id.clone(),
            demand_ground: self.demand_ground,
            erased_at: self.decided_at.filter(|_| self.stage() == erased).map(at),
            identity_erased_at: self.identity_decided_at.filter(|_| self.identity_stage() == erased).map(at),
        }
    }
}

impl Gone {
    /// The article it rests on.
    pub fn article(&self) -> &'static str {
        if self.kind == ErasureKind::Identity { "15" } else { "16" }
    }
}

fn moment(micros: Option<i64>) -> Timestamp {
    micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()).unwrap_or_default()
}
