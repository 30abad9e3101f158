//! What the callers are told when the rules say no.

use server::{Error, Reason};

use crate::domain::{Fault, Rejection};

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::CaseNotFound(case_id) => Self::case_not_found(case_id),
            Rejection::KeyIsThere(_) => Self::unavailable(rejection),
            Rejection::Version { expected, actual } => Self::version_mismatch(expected, actual),
            Rejection::State(state) => {
                let name = state.as_str_name();
                Self::state_not_allowed(name.strip_prefix("CASE_STATE_").unwrap_or(name))
            }
            Rejection::Term { named, current } => {
                Self::of(Reason::TermSuperseded).meta("term", named).meta("current", current)
            }
            Rejection::MasksNotConfirmed => Self::of(Reason::MasksNotConfirmed).article("15"),
            Rejection::NoCompetentOrgan(why) => Self::of(Reason::NoCompetentOrgan).meta("why", why.0).article("14"),
            Rejection::NotAHandler { organ } => Self::new(
                Reason::NoCompetentOrgan,
                "该机关不能办理此投诉:须为本机关的上级或者下级受理机构,且不得办理针对自身或者其主要负责人的投诉。",
                "This organ can't handle the case: it has to be a centre or sub-centre above or below, and nobody \
                 handles a complaint about itself or its head.",
            )
            .meta("organ", organ),
            Rejection::TooFewInvestigators { given, least, article } => {
                Self::of(Reason::TooFewInvestigators).meta("given", given).meta("least", least).article(article)
            }
            Rejection::PersonExcluded { person, zh, en, article } => {
                Self::new(Reason::PersonExcluded, zh, en).meta("person", person).article(article)
            }
            Rejection::Change(Fault { why, organ }) => {
                let (zh, en) = why.sentence();
                let error = Self::new(Reason::ChangeNotPossible, zh, en);
                error.meta("why", why.code()).meta("organ", organ).article("4")
            }
            Rejection::ChangeNotFound(change_id) => Self::of(Reason::ChangeNotFound).meta("change_id", change_id),
            Rejection::ChangeEnded(state) => {
                let name = state.as_str_name();
                let state = name.strip_prefix("CHANGE_STATE_").unwrap_or(name);
                Self::of(Reason::ChangeEnded).meta("state", state)
            }
            Rejection::Erased(at) => {
                Self::of(Reason::Erased).meta("what", "case").meta("erased_at", at).article("16")
            }
            Rejection::RecordMissing => Self::of(Reason::RecordMissing).article("18"),
            Rejection::Nothing { what, id } => Self::nothing_to_act_on(what, id),
        }
    }
}
