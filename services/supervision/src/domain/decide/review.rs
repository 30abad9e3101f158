//! Conclusions are reviewed by somebody else, and sent back or taken over where the handling was improper (20).

use duban_proto::common::v1::{Citation, Rank as WireRank};
use duban_proto::supervision::v1::event::Kind;
use duban_proto::supervision::v1::{
    Conclusion, ConclusionNoted, ConductKind, ConductNoted, OrderedOn, ReinvestigationOrdered,
    ResultOverturned, ReviewDecided, ReviewOutcome, ReviewProposed, ReviewReason, ReviewState, ReviewTakenUp,
};
use jiff::Timestamp;
use ledger::{Context, Organ};
use regulation::{Rank, ReviewWhen};
use uuid::Uuid;

use super::{Decision, Fact};
use crate::domain::docket::Review;
use crate::domain::review::{DecideReview, NotReviewed, ResultRejection};
use crate::domain::time::{from_wire, to_wire};
use crate::domain::{Book, ClockKey, Rejection, Rules, answer};

/// What stands already changes nothing. The home tells the organ above of a case that it handled itself.
pub(super) fn conclude(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    told: &Conclusion,
    now: Timestamp,
) -> Decision {
    let key = ClockKey::term(case_id, told.term);
    if book.docket.review(key).is_some_and(|review| review.conclusion.is_some()) {
        return Decision::default();
    }
    let at_home = told.home == book.organ;
    let conclusion = Conclusion {
        late: told.late || (at_home && is_late(book, case_id, from_wire(told.concluded_at.as_ref()))),
        repeated: told.repeated || book.is_repeated(case_id),
        ..told.clone()
    };
    let reviewed_here = conclusion.authority == book.organ && conclusion.organ != book.organ;
    let reasons = if reviewed_here { reasons(rules, case_id, &conclusion) } else { Vec::new() };
    let review_by = review_by(rules, now).filter(|_| !reasons.is_empty());
    let above = Some(&conclusion.authority).filter(|authority| at_home && **authority != book.organ);
    let audience = above.and_then(|authority| Organ::new(authority).ok());
    let noted = ConclusionNoted {
        reasons: reasons.into_iter().map(i32::from).collect(),
        review_by,
        conclusion: Some(conclusion),
    };
    Decision::of(vec![Fact::new(case_id, Kind::ConclusionNoted(noted)).addressed(audience)])
}

/// The earlier result counts no more; whoever was told of it is told so.
pub(super) fn overturn(book: &Book, case_id: Uuid, told: ResultOverturned) -> Decision {
    let Some(review) = book.docket.review(ClockKey::term(case_id, told.term)) else {
        return Decision::default();
    };
    let Some(conclusion) = review.conclusion.as_ref().filter(|_| !review.overturned) else {
        return Decision::default();
    };
    let tells = conclusion.home == book.organ && conclusion.authority != book.organ;
    let audience = Organ::new(&conclusion.authority).ok().filter(|_| tells);
    Decision::of(vec![Fact::new(case_id, Kind::ResultOverturned(told)).addressed(audience)])
}

/// An order of the organ above, for routing here.
pub(super) fn note_order(book: &Book, case_id: Uuid, ordered: &ReinvestigationOrdered) -> Decision {
    let key = ClockKey::term(case_id, ordered.term);
    let known = book.docket.review(key).is_some_and(|review| review.order_id == ordered.order_id);
    if known {
        return Decision::default();
    }
    let fact = Fact::new(case_id, Kind::ReinvestigationOrdered(ordered.clone()));
    Decision::of(std::iter::once(fact).chain(sent_back(book, case_id, ordered)).collect())
}

/// Puts the latest result of a case on the list of reviews; none where it is on it for this reason already, is reviewed by
/// another organ, counts no more, or the regulation does not ask for it.
pub fn proposed(
    rules: &regulation::Rules,
    book: &Book,
    case_id: Uuid,
    reason: ReviewReason,
    now: Timestamp,
) -> Option<Fact> {
    listed(&Rules::of(rules, &book.organ), book, case_id, reason, now)
}

