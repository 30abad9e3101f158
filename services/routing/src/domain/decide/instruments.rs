//! A case's instruments: drafted, signed and numbered, delivered, answered, checked (3, 7, 22).

mod exchange;

use calendar::Length;
use duban_proto::common::v1::{CaseState, Citation, Finding, LocalizedText};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::instrument_addressee::To;
use duban_proto::routing::v1::{
    InstrumentAnswerAccepted, InstrumentAnswerRejected, InstrumentAnswered, InstrumentDelivered,
    InstrumentDrafted, InstrumentIssued, InstrumentKind, InstrumentState, InstrumentWithdrawn, TermState,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use regulation::{AnswerFrom, InstrumentAt, InstrumentRule, InstrumentTo};

pub(super) use exchange::lapse;

use super::step::Step;
use super::{Outcome, inquiry};
use crate::domain::{
    AnswerInstrument, Book, Case, DraftInstrument, Instrument, OnInstrument, RejectAnswer, Rejection,
    WithdrawInstrument, instrument_kind, wire_instrument,
};

/// The sign of the register of complaints (投), in whose place each kind of instrument has one of its own.
const COMPLAINT_SIGN: char = '投';

/// Decides on an instrument.
pub(super) fn decide(step: Step<'_>, book: &Book, act: &OnInstrument) -> Result<Outcome, Rejection> {
    match act {
        OnInstrument::Draft(draft) => self::draft(step, draft),
        OnInstrument::Issue { id, signs_as } => issue(step, book, id, signs_as),
        OnInstrument::Deliver { id, on, way } => {
            let delivered = InstrumentDelivered {
                instrument_id: id.clone(),
                delivered_on: on.to_string(),
                way: (*way).into(),
                ..InstrumentDelivered::default()
            };
            deliver(step, *on, delivered)
        }
        OnInstrument::Answer(answer) => self::answer(step, answer),
        OnInstrument::Accept { id } => accept(step, id),
        OnInstrument::Reject(reject) => self::reject(step, reject),
        OnInstrument::Withdraw(withdraw) => self::withdraw(step, withdraw),
        OnInstrument::NoteSigned { organ, at, signed } => Ok(exchange::signed(step, organ, *at, signed)),
        OnInstrument::NoteReply { organ, at, replied } => Ok(exchange::replied(step, organ, *at, replied)),
    }
}

/// When an instrument would be issued now by this organ, and in which term; none where it has nothing to issue.
pub(crate) fn position(case: &Case, organ: &str) -> Option<(InstrumentAt, u32)> {
    let tenure = case.current()?;
    let holds = tenure.organ == organ && tenure.reopenings == case.reopenings;
    let works = !matches!(tenure.state(), TermState::Concluded | TermState::Superseded | TermState::Begun);
    let at = match case.state() {
        CaseState::InHandling if holds && works => InstrumentAt::Handling,
        CaseState::Concluded | CaseState::Replied | CaseState::Archived if holds || case.is_home(organ) => {
            InstrumentAt::Concluded
        }
        _ => return None,
    };
    Some((at, tenure.term))
}

/// By an investigator, or the deputy of one, during the handling (18): evidence is theirs to take. Of a kind, to whom and when the regulation says.
fn draft(mut step: Step<'_>, draft: &DraftInstrument) -> Result<Outcome, Rejection> {
    let rule = rule_of(&step, draft.kind)?;
    let (at, term) = position(&step.case, step.at.organ).ok_or_else(|| step.not_in_state())?;
    if !rule.at.contains(&at) {
        return Err(not_now(rule));
    }
    let on_behalf_of = match step.case.current().filter(|_| at == InstrumentAt::Handling) {
        Some(tenure) => inquiry::on_behalf(&inquiry::seat(&step, tenure, step.at.actor)?, step.at.actor),
        None => String::new(),
    };
    must_be_addressable(&step, rule, draft)?;
    measures_must_follow(&step, draft)?;
    let instrument_id = draft.text.draft.item_id.to_string();
    let answer_within = rule.answer_within.map(|by_rule| draft.answer_within.unwrap_or(by_rule));
    step.happens(Kind::InstrumentDrafted(InstrumentDrafted {
        instrument_id: instrument_id.clone(),
        term,
        kind: draft.kind.into(),
        addressee: Some(draft.addressee.clone()),
        measures: draft.measures.clone(),
        answer_within: answer_within.map(|length| length.to_string()).unwrap_or_default(),
        signed_by: rule.signed_by.iter().map(|signer| signer.code().to_owned()).collect(),
        issuable: rule.at.iter().map(|at| at.code().to_owned()).collect(),
        checked: rule.checked,
        text: Some(draft.text.draft.reference()),
        citation: Some(cited(&step, rule)),
        on_behalf_of,
    }));
    step.keeps(&draft.text);
    Ok(answered(step, &instrument_id))
}

/// To an organ of the directory, a respondent of the case, or an authority in words, as the regulation lets it.
fn must_be_addressable(
    step: &Step<'_>,
    rule: &InstrumentRule,
    draft: &DraftInstrument,
) -> Result<(), Rejection> {
    let to = match draft.addressee.to {
        Some(To::Respondent(_)) => InstrumentTo::Respondent,
        Some(To::Organ(_)) => InstrumentTo::Organ,
        Some(To::Authority(_)) | None => InstrumentTo::Authority,
    };
    if !rule.to.contains(&to) {
        return Err(Rejection::NotByRegulation {
            zh: "该类文书不得发给此对象。",
            en: "An instrument of this kind is not addressed to such an addressee.",
            article: article(rule),
        });
    }
    let Some(To::Respondent(index)) = draft.addressee.to else { return Ok(()) };
    let respondents = step.case.facts.as_ref().map_or(0, |facts| facts.respondents.len());
    let known = usize::try_from(index).is_ok_and(|index| index < respondents);
    if known { Ok(()) } else { Err(Rejection::Nothing { what: "respondent", id: step.case_id }) }
}

/// Measures are recommended, and a breach of discipline is passed on, only where the outcome lets them follow (22).
fn measures_must_follow(step: &Step<'_>, draft: &DraftInstrument) -> Result<(), Rejection> {
    let concerned = matches!(draft.kind, InstrumentKind::Recommendation | InstrumentKind::DisciplineReferral);
    let finding = Finding::try_from(step.case.finding).unwrap_or_default();
    if !concerned || finding == Finding::Unspecified {
        return Ok(());
    }
    let code = finding.as_str_name().trim_start_matches("FINDING_").to_ascii_lowercase();
    let outcome = step.regulation().investigation().outcome(&code);
    if outcome.is_some_and(|outcome| outcome.measures_may_follow) {
        return Ok(());
    }
    Err(Rejection::NotByRegulation {
        zh: "投诉不属实或者无法查实的,不得提出处理建议。",
        en: "Measures are recommended only where the complaint is founded.",
        article: "22".to_owned(),
    })
}

/// Signed by one whom the regulation lets sign, and who did not draft it; numbered in the register of its kind and year.
fn issue(
    mut step: Step<'_>,
    book: &Book,
    id: &str,
    signs_as: &[regulation::Approver],
) -> Result<Outcome, Rejection> {
    let instrument = found(&step, id)?.clone();
    must_be(&instrument, instrument.state() == InstrumentState::Drafted)?;
    let drafted = instrument.drafted.clone().unwrap_or_default();
    let rule = rule_of(&step, instrument.kind())?;
    let now_is = position(&step.case, step.at.organ).map(|(at, _)| at);
    if !now_is.is_some_and(|at| drafted.issuable.iter().any(|code| code == at.code())) {
        return Err(not_now(rule));
    }
    must_sign(&step, &instrument, signs_as)?;
    let (now, organ) = (step.at.now, step.at.organ);
    let year = step.regulation().counting().zone.to_datetime(now).year();
    let ordinal = book.next_instrument(drafted.kind, year);
    let prefix = step.directory.get(organ).map(|organ| organ.number_prefix.clone()).unwrap_or_default();
    let prefix = prefix.strip_suffix(COMPLAINT_SIGN).unwrap_or(&prefix);
    let numbering = step.regulation().numbering(rule.kind.numbered());
    let number = numbering.map(|it| it.template.render(prefix, year, ordinal.into())).unwrap_or_default();
    let within = drafted.answer_within.parse().ok().filter(|_| rule.answer_from == AnswerFrom::Issue);
    let limit = within.map(|within| runs(&step, rule, within, now));
    let finding = step.case.finding;
    step.happens(Kind::InstrumentIssued(InstrumentIssued {
        instrument_id: id.to_owned(),
        kind: drafted.kind,
        number,
        year: u32::try_from(year).unwrap_or_default(),
        ordinal,
        due_at: limit.map(|(due_at, _)| server::time::to_proto(due_at)),
        remind_at: limit.and_then(|(_, remind_at)| remind_at).map(server::time::to_proto),
        finding,
    }));
    exchange::send(&mut step, id);
    Ok(answered(step, id))
}

fn must_sign(
    step: &Step<'_>,
    instrument: &Instrument,
    signs_as: &[regulation::Approver],
) -> Result<(), Rejection> {
    let drafted = instrument.drafted.as_ref();
    let signers = drafted.map(|drafted| drafted.signed_by.as_slice()).unwrap_or_default();
    let drafter = instrument.drafted_by == step.at.actor;
    let (may, zh, en) = if signers.is_empty() {
        (drafter, "该文书由拟稿人发出。", "Whoever drafted it issues it.")
    } else if drafter {
        (false, "拟稿人不得签发自己拟的文书。", "Whoever drafted it does not sign it.")
    } else {
        let signs = signs_as.iter().any(|role| signers.iter().any(|code| code == role.code()));
        (signs, "该文书须由主管领导签发。", "It is signed by those whom the regulation names.")
    };
    if may {
        return Ok(());
    }
    Err(Rejection::PersonExcluded { person: step.at.actor.to_owned(), zh, en, article: String::new() })
}

/// By when an answer is looked for, counted from this moment, and when there is a reminder: before that, and not at once.
fn runs(
    step: &Step<'_>,
    rule: &InstrumentRule,
    within: Length,
    from: Timestamp,
) -> (Timestamp, Option<Timestamp>) {
    let now = step.at.now;
    let due_at = step.rules.due(step.at.organ, from, within).at;
    let counting = step.regulation().counting();
    let remind_at = rule.remind_before.map(|before| step.rules.calendar.before(due_at, before, counting));
    (due_at, remind_at.filter(|remind_at| *remind_at > now))
}

/// Once, and not before it was issued.
fn deliver(mut step: Step<'_>, on: Date, delivered: InstrumentDelivered) -> Result<Outcome, Rejection> {
    let id = delivered.instrument_id.clone();
    let instrument = found(&step, &id)?;
    must_be(instrument, instrument.is_waiting() && instrument.delivered.is_none())?;
    let issued_at = Timestamp::from_microsecond(instrument.issued_at).unwrap_or_default();
    if on < step.regulation().counting().zone.to_datetime(issued_at).date() {
        return Err(Rejection::NotByRegulation {
            zh: "送达日期不得早于签发日期。",
            en: "It is not delivered before it is issued.",
            article: String::new(),
        });
    }
    let zone = &step.regulation().counting().zone;
    let end = zone.to_timestamp(on.to_datetime(Time::MAX));
    let from = end.map_or(step.at.now, |end| end.min(step.at.now));
    exchange::deliver(&mut step, delivered, from);
    Ok(answered(step, &id))
}

/// In time or late. What the authority decided may be another measure than was recommended (22).
fn answer(mut step: Step<'_>, answer: &AnswerInstrument) -> Result<Outcome, Rejection> {
    let instrument = found(&step, &answer.id)?;
    must_be(instrument, instrument.is_waiting() && instrument.is_answered_to())?;
    let decides =
        matches!(instrument.kind(), InstrumentKind::Recommendation | InstrumentKind::DisciplineReferral);
    if answer.decided.is_some() && !decides {
        return Err(Rejection::NotByRegulation {
            zh: "只有处理建议和移送才有处理决定。",
            en: "Only on a recommendation or a breach of discipline does an authority decide.",
            article: "22".to_owned(),
        });
    }
    let round = u32::try_from(instrument.answers.len()).unwrap_or(u32::MAX).saturating_add(1);
    let (measure, decided_on) = answer.decided.clone().unzip();
    step.happens(Kind::InstrumentAnswered(InstrumentAnswered {
        instrument_id: answer.id.clone(),
        round,
        received_on: answer.received_on.to_string(),
        measure: measure.unwrap_or_default(),
        decided_on: decided_on.map(|on: Date| on.to_string()).unwrap_or_default(),
        answer: Some(answer.text.draft.reference()),
        organ: String::new(),
        answered_by: String::new(),
    }));
    step.keeps(&answer.text);
    Ok(answered(step, &answer.id))
}

fn accept(mut step: Step<'_>, id: &str) -> Result<Outcome, Rejection> {
    let round = to_be_checked(&step, id)?;
    let accepted = InstrumentAnswerAccepted { instrument_id: id.to_owned(), round };
    exchange::tells(&mut step, id, Kind::InstrumentAnswerAccepted(accepted));
    Ok(answered(step, id))
}

/// Back with a reason, and as much time again, or as is given.
fn reject(mut step: Step<'_>, reject: &RejectAnswer) -> Result<Outcome, Rejection> {
    let round = to_be_checked(&step, &reject.id)?;
    let instrument = found(&step, &reject.id)?;
    let rule = rule_of(&step, instrument.kind())?;
    let first = instrument.drafted.as_ref().and_then(|drafted| drafted.answer_within.parse().ok());
    let limit = reject.answer_within.or(first).map(|within| runs(&step, rule, within, step.at.now));
    let rejected = Kind::InstrumentAnswerRejected(InstrumentAnswerRejected {
        instrument_id: reject.id.clone(),
        round,
        reason: Some(reject.reason.draft.reference()),
        due_at: limit.map(|(due_at, _)| server::time::to_proto(due_at)),
        remind_at: limit.and_then(|(_, remind_at)| remind_at).map(server::time::to_proto),
    });
    exchange::tells(&mut step, &reject.id, rejected);
    step.keeps(&reject.reason);
    Ok(answered(step, &reject.id))
}

/// The answer that waits, for somebody else than who recorded it.
fn to_be_checked(step: &Step<'_>, id: &str) -> Result<u32, Rejection> {
    let instrument = found(step, id)?;
    must_be(instrument, instrument.state() == InstrumentState::Answered)?;
    let answer = instrument.unchecked().cloned().unwrap_or_default();
    if answer.recorded_by == step.at.actor {
        return Err(Rejection::PersonExcluded {
            person: step.at.actor.to_owned(),
            zh: "登记答复的人员不得自行审核。",
            en: "Whoever recorded an answer does not check it.",
            article: String::new(),
        });
    }
    Ok(answer.answered.map(|answered| answered.round).unwrap_or_default())
}

/// A draft by who drafted it or a leader; what was issued by a leader.
fn withdraw(mut step: Step<'_>, withdraw: &WithdrawInstrument) -> Result<Outcome, Rejection> {
    let instrument = found(&step, &withdraw.id)?;
    let state = instrument.state();
    must_be(instrument, !matches!(state, InstrumentState::Settled | InstrumentState::Withdrawn))?;
    let own_draft = state == InstrumentState::Drafted && instrument.drafted_by == step.at.actor;
    if !own_draft && !withdraw.as_leader {
        return Err(Rejection::PersonExcluded {
            person: step.at.actor.to_owned(),
            zh: "已签发的文书由主管领导撤回。",
            en: "What was issued, or drafted by others, is withdrawn by a leader.",
            article: String::new(),
        });
    }
    let withdrawn = Kind::InstrumentWithdrawn(InstrumentWithdrawn {
        instrument_id: withdraw.id.clone(),
        reason: Some(withdraw.reason.draft.reference()),
        lapsed: false,
    });
    exchange::tells(&mut step, &withdraw.id, withdrawn);
    step.keeps(&withdraw.reason);
    Ok(answered(step, &withdraw.id))
}

fn rule_of<'a>(step: &Step<'a>, kind: InstrumentKind) -> Result<&'a InstrumentRule, Rejection> {
    let rule = instrument_kind(kind).and_then(|kind| step.regulation().instrument(kind));
    rule.ok_or_else(|| Rejection::NotByRegulation {
        zh: "所适用的办法没有此类文书。",
        en: "The regulation has no instrument of this kind.",
        article: String::new(),
    })
}

