//! What else becomes a document of the file: the handshake between organs, plan and evidence, instruments, opinions of
//! co-handlers, and that the case was opened again (3, 6(2), 7, 18).

use duban_proto::common::v1::{AppealOutcome, VolumeDocument, VolumePassage};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    AppealNoted, EvidenceListed, Instrument, InstrumentAnswer, InstrumentAnswered, InstrumentDrafted,
    InstrumentIssued, OpinionSubmitted, instrument_addressee::To,
};
use prost::Message as _;
use server::Error;

use super::{Binder, Place, article};

impl Binder<'_> {
    /// What organs told each other of a term, and a case that was opened again. Bound where it happened, or where it was
    /// noted if that ledger is not read.
    pub(super) async fn bind_handshake(&mut self, place: &Place<'_>, kind: &Kind) -> Result<(), Error> {
        let home = self.case.is_home(place.organ);
        let happened = |organ: &str| organ == place.organ || !self.reads.contains(organ);
        let (code, title, term, mut passages, reason) = match kind {
            Kind::TransferReturned(event) if happened(&event.organ) => {
                let ground = self.regulation.transfers().ground(&event.ground);
                let ground = ground.map_or(event.ground.as_str(), |ground| ground.text.zh.as_str());
                let passages = vec![
                    self.passage(("退回单位", "returned by"), &self.name(&event.organ)),
                    self.passage(("退回事由", "ground"), ground),
                ];
                ("return", ("退回", "Return"), event.term, passages, event.reason.as_ref())
            }
            Kind::ReturnDecided(event) if home => {
                let words = if event.agreed { "同意退回" } else { "不同意退回,指定办理" };
                let passages = vec![self.passage(("决定", "decision"), words)];
                (
                    "return_decision",
                    ("退回处理", "Decision on a Return"),
                    event.term,
                    passages,
                    event.reason.as_ref(),
                )
            }
            Kind::RecallRequested(event) if home => {
                let passages = vec![self.passage(("拟改由", "to go to"), &self.name(&event.organ))];
                ("recall", ("收回", "Recall"), event.term, passages, event.reason.as_ref())
            }
            Kind::RecallAnswered(event) if happened(&event.organ) => {
                let words = if event.agreed { "同意收回" } else { "不同意收回" };
                let passages = vec![self.passage(("答复", "answer"), words)];
                (
                    "recall_answer",
                    ("收回答复", "Answer to a Recall"),
                    event.term,
                    passages,
                    event.reason.as_ref(),
                )
            }
            Kind::CaseReopened(event) if event.home == place.organ => {
                let count = self.passage(("次数", "how often"), &format!("第{}次", event.reopening));
                ("reopening", ("重新办理", "Reopening"), event.term, vec![count], event.reason.as_ref())
            }
            Kind::ReinvestigationNoted(event) if home => {
                let words = if event.directly { "直接调查处理" } else { "重新调查处理" };
                let passages = vec![
                    self.passage(("作出单位", "ordered by"), &self.name(&event.ordered_by)),
                    self.passage(("决定", "decision"), words),
                ];
                ("reinvestigation", ("责令重新调查处理", "Reinvestigation"), event.term, passages, None)
            }
            Kind::AppealNoted(event) if home => {
                let passages = self.appeal(event);
                ("appeal", ("申诉决定", "Decision on an Appeal"), event.term, passages, None)
            }
            _ => return Ok(()),
        };
        let keeper = match kind {
            Kind::TransferReturned(event) => event.organ.as_str(),
            Kind::RecallAnswered(event) => event.organ.as_str(),
            _ => place.organ,
        };
        let reason = self.text(keeper, reason).await?;
        if !reason.is_empty() {
            passages.push(self.wide(("理由", "reason"), &reason));
        }
        // Told to several organs, it is an entry for each.
        let told = matches!(kind, Kind::AppealNoted(_) | Kind::CaseReopened(_));
        if told && self.bound.iter().any(|(at, bound)| *at == place.at && bound.code == code) {
            return Ok(());
        }
        let mut document = self.document(code, title, place);
        document.article = match kind {
            Kind::CaseReopened(event) => article(event.citation.as_ref()),
            Kind::ReinvestigationNoted(event) => article(event.citation.as_ref()),
            Kind::AppealNoted(event) => article(event.citation.as_ref()),
            _ => document.article,
        };
        self.push(place.at, VolumeDocument { term, passages, ..document });
        Ok(())
    }

    /// What became of an appeal, and the result as it is by it (5(2)).
    fn appeal(&self, event: &AppealNoted) -> Vec<VolumePassage> {
        let words = match event.outcome() {
            AppealOutcome::Changed => "变更原处理结果",
            AppealOutcome::Revoked => "撤销原处理结果,重新调查处理",
            AppealOutcome::Upheld | AppealOutcome::Unspecified => "维持原处理结果",
        };
        let mut passages = vec![
            self.passage(("作出单位", "decided by"), &self.name(&event.decided_by)),
            self.passage(("决定", "decision"), words),
        ];
        if event.outcome() == AppealOutcome::Changed {
            passages.extend(self.result(event.finding(), &event.measures));
        }
        passages
    }

    /// What investigators and co-handlers wrote beside records and report (18).
    pub(super) async fn bind_inquiry(&mut self, place: &Place<'_>, kind: &Kind) -> Result<(), Error> {
        let (code, title, term, passages, cited) = match kind {
            Kind::PlanSet(event) => {
                let plan = self.text(place.organ, event.plan.as_ref()).await?;
                let passages = vec![self.wide(("方案", "plan"), &plan)];
                ("plan", ("调查方案", "Plan of the Investigation"), event.term, passages, None)
            }
            Kind::InvestigatorRecused(event) => {
                let passages = vec![self.passage(("回避人员", "who withdrew"), &event.person)];
                ("recusal", ("回避", "Recusal"), event.term, passages, event.citation.as_ref())
            }
            Kind::InvestigatorReplaced(event) => {
                let reason = self.text(place.organ, event.reason.as_ref()).await?;
                let passages = vec![
                    self.passage(("原调查人员", "former"), &event.former),
                    self.passage(("更换为", "replaced by"), &event.successor),
                    self.wide(("理由", "reason"), &reason),
                ];
                (
                    "replacement",
                    ("调查人员更换", "Replacement"),
                    event.term,
                    passages,
                    event.citation.as_ref(),
                )
            }
            Kind::EvidenceListed(event) => {
                let passages = self.evidence(place.organ, event).await?;
                ("evidence", ("证据登记", "Evidence"), event.term, passages, None)
            }
            Kind::OpinionDecided(event) if event.approved => {
                let Some(opinion) = &event.opinion else { return Ok(()) };
                let passages = self.opinion(place.organ, opinion).await?;
                (
                    "opinion",
                    ("协办意见", "Opinion of a Co-handler"),
                    opinion.term,
                    passages,
                    event.citation.as_ref(),
                )
            }
            _ => return self.bind_instrument(place, kind).await,
        };
        let mut document = self.document(code, title, place);
        if cited.is_some() {
            document.article = article(cited);
        }
        self.push(place.at, VolumeDocument { term, passages, ..document });
        Ok(())
    }

    async fn evidence(&self, organ: &str, event: &EvidenceListed) -> Result<Vec<VolumePassage>, Error> {
        let mut passages = vec![self.passage(("证据编号", "number"), &event.number.to_string())];
        if event.removed {
            let reason = self.text(organ, event.removal_reason.as_ref()).await?;
            passages.push(self.wide(("撤除理由", "taken off because"), &reason));
            return Ok(passages);
        }
        let words = self.words(organ, event.description.as_ref()).await?;
        let words = duban_proto::routing::v1::Evidence::decode(words.as_slice()).map_err(Error::internal)?;
        let mut kinds = self.regulation.investigation().evidence.kinds.iter();
        let kind = kinds.find(|kind| kind.code == event.kind);
        passages.push(self.passage(("种类", "kind"), kind.map_or(&event.kind, |kind| &kind.text.zh)));
        passages.push(self.passage(("取得时间", "collected at"), &self.time(event.collected_at.as_ref())));
        passages.push(self.passage(("取证人员", "collected by"), &event.collected_by.join("、")));
        passages.push(self.wide(("来源", "source"), &words.source));
        passages.push(self.wide(("说明", "description"), &words.text));
        Ok(passages)
    }

    async fn opinion(&self, organ: &str, event: &OpinionSubmitted) -> Result<Vec<VolumePassage>, Error> {
        let mut passages = self.result(event.finding(), &event.measures);
        let words = self.text(organ, event.opinion.as_ref()).await?;
        passages.push(self.passage(("调查人员", "investigators"), &event.investigators.join("、")));
        passages.push(self.wide(("意见", "opinion"), &words));
        Ok(passages)
    }

    /// An instrument when it is issued under its number, and what is answered (7, 22).
    async fn bind_instrument(&mut self, place: &Place<'_>, kind: &Kind) -> Result<(), Error> {
        match kind {
            Kind::InstrumentDrafted(event) => {
                self.drafted.insert(event.instrument_id.clone(), event.clone());
            }
            Kind::InstrumentIssued(event) => {
                if let Some(drafted) = self.drafted.get(&event.instrument_id).cloned() {
                    self.issued(place, event, &drafted).await?;
                }
            }
            Kind::InstrumentAnswered(event) => self.answered(place, event).await?,
            _ => {}
        }
        Ok(())
    }

    async fn issued(
        &mut self,
        place: &Place<'_>,
        event: &InstrumentIssued,
        drafted: &InstrumentDrafted,
    ) -> Result<(), Error> {
        let words = self.words(place.organ, drafted.text.as_ref()).await?;
        let words = Instrument::decode(words.as_slice()).map_err(Error::internal)?;
        let mut document = self.document("instrument", (&words.title, "Instrument"), place);
        document.number.clone_from(&event.number);
        document.term = drafted.term;
        document.article = article(drafted.citation.as_ref());
        document.addressee = match drafted.addressee.as_ref().and_then(|addressee| addressee.to.as_ref()) {
            Some(To::Organ(code)) => self.name(code),
            Some(To::Authority(_)) => words.addressee_name.clone(),
            Some(To::Respondent(_)) => "被投诉人".to_owned(),
            None => String::new(),
        };
        document.passages = vec![self.wide(("正文", "text"), &words.text)];
        if event.due_at.is_some() {
            let by = self.until(event.due_at.as_ref());
            document.passages.push(self.passage(("答复期限", "to be answered by"), &by));
        }
        self.numbers.insert(event.instrument_id.clone(), event.number.clone());
        self.push(place.at, document);
        Ok(())
    }

    async fn answered(&mut self, place: &Place<'_>, event: &InstrumentAnswered) -> Result<(), Error> {
        let keeper = if event.organ.is_empty() { place.organ } else { &event.organ };
        let words = self.words(keeper, event.answer.as_ref()).await?;
        let words = InstrumentAnswer::decode(words.as_slice()).map_err(Error::internal)?;
        let number = self.numbers.get(&event.instrument_id).cloned().unwrap_or_default();
        let mut passages = vec![
            self.passage(("答复文书", "in answer to"), &number),
            self.passage(("收到日期", "received on"), &event.received_on),
        ];
        if !event.measure.is_empty() {
            let measure = self.regulation.investigation().measure(&event.measure);
            let measure = measure.map_or(event.measure.as_str(), |measure| measure.text.zh.as_str());
            passages.push(self.passage(("处理决定", "measure decided"), measure));
            passages.push(self.passage(("决定单位", "decided by"), &words.decided_by));
        }
        passages.push(self.wide(("答复内容", "answer"), &words.text));
        let document = self.document("instrument_answer", ("文书答复", "Answer to an Instrument"), place);
        self.push(place.at, VolumeDocument { passages, ..document });
        Ok(())
    }
}
