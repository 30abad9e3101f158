use duban_proto::common::v1::CaseFacts;
use duban_proto::supervision::v1::StopReason;
use jiff::Timestamp;
use uuid::Uuid;

/// What routing told of a part that this organ handles for another (house).
#[derive(Clone, Debug)]
pub struct NotePart {
    /// The case.
    pub case_id: Uuid,
    /// The part's number within the case.
    pub part: u32,
    /// Its opinion was sent back, with a new date.
    pub again: bool,
    /// Until when the opinion is due, as the home gave it.
    pub due_at: Timestamp,
    /// What became of it.
    pub told: PartTold,
}

/// What became of a part.
#[derive(Clone, Debug)]
pub enum PartTold {
    /// It began, or goes on, with this date.
    Runs {
        /// Since when; absent where that was told before.
        since: Option<Timestamp>,
        /// The home; empty where it was told before.
        home: String,
        /// What is known of the case; absent where it was told before.
        facts: Option<Box<CaseFacts>>,
    },
    /// Its time is over.
    Over {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: StopReason,
    },
}
