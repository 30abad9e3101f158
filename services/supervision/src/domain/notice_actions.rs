//! What may be done next with a notice, and with a file of accountability.

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::{AccountabilityState, NoticeState};
use jiff::Timestamp;

use super::file::File;
use super::notice::Notice;
use super::time::opt_from_wire;

/// Who wants to know what may be done.
pub(crate) struct Looking<'a> {
    /// The subject.
    pub(crate) subject: &'a str,
    /// The organ is the asker's own.
    pub(crate) own: &'a dyn Fn(&str) -> bool,
    /// The organ is the asker's own or one below.
    pub(crate) above: &'a dyn Fn(&str) -> bool,
    /// Whether it has a role.
    pub(crate) has: &'a dyn Fn(Role) -> bool,
}

impl Looking<'_> {
    fn any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| (self.has)(*role))
    }

    /// For the organ that issued a notice: one of these of its own, or a supervisor above.
    fn issues(&self, organ: &str, roles: &[Role]) -> bool {
        (self.own)(organ) && self.any(roles) || (self.above)(organ) && (self.has)(Role::Supervisor)
    }
}

/// What the asker may do next on a case that it may see (16, 21), where these persons of its organ had a hand in it.
pub(crate) fn case_actions(runs: bool, persons: &[String], asker: &Looking<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    if runs && asker.any(&[Role::Leader, Role::Supervisor]) {
        actions.push(Action::IssueNotice);
    }
    let is_partial = persons.iter().any(|person| person == asker.subject);
    if !is_partial && asker.any(&[Role::Leader, Role::Head, Role::Supervisor]) {
        actions.push(Action::OpenAccountability);
    }
    actions
}

/// What the asker may do next with a notice (16, 20).
pub(crate) fn notice_actions(notice: &Notice, asker: &Looking<'_>) -> Vec<Action> {
    let told = &notice.told;
    let mut actions = Vec::new();
    let own = (asker.own)(&told.organ);
    let staff = [Role::Desk, Role::Handler, Role::Leader, Role::Head];
    if own && notice.is_open() && told.seen_by.is_empty() && asker.any(&staff) {
        actions.push(Action::AcknowledgeNotice);
    }
    if own && notice.waits() && asker.any(&[Role::Handler, Role::Leader, Role::Head]) {
        actions.push(Action::AnswerNotice);
    }
    let answered_by = told.answers.last().map(|answer| answer.answered_by.as_str());
    let checks = asker.issues(&told.issued_by, &[Role::Leader, Role::Head]);
    if told.state() == NoticeState::Answered && checks && answered_by != Some(asker.subject) {
        actions.push(Action::CheckNoticeAnswer);
    }
    if notice.is_open() && asker.issues(&told.issued_by, &[Role::Leader]) {
        actions.push(Action::WithdrawNotice);
    }
    actions
}

/// What the asker may do next with a file of accountability (21), where these persons had a hand in the case.
pub(crate) fn file_actions(
    file: &File,
    persons: &[String],
    asker: &Looking<'_>,
    now: Timestamp,
) -> Vec<Action> {
    let told = &file.told;
    let mut actions = Vec::new();
    let concerned = (asker.own)(&told.organ) && asker.any(&[Role::Leader, Role::Head]);
    if told.state() == AccountabilityState::Open && concerned {
        actions.push(Action::GiveStatement);
    }
    let is_partial = persons.iter().chain(&told.persons).any(|person| person == asker.subject);
    let decides = (asker.own)(&told.authority) && asker.any(&[Role::Leader, Role::Head, Role::Supervisor]);
    if is_partial || !decides {
        return actions;
    }
    let heard_until = told.heard_until.as_ref().and_then(opt_from_wire);
    let heard = !told.statements.is_empty() || heard_until.is_none_or(|until| now >= until);
    match told.state() {
        AccountabilityState::Proposed => {
            actions.extend([Action::OpenAccountability, Action::DismissAccountability]);
        }
        AccountabilityState::Open if heard => actions.push(Action::ConcludeAccountability),
        _ => {}
    }
    actions
}
