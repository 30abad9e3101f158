//! What may be done next with a clock.

use access::Role;
use duban_proto::common::v1::Action;
use jiff::Timestamp;

use super::{Clock, rules::Rules};

/// Who wants to know what may be done.
pub struct Asker<'a> {
    /// The subject.
    pub subject: &'a str,
    /// The clock runs in the ledger of its own organ.
    pub own: bool,
    /// The clock runs in the ledger of its own organ or of one below.
    pub above: bool,
    /// Whether it has a role.
    pub has: &'a dyn Fn(Role) -> bool,
}

/// What the asker may do next with a clock of this organ, where an extension asked for by `asked_by` waits for its
/// decision (17).
///
/// It says what the state lets be done; the rules still judge each command.
pub fn allowed_actions(
    rules: &regulation::Rules,
    organ: &str,
    clock: &Clock,
    asked_by: Option<&str>,
    asker: &Asker<'_>,
    now: Timestamp,
) -> Vec<Action> {
    if !clock.runs() {
        return Vec::new();
    }
    let may_ask = asker.own && ((asker.has)(Role::Handler) || (asker.has)(Role::Leader));
    let may_decide = (asker.own && (asker.has)(Role::Head)) || (asker.above && (asker.has)(Role::Supervisor));
    let longest = || Rules::of(rules, organ).longest(clock.kind(), clock.start, clock.accepted_at);
    let can_grow = || now < clock.due_at && longest().is_some_and(|longest| clock.due_at < longest.at);
    match asked_by {
        None if may_ask && can_grow() => vec![Action::RequestExtension],
        Some(by) if may_decide && by != asker.subject => vec![Action::DecideExtension],
        _ => Vec::new(),
    }
}
