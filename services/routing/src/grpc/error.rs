//! What the callers are told when the rules say no.

use server::{Error, Reason};

use crate::domain::{Missing, Rejection};

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
            Rejection::Erased(at) => {
                Self::of(Reason::Erased).meta("what", "case").meta("erased_at", at).article("16")
            }
            Rejection::RecordMissing => Self::of(Reason::RecordMissing).article("18"),
            Rejection::VolumeIncomplete { missing, article } => incomplete(&missing, article),
            Rejection::Nothing { what, id } => Self::nothing_to_act_on(what, id),
        }
    }
}

/// Everything that is missing, each with its article, in one sentence.
fn incomplete(missing: &[Missing], article: String) -> Error {
    let cite = |one: &Missing| match one.article.as_str() {
        "" => (one.zh.clone(), one.en.clone()),
        article => (format!("{}(第{article}条)", one.zh), format!("{} (article {article})", one.en)),
    };
    let (zh, en): (Vec<_>, Vec<_>) = missing.iter().map(cite).unzip();
    let codes: Vec<_> = missing.iter().map(|one| one.code).collect();
    let (zh, en) = (
        format!("案卷不完整,不能归档。缺少:{}。", zh.join("、")),
        format!("The file of the case is not complete and can't be closed. It lacks: {}.", en.join(", ")),
    );
    Error::new(Reason::VolumeIncomplete, zh, en).meta("missing", codes.join(",")).article(article)
}
