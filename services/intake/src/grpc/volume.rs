//! `GetIntakeVolume` (13, 16): intake's part of a case's file. What is told of the complainant here is nothing: texts come from
//! the working copy, or are masked as the rules propose.

use directory::Directory;
use duban_proto::common::v1::{DocumentLayout, LocalizedText, VolumeDocument, VolumePassage, Weight};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    Complainant, Complaint, DeliveryOutcome, GetIntakeVolumeRequest, GetIntakeVolumeResponse,
    LeaderInstruction, ReplyDelivered,
};
use jiff::Timestamp;
use prost::Message as _;
use regulation::{Layout, Regulation};
use seal::{CaseRef, mask};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::cases::moment;
use super::masks::propose;
use super::see::knows_complainants;
use crate::domain::{Case, Reply, source_code};
use crate::event::Event;
use crate::store::{self, CaseEntry, Filed};

/// Stands where a tracking code was: that is told to nobody but the complainant.
const NO_CODE: &str = "〔略〕";

/// What the documents of a case are made of.
struct Papers<'a> {
    organ: &'a str,
    organ_name: String,
    case: &'a Case,
    regulation: &'a Regulation,
    entries: Vec<(CaseEntry, Kind)>,
    /// The complaint without who complains; empty where it was erased.
    original: Complaint,
    /// For masks only; never told.
    complainant: Complainant,
    directory: &'a Directory,
}

impl Grpc {
    pub(super) async fn intake_volume(
        &self,
        caller: &Caller,
        request: GetIntakeVolumeRequest,
    ) -> Result<GetIntakeVolumeResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory.knowing([caller.principal().organ.as_str()]).await?;
        let Filed { organ, case } = self.visible(caller, &directory, case_id).await?;
        let retained = self.retained(&organ, case_id).await?;
        let identity_gone = retained.as_ref().is_some_and(|retained| retained.identity_gone().is_some());
        let gone = identity_gone || self.vault.erasure(&organ, case_id).await?.is_some();
        let case_gone = retained.as_ref().is_some_and(|retained| retained.case_gone().is_some());
        let papers = Papers {
            organ: &organ,
            organ_name: directory.get(&organ).map(|organ| organ.name.clone()).unwrap_or_default(),
            case: &case,
            regulation: self.regulation(&organ),
            entries: decoded(store::case_entries(self.pool(), &organ, case_id).await?)?,
            original: if gone { Complaint::default() } else { self.read_original(&organ, &case).await? },
            complainant: if gone {
                Complainant::default()
            } else {
                self.complainant(&organ, case_id).await?
            },
            directory: &directory,
        };
        let working_copy = match case.working_copy.as_ref().filter(|_| !case_gone) {
            Some(copy) => self.read_kept(&organ, case_id, copy).await?,
            None => String::new(),
        };
        let mut documents = vec![papers.record_form(&working_copy)?];
        documents.extend(papers.acceptance());
        let instruction_form = papers.instruction_form(&working_copy)?;
        documents.extend(papers.original.leader_instruction.as_ref().map(|_| instruction_form.clone()));
        let registering = caller.visibility(directory.tree()).includes(&organ);
        let files = registering && caller.has(access::Role::Archivist);
        if files || knows_complainants(caller, &directory, &organ) {
            let replies = store::replies_of_case(self.pool(), &organ, case_id).await?;
            for (ordinal, reply) in (1..).zip(&replies) {
                let text = if gone { String::new() } else { self.told(&papers, reply).await? };
                documents.push(papers.notice(reply, ordinal, &text)?);
            }
        }
        documents.sort_by_key(|document| document.at.map(|at| (at.seconds, at.nanos)));
        Ok(GetIntakeVolumeResponse {
            case_id: case_id.to_string(),
            number: case.number.clone(),
            organ: organ.clone(),
            organ_name: papers.organ_name.clone(),
            state: case.state.into(),
            documents,
            instruction_form: Some(instruction_form),
        })
    }

    /// The words as they were told; before that, as the regulation proposes them. Without the tracking code.
    async fn told(&self, papers: &Papers<'_>, reply: &Reply) -> Result<String, Error> {
        let kept = papers.delivered(reply).and_then(|(_, event)| event.text.clone());
        let text = match kept {
            Some(text) => self.read_kept(papers.organ, papers.case.case_id, &text).await?,
            None => self.reply_text(papers.organ, papers.case, reply).await?,
        };
        let code = self.tracking.of(CaseRef::new(papers.organ, papers.case.case_id.as_bytes())).expose();
        Ok(text.replace(&*code, NO_CODE))
    }
}

fn decoded(entries: Vec<CaseEntry>) -> Result<Vec<(CaseEntry, Kind)>, Error> {
    let mut decoded = Vec::with_capacity(entries.len());
    for entry in entries {
        let event = Event::decode(entry.body.as_slice()).map_err(Error::internal)?;
        decoded.extend(event.0.kind.map(|kind| (entry, kind)));
    }
    Ok(decoded)
}

