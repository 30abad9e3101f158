//! What the desk decides: supplements, acceptance and its refusals, withdrawal, masks.

use duban_proto::common::v1::{CaseState, Source};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    CaseDeclined, CaseReferred, ComplaintWithdrawn, DirectedElsewhere, MasksConfirmed, ReplyOccasion,
    SupplementRequested, Treatment,
};
use regulation::{ComplaintFacts, Refusal, RefusalKind, Stage};

use super::step::Step;
use super::{Outcome, Write, retention, submit};
use crate::domain::{Accept, Close, ConfirmMasks, Rejection, RequestSupplement, Way};

/// Where acceptance is decided on; a lead may still be taken up.
const UNDECIDED: &[CaseState] = &[CaseState::Registered, CaseState::SupplementRequested, CaseState::Lead];

/// Asks for what article 10 misses, within the regulation's limit.
pub(super) fn request_supplement(
    mut step: Step<'_>,
    request: &RequestSupplement,
) -> Result<Outcome, Rejection> {
    step.must_be_at(request.version)?;
    step.must_be_in(&[CaseState::Registered, CaseState::Lead])?;
    let fields =
        if request.fields.is_empty() { step.case.received.missing.clone() } else { request.fields.clone() };
    if fields.is_empty() {
        return Err(Rejection::Nothing { what: "supplement", id: step.case.case_id });
    }
    let limit = step.regulation.limit(Stage::Supplement).ok_or(Rejection::NoLimit("supplement"))?;
    let due_at = server::time::to_proto(step.rules.due(step.at.organ, step.at.now, limit.length).at);
    let citation = step.cite(&limit.basis, limit.stage.code(), Some(&limit.text));
    step.happens(Kind::SupplementRequested(SupplementRequested {
        fields,
        due_at: Some(due_at),
        citation: Some(citation.clone()),
    }));
    step.must_tell(request.reply_id, ReplyOccasion::Supplement, citation, None);
    step.answer().due_at = Some(due_at);
    Ok(step.done())
}

/// What article 8 names must be accepted (13); what article 10 asks for may only be missing where the officer says so.
pub(super) fn accept(mut step: Step<'_>, accept: &Accept) -> Result<Outcome, Rejection> {
    step.must_be_at(accept.version)?;
    step.must_be_in(UNDECIDED)?;
    may_be_accepted(&step, accept)?;
    let now = step.at.now;
    submit::accepted(&mut step, accept.grounds.clone(), now);
    let citation = step.cite_article("16");
    step.must_tell(accept.reply_id, ReplyOccasion::Accepted, citation, None);
    if let Some(note) = &accept.note {
        step.keeps(Write::Draft(note.clone()));
    }
    Ok(step.done())
}

fn may_be_accepted(step: &Step<'_>, accept: &Accept) -> Result<(), Rejection> {
    let received = &step.case.received;
    let grounds = if accept.grounds.is_empty() { &received.grounds } else { &accept.grounds };
    // What had to be there on submission was judged on submission: `missing` has it. So all of that is taken as there.
    let facts = ComplaintFacts {
        grounds: grounds.clone(),
        has_ground_note: accept.note.is_some(),
        ..ComplaintFacts::complete(&received.channel, source_code(received.source()))
    };
    if let Some(first) = step.regulation.admit(&facts).violations.first() {
        return Err(Rejection::Forbidden {
            article: first.article.map(str::to_owned),
            fields: vec![first.field.to_owned()],
            zh: first.zh.to_owned(),
            en: first.en.to_owned(),
        });
    }
    // Who complains is not missed in what the regulation has handled without a reply.
    let nameless = step.case.treatment == Treatment::WithoutReply;
    let missed = |field: &&String| !(nameless && field.starts_with("complainant."));
    if accept.despite_missing || !received.missing.iter().any(|field| missed(&field)) {
        return Ok(());
    }
    Err(Rejection::Forbidden {
        article: Some("10".to_owned()),
        fields: received.missing.clone(),
        zh: "投诉尚缺应当提供的内容;确需受理的,请注明「缺项仍予受理」。".to_owned(),
        en: "something that article 10 asks for is missing; to accept it all the same, say despite_missing"
            .to_owned(),
    })
}

