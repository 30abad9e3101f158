//! The file of a case, bound from its ledgers: an entry that makes a document becomes one (16).

mod further;

use std::collections::{BTreeSet, HashMap};

use directory::Directory;
use duban_proto::common::v1::{ContentRef, Finding, LocalizedText, VolumeDocument, VolumePassage};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    Disposition, DispositionSubmitted, Handling, InstrumentDrafted, InvestigationRecord,
    InvestigationRecorded, RecordKind, TermBegun,
};
use jiff::Timestamp;
use prost::Message;
use prost_types::Timestamp as WireTime;
use regulation::Regulation;
use server::Error;
use uuid::Uuid;

use super::Grpc;
use super::archive::layout;
use super::disposition::code_of;
use crate::domain::Case;
use crate::event::Event;
use crate::store::CaseEntry;

/// Puts the documents of a case together.
pub(super) struct Binder<'a> {
    grpc: &'a Grpc,
    directory: &'a Directory,
    regulation: &'a Regulation,
    case_id: Uuid,
    case: &'a Case,
    /// The case's number.
    pub(super) number: String,
    /// The casework is bound, too.
    pub(super) casework: bool,
    /// The organs whose ledgers are read.
    pub(super) reads: BTreeSet<String>,
    /// When it was archived, and for how many years.
    pub(super) archived: Option<(WireTime, u32)>,
    bound: Vec<(i64, VolumeDocument)>,
    /// Instruments that were drafted, and the numbers of those that were issued.
    drafted: HashMap<String, InstrumentDrafted>,
    numbers: HashMap<String, String>,
}

/// Where an entry stands.
struct Place<'e> {
    organ: &'e str,
    at: i64,
    actor: &'e str,
}

