//! What bears on accountability of how a case is handled, gathered as it happens (21).

use duban_proto::common::v1::Finding;
use duban_proto::supervision::v1::{
    ClockKind, ConductKind, ConductNoted, Evidence, NoticeOverdue, RungFired, event::Kind,
};
use jiff::Timestamp;
use regulation::{Accountability, Effect, Sign};
use uuid::Uuid;

use super::evolve::Stamp;
use super::time::{from_wire, to_wire};
use super::{Book, ClockKey};

/// What an organ's supervision knows of it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Conduct {
    /// The case.
    #[prost(string, tag = "1")]
    pub case_id: String,
    /// The organ that handles the case; empty where it is the home.
    #[prost(string, tag = "2")]
    pub handler: String,
    /// Who took part in handling it here, by the subjects of tokens.
    #[prost(string, repeated, tag = "3")]
    pub persons: Vec<String>,
    /// What happened, in order.
    #[prost(message, repeated, tag = "4")]
    pub noted: Vec<Noted>,
    /// What was found the last time.
    #[prost(enumeration = "Finding", tag = "5")]
    pub finding: i32,
    /// It is to be told to the organ that may hold accountable.
    #[prost(bool, tag = "6")]
    pub due: bool,
}

/// One thing that happened.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Noted {
    /// What.
    #[prost(message, required, tag = "1")]
    pub evidence: Evidence,
    /// It was told.
    #[prost(bool, tag = "2")]
    pub told: bool,
}

/// The sign that this is; `None` where it is none.
pub(crate) const fn sign(kind: ConductKind) -> Option<Sign> {
    Some(match kind {
        ConductKind::Returned => Sign::Returned,
        ConductKind::Overdue => Sign::Overdue,
        ConductKind::NoticeUnanswered => Sign::NoticeUnanswered,
        ConductKind::SentBack => Sign::SentBack,
        ConductKind::OtherFinding => Sign::OtherFinding,
        _ => return None,
    })
}

/// The effect that this is; `None` where it is none.
const fn effect(kind: ConductKind) -> Option<Effect> {
    Some(match kind {
        ConductKind::AdverseImpact => Effect::AdverseImpact,
        ConductKind::SeriousHarm => Effect::SeriousHarm,
        ConductKind::Retaliation => Effect::Retaliation,
        _ => return None,
    })
}

/// Whether shirking or poor investigation led to repeated complaints: so many signs, and so many complaints after the first.
pub(crate) fn led_to_repeats(rule: &Accountability, evidence: &[&Evidence]) -> bool {
    let of_rule = |it: &&&Evidence| sign(it.kind()).is_some_and(|sign| rule.signs.contains(&sign));
    let signs: Vec<_> = evidence.iter().filter(of_rule).collect();
    let first = signs.iter().map(|it| from_wire(it.at.as_ref())).min();
    let after = |it: &&&Evidence| {
        it.kind() == ConductKind::Repeated && first.is_some_and(|first| from_wire(it.at.as_ref()) >= first)
    };
    let enough = |count: usize, least: u32| u32::try_from(count).is_ok_and(|count| count >= least);
    enough(signs.len(), rule.least_signs) && enough(evidence.iter().filter(after).count(), rule.least_repeats)
}

/// Whether it had an effect, too: the chain is complete.
pub(crate) fn is_complete(rule: &Accountability, evidence: &[&Evidence]) -> bool {
    let counts = |it: &&Evidence| effect(it.kind()).is_some_and(|effect| rule.effects.contains(&effect));
    led_to_repeats(rule, evidence) && evidence.iter().any(counts)
}

impl Conduct {
    /// The case.
    pub(crate) fn case(&self) -> Uuid {
        self.case_id.parse().unwrap_or_default()
    }

    /// What happened.
    pub(crate) fn evidence(&self) -> Vec<&Evidence> {
        self.noted.iter().map(|noted| &noted.evidence).collect()
    }

    /// What was not told yet, and may be: of reports (12) nobody is told.
    pub(crate) fn untold(&self) -> Vec<Evidence> {
        let tellable = |it: &&Noted| !it.told && it.evidence.kind() != ConductKind::Retaliation;
        self.noted.iter().filter(tellable).map(|it| it.evidence.clone()).collect()
    }

    fn note(&mut self, evidence: Evidence) {
        let same = |it: &Noted| {
            let known = &it.evidence;
            known.kind == evidence.kind && known.other_id == evidence.other_id && known.at == evidence.at
        };
        if !self.noted.iter().any(same) {
            self.noted.push(Noted { evidence, told: false });
        }
    }

    /// What was told stays told.
    fn take_back(&mut self, kind: ConductKind, other_id: &str) {
        self.noted.retain(|it| it.told || it.evidence.kind() != kind || it.evidence.other_id != other_id);
    }
}

impl Book {
    /// What is known of how a case is handled.
    pub fn conduct(&self, case_id: Uuid) -> Option<&Conduct> {
        self.conducts.get(&case_id)
    }

    /// Puts in what is known, as loaded.
    pub fn with_conducts(&mut self, conducts: impl IntoIterator<Item = Conduct>) {
        self.conducts.extend(conducts.into_iter().map(|conduct| (conduct.case(), conduct)));
    }

