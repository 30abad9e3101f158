//! What the callers are told when the rules say no.

use duban_proto::common::v1::Finding;
use server::{Error, Reason};

use crate::domain::{Fault, Missing, PartRejection, Rejection};

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
            Rejection::ReturnNotAllowed { why, return_by } => {
                let error = Self::of(Reason::ReturnNotAllowed).meta("why", why);
                match return_by {
                    Some(return_by) => error.meta("return_by", return_by),
                    None => error,
                }
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
            Rejection::Part(part) => part.into(),
            Rejection::RecordMissing => Self::of(Reason::RecordMissing).article("18"),
            Rejection::NoLender { organ } => Self::of(Reason::NoLender).meta("organ", organ).article("18"),
            Rejection::EvidenceMissing { given, least, article } => {
                Self::of(Reason::EvidenceMissing).meta("given", given).meta("least", least).article(article)
            }
            Rejection::ReplacementNeedsReason { person } => {
                Self::of(Reason::ReplacementNeedsReason).meta("person", person)
            }
            Rejection::NotByRegulation { zh, en, article } => {
                Self::new(Reason::RegulationForbids, zh, en).article(article)
            }
            Rejection::NoInstrument(id) => Self::of(Reason::InstrumentNotFound).meta("instrument_id", id),
            Rejection::InstrumentState(state) => {
                let name = state.as_str_name();
                let state = name.strip_prefix("INSTRUMENT_STATE_").unwrap_or(name);
                Self::of(Reason::InstrumentState).meta("state", state)
            }
            Rejection::VolumeIncomplete { missing, article } => incomplete(&missing, article),
            Rejection::Nothing { what, id } => Self::nothing_to_act_on(what, id),
        }
    }
}

impl From<PartRejection> for Error {
    fn from(rejection: PartRejection) -> Self {
        match rejection {
            PartRejection::Open(parts) => Self::of(Reason::PartsOpen).meta("parts", parts.join(", ")),
            PartRejection::FindingMissing(respondents) => {
                let places: Vec<String> = respondents.iter().map(u32::to_string).collect();
                Self::of(Reason::FindingMissing).meta("respondents", places.join(", "))
            }
            PartRejection::FindingDiffers { given, expected } => Self::of(Reason::FindingDiffers)
                .meta("given", finding_name(given))
                .meta("expected", finding_name(expected)),
            PartRejection::NoRespondent(index) => Self::nothing_to_act_on("respondent", index),
            PartRejection::Covered { part } => Self::new(
                Reason::PartNotAllowed,
                "该被投诉人已由另一会办部分负责。",
                "Another part covers that respondent already.",
            )
            .meta("part", part),
            PartRejection::NotHere { term, part } => {
                Self::of(Reason::PartNotAllowed).meta("part", format!("{term}.{part}"))
            }
            PartRejection::NotAllowed { part, state, zh, en } => {
                let name = state.as_str_name();
                let state = name.strip_prefix("PART_STATE_").unwrap_or(name);
                Self::new(Reason::PartNotAllowed, zh, en).meta("part", part).meta("state", state)
            }
            PartRejection::NotACoHandler { organ } => Self::new(
                Reason::NoCompetentOrgan,
                "该机关不能会办:须为受理机构,不得为主办单位或者本机关的上级,且不得就针对自身或者其主要负责人的投诉提出意见。",
                "This organ can't handle a part: it has to be a centre or sub-centre, not the lead nor above the home, and \
                 nobody gives an opinion on a complaint about itself or its head.",
            )
            .meta("organ", organ),
            PartRejection::Finding { part, needed: true } => {
                Self::new(Reason::FindingMissing, "对被投诉人应当提出认定结论。", "The part is about respondents: a finding is needed.")
                    .meta("part", part)
            }
            PartRejection::Finding { part, needed: false } => Self::new(
                Reason::FindingDiffers,
                "该部分只提出问题,不作认定结论。",
                "The part is a question only: there is nothing to find.",
            )
            .meta("part", part),
        }
    }
}

/// A finding without the prefix of its enum: "PARTLY_FOUNDED".
fn finding_name(finding: Finding) -> &'static str {
    let name = finding.as_str_name();
    name.strip_prefix("FINDING_").unwrap_or(name)
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