fn not_now(rule: &InstrumentRule) -> Rejection {
    Rejection::NotByRegulation {
        zh: "此时不得发出该类文书。",
        en: "An instrument of this kind is not issued at this stage of the case.",
        article: article(rule),
    }
}

fn article(rule: &InstrumentRule) -> String {
    rule.basis.article().unwrap_or_default().to_owned()
}

fn cited(step: &Step<'_>, rule: &InstrumentRule) -> Citation {
    let text = LocalizedText { zh: rule.text.zh.clone(), en: rule.text.en.clone() };
    Citation { text: Some(text), ..step.cite(&rule.basis, rule.kind.code()) }
}

fn found<'s>(step: &'s Step<'_>, id: &str) -> Result<&'s Instrument, Rejection> {
    step.case.instrument(id).ok_or_else(|| Rejection::NoInstrument(id.to_owned()))
}

fn must_be(instrument: &Instrument, holds: bool) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(Rejection::InstrumentState(instrument.state())) }
}

/// The outcome, with the instrument as it is now in the answer.
fn answered(mut step: Step<'_>, id: &str) -> Outcome {
    let (case_id, organ) = (step.case_id, step.at.organ);
    let instrument = step.case.instrument(id);
    let told = instrument.map(|instrument| wire_instrument(case_id, organ, &step.case, instrument));
    step.answer().instrument = told;
    step.done()
}