    /// What changed of it in this batch.
    pub fn changed_conducts(&self) -> Vec<&Conduct> {
        self.dirty.conducts.iter().filter_map(|id| self.conducts.get(id)).collect()
    }

    /// The organ that handles a case of this ledger, as far as it is known.
    pub(crate) fn handler(&self, case_id: Uuid) -> &str {
        let handler = self.conduct(case_id).map(|conduct| conduct.handler.as_str());
        handler.filter(|handler| !handler.is_empty()).unwrap_or(&self.organ)
    }

    /// Takes into the book what an event says of how a case is handled.
    pub(crate) fn conducted(&mut self, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
        match kind {
            Kind::RungFired(fired) => self.time_ran_out(case_id, fired, stamp),
            Kind::ClockMoved(moved)
                if from_wire(moved.due_at.as_ref()) > stamp.recorded_at
                    && self.conducts.contains_key(&case_id) =>
            {
                self.conduct_mut(case_id).take_back(ConductKind::Overdue, "");
            }
            Kind::NoticeOverdue(overdue) => self.notice_unanswered(case_id, overdue, stamp),
            Kind::ConductNoted(noted) => self.told_of(case_id, noted, stamp),
            Kind::ChainNoted(_) => self.conduct_mut(case_id).due = true,
            Kind::ConductTold(_) => {
                let conduct = self.conduct_mut(case_id);
                conduct.due = false;
                for noted in &mut conduct.noted {
                    noted.told |= noted.evidence.kind() != ConductKind::Retaliation;
                }
            }
            _ => {}
        }
    }

    fn conduct_mut(&mut self, case_id: Uuid) -> &mut Conduct {
        self.dirty.conducts.insert(case_id);
        let new = || Conduct { case_id: case_id.to_string(), ..Conduct::default() };
        self.conducts.entry(case_id).or_insert_with(new)
    }

    fn evidence(&self, kind: ConductKind, at: Timestamp, article: &str, stamp: Stamp<'_>) -> Evidence {
        Evidence {
            kind: kind.into(),
            ledger: self.organ.clone(),
            seq: stamp.seq,
            at: Some(to_wire(at)),
            article: article.to_owned(),
            ..Evidence::default()
        }
    }

    /// The case's own time, at its home: once for an end.
    fn time_ran_out(&mut self, case_id: Uuid, fired: &RungFired, stamp: Stamp<'_>) {
        let clock = self.clock(ClockKey { case_id, term: fired.term });
        let at = from_wire(fired.due_at.as_ref());
        let Some(due_at) = clock.map(|clock| clock.due_at).filter(|due_at| at == *due_at) else { return };
        if fired.clock() == ClockKind::Case {
            let organ = self.handler(case_id).to_owned();
            let article = fired.citation.as_ref().map_or("", |citation| &citation.article);
            let evidence = self.evidence(ConductKind::Overdue, due_at, article, stamp);
            self.conduct_mut(case_id).note(Evidence { organ, ..evidence });
        }
    }

    /// At the organ that issued it.
    fn notice_unanswered(&mut self, case_id: Uuid, overdue: &NoticeOverdue, stamp: Stamp<'_>) {
        let notice = overdue.notice_id.parse().ok().and_then(|id| self.issued(id));
        let Some(told) = notice.map(|notice| &notice.told).filter(|it| it.issued_by == self.organ) else {
            return;
        };
        let (organ, other_id) = (told.organ.clone(), told.notice_id.clone());
        let article = told.citation.as_ref().map_or("", |citation| &citation.article);
        let at = from_wire(overdue.answer_by.as_ref());
        let evidence = self.evidence(ConductKind::NoticeUnanswered, at, article, stamp);
        self.conduct_mut(case_id).note(Evidence { organ, other_id, ..evidence });
    }

    fn told_of(&mut self, case_id: Uuid, noted: &ConductNoted, stamp: Stamp<'_>) {
        let article = match noted.kind() {
            ConductKind::Repeated => "21",
            ConductKind::Retaliation => "12",
            _ => "",
        };
        let at = from_wire(noted.at.as_ref());
        let evidence = self.evidence(noted.kind(), at, article, stamp);
        let evidence = Evidence { organ: noted.organ.clone(), other_id: noted.other_id.clone(), ..evidence };
        let conduct = self.conduct_mut(case_id);
        match noted.kind() {
            _ if noted.taken_back => conduct.take_back(noted.kind(), &noted.other_id),
            ConductKind::Handled if !noted.organ.is_empty() => conduct.handler.clone_from(&noted.organ),
            ConductKind::Handled => {
                let new: Vec<_> =
                    noted.persons.iter().filter(|it| !conduct.persons.contains(it)).cloned().collect();
                conduct.persons.extend(new);
            }
            // What was found the first time is no sign; something else afterwards is.
            ConductKind::OtherFinding => {
                let before = conduct.finding();
                if before != Finding::Unspecified && before != noted.finding() {
                    conduct.note(evidence);
                }
                conduct.finding = noted.finding;
            }
            _ => conduct.note(evidence),
        }
    }
}