impl Papers<'_> {
    /// 《行政效能投诉记录表》 (13).
    fn record_form(&self, working_copy: &str) -> Result<VolumeDocument, Error> {
        let registered = self.entries.iter().find(|(_, kind)| matches!(kind, Kind::CaseRegistered(_)));
        let (at, clerk) = registered.map_or((self.case.received_at.as_microsecond(), ""), |(entry, _)| {
            (entry.recorded_at, entry.actor.as_str())
        });
        let mut form = self.document("record_form", ("行政效能投诉记录表", "Record Form"), at);
        clerk.clone_into(&mut form.signatory);
        form.number.clone_from(&self.case.number);
        form.passages = self.head();
        form.passages.extend([
            passage(("登记人", "registered by"), clerk),
            passage(("登记时间", "registered at"), &self.time(Timestamp::from_microsecond(at).ok())),
            passage(("发生时间", "happened on"), &self.original.occurred_on),
            passage(("发生地点", "place"), &self.masked(&self.original.place)?),
            wide(("被投诉人", "respondents"), &self.respondents()?),
            wide(("投诉事项", "grounds"), &self.grounds()),
            wide(("投诉内容", "content"), working_copy),
        ]);
        Ok(form)
    }

    /// The acceptance; none before it.
    fn acceptance(&self) -> Option<VolumeDocument> {
        let accepted = self.entries.iter().find_map(|(entry, kind)| match kind {
            Kind::CaseAccepted(event) => Some((entry, event.facts.clone().unwrap_or_default())),
            _ => None,
        });
        let (entry, facts) = accepted?;
        let mut document = self.document("acceptance", ("受理登记", "Acceptance"), entry.recorded_at);
        document.signatory = person(&entry.actor);
        document.article = facts.citation.map(|citation| citation.article).unwrap_or_default();
        document.passages = vec![
            passage(("投诉编号", "number"), &self.case.number),
            passage(("受理时间", "accepted at"), &self.time(self.case.accepted_at)),
            wide(("投诉事项", "grounds"), &self.grounds()),
        ];
        Some(document)
    }

    /// The form by which a case is put before a leader (14(1)): what was instructed, or free space for it.
    fn instruction_form(&self, working_copy: &str) -> Result<VolumeDocument, Error> {
        let at = self.case.received_at.as_microsecond();
        let mut form = self.document("instruction_form", ("行政效能投诉呈批表", "Instruction Form"), at);
        let given = self.original.leader_instruction.clone().unwrap_or_default();
        let LeaderInstruction { leader, words, date } = given;
        form.signatory.clone_from(&leader);
        form.passages = self.head();
        form.passages.extend([
            wide(("投诉内容", "content"), working_copy),
            wide(("拟办意见", "proposed handling"), ""),
            passage(("批示领导", "leader"), &leader),
            passage(("批示日期", "date"), &date),
            wide(("领导批示", "instruction"), &self.masked(&words)?),
            wide(("办理情况", "what was done"), ""),
        ]);
        Ok(form)
    }

    /// A notice to the complainant (16, 17), with what came of its delivery.
    fn notice(&self, reply: &Reply, ordinal: u32, text: &str) -> Result<VolumeDocument, Error> {
        let delivered = self.delivered(reply);
        let at = delivered.map_or(reply.since.as_microsecond(), |(entry, _)| entry.recorded_at);
        let mut document = self.document("notice", ("行政效能投诉告知书", "Notice"), at);
        let form = self.regulation.form("notice").and_then(|form| form.number.as_ref());
        document.number = form.map(|form| form.render(&self.case.number, ordinal)).unwrap_or_default();
        document.signatory = delivered.map(|(entry, _)| person(&entry.actor)).unwrap_or_default();
        document.addressee.clone_from(&self.regulation.parties().complainant.zh);
        document.article =
            reply.citation.as_ref().map(|citation| citation.article.clone()).unwrap_or_default();
        let outcome = match reply.outcome {
            DeliveryOutcome::Unspecified => "未送达",
            DeliveryOutcome::Sent => "已送出",
            DeliveryOutcome::Acknowledged => "已确认收悉",
            DeliveryOutcome::Failed => "送达未成",
            DeliveryOutcome::Erased => "已清除",
            DeliveryOutcome::Obsolete => "重新办理,不再告知",
        };
        document.passages = vec![
            wide(("正文", "text"), &self.masked(text)?),
            passage(("送达情况", "delivery"), outcome),
            passage(("送达方式", "form"), delivered.map_or("", |(_, event)| way(&event.form))),
        ];
        Ok(document)
    }

    /// The last word on the delivery of a reply.
    fn delivered(&self, reply: &Reply) -> Option<(&CaseEntry, &ReplyDelivered)> {
        let id = reply.reply_id.to_string();
        self.entries.iter().rev().find_map(|(entry, kind)| match kind {
            Kind::ReplyDelivered(event) if event.reply_id == id => Some((entry, event)),
            _ => None,
        })
    }

    fn head(&self) -> Vec<VolumePassage> {
        let channel = self.regulation.channel(&self.case.received.channel);
        let source = self.regulation.source(source_code(self.case.received.source()));
        let term =
            |term: Option<&regulation::Term>| term.map(|term| term.text.zh.clone()).unwrap_or_default();
        vec![
            passage(("投诉编号", "number"), &self.case.number),
            passage(("收到时间", "received at"), &self.time(Some(self.case.received_at))),
            passage(("投诉形式", "channel"), &term(channel)),
            passage(("来源", "source"), &term(source)),
        ]
    }

    /// Whom it is about: the organs as the directory has them, the persons as the complainant named them.
    fn respondents(&self) -> Result<String, Error> {
        let facts = self.case.received.respondents.iter();
        let mut lines = Vec::new();
        for (index, respondent) in facts.enumerate() {
            let organ = self.directory.get(&respondent.organ);
            let mut line = organ.map_or_else(|| respondent.organ.clone(), |organ| organ.name.clone());
            let person = self.original.respondents.get(index).and_then(|one| one.person.as_ref());
            if let Some(person) = person {
                for words in [&person.position, &person.name] {
                    if !words.is_empty() {
                        line.push(' ');
                        line.push_str(&self.masked(words)?);
                    }
                }
            }
            lines.push(line);
        }
        Ok(lines.join(";"))
    }

    fn grounds(&self) -> String {
        let grounds = self.case.received.grounds.iter().filter_map(|code| self.regulation.ground(code));
        let grounds: Vec<_> = grounds.map(|ground| format!("{}({})", ground.text.zh, ground.code)).collect();
        let weights: Vec<_> = self.case.received.weights().map(weight).collect();
        if weights.is_empty() {
            grounds.join(";")
        } else {
            format!("{}【{}】", grounds.join(";"), weights.join("、"))
        }
    }

    /// A text without what names the complainant, as the rules find it (15).
    fn masked(&self, text: &str) -> Result<String, Error> {
        let masks = propose(text, &self.complainant, self.directory);
        mask::apply(text, &masks).map_err(Error::internal)
    }

    fn document(&self, code: &str, title: (&str, &str), at: i64) -> VolumeDocument {
        let form = self.regulation.form(code);
        let own = LocalizedText { zh: title.0.to_owned(), en: title.1.to_owned() };
        let layout = form.map_or(DocumentLayout::Unspecified, |form| match form.layout {
            Layout::Table => DocumentLayout::Table,
            Layout::Letter => DocumentLayout::Letter,
            Layout::RedHead => DocumentLayout::RedHead,
        });
        VolumeDocument {
            code: code.to_owned(),
            title: Some(
                form.map_or(own, |form| LocalizedText { zh: form.text.zh.clone(), en: form.text.en.clone() }),
            ),
            at: moment(at),
            organ: self.organ.to_owned(),
            organ_name: self.organ_name.clone(),
            article: form.and_then(|form| form.basis.article()).unwrap_or_default().to_owned(),
            layout: layout.into(),
            seal: form.is_some_and(|form| form.seal),
            ..VolumeDocument::default()
        }
    }

    /// A moment as documents have it, in the zone in which days are counted.
    fn time(&self, at: Option<Timestamp>) -> String {
        let zone = &self.regulation.counting().zone;
        at.map(|at| zone.to_datetime(at).strftime("%Y年%-m月%-d日 %H:%M").to_string()).unwrap_or_default()
    }
}

fn passage(label: (&str, &str), text: &str) -> VolumePassage {
    let label = LocalizedText { zh: label.0.to_owned(), en: label.1.to_owned() };
    VolumePassage { label: Some(label), text: text.to_owned(), wide: false }
}

fn wide(label: (&str, &str), text: &str) -> VolumePassage {
    VolumePassage { wide: true, ..passage(label, text) }
}

/// Who signed; nobody where the program did it.
fn person(actor: &str) -> String {
    if actor.starts_with("service:") { String::new() } else { actor.to_owned() }
}

fn way(form: &str) -> &str {
    match form {
        "letter" => "信函",
        "call" => "电话",
        "online" => "网上",
        "in_person" => "当面",
        "agency" => "原系统",
        "sms" => "短信",
        "email" => "电子邮件",
        other => other,
    }
}

fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Unspecified => "",
        Weight::SeriousHarm => "严重损害企业和人民群众利益",
        Weight::AdverseImpact => "影响恶劣",
        Weight::Special => "情况特殊",
        Weight::Complex => "疑难复杂",
    }
}
