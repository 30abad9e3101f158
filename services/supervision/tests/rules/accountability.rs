//! Accountability (21): the chain, the file, who decides, the hearing, the outcome.

use duban_proto::common::v1::Finding;
use duban_proto::supervision::v1::{
    AccountabilityFile, AccountabilityOutcome, AccountabilityState, ConductKind, ConductNoted, ConductTold,
    RepeatNoted, event::Kind,
};
use supervision::domain::decide::{Decision, Fact};
use supervision::domain::time::to_wire;
use supervision::domain::{
    AccountabilityCommand, Command, NoteConcern, NoticeRejection, OpenFile, Rejection, Sealed,
};
use uuid::Uuid;

use crate::support::{CASE, Ledger, at, ledger};

const LATER: Uuid = Uuid::from_u128(2);

impl Ledger {
    fn accounts(&mut self, actor: &str, command: AccountabilityCommand) -> Result<Decision, Rejection> {
        self.does(actor, &Command::Accountability(CASE, Box::new(command)))
    }

    fn notes(&mut self, noted: ConductNoted) -> Decision {
        let at = noted.at.or(Some(to_wire(self.now)));
        let noted = ConductNoted { at, ..noted };
        self.accounts("service:routing", AccountabilityCommand::Note(Box::new(noted))).unwrap()
    }

    fn notes_kind(&mut self, kind: ConductKind) -> Decision {
        self.notes(ConductNoted { kind: kind.into(), ..ConductNoted::default() })
    }

    fn comes_again(&mut self) -> Decision {
        let other_case_id = CASE.to_string();
        let told = Kind::RepeatNoted(RepeatNoted {
            other_organ: self.book.organ.clone(),
            other_case_id,
            ..RepeatNoted::default()
        });
        let note = NoteConcern { case_id: LATER, told };
        self.does("service:intake", &Command::Concern(Box::new(note))).unwrap()
    }

    fn tells(&mut self, authority: &str) -> Decision {
        let tell = AccountabilityCommand::Tell { authority: authority.into() };
        self.accounts("service:supervision", tell).unwrap()
    }

    fn hears_of(&mut self, told: &Fact) -> Decision {
        let Kind::ConductTold(told) = told.kind.clone() else { panic!("{told:?}") };
        self.accounts("service:supervision", AccountabilityCommand::Hear(Box::new(told))).unwrap()
    }

    fn opens(
        &mut self,
        actor: &str,
        file_id: Option<Uuid>,
        persons: &[&str],
    ) -> Result<AccountabilityFile, Rejection> {
        let open = OpenFile {
            file_id,
            organ: if file_id.is_some() { String::new() } else { "baoshan.luodian".into() },
            home: self.book.organ.clone(),
            case_number: "宝效投〔2026〕1号".into(),
            on_organ: true,
            persons: persons.iter().map(|it| (*it).to_owned()).collect(),
            reason: Sealed::default(),
        };
        let decision = self.accounts(actor, AccountabilityCommand::Open(Box::new(open)))?;
        Ok(decision.answer.file.unwrap())
    }

    fn concludes(
        &mut self,
        actor: &str,
        id: Uuid,
        outcomes: &[(&str, &str)],
    ) -> Result<AccountabilityFile, Rejection> {
        let outcome = |(subject, measure): &(&str, &str)| AccountabilityOutcome {
            subject: (*subject).into(),
            measure: (*measure).into(),
        };
        let outcomes = outcomes.iter().map(outcome).collect();
        let conclude = AccountabilityCommand::Conclude { file_id: id, outcomes, reason: Sealed::default() };
        Ok(self.accounts(actor, conclude)?.answer.file.unwrap())
    }
}

fn kinds(decision: &Decision) -> Vec<&'static str> {
    let name = |fact: &Fact| match fact.kind {
        Kind::RepeatNoted(_) => "repeat",
        Kind::ConductNoted(_) => "conduct",
        Kind::ChainNoted(_) => "chain",
        Kind::ConductTold(_) => "told",
        Kind::EvidenceNoted(_) => "evidence",
        Kind::AccountabilityProposed(_) => "proposed",
        _ => "other",
    };
    decision.facts.iter().map(name).collect()
}

