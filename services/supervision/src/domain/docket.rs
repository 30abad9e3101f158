//! What is known of the results of cases: their reviews (20), and the appeals against them (5(2)).

use std::collections::{BTreeMap, BTreeSet};

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::event::Kind;
use duban_proto::supervision::v1::{
    AppealDecided, AppealRegistered, AppealState, Conclusion, ConclusionNoted, ReviewOutcome, ReviewReason,
    ReviewState,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Context, to_micros};
use uuid::Uuid;

use super::ClockKey;
use super::decide::Fact;
use super::evolve::Stamp;

/// The result of a term and its review, as one organ's ledger knows them: the body of a row of `review`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Review {
    /// The result; absent where only those who took part are known yet.
    #[prost(message, optional, tag = "1")]
    pub conclusion: Option<Conclusion>,
    /// Why it is reviewed.
    #[prost(enumeration = "ReviewReason", repeated, tag = "2")]
    pub reasons: Vec<i32>,
    /// Where it stands.
    #[prost(enumeration = "ReviewState", tag = "3")]
    pub state: i32,
    /// Since when it stands on its list, in microseconds.
    #[prost(int64, tag = "4")]
    pub since: i64,
    /// Until when it has to be reviewed.
    #[prost(message, optional, tag = "5")]
    pub review_by: Option<prost_types::Timestamp>,
    /// Who has it.
    #[prost(string, tag = "6")]
    pub taken_up_by: String,
    /// Whoever took it up: decides on no appeal.
    #[prost(string, repeated, tag = "7")]
    pub reviewers: Vec<String>,
    /// Who decided.
    #[prost(string, tag = "8")]
    pub decided_by: String,
    /// Why.
    #[prost(message, optional, tag = "9")]
    pub reason: Option<ContentRef>,
    /// Who took part in the handling.
    #[prost(string, repeated, tag = "10")]
    pub handlers: Vec<String>,
    /// The reinvestigation that was ordered.
    #[prost(string, tag = "11")]
    pub order_id: String,
    /// The case was opened again since.
    #[prost(bool, tag = "12")]
    pub overturned: bool,
    /// The organ under whose ledger the reason is kept.
    #[prost(string, tag = "13")]
    pub reason_by: String,
}

/// An appeal, as one organ's ledger knows it: the body of a row of `appeal`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Appeal {
    /// As registered.
    #[prost(message, optional, tag = "1")]
    pub registered: Option<AppealRegistered>,
    /// When, in microseconds.
    #[prost(int64, tag = "2")]
    pub registered_at: i64,
    /// Where it stands.
    #[prost(enumeration = "AppealState", tag = "3")]
    pub state: i32,
    /// Who admitted or refused it.
    #[prost(string, tag = "4")]
    pub admitted_by: String,
    /// Why.
    #[prost(message, optional, tag = "5")]
    pub admission_reason: Option<ContentRef>,
    /// The decision.
    #[prost(message, optional, tag = "6")]
    pub decided: Option<AppealDecided>,
    /// Who decided.
    #[prost(string, tag = "7")]
    pub decided_by: String,
    /// When it was over, in microseconds; 0 before.
    #[prost(int64, tag = "8")]
    pub closed_at: i64,
}

/// Which appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AppealKey {
    /// The case.
    pub case_id: Uuid,
    /// The appeal.
    pub appeal_id: Uuid,
}

/// The reviews and appeals of the cases that a batch is about.
#[derive(Clone, Debug, Default)]
pub struct Docket {
    reviews: BTreeMap<ClockKey, Review>,
    appeals: BTreeMap<AppealKey, Appeal>,
    changed_reviews: BTreeSet<ClockKey>,
    changed_appeals: BTreeSet<AppealKey>,
}

/// The events that change it.
macro_rules! kinds {
    () => {
        Kind::ConclusionNoted(_)
            | Kind::ReviewProposed(_)
            | Kind::ReviewTakenUp(_)
            | Kind::ReviewDecided(_)
            | Kind::ReinvestigationOrdered(_)
            | Kind::ResultOverturned(_)
            | Kind::AppealRegistered(_)
            | Kind::AppealAdmitted(_)
            | Kind::AppealDecided(_)
            | Kind::AppealWithdrawn(_)
    };
}
pub(crate) use kinds;

/// Whether a text was sealed in this organ's ledger with this entry, so that the case has a data key here.
pub(crate) fn brings_text(kind: &Kind, organ: &str) -> bool {
    match kind {
        Kind::ReviewDecided(event) => event.reason.is_some(),
        Kind::AppealRegistered(event) => event.organ == organ,
        Kind::AppealDecided(event) => event.decided_by == organ,
        // Of one that was heard from another organ, a key that is taken for granted makes the next command look again.
        Kind::AppealAdmitted(event) => event.reason.is_some(),
        _ => false,
    }
}