/// The same by the rules of the book's organ.
pub(super) fn listed(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    reason: ReviewReason,
    now: Timestamp,
) -> Option<Fact> {
    let (key, review, conclusion) = book.docket.latest(case_id)?;
    let rule = when(reason).and_then(|when| rules.regulation.review()?.rule(when));
    let asked = reason == ReviewReason::ByHand || rule.is_some();
    let open = matches!(review.state(), ReviewState::NotListed | ReviewState::Waiting | ReviewState::TakenUp);
    let own = conclusion.authority == book.organ && !review.overturned;
    if !asked || !open || !own || review.reasons().any(|other| other == reason) {
        return None;
    }
    let proposed = ReviewProposed { term: key.term, reason: reason.into(), review_by: review_by(rules, now) };
    Some(Fact::new(case_id, Kind::ReviewProposed(proposed)))
}

/// By somebody who took no part in the handling; also what no rule chose, and what somebody else took up.
pub(super) fn take_up(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let (key, review, _) = reviewable(rules, book, case_id)?;
    let takes = match review.state() {
        ReviewState::NotListed | ReviewState::Waiting => true,
        ReviewState::TakenUp => review.taken_up_by != context.actor,
        _ => false,
    };
    if !takes {
        return Err(refused(rules, NotReviewed::NotOpen));
    }
    must_be_another(rules, book, case_id, context.actor)?;
    let taken = Kind::ReviewTakenUp(ReviewTakenUp { term: key.term });
    Ok(answered(book, key, Decision::of(vec![Fact::new(case_id, taken)]), context))
}

/// By who took it up. Sent back or taken over, the case is opened again at its home.
pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    decide: &DecideReview,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let (key, review, conclusion) = reviewable(rules, book, case_id)?;
    match review.state() {
        ReviewState::TakenUp => {}
        ReviewState::NotListed | ReviewState::Waiting => return Err(refused(rules, NotReviewed::NotTakenUp)),
        _ => return Err(refused(rules, NotReviewed::NotOpen)),
    }
    if review.taken_up_by != context.actor {
        let (person, article) = (context.actor.to_owned(), article(rules));
        return Err(ResultRejection::NotYours { person, article }.into());
    }
    must_be_another(rules, book, case_id, context.actor)?;
    decide.reason.fits(book)?;
    let reason = decide.reason.reference("reason");
    let decided = ReviewDecided {
        term: key.term,
        outcome: decide.outcome.into(),
        reason: reason.clone(),
        citation: citation(rules),
    };
    let mut facts = vec![Fact::new(case_id, Kind::ReviewDecided(decided))];
    if decide.outcome != ReviewOutcome::Endorsed {
        let ordered = ReinvestigationOrdered {
            order_id: decide.order_id.to_string(),
            term: key.term,
            home: conclusion.home.clone(),
            ordered_by: book.organ.clone(),
            on: OrderedOn::Review.into(),
            directly: decide.outcome == ReviewOutcome::TakenOver,
            reason,
            citation: citation(rules),
            ordered_at: Some(to_wire(context.now)),
        };
        facts.extend(order(book, case_id, ordered));
    }
    let mut decision = answered(book, key, Decision::of(facts), context);
    decision.writes = decide.reason.writes();
    Ok(decision)
}

/// The order that has the home open the case again: routing of the home follows it, from this ledger or from the home's own.
pub(super) fn order(book: &Book, case_id: Uuid, ordered: ReinvestigationOrdered) -> Vec<Fact> {
    let home = Organ::new(&ordered.home).ok().filter(|_| ordered.home != book.organ);
    let conduct = sent_back(book, case_id, &ordered).filter(|_| home.is_none());
    let order = Fact::new(case_id, Kind::ReinvestigationOrdered(ordered)).addressed(home);
    std::iter::once(order).chain(conduct).collect()
}

/// A result that was sent back bears on the accountability of who handled the case (21): its home gathers that.
fn sent_back(book: &Book, case_id: Uuid, ordered: &ReinvestigationOrdered) -> Option<Fact> {
    let conclusion = book.docket.review(ClockKey::term(case_id, ordered.term))?.conclusion.as_ref()?;
    let noted = ConductNoted {
        kind: ConductKind::SentBack.into(),
        organ: conclusion.organ.clone(),
        at: ordered.ordered_at,
        ..ConductNoted::default()
    };
    Some(Fact::new(case_id, Kind::ConductNoted(noted)))
}