/// A case that the town handles, overdue, with adverse impact, and complained of again.
fn chained() -> (Ledger, Decision) {
    let mut centre = ledger("baoshan").with_case();
    centre.notes(ConductNoted {
        kind: ConductKind::Handled.into(),
        organ: "baoshan.luodian".into(),
        ..ConductNoted::default()
    });
    centre.notes_kind(ConductKind::AdverseImpact);
    centre.fires("2026-03-17 00:00");
    let again = centre.comes_again();
    (centre, again)
}

/// The same, with the file that is proposed at the centre.
fn proposed() -> (Ledger, Uuid) {
    let (mut centre, _) = chained();
    centre.tells("baoshan");
    let file = centre.book.files_of(CASE).next().unwrap().id();
    (centre, file)
}

fn excluded(rejection: &Rejection) -> bool {
    matches!(rejection, Rejection::Notice(NoticeRejection::Excluded { .. }))
}

#[test]
fn art_21_shirking_then_a_repeat_then_an_effect_propose_a_file_at_the_organ_above() {
    let (mut centre, again) = chained();
    assert_eq!(kinds(&again), ["repeat", "conduct", "chain"]);
    let told = centre.tells("baoshan");
    assert_eq!(kinds(&told), ["told", "evidence", "proposed"]);
    let file = &centre.book.files_of(CASE).next().unwrap().told;
    assert_eq!(file.state(), AccountabilityState::Proposed);
    assert_eq!((file.organ.as_str(), file.authority.as_str()), ("baoshan.luodian", "baoshan"));
    let evidence: Vec<_> = file.evidence.iter().map(|it| (it.kind(), it.ledger.as_str())).collect();
    assert!(evidence.contains(&(ConductKind::Overdue, "baoshan")), "{evidence:?}");
    assert!(evidence.contains(&(ConductKind::Repeated, "baoshan")), "{evidence:?}");
    assert!(file.evidence.iter().all(|it| it.seq > 0 && it.at.is_some()));
    assert!(centre.tells("baoshan").facts.is_empty(), "told once");
}

#[test]
fn art_21_a_repeat_before_any_shirking_was_not_caused_by_it() {
    let mut centre = ledger("baoshan").with_case();
    centre.notes_kind(ConductKind::AdverseImpact);
    assert_eq!(kinds(&centre.comes_again()), ["repeat", "conduct"]);
    centre.fires("2026-03-17 00:00");
    assert!(centre.tells("baoshan").facts.is_empty());
}

#[test]
fn art_21_without_an_effect_the_matter_is_watched_and_not_proposed() {
    let mut centre = ledger("baoshan").with_case();
    centre.fires("2026-03-17 00:00");
    assert_eq!(kinds(&centre.comes_again()), ["repeat", "conduct", "chain"]);
    assert_eq!(kinds(&centre.tells("baoshan")), ["told", "evidence"]);
    assert!(!centre.book.files_of(CASE).next().unwrap().is_listed());
    // The effect comes later.
    assert_eq!(kinds(&centre.notes_kind(ConductKind::SeriousHarm)), ["conduct", "chain"]);
    assert_eq!(kinds(&centre.tells("baoshan")), ["told", "evidence", "proposed"]);
}

#[test]
fn art_12_a_report_that_was_founded_is_an_effect_at_the_centre_and_told_to_nobody() {
    let mut town = ledger("baoshan.luodian").with_case();
    town.fires("2026-03-17 00:00");
    town.comes_again();
    let told = town.tells("baoshan").facts.remove(0);
    assert_eq!(told.audience.as_ref().map(ToString::to_string).as_deref(), Some("baoshan"));
    let mut centre = ledger("baoshan");
    assert_eq!(kinds(&centre.hears_of(&told)), ["evidence"]);
    let founded = centre.notes_kind(ConductKind::Retaliation);
    assert_eq!(kinds(&founded), ["conduct", "evidence", "proposed"]);
    assert!(centre.tells("elsewhere").facts.is_empty(), "reports are told to nobody");
}

