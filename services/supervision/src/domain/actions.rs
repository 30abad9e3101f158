//! What may be done next with a clock.

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::ClockKind;
use jiff::Timestamp;
use regulation::Approver;

use super::decide::pause;
use super::{Clock, Waiting, rules::Rules};

/// Who wants to know what may be done.
pub struct Asker<'a> {
    /// The subject.
    pub subject: &'a str,
    /// The clock runs in the ledger of its own organ.
    pub own: bool,
    /// The clock runs in the ledger of its own organ or of one below.
    pub above: bool,
    /// As whom it may approve more time (17).
    pub approves: Vec<Approver>,
    /// Whether it has a role.
    pub has: &'a dyn Fn(Role) -> bool,
}

/// What the asker may do next with a clock of this organ, where an extension that was asked for waits for its decision (17).
///
/// It says what the state lets be done; the rules still judge each command.
pub fn allowed_actions(
    rules: &regulation::Rules,
    organ: &str,
    clock: &Clock,
    asked: Option<&Waiting>,
    asker: &Asker<'_>,
    now: Timestamp,
) -> Vec<Action> {
    if !clock.runs() {
        return Vec::new();
    }
    let rules = &Rules::of(rules, organ);
    let may_ask = asker.own && ((asker.has)(Role::Handler) || (asker.has)(Role::Leader));
    let can_grow = || {
        let longest = rules.longest(clock);
        clock.paused.is_none()
            && now < clock.due_at
            && longest.is_some_and(|longest| clock.due_at < longest.at)
    };
    let extension = || rules.limit(clock.kind()).and_then(|limit| limit.extension.as_ref());
    let may_approve = |length| {
        let may = |approver: &Approver| extension().is_some_and(|it| it.may_approve(*approver, length));
        asker.approves.iter().any(may)
    };
    let mut actions = Vec::new();
    match asked {
        None if may_ask && can_grow() => actions.push(Action::RequestExtension),
        Some(waiting) if waiting.by != asker.subject && may_approve(waiting.length) => {
            actions.push(Action::DecideExtension);
        }
        _ => {}
    }
    actions.extend(pause_action(rules, organ, clock, asker, now));
    actions
}

/// The time of a case is paused, and goes on, by the clock of the term that the organ holds (house).
fn pause_action(
    rules: &Rules<'_>,
    organ: &str,
    clock: &Clock,
    asker: &Asker<'_>,
    now: Timestamp,
) -> Option<Action> {
    let leads = (asker.has)(Role::Leader) || (asker.has)(Role::Head);
    let holds = asker.own && clock.responsible_organ == organ && clock.key.term > 0;
    if !holds || clock.key.kind() != ClockKind::Handling {
        return None;
    }
    if clock.paused.is_some() {
        return (leads || (asker.has)(Role::Handler)).then_some(Action::ResumeClock);
    }
    (leads && now < clock.due_at && !pause::causes(rules).is_empty()).then_some(Action::PauseClock)
}