impl<'a> Binder<'a> {
    /// A binder of the case as its home, or the organ nearest to it, knows it.
    pub(super) fn new(
        grpc: &'a Grpc,
        directory: &'a Directory,
        regulation: &'a Regulation,
        case_id: Uuid,
        case: &'a Case,
    ) -> Self {
        Self {
            grpc,
            directory,
            regulation,
            case_id,
            case,
            number: case.facts.as_ref().map(|facts| facts.number.clone()).unwrap_or_default(),
            casework: false,
            reads: BTreeSet::new(),
            archived: None,
            bound: Vec::new(),
            drafted: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    /// The documents, oldest first.
    pub(super) fn documents(self) -> Vec<VolumeDocument> {
        let mut bound = self.bound;
        bound.sort_by_key(|(at, document)| (*at, course(&document.code)));
        bound.into_iter().map(|(_, document)| document).collect()
    }

    /// An organ's name, as documents have it.
    pub(super) fn name(&self, code: &str) -> String {
        self.directory.get(code).map_or_else(|| code.to_owned(), |organ| organ.name.clone())
    }

    /// Binds what an organ's ledger has of the case.
    pub(super) async fn bind(&mut self, organ: &str, entries: Vec<CaseEntry>) -> Result<(), Error> {
        for CaseEntry { recorded_at, actor, body } in entries {
            let event = Event::decode(body.as_slice()).map_err(Error::internal)?;
            let Some(kind) = event.0.kind else { continue };
            let place = Place { organ, at: recorded_at, actor: &actor };
            if self.casework {
                self.bind_casework(&place, &kind).await?;
                self.bind_inquiry(&place, &kind).await?;
            }
            self.bind_handshake(&place, &kind).await?;
            self.bind_course(&place, &kind).await?;
        }
        Ok(())
    }

    /// How the case went from organ to organ. What two ledgers tell is bound from the one where it happened, if that is read.
    async fn bind_course(&mut self, place: &Place<'_>, kind: &Kind) -> Result<(), Error> {
        let home = self.case.is_home(place.organ);
        match kind {
            Kind::TermBegun(term) => {
                let reason = self.text(place.organ, term.departure_reason.as_ref()).await?;
                self.term(place, term, place.organ, place.actor, &reason);
            }
            Kind::TermReceived(event) => {
                let term = event.term.as_ref().filter(|term| !self.reads.contains(&term.home));
                if let Some(term) = term {
                    self.term(place, term, &term.home, "", "");
                }
            }
            Kind::TransferAcknowledged(event) => {
                self.acknowledgement(place, place.organ, event.term, place.actor, place.at);
            }
            Kind::TransferNoted(event) if !self.reads.contains(&event.organ) => {
                let at = event.acknowledged_at.as_ref().and_then(server::time::from_proto);
                let at = at.map_or(place.at, Timestamp::as_microsecond);
                self.acknowledgement(place, &event.organ, event.term, "", at);
            }
            Kind::ResultReported(event) => {
                let passages = self.result(event.finding(), &event.measures);
                let mut document = self.document("report_back", ("办理结果反馈", "Report Back"), place);
                document.term = event.term;
                document.addressee = self.name(&self.case.home);
                self.push(place.at, VolumeDocument { passages, ..document });
            }
            Kind::CaseConcluded(event) if home => {
                let mut passages = vec![self.passage(("办理单位", "handled by"), &self.name(&event.organ))];
                passages.extend(self.result(event.finding(), &event.measures));
                passages
                    .push(self.passage(("审批时间", "approved at"), &self.time(event.approved_at.as_ref())));
                let document = self.document("conclusion", ("办结登记", "Conclusion"), place);
                self.push(place.at, VolumeDocument { term: event.term, passages, ..document });
            }
            Kind::ReportedUp(event) => {
                let mut document = self.document("report_up", ("上报", "Report Up"), place);
                document.addressee = self.name(&event.parent);
                let article = event.citation.as_ref().map(|citation| citation.article.clone());
                document.article = article.unwrap_or_default();
                document.passages = vec![self.passage(("依据事实", "facts"), &event.facts_used.join("、"))];
                self.push(place.at, document);
            }
            _ => self.bind_end(place, kind),
        }
        Ok(())
    }

    /// What ended, was corrected or came to nothing, as the home has it.
    fn bind_end(&mut self, place: &Place<'_>, kind: &Kind) {
        if !self.case.is_home(place.organ) {
            return;
        }
        let (code, title, passages) = match kind {
            Kind::ActVoided(event) => {
                let organ = self.passage(("行为单位", "organ"), &self.name(&event.organ));
                let words =
                    format!("{}(第{}次办理,当时有效:第{}次)", event.act, event.term, event.current_term);
                ("void_act", ("失效行为记录", "Void Act"), vec![organ, self.passage(("行为", "act"), &words)])
            }
            Kind::FactsCorrected(_) => ("correction", ("登记事项更正", "Correction"), Vec::new()),
            Kind::WithdrawalNoted(event) => {
                let words = if event.goes_on {
                    "投诉人撤回,继续调查处理"
                } else {
                    "投诉人撤回,终止办理"
                };
                let passages = vec![self.passage(("处理", "what follows"), words)];
                ("withdrawal", ("撤回投诉记录", "Withdrawal"), passages)
            }
            Kind::CaseArchived(event) => {
                self.archived = Some((moment(place.at), event.retention_years));
                let words = match event.retention_years {
                    0 => "永久".to_owned(),
                    years => format!("{years}年"),
                };
                ("archived", ("归档", "Filed"), vec![self.passage(("保管期限", "kept for"), &words)])
            }
            _ => return,
        };
        let document = self.document(code, title, place);
        self.push(place.at, VolumeDocument { passages, ..document });
    }

    /// What the holder of a term did (18, 19).
    async fn bind_casework(&mut self, place: &Place<'_>, kind: &Kind) -> Result<(), Error> {
        match kind {
            Kind::InvestigatorsAppointed(event) => {
                let names = self.passage(("调查人员", "investigators"), &event.investigators.join("、"));
                let mut document =
                    self.document("appointment", ("调查人员指派", "Appointment of Investigators"), place);
                document.article = article(event.citation.as_ref());
                self.push(place.at, VolumeDocument { term: event.term, passages: vec![names], ..document });
            }
            Kind::InvestigationRecorded(event) => {
                let passages = self.record(place.organ, event).await?;
                let mut document =
                    self.document("investigation_record", ("调查笔录", "Investigation Record"), place);
                if event.kind() == RecordKind::Interview {
                    document.title = Some(text(("询问笔录", "Interview Record")));
                }
                self.push(place.at, VolumeDocument { term: event.term, passages, ..document });
            }
            Kind::DispositionSubmitted(event) => self.submitted(place, event).await?,
            Kind::DispositionReturned(event) => {
                let reason = self.text(place.organ, event.reason.as_ref()).await?;
                self.decided(place, event.term, &format!("退回:{reason}"));
            }
            Kind::DispositionApproved(event) => self.decided(place, event.term, "同意。"),
            _ => {}
        }
        Ok(())
    }

    /// A term that began: with another organ it is a transfer.
    fn term(&mut self, place: &Place<'_>, term: &TermBegun, home: &str, actor: &str, reason: &str) {
        let handed = term.organ != home;
        let (code, title) = if handed {
            ("transfer_form", ("转办单", "Transfer"))
        } else {
            ("competence", ("办理单位确定", "Competence"))
        };
        let mut document = self.document(code, title, place);
        document.term = term.term;
        home.clone_into(&mut document.organ);
        document.organ_name = self.name(home);
        actor.clone_into(&mut document.signatory);
        document.article = article(term.citation.as_ref());
        if handed {
            document.addressee = self.name(&term.organ);
            let number = self.regulation.form(code).and_then(|form| form.number.as_ref());
            document.number = number.map(|number| number.render(&self.number, term.term)).unwrap_or_default();
        }
        document.passages = self.about();
        document.passages.push(self.passage(("办理单位", "handled by"), &self.name(&term.organ)));
        document.passages.push(self.passage(("办理方式", "handling"), handling(term.handling())));
        if term.acknowledge_by.is_some() {
            let by = self.until(term.acknowledge_by.as_ref());
            document.passages.push(self.passage(("签收期限", "to be acknowledged by"), &by));
        }
        let rule = term.citation.as_ref().and_then(|citation| citation.text.as_ref());
        if let Some(rule) = rule {
            document.passages.push(self.wide(("依据", "rule"), &rule.zh));
        }
        if !handed {
            document.passages.push(self.wide(("依据事实", "facts"), &term.facts_used.join("、")));
        }
        if term.departure_reason.is_some() {
            document.passages.push(self.wide(("指定办理的理由", "why another organ"), reason));
        }
        self.push(place.at, document);
    }

    fn acknowledgement(&mut self, place: &Place<'_>, organ: &str, term: u32, actor: &str, at: i64) {
        let mut document = self.document("acknowledgement", ("转办签收", "Acknowledgement"), place);
        organ.clone_into(&mut document.organ);
        document.organ_name = self.name(organ);
        actor.clone_into(&mut document.signatory);
        document.at = Some(moment(at));
        document.term = term;
        self.push(at, document);
    }

    /// The case in a line or two: number, respondents, grounds, weight.
    fn about(&self) -> Vec<VolumePassage> {
        let facts = self.case.facts.clone().unwrap_or_default();
        let respondents: Vec<_> = facts.respondents.iter().map(|one| self.name(&one.organ)).collect();
        let grounds = facts.grounds.iter().filter_map(|code| self.regulation.ground(code));
        let grounds: Vec<_> = grounds.map(|ground| format!("{}({})", ground.text.zh, ground.code)).collect();
        vec![
            self.passage(("投诉编号", "number"), &self.number),
            self.passage(("受理日期", "accepted"), &self.time(facts.accepted_at.as_ref())),
            self.wide(("被投诉单位", "respondents"), &respondents.join("、")),
            self.wide(("投诉事项", "grounds"), &grounds.join(";")),
        ]
    }

    async fn record(&self, organ: &str, event: &InvestigationRecorded) -> Result<Vec<VolumePassage>, Error> {
        let words = self.words(organ, event.record.as_ref()).await?;
        let InvestigationRecord { place, text, .. } =
            InvestigationRecord::decode(words.as_slice()).map_err(Error::internal)?;
        let confirmed = if event.confirmed { "已核对确认" } else { "未确认" };
        Ok(vec![
            self.passage(("时间", "time"), &self.time(event.taken_at.as_ref())),
            self.passage(("地点", "place"), &place),
            self.passage(("调查人员", "investigators"), &event.investigators.join("、")),
            self.passage(("被询问人确认", "confirmation"), confirmed),
            self.wide(("笔录", "record"), &text),
        ])
    }

    /// Report and form. What the leader decides is written in when it is known.
    async fn submitted(&mut self, place: &Place<'_>, event: &DispositionSubmitted) -> Result<(), Error> {
        let words = self.words(place.organ, event.report.as_ref()).await?;
        let Disposition { report, opinion, .. } =
            Disposition::decode(words.as_slice()).map_err(Error::internal)?;
        let document = self.document("investigation_report", ("调查报告", "Investigation Report"), place);
        let passages = vec![self.wide(("调查报告", "report"), &report)];
        self.push(place.at, VolumeDocument { term: event.term, passages, ..document });

        let mut form = self.document("disposition_form", ("行政效能投诉处理表", "Disposition Form"), place);
        form.term = event.term;
        form.passages = self.about();
        form.passages.push(self.passage(("填报人", "submitted by"), place.actor));
        form.passages.extend(self.result(event.finding(), &event.measures));
        form.passages.push(self.wide(("承办意见", "opinion"), &opinion));
        form.passages.push(self.wide(APPROVAL, ""));
        form.signatory.clear();
        self.push(place.at, form);
        Ok(())
    }

    /// The leader's words go onto the form that was last put before them.
    fn decided(&mut self, place: &Place<'_>, term: u32, words: &str) {
        let found = self.bound.iter_mut().rev().find(|(_, document)| {
            document.code == "disposition_form" && document.term == term && document.organ == place.organ
        });
        let Some((at, form)) = found else { return };
        *at = place.at;
        place.actor.clone_into(&mut form.signatory);
        form.at = Some(moment(place.at));
        if let Some(passage) = form.passages.last_mut() {
            words.clone_into(&mut passage.text);
        }
    }

    fn result(&self, finding: Finding, measures: &[String]) -> Vec<VolumePassage> {
        let rule = self.regulation.investigation();
        let outcome = rule.outcome(code_of(finding)).map(|outcome| outcome.text.zh.as_str());
        let measures = measures.iter().map(|code| match rule.measure(code) {
            Some(measure) => measure.text.zh.as_str(),
            None => code.as_str(),
        });
        let measures: Vec<_> = measures.collect();
        vec![
            self.passage(("调查结论", "finding"), outcome.unwrap_or_default()),
            self.passage(("处理建议", "measures"), &measures.join("、")),
        ]
    }

    /// A document without words yet, by whoever made the entry; titled and laid out as the regulation's form of that code.
    fn document(&self, code: &str, title: (&str, &str), place: &Place<'_>) -> VolumeDocument {
        let form = self.regulation.form(code);
        VolumeDocument {
            code: code.to_owned(),
            title: Some(form.map_or_else(
                || text(title),
                |form| LocalizedText { zh: form.text.zh.clone(), en: form.text.en.clone() },
            )),
            at: Some(moment(place.at)),
            organ: place.organ.to_owned(),
            organ_name: self.name(place.organ),
            signatory: if place.actor.starts_with("service:") {
                String::new()
            } else {
                place.actor.to_owned()
            },
            article: form.and_then(|form| form.basis.article()).unwrap_or_default().to_owned(),
            layout: form.map(|form| layout(form.layout)).unwrap_or_default().into(),
            seal: form.is_some_and(|form| form.seal),
            ..VolumeDocument::default()
        }
    }

    fn push(&mut self, at: i64, document: VolumeDocument) {
        self.bound.push((at, document));
    }

    #[allow(clippy::unused_self)] // beside its kin
    fn passage(&self, label: (&str, &str), words: &str) -> VolumePassage {
        VolumePassage { label: Some(text(label)), text: words.to_owned(), wide: false }
    }

    fn wide(&self, label: (&str, &str), words: &str) -> VolumePassage {
        VolumePassage { wide: true, ..self.passage(label, words) }
    }

    /// A moment as documents have it, in the zone in which days are counted.
    fn time(&self, at: Option<&WireTime>) -> String {
        let at = at.and_then(server::time::from_proto);
        let zone = &self.regulation.counting().zone;
        at.map(|at| zone.to_datetime(at).strftime("%Y年%-m月%-d日 %H:%M").to_string()).unwrap_or_default()
    }

    /// The day that ends at a moment.
    fn until(&self, at: Option<&WireTime>) -> String {
        let at = at.and_then(server::time::from_proto);
        let last = at.map(|at| Timestamp::from_nanosecond(at.as_nanosecond() - 1).unwrap_or(at));
        let zone = &self.regulation.counting().zone;
        last.map(|at| zone.to_datetime(at).strftime("%Y年%-m月%-d日").to_string()).unwrap_or_default()
    }

    /// What an entry commits to; empty where there is none or it was erased.
    async fn words(&self, organ: &str, text: Option<&ContentRef>) -> Result<Vec<u8>, Error> {
        match text {
            Some(text) => self.grpc.read(organ, self.case_id, text).await,
            None => Ok(Vec::new()),
        }
    }

    async fn text(&self, organ: &str, text: Option<&ContentRef>) -> Result<String, Error> {
        String::from_utf8(self.words(organ, text).await?).map_err(Error::internal)
    }
}

/// Where the leader in charge writes on the disposition form (19).
const APPROVAL: (&str, &str) = ("主管领导审批意见", "the leader's decision");

/// What comes first of documents of the same moment, in the ledgers of several organs.
fn course(code: &str) -> usize {
    const COURSE: [&str; 10] = [
        "report_up",
        "competence",
        "transfer_form",
        "acknowledgement",
        "appointment",
        "investigation_record",
        "investigation_report",
        "disposition_form",
        "report_back",
        "conclusion",
    ];
    COURSE.iter().position(|one| *one == code).unwrap_or(COURSE.len())
}

fn text((zh, en): (&str, &str)) -> LocalizedText {
    LocalizedText { zh: zh.to_owned(), en: en.to_owned() }
}

fn article(citation: Option<&duban_proto::common::v1::Citation>) -> String {
    citation.map(|citation| citation.article.clone()).unwrap_or_default()
}

fn moment(micros: i64) -> WireTime {
    server::time::to_proto(ledger::from_micros(micros))
}

fn handling(handling: Handling) -> &'static str {
    match handling {
        Handling::Unspecified => "",
        Handling::Own => "自行办理",
        Handling::Assigned => "交办,办结后反馈",
        Handling::Transferred => "转办",
        Handling::Direct => "直接调查处理",
    }
}