#[test]
fn art_21_something_else_found_the_second_time_is_a_sign() {
    let mut centre = ledger("baoshan").with_case();
    let found = |finding: Finding| ConductNoted {
        kind: ConductKind::OtherFinding.into(),
        finding: finding.into(),
        ..ConductNoted::default()
    };
    centre.notes(found(Finding::Unfounded));
    assert!(centre.notes(found(Finding::Unfounded)).facts.is_empty(), "the same again is none");
    assert_eq!(centre.book.conduct(CASE).unwrap().noted.len(), 0);
    centre.notes(found(Finding::Founded));
    assert_eq!(centre.book.conduct(CASE).unwrap().noted.len(), 1);
}

#[test]
fn art_21_what_happens_later_is_added_while_the_file_is_open() {
    let (mut centre, file) = proposed();
    centre.opens("chen.jing", Some(file), &[]).unwrap();
    let before = centre.book.file(file).unwrap().told.evidence.len();
    assert_eq!(kinds(&centre.notes_kind(ConductKind::Returned)), ["conduct", "chain"]);
    assert_eq!(kinds(&centre.tells("baoshan")), ["told", "evidence"]);
    assert_eq!(centre.book.file(file).unwrap().told.evidence.len(), before + 1);
    let told = Fact {
        case_id: Some(CASE),
        kind: Kind::ConductTold(ConductTold { organ: "baoshan.luodian".into(), ..ConductTold::default() }),
        audience: None,
    };
    assert!(centre.hears_of(&told).facts.is_empty());
}

#[test]
fn house_nobody_decides_who_had_a_hand_in_the_case_or_is_on_the_file() {
    let (mut centre, file) = proposed();
    centre.notes(ConductNoted {
        kind: ConductKind::Handled.into(),
        persons: vec!["wu.min".into()],
        ..ConductNoted::default()
    });
    assert!(excluded(&centre.opens("wu.min", Some(file), &[]).unwrap_err()));
    let dismiss = AccountabilityCommand::Dismiss { file_id: file, reason: Sealed::default() };
    assert!(excluded(&centre.accounts("wu.min", dismiss).unwrap_err()));
    centre.opens("chen.jing", Some(file), &["chen.jing"]).unwrap();
    centre.now = at("2026-04-20 09:00");
    let outcomes = [("baoshan.luodian", "none"), ("chen.jing", "none")];
    assert!(excluded(&centre.concludes("chen.jing", file, &outcomes).unwrap_err()));
    centre.concludes("li.na", file, &outcomes).unwrap();
}

#[test]
fn art_21_22_heard_first_and_one_outcome_of_the_regulation_for_each() {
    let (mut centre, file) = proposed();
    let opened = centre.opens("chen.jing", Some(file), &["zhang.wei"]).unwrap();
    assert!(opened.heard_until.is_some() && !opened.by_hand);
    let none = [("baoshan.luodian", "none"), ("zhang.wei", "circulated_criticism")];
    let by_regulation =
        |it: &Rejection| matches!(it, Rejection::Notice(NoticeRejection::NotByRegulation { .. }));
    assert!(by_regulation(&centre.concludes("li.na", file, &none).unwrap_err()), "not heard yet");
    centre.now = at("2026-04-20 09:00");
    assert!(by_regulation(&centre.concludes("li.na", file, &none[..1]).unwrap_err()), "one is missing");
    let unknown = [("baoshan.luodian", "prison"), ("zhang.wei", "none")];
    assert!(by_regulation(&centre.concludes("li.na", file, &unknown).unwrap_err()));
    let concluded = centre.concludes("li.na", file, &none).unwrap();
    assert_eq!(concluded.state(), AccountabilityState::Concluded);
    let again = centre.concludes("li.na", file, &none).unwrap_err();
    assert_eq!(again, Rejection::Notice(NoticeRejection::FileState("CONCLUDED")));
}