/// The rules of the regulation that choose this conclusion.
fn reasons(rules: &Rules<'_>, case_id: Uuid, conclusion: &Conclusion) -> Vec<ReviewReason> {
    let Some(review) = rules.regulation.review() else { return Vec::new() };
    let high = |ranks: &[Rank]| {
        conclusion.respondents.iter().filter_map(|it| rank(it.rank())).any(|rank| ranks.contains(&rank))
    };
    let chosen = review.rules.iter().filter_map(|rule| match rule.when {
        ReviewWhen::All => Some(ReviewReason::All),
        ReviewWhen::Sample => {
            // With the moment of the conclusion, so that nobody knows before whether a case will be in it.
            let concluded_at = ledger::to_micros(from_wire(conclusion.concluded_at.as_ref()));
            let key = [case_id.as_bytes().as_slice(), &concluded_at.to_be_bytes()].concat();
            rule.takes(&key).then_some(ReviewReason::Sample)
        }
        ReviewWhen::Repeated => conclusion.repeated.then_some(ReviewReason::Repeated),
        ReviewWhen::HighRank => high(&rule.ranks).then_some(ReviewReason::HighRank),
        ReviewWhen::Late => conclusion.late.then_some(ReviewReason::Late),
        // Nobody knows yet.
        ReviewWhen::Dissatisfied => None,
    });
    chosen.collect()
}

fn rank(rank: WireRank) -> Option<Rank> {
    match rank {
        WireRank::Division => Some(Rank::Division),
        WireRank::Section => Some(Rank::Section),
        WireRank::Unranked => Some(Rank::Unranked),
        WireRank::Unspecified => None,
    }
}

fn when(reason: ReviewReason) -> Option<ReviewWhen> {
    match reason {
        ReviewReason::All => Some(ReviewWhen::All),
        ReviewReason::Sample => Some(ReviewWhen::Sample),
        ReviewReason::Repeated => Some(ReviewWhen::Repeated),
        ReviewReason::HighRank => Some(ReviewWhen::HighRank),
        ReviewReason::Dissatisfied => Some(ReviewWhen::Dissatisfied),
        ReviewReason::Late => Some(ReviewWhen::Late),
        ReviewReason::ByHand | ReviewReason::Unspecified => None,
    }
}

/// The clock of the case, or of its latest round, ended before the conclusion (17).
fn is_late(book: &Book, case_id: Uuid, concluded_at: Timestamp) -> bool {
    let own = book.clocks_of(case_id).filter(|clock| clock.key.term == 0 || clock.reopened).last();
    own.is_some_and(|clock| clock.due_at < concluded_at)
}

fn review_by(rules: &Rules<'_>, now: Timestamp) -> Option<prost_types::Timestamp> {
    let within = rules.regulation.review()?.within?;
    Some(to_wire(rules.due(now, within).at))
}

/// The latest result, where this organ reviews it.
fn reviewable<'b>(
    rules: &Rules<'_>,
    book: &'b Book,
    case_id: Uuid,
) -> Result<(ClockKey, &'b Review, &'b Conclusion), Rejection> {
    if rules.regulation.review().is_none() {
        return Err(refused(rules, NotReviewed::NotProvided));
    }
    let (key, review, conclusion) =
        book.docket.latest(case_id).ok_or_else(|| refused(rules, NotReviewed::NoResult))?;
    if review.overturned {
        Err(refused(rules, NotReviewed::NotOpen))
    } else if conclusion.authority != book.organ {
        Err(refused(rules, NotReviewed::NotTheAuthority))
    } else {
        Ok((key, review, conclusion))
    }
}

fn must_be_another(rules: &Rules<'_>, book: &Book, case_id: Uuid, person: &str) -> Result<(), Rejection> {
    if !book.docket.took_part(case_id, person) {
        return Ok(());
    }
    Err(ResultRejection::TookPart { person: person.to_owned(), article: article(rules) }.into())
}

fn answered(book: &Book, key: ClockKey, mut decision: Decision, context: Context<'_>) -> Decision {
    let after = book.docket.after(&decision.facts, context);
    decision.answer.review = after.review(key).map(|review| answer::review(&book.organ, key.case_id, review));
    decision
}

fn refused(rules: &Rules<'_>, why: NotReviewed) -> Rejection {
    ResultRejection::Review { why, article: article(rules) }.into()
}

fn citation(rules: &Rules<'_>) -> Option<Citation> {
    let review = rules.regulation.review()?;
    Some(rules.citation(&review.basis, "review", &review.text))
}

fn article(rules: &Rules<'_>) -> String {
    citation(rules).map(|citation| citation.article).unwrap_or_default()
}