/// Ends a case that is not accepted: the ground, department or way has to be one of the regulation's (2, 10, 14(4)).
pub(super) fn close(mut step: Step<'_>, close: &Close) -> Result<Outcome, Rejection> {
    step.must_be_at(close.version)?;
    step.must_be_in(UNDECIDED)?;
    let refusal = refusal_of(&step, &close.way)?;
    let cited = step.cite(&refusal.basis, &refusal.code, None);
    let citation = || Some(cited.clone());
    let answer_due_at =
        refusal.answer_within.map(|length| step.rules.due(step.at.organ, step.at.now, length));
    let answer_due_at = answer_due_at.map(|due| server::time::to_proto(due.at));
    let (event, occasion) = match close.way.clone() {
        Way::Decline { ground } => {
            (Kind::CaseDeclined(CaseDeclined { ground, citation: citation() }), ReplyOccasion::Declined)
        }
        Way::Refer { department } => {
            let referred = CaseReferred { department, citation: citation(), answer_due_at };
            (Kind::CaseReferred(referred), ReplyOccasion::Referred)
        }
        Way::Direct { way } => (
            Kind::DirectedElsewhere(DirectedElsewhere { way, citation: citation() }),
            ReplyOccasion::DirectedElsewhere,
        ),
    };
    step.happens(event);
    retention::set(&mut step, None);
    step.must_tell(close.reply_id, occasion, cited, None);
    if let Some(explanation) = &close.explanation {
        step.keeps(Write::Draft(explanation.clone()));
    }
    Ok(step.done())
}

fn refusal_of<'a>(step: &Step<'a>, way: &Way) -> Result<&'a Refusal, Rejection> {
    let (kind, code) = match way {
        Way::Decline { ground } => (RefusalKind::Decline, Some(ground)),
        Way::Refer { .. } => (RefusalKind::Refer, None),
        Way::Direct { way } => (RefusalKind::DirectElsewhere, Some(way)),
    };
    let fits = |refusal: &&Refusal| refusal.kind == kind && code.is_none_or(|code| *code == refusal.code);
    step.regulation.refusals().iter().find(fits).ok_or_else(|| Rejection::Forbidden {
        article: None,
        fields: Vec::new(),
        zh: "办法没有规定这样的处理方式。".to_owned(),
        en: "the regulation names no such way of not accepting a complaint".to_owned(),
    })
}

/// At any time before the conclusion, once (house).
pub(super) fn withdraw(mut step: Step<'_>, goes_on: bool) -> Result<Outcome, Rejection> {
    step.must_be_in(&[
        CaseState::Received,
        CaseState::Registered,
        CaseState::SupplementRequested,
        CaseState::Accepted,
        CaseState::InHandling,
    ])?;
    if step.case.withdrawn {
        return Err(Rejection::State(CaseState::Withdrawn));
    }
    step.happens(Kind::ComplaintWithdrawn(ComplaintWithdrawn { goes_on }));
    retention::set(&mut step, None);
    Ok(step.done())
}

/// Masks are of one version of the original; masking again makes a new working copy (15).
pub(super) fn confirm_masks(mut step: Step<'_>, confirm: &ConfirmMasks) -> Result<Outcome, Rejection> {
    if !step.case.is_under_way() {
        return Err(Rejection::State(step.case.state));
    }
    let (expected, actual) = (confirm.content_version, step.case.original_version());
    if expected != actual {
        return Err(Rejection::Version { expected, actual });
    }
    let (expected, actual) = (confirm.copy.version, step.case.working_copy_version() + 1);
    if expected != actual {
        return Err(Rejection::Version { expected, actual });
    }
    let copy = confirm.copy.reference();
    step.happens(Kind::MasksConfirmed(MasksConfirmed {
        working_copy: Some(copy.clone()),
        masks: confirm.masks,
        automatic: false,
    }));
    step.answer().working_copy = Some(copy);
    step.keeps(Write::Draft(confirm.copy.clone()));
    Ok(step.done())
}

/// The code of a source in the regulation.
pub(crate) fn source_code(source: Source) -> &'static str {
    match source {
        Source::Unspecified | Source::Citizen => "citizen",
        Source::LeaderInstruction => "leader_instruction",
        Source::Hotline12345 => "hotline_12345",
        Source::OtherOrgan => "other_organ",
    }
}