impl Docket {
    /// As loaded.
    pub fn new(
        reviews: impl IntoIterator<Item = (ClockKey, Review)>,
        appeals: impl IntoIterator<Item = (AppealKey, Appeal)>,
    ) -> Self {
        Self {
            reviews: reviews.into_iter().collect(),
            appeals: appeals.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The result of a term.
    pub fn review(&self, key: ClockKey) -> Option<&Review> {
        self.reviews.get(&key)
    }

    /// The results of a case, the earliest term first.
    pub fn reviews_of(&self, case_id: Uuid) -> impl DoubleEndedIterator<Item = (ClockKey, &Review)> {
        self.reviews
            .range(ClockKey::case(case_id)..=ClockKey::term(case_id, u32::MAX))
            .map(|(key, review)| (*key, review))
    }

    /// The latest result of a case that is known here.
    pub fn latest(&self, case_id: Uuid) -> Option<(ClockKey, &Review, &Conclusion)> {
        let known = |(key, review): (ClockKey, &Review)| {
            let conclusion = self.reviews.get(&key)?.conclusion.as_ref()?;
            Some((key, review.overturned, conclusion))
        };
        let (key, _, conclusion) = self.reviews_of(case_id).rev().find_map(known)?;
        Some((key, self.reviews.get(&key)?, conclusion))
    }

    /// An appeal.
    pub fn appeal(&self, key: AppealKey) -> Option<&Appeal> {
        self.appeals.get(&key)
    }

    /// The appeals of a case.
    pub fn appeals_of(&self, case_id: Uuid) -> impl Iterator<Item = &Appeal> {
        let range =
            AppealKey { case_id, appeal_id: Uuid::nil() }..=AppealKey { case_id, appeal_id: Uuid::max() };
        self.appeals.range(range).map(|(_, appeal)| appeal)
    }

    /// Whether this person took part in the handling of the case, as far as it is known here.
    pub fn took_part(&self, case_id: Uuid, person: &str) -> bool {
        self.reviews_of(case_id).any(|(_, review)| review.handlers.iter().any(|name| name == person))
    }

    /// Whether this person reviewed a result of the case.
    pub fn reviewed(&self, case_id: Uuid, person: &str) -> bool {
        self.reviews_of(case_id).any(|(_, review)| review.reviewers.iter().any(|name| name == person))
    }

    /// The results that changed.
    pub fn changed_reviews(&self) -> Vec<(ClockKey, &Review)> {
        self.changed_reviews.iter().filter_map(|key| Some((*key, self.reviews.get(key)?))).collect()
    }

    /// The appeals that changed.
    pub fn changed_appeals(&self) -> Vec<(AppealKey, &Appeal)> {
        self.changed_appeals.iter().filter_map(|key| Some((*key, self.appeals.get(key)?))).collect()
    }

    /// The same after these entries: for answers.
    pub(crate) fn after(&self, facts: &[Fact], context: Context<'_>) -> Self {
        let mut after = self.clone();
        let stamp = Stamp { seq: 0, recorded_at: context.now, actor: context.actor, zone: &TimeZone::UTC };
        for fact in facts {
            after.evolve(fact.case_id.unwrap_or_default(), &fact.kind, stamp);
        }
        after
    }

    /// Takes in an entry. What it says of a review or an appeal that is not there changes nothing.
    pub(crate) fn evolve(&mut self, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
        match kind {
            Kind::ConclusionNoted(_)
            | Kind::HandlersNoted(_)
            | Kind::ReviewProposed(_)
            | Kind::ReviewTakenUp(_)
            | Kind::ReviewDecided(_)
            | Kind::ReinvestigationOrdered(_)
            | Kind::ResultOverturned(_) => self.on_review(case_id, kind, stamp),
            Kind::AppealRegistered(event) => self.appealed(case_id, event, stamp),
            _ => self.on_appeal(case_id, kind, stamp),
        }
    }

    fn on_review(&mut self, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
        let at = to_micros(stamp.recorded_at);
        let key = |term: u32| ClockKey::term(case_id, term);
        match kind {
            Kind::ConclusionNoted(event) => {
                let term = event.conclusion.as_ref().map_or(0, |conclusion| conclusion.term);
                self.review_mut(key(term)).concluded(event, at);
            }
            Kind::HandlersNoted(event) => {
                let handlers = &mut self.review_mut(key(event.term)).handlers;
                let new = |person: &&String| !handlers.contains(person);
                let persons: Vec<String> = event.persons.iter().filter(new).cloned().collect();
                handlers.extend(persons);
            }
            Kind::ReviewProposed(event) => {
                self.review_mut(key(event.term)).list(event.reason(), event.review_by, at);
            }
            Kind::ReviewTakenUp(event) => {
                let review = self.review_mut(key(event.term));
                if review.reasons.is_empty() {
                    review.list(ReviewReason::ByHand, None, at);
                }
                review.state = ReviewState::TakenUp.into();
                stamp.actor.clone_into(&mut review.taken_up_by);
                review.reviewers.push(stamp.actor.to_owned());
            }
            Kind::ReviewDecided(event) => {
                let review = self.review_mut(key(event.term));
                review.state = state_after(event.outcome()).into();
                review.since = at;
                stamp.actor.clone_into(&mut review.decided_by);
                review.reason.clone_from(&event.reason);
            }
            Kind::ReinvestigationOrdered(event) => {
                let review = self.review_mut(key(event.term));
                review.order_id.clone_from(&event.order_id);
                review.reason.clone_from(&event.reason);
                review.reason_by.clone_from(&event.ordered_by);
            }
            Kind::ResultOverturned(event) => {
                let review = self.review_mut(key(event.term));
                review.overturned = true;
                if matches!(review.state(), ReviewState::Waiting | ReviewState::TakenUp) {
                    review.state = ReviewState::Overturned.into();
                    review.since = at;
                }
            }
            _ => {}
        }
    }

    fn review_mut(&mut self, key: ClockKey) -> &mut Review {
        self.changed_reviews.insert(key);
        self.reviews.entry(key).or_default()
    }

    fn appealed(&mut self, case_id: Uuid, event: &AppealRegistered, stamp: Stamp<'_>) {
        let Ok(appeal_id) = event.appeal_id.parse() else { return };
        let state = if event.late { AppealState::Late } else { AppealState::Open };
        let appeal = Appeal {
            registered: Some(event.clone()),
            registered_at: to_micros(stamp.recorded_at),
            state: state.into(),
            ..Appeal::default()
        };
        let key = AppealKey { case_id, appeal_id };
        self.changed_appeals.insert(key);
        self.appeals.insert(key, appeal);
    }

    fn on_appeal(&mut self, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
        let id = match kind {
            Kind::AppealAdmitted(event) => &event.appeal_id,
            Kind::AppealDecided(event) => &event.appeal_id,
            Kind::AppealWithdrawn(event) => &event.appeal_id,
            _ => return,
        };
        let Ok(appeal_id) = id.parse() else { return };
        let key = AppealKey { case_id, appeal_id };
        let Some(appeal) = self.appeals.get_mut(&key) else { return };
        self.changed_appeals.insert(key);
        let state = match kind {
            Kind::AppealAdmitted(event) => {
                appeal.admitted_by = person(stamp);
                appeal.admission_reason.clone_from(&event.reason);
                if event.admitted { AppealState::Open } else { AppealState::Refused }
            }
            Kind::AppealDecided(event) => {
                appeal.decided_by = person(stamp);
                appeal.decided = Some(event.clone());
                AppealState::Decided
            }
            _ => AppealState::Withdrawn,
        };
        appeal.state = state.into();
        if !appeal.waits() {
            appeal.closed_at = to_micros(stamp.recorded_at);
        }
    }
}

impl Review {
    fn concluded(&mut self, event: &ConclusionNoted, at: i64) {
        self.conclusion.clone_from(&event.conclusion);
        self.reasons.clone_from(&event.reasons);
        self.review_by = event.review_by;
        self.since = at;
        let listed = !self.reasons.is_empty();
        self.state = if listed { ReviewState::Waiting } else { ReviewState::NotListed }.into();
    }

    fn list(&mut self, reason: ReviewReason, review_by: Option<prost_types::Timestamp>, at: i64) {
        self.reasons.push(reason.into());
        if self.state() != ReviewState::TakenUp {
            self.review_by = review_by.or(self.review_by);
        }
        if self.state() == ReviewState::NotListed {
            self.state = ReviewState::Waiting.into();
            self.since = at;
        }
    }

    /// Where the list of reviews has it: 1 where it waits, 2 where it is over, 3 where nothing chose it, 0 where the result is
    /// not known.
    pub fn list_of(&self) -> i16 {
        match self.state() {
            ReviewState::Unspecified => 0,
            ReviewState::Waiting | ReviewState::TakenUp => 1,
            ReviewState::Endorsed
            | ReviewState::SentBack
            | ReviewState::TakenOver
            | ReviewState::Overturned => 2,
            ReviewState::NotListed => 3,
        }
    }
}

impl Appeal {
    /// It waits for its admission or its decision.
    pub fn waits(&self) -> bool {
        matches!(self.state(), AppealState::Open | AppealState::Late)
    }

    /// The moment it is listed by: until when it has to be decided, or when it was over.
    pub fn listed_at(&self) -> i64 {
        if !self.waits() {
            return self.closed_at;
        }
        let by = self.registered.as_ref().and_then(|registered| registered.decide_by.as_ref());
        by.and_then(server::time::from_proto).map_or(self.registered_at, to_micros)
    }

    /// When it was registered.
    pub(crate) fn registered_at(&self) -> Timestamp {
        ledger::from_micros(self.registered_at)
    }
}

/// Who did it; nobody where it was heard from another organ's ledger.
fn person(stamp: Stamp<'_>) -> String {
    Some(stamp.actor).filter(|actor| !actor.starts_with("service:")).unwrap_or_default().to_owned()
}

fn state_after(outcome: ReviewOutcome) -> ReviewState {
    match outcome {
        ReviewOutcome::SentBack => ReviewState::SentBack,
        ReviewOutcome::TakenOver => ReviewState::TakenOver,
        ReviewOutcome::Endorsed | ReviewOutcome::Unspecified => ReviewState::Endorsed,
    }
}
