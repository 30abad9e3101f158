//! Cases that are left out of an organ's appraisal (24, house): proposed with a reason, approved by somebody else.

use access::Role;
use duban_proto::common::v1::{Action, ContentRef};
use duban_proto::supervision::v1::{
    self as wire, ExclusionDecided, ExclusionProposed, ExclusionState, FigurePart, Measure, event::Kind,
};
use jiff::Timestamp;
use ledger::Context;
use uuid::Uuid;

use super::FiguresBook;
use crate::domain::decide::{Decision, Fact};
use crate::domain::evolve::Stamp;
use crate::domain::time::to_wire;
use crate::domain::{Answer, Asker, Book, Rejection, Rules, Sealed};

/// An exclusion.
#[derive(Clone, Debug, PartialEq)]
pub struct Exclusion {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub number: String,
    /// Why.
    pub reason: ContentRef,
    /// Where it stands.
    pub state: ExclusionState,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Timestamp,
    /// Who decided; empty before.
    pub decided_by: String,
}

/// What can be asked of exclusions.
#[derive(Clone, Debug)]
pub enum ExclusionCommand {
    /// Somebody proposes one.
    Propose {
        /// The new exclusion's id.
        id: Uuid,
        /// The case.
        case_id: Uuid,
        /// Why.
        reason: Sealed,
    },
    /// Somebody decides on it.
    Decide {
        /// The exclusion.
        id: Uuid,
        /// Its case.
        case_id: Uuid,
        /// Approved or refused.
        approved: bool,
    },
}

impl ExclusionCommand {
    pub(super) fn case_id(&self) -> Uuid {
        match self {
            Self::Propose { case_id, .. } | Self::Decide { case_id, .. } => *case_id,
        }
    }

    pub(super) fn brings_key(&self) -> Option<Uuid> {
        match self {
            Self::Propose { reason, .. } => reason.brings_key(),
            Self::Decide { .. } => None,
        }
    }
}

/// What the asker may do next with an exclusion.
pub fn exclusion_actions(exclusion: &Exclusion, asker: &Asker<'_>) -> Vec<Action> {
    let may = asker.above && (asker.has)(Role::Supervisor) && exclusion.proposed_by != asker.subject;
    let open = exclusion.state == ExclusionState::Proposed;
    if may && open { vec![Action::DecideExclusion] } else { Vec::new() }
}

/// What the asker may do next with a term that this organ held; `excluded`: an exclusion of its case is proposed or approved.
pub fn handled_actions(excluded: bool, asker: &Asker<'_>) -> Vec<Action> {
    let own = asker.own && ((asker.has)(Role::Leader) || (asker.has)(Role::Head));
    let may = own || (asker.above && (asker.has)(Role::Supervisor));
    if may && !excluded { vec![Action::ProposeExclusion] } else { Vec::new() }
}

/// Decides; who proposed it does not decide on it (house).
pub(crate) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    command: &ExclusionCommand,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    match command {
        ExclusionCommand::Propose { id, case_id, reason } => propose(book, *id, *case_id, reason, context),
        ExclusionCommand::Decide { id, case_id, approved } => {
            let known = book.figures.exclusions.get(id).filter(|it| it.case_id == *case_id);
            let exclusion = known.ok_or(Rejection::NoSuchExclusion(*id))?;
            if exclusion.state != ExclusionState::Proposed {
                return Err(Rejection::Decided(state_name(exclusion.state)));
            }
            if exclusion.proposed_by == context.actor {
                let basis = rules.regulation.appraisal().and_then(|it| it.basis.article());
                let article = basis.unwrap_or_default().to_owned();
                return Err(Rejection::OwnProposal { person: context.actor.to_owned(), article });
            }
            let decided = ExclusionDecided { exclusion_id: id.to_string(), approved: *approved };
            Ok(answered(book, *id, Fact::new(*case_id, Kind::ExclusionDecided(decided)), context))
        }
    }
}

fn propose(
    book: &Book,
    id: Uuid,
    case_id: Uuid,
    reason: &Sealed,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    reason.fits(book)?;
    // The appraisal is of terms: a case of which this organ never held one is in none.
    let holds = book.figures.stands(case_id, FigurePart::Handled, Measure::Accepted);
    let clock = book.clocks_of(case_id).last().filter(|_| holds);
    let clock = clock.ok_or(Rejection::NoSuchCase(case_id))?;
    let stands = |it: &&Exclusion| it.case_id == case_id && it.state != ExclusionState::Refused;
    if let Some(other) = book.figures.exclusions.values().find(stands) {
        return Err(Rejection::Decided(state_name(other.state)));
    }
    let proposed = ExclusionProposed {
        exclusion_id: id.to_string(),
        number: clock.number.clone(),
        reason: reason.reference("reason"),
    };
    let mut decision = answered(book, id, Fact::new(case_id, Kind::ExclusionProposed(proposed)), context);
    decision.writes = reason.writes();
    Ok(decision)
}

fn answered(book: &Book, id: Uuid, fact: Fact, context: Context<'_>) -> Decision {
    let mut after = FiguresBook { exclusions: book.figures.exclusions.clone(), ..FiguresBook::default() };
    let zone = jiff::tz::TimeZone::UTC;
    let stamp = Stamp { seq: 0, recorded_at: context.now, actor: context.actor, zone: &zone };
    evolve(&mut after, fact.case_id.unwrap_or_default(), &fact.kind, stamp);
    let exclusion = after.exclusions.get(&id).map(|it| told(&book.organ, it));
    Decision { facts: vec![fact], answer: Answer { exclusion, ..Answer::default() }, ..Decision::default() }
}

/// Changes the book.
pub(super) fn evolve(book: &mut FiguresBook, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
    match kind {
        Kind::ExclusionProposed(proposed) => {
            let Ok(id) = proposed.exclusion_id.parse() else { return };
            let exclusion = Exclusion {
                id,
                case_id,
                number: proposed.number.clone(),
                reason: proposed.reason.clone().unwrap_or_default(),
                state: ExclusionState::Proposed,
                proposed_by: stamp.actor.to_owned(),
                proposed_at: stamp.recorded_at,
                decided_by: String::new(),
            };
            book.exclusions.insert(id, exclusion);
            book.changed_exclusions.insert(id);
        }
        Kind::ExclusionDecided(decided) => {
            let id = decided.exclusion_id.parse().ok();
            let Some(exclusion) = id.and_then(|id: Uuid| book.exclusions.get_mut(&id)) else { return };
            exclusion.state =
                if decided.approved { ExclusionState::Approved } else { ExclusionState::Refused };
            stamp.actor.clone_into(&mut exclusion.decided_by);
            book.changed_exclusions.insert(exclusion.id);
        }
        _ => {}
    }
}

/// As the contract has it; `reason` and `allowed_actions` are for the edge.
pub(crate) fn told(organ: &str, exclusion: &Exclusion) -> wire::Exclusion {
    wire::Exclusion {
        exclusion_id: exclusion.id.to_string(),
        case_id: exclusion.case_id.to_string(),
        number: exclusion.number.clone(),
        organ: organ.to_owned(),
        reason: String::new(),
        state: exclusion.state.into(),
        proposed_by: exclusion.proposed_by.clone(),
        proposed_at: Some(to_wire(exclusion.proposed_at)),
        decided_by: exclusion.decided_by.clone(),
        allowed_actions: Vec::new(),
    }
}

/// `APPROVED`
fn state_name(state: ExclusionState) -> &'static str {
    state.as_str_name().trim_start_matches("EXCLUSION_STATE_")
}