#[test]
fn art_21_by_hand_without_the_rule_and_once_for_each_organ() {
    let mut centre = ledger("baoshan").with_case();
    let opened = centre.opens("chen.jing", None, &[]).unwrap();
    assert!(opened.by_hand);
    assert_eq!(opened.state(), AccountabilityState::Open);
    let again = centre.opens("chen.jing", None, &[]).unwrap_err();
    assert_eq!(again, Rejection::Notice(NoticeRejection::FileState("OPEN")));
    let unknown = centre.opens("chen.jing", Some(Uuid::from_u128(99)), &[]).unwrap_err();
    assert!(matches!(unknown, Rejection::Notice(NoticeRejection::NoSuchFile(_))));
}

#[test]
fn art_21_the_organ_concerned_gets_the_file_without_its_evidence_and_is_heard() {
    let (mut centre, file) = proposed();
    let open = OpenFile {
        file_id: Some(file),
        organ: String::new(),
        home: String::new(),
        case_number: String::new(),
        on_organ: true,
        persons: Vec::new(),
        reason: Sealed::default(),
    };
    let opened = centre.accounts("chen.jing", AccountabilityCommand::Open(Box::new(open))).unwrap();
    let fact = &opened.facts[0];
    assert_eq!(fact.audience.as_ref().map(ToString::to_string).as_deref(), Some("baoshan.luodian"));
    let mut town = ledger("baoshan.luodian");
    let told = |fact: &Fact| AccountabilityCommand::Told(Box::new(fact.kind.clone()));
    town.accounts("service:supervision", told(fact)).unwrap();
    assert!(town.accounts("service:supervision", told(fact)).unwrap().facts.is_empty(), "twice");
    assert!(town.book.file(file).unwrap().told.evidence.is_empty());
    let hearing = || AccountabilityCommand::Hearing { file_id: file, text: Sealed::default() };
    let refused = centre.accounts("chen.jing", hearing()).unwrap_err();
    assert!(matches!(refused, Rejection::Notice(NoticeRejection::NotThisOrgan(_))));
    let given = town.accounts("head", hearing()).unwrap();
    centre.accounts("service:supervision", told(&given.facts[0])).unwrap();
    assert!(centre.accounts("service:supervision", told(&given.facts[0])).unwrap().facts.is_empty(), "twice");
    let concluded = centre.concludes("li.na", file, &[("baoshan.luodian", "none")]).unwrap();
    assert_eq!(concluded.statements.len(), 1, "heard, so it need not wait");
}

#[test]
fn house_nobody_opens_a_file_by_hand_on_a_case_of_their_own() {
    let mut centre = ledger("baoshan").with_case();
    let persons = vec!["wu.min".into()];
    centre.notes(ConductNoted { kind: ConductKind::Handled.into(), persons, ..ConductNoted::default() });
    assert!(excluded(&centre.opens("wu.min", None, &[]).unwrap_err()));
}

#[test]
fn art_21_what_is_told_twice_or_after_the_conclusion_is_added_to_no_file() {
    let (mut centre, _) = chained();
    let told = centre.tells("baoshan").facts.remove(0);
    assert!(centre.hears_of(&told).facts.is_empty(), "twice");
    let file = centre.book.files_of(CASE).next().unwrap().id();
    let dismiss = AccountabilityCommand::Dismiss { file_id: file, reason: Sealed::default() };
    centre.accounts("chen.jing", dismiss).unwrap();
    centre.notes_kind(ConductKind::Returned);
    assert_eq!(kinds(&centre.tells("baoshan")), ["told"]);
}

#[test]
fn art_21_a_matter_that_is_only_watched_is_no_file_to_decide_on() {
    let mut centre = ledger("baoshan").with_case();
    centre.fires("2026-03-17 00:00");
    centre.comes_again();
    centre.tells("baoshan");
    let file_id = centre.book.files_of(CASE).next().unwrap().id();
    let dismiss = AccountabilityCommand::Dismiss { file_id, reason: Sealed::default() };
    let refused = centre.accounts("chen.jing", dismiss).unwrap_err();
    assert!(matches!(refused, Rejection::Notice(NoticeRejection::NoSuchFile(_))), "{refused:?}");
}
