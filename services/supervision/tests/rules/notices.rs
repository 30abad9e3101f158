//! Reminders and supervision notices: seen, answered, checked, overdue, withdrawn (16, 20).

use content::Draft;
use duban_proto::supervision::v1::{
    Instrument, Notice, NoticeState, RungFired, StopReason, WithdrawalReason, event::Kind,
};
use supervision::domain::decide::{Decision, Fact};
use supervision::domain::{
    ClockKey, Command, IssueNotice, NoticeAct, NoticeCommand, NoticeRejection, OnNotice, Rejection, Sealed,
    Which,
};
use uuid::Uuid;

use crate::support::{CASE, Ledger, at, ledger, rung_of};

fn sealed(field: &'static str) -> Sealed {
    let draft = Draft {
        case_id: CASE,
        item_id: Uuid::from_u128(77),
        version: 1,
        kind: field,
        sealed: b"sealed".as_slice().into(),
        commitment: [7; 32],
    };
    Sealed { drafts: vec![(field, draft)], case_key: None }
}

pub(crate) fn by_hand(number: u128, instrument: Instrument, organ: &str) -> Command {
    let issue = IssueNotice {
        notice_id: Uuid::from_u128(number),
        case_id: CASE,
        case_number: "宝效投〔2026〕1号".into(),
        instrument,
        organ: organ.into(),
        number_prefix: "宝效投".into(),
        answer_within: None,
        text: sealed("text"),
    };
    Command::Notice(Box::new(NoticeCommand::Issue(Box::new(issue))))
}

impl Ledger {
    fn on(&mut self, actor: &str, notice: &str, act: NoticeAct) -> Result<Notice, Rejection> {
        let on = OnNotice { case_id: CASE, notice_id: notice.parse().unwrap(), act };
        let decision = self.does(actor, &Command::Notice(Box::new(NoticeCommand::On(Box::new(on)))))?;
        Ok(decision.answer.notice.unwrap())
    }

    fn answers(&mut self, actor: &str, notice: &str, measure: &str) -> Result<Notice, Rejection> {
        let measures = vec![measure.to_owned()];
        self.on(actor, notice, NoticeAct::Answer { measures, text: sealed("text") })
    }

    fn rejects(&mut self, actor: &str, notice: &str, round: u32) -> Result<Notice, Rejection> {
        self.on(actor, notice, NoticeAct::Reject { round, answer_within: None, reason: sealed("reason") })
    }

    pub(crate) fn lapses(&mut self, notice: &str, when: &str) -> Decision {
        self.now = at(when);
        let notices = vec![(CASE, notice.parse().unwrap())];
        let command = Command::Notice(Box::new(NoticeCommand::Lapse { at: self.now, notices }));
        self.does("service:supervision", &command).unwrap()
    }

    /// What another organ's ledger addressed to this one.
    fn is_told(&mut self, fact: &Fact) -> Decision {
        let command = Command::Notice(Box::new(NoticeCommand::Note {
            case_id: CASE,
            told: Box::new(fact.kind.clone()),
        }));
        self.does("service:supervision", &command).unwrap()
    }

    fn standing(&self, notice: &str) -> Notice {
        self.book.issued(notice.parse().unwrap()).unwrap().told.clone()
    }
}

/// The notice that the ladder issued at the centre, for a case that it handles.
fn supervised() -> (Ledger, RungFired) {
    let mut ledger = ledger("baoshan").with_case();
    let fired = ledger.fires("2026-03-20 00:00");
    let notice = fired.into_iter().find(|it| it.instrument() == Instrument::SupervisionNotice).unwrap();
    (ledger, notice)
}

fn state(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::Notice(NoticeRejection::NoticeState(state)) => state,
        other => panic!("{other:?}"),
    }
}

#[test]
fn art_20_a_notice_is_seen_answered_and_checked_by_another() {
    let (mut ledger, notice) = supervised();
    let id = notice.notice_id.as_str();
    assert_eq!(ledger.on("desk", id, NoticeAct::Acknowledge).unwrap().state(), NoticeState::Seen);
    assert_eq!(state(ledger.on("desk", id, NoticeAct::Acknowledge).unwrap_err()), "SEEN");
    assert_eq!(state(ledger.on("head", id, NoticeAct::Accept { round: 1 }).unwrap_err()), "SEEN");
    let answered = ledger.answers("wang.fang", id, "date_set").unwrap();
    assert_eq!(answered.state(), NoticeState::Answered);
    assert!(answered.answers[0].on_time);
    assert_eq!(state(ledger.answers("wang.fang", id, "date_set").unwrap_err()), "ANSWERED");
    let own = ledger.on("wang.fang", id, NoticeAct::Accept { round: 1 }).unwrap_err();
    assert!(matches!(own, Rejection::Notice(NoticeRejection::Excluded { .. })), "{own:?}");
    assert_eq!(state(ledger.on("head", id, NoticeAct::Accept { round: 2 }).unwrap_err()), "ANSWERED");
    let settled = ledger.on("head", id, NoticeAct::Accept { round: 1 }).unwrap();
    assert_eq!(settled.state(), NoticeState::Settled);
    assert!(settled.answers[0].accepted && settled.answers[0].checked_by == "head");
}

#[test]
fn house_what_was_done_is_of_the_regulations_codes() {
    let (mut ledger, notice) = supervised();
    let refused = ledger.answers("wang.fang", &notice.notice_id, "nothing").unwrap_err();
    assert!(matches!(refused, Rejection::Notice(NoticeRejection::NotByRegulation { .. })), "{refused:?}");
}

#[test]
fn house_an_answer_goes_back_with_a_new_date_and_is_overdue_once_for_each_date() {
    let (mut ledger, notice) = supervised();
    let id = notice.notice_id.as_str();
    assert!(ledger.lapses(id, "2026-03-25 23:59").facts.is_empty());
    let overdue = ledger.lapses(id, "2026-03-26 00:00").facts;
    assert!(matches!(overdue[0].kind, Kind::NoticeOverdue(_)), "{overdue:?}");
    assert!(ledger.lapses(id, "2026-03-26 00:01").facts.is_empty(), "once");
    let late = ledger.answers("wang.fang", id, "other").unwrap();
    assert!(!late.answers[0].on_time && late.times_overdue == 1);
    let back = ledger.rejects("head", id, 1).unwrap();
    assert_eq!(back.state(), NoticeState::Returned);
    assert_ne!(back.answer_by, late.answer_by);
    assert_eq!(ledger.lapses(id, "2026-04-30 00:00").facts.len(), 1);
    assert_eq!(ledger.standing(id).times_overdue, 2);
}

#[test]
fn art_17_a_rung_that_is_annulled_withdraws_its_notice_on_record() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.asks(0, "20 workdays", 5).unwrap();
    let fired = ledger.fires("2026-03-20 00:00");
    let issued: Vec<_> = fired.iter().filter(|it| !it.notice_id.is_empty()).collect();
    assert_eq!(issued.len(), 2, "a reminder and a notice");
    let facts = ledger.decides("li.na", 5, true).unwrap().facts;
    let withdrawn = facts.iter().filter(|it| matches!(it.kind, Kind::NoticeWithdrawn(_))).count();
    assert_eq!(withdrawn, 2);
    for rung in issued {
        let notice = ledger.standing(&rung.notice_id);
        assert_eq!(notice.state(), NoticeState::Withdrawn);
        assert_eq!(notice.withdrawal(), WithdrawalReason::Annulled);
    }
}

#[test]
fn house_a_case_that_ends_withdraws_what_is_open() {
    let (mut ledger, notice) = supervised();
    let by_hand = by_hand(9, Instrument::SupervisionNotice, "baoshan");
    ledger.does("chen.jing", &by_hand).unwrap();
    ledger.stops(Which::All, StopReason::Concluded, "2026-03-23 12:00");
    for id in [notice.notice_id, Uuid::from_u128(9).to_string()] {
        assert_eq!(ledger.standing(&id).withdrawal(), WithdrawalReason::Ended);
    }
    let refused = ledger.does("chen.jing", &by_hand).unwrap_err();
    assert_eq!(refused, Rejection::Stopped("CONCLUDED"), "nothing is issued on a case that ended");
}

#[test]
fn art_16_by_hand_a_notice_takes_the_next_number_and_a_reminder_none() {
    let (mut ledger, notice) = supervised();
    assert_eq!(notice.instrument_number, "宝效督〔2026〕1号");
    let reminder = ledger.does("chen.jing", &by_hand(8, Instrument::Reminder, "baoshan")).unwrap();
    let reminder = reminder.answer.notice.unwrap();
    assert_eq!((reminder.number.as_str(), reminder.answer_by), ("", None));
    let issued = ledger.does("chen.jing", &by_hand(9, Instrument::SupervisionNotice, "baoshan")).unwrap();
    let issued = issued.answer.notice.unwrap();
    assert_eq!((issued.number.as_str(), issued.signed_by.as_str()), ("宝效督〔2026〕2号", "chen.jing"));
    assert_eq!(issued.citation.unwrap().article, "16");
    let id = Uuid::from_u128(8).to_string();
    assert_eq!(state(ledger.answers("wang.fang", &id, "other").unwrap_err()), "ISSUED");
    let seen = ledger.on("wang.fang", &id, NoticeAct::Acknowledge).unwrap();
    assert_eq!(seen.state(), NoticeState::Settled, "a reminder is settled once it was seen");
}

#[test]
fn art_20_what_crosses_between_two_organs_comes_out_the_same_at_both() {
    let (mut centre, mut town) = (ledger("baoshan").with_case(), ledger("baoshan.luodian"));
    town.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    let issued =
        centre.does("chen.jing", &by_hand(9, Instrument::SupervisionNotice, "baoshan.luodian")).unwrap();
    let to = issued.facts[0].audience.as_ref().map(ToString::to_string);
    assert_eq!(to.as_deref(), Some("baoshan.luodian"));
    let id = Uuid::from_u128(9).to_string();
    town.is_told(&issued.facts[0]);
    assert!(town.is_told(&issued.facts[0]).facts.is_empty(), "twice");
    // The town answers in time; the centre does not hear of it before it is overdue there.
    town.now = at("2026-03-05 23:00");
    let command = Command::Notice(Box::new(NoticeCommand::On(Box::new(OnNotice {
        case_id: CASE,
        notice_id: Uuid::from_u128(9),
        act: NoticeAct::Answer { measures: vec!["other".into()], text: sealed("text") },
    }))));
    let answered = town.does("wang.fang", &command).unwrap().facts.remove(0);
    let overdue = centre.lapses(&id, "2026-03-06 00:00").facts.remove(0);
    town.is_told(&overdue);
    centre.is_told(&answered);
    centre.is_told(&answered);
    for ledger in [&centre, &town] {
        let notice = ledger.standing(&id);
        assert_eq!((notice.state(), notice.times_overdue), (NoticeState::Answered, 0));
        assert!(notice.answers[0].on_time);
    }
    let not_here = town.on("head", &id, NoticeAct::Accept { round: 1 }).unwrap_err();
    assert!(matches!(not_here, Rejection::Notice(NoticeRejection::NotThisOrgan(_))), "{not_here:?}");
    // The centre withdraws while the town's case ends.
    let ended = town.stops(Which::All, StopReason::Concluded, "2026-03-06 12:00").facts;
    let ended = ended.iter().find(|it| matches!(it.kind, Kind::NoticeWithdrawn(_))).unwrap().clone();
    centre.on("chen.jing", &id, NoticeAct::Withdraw { reason: sealed("reason") }).unwrap();
    assert!(centre.is_told(&ended).facts.is_empty());
    for ledger in [&centre, &town] {
        assert_eq!(ledger.standing(&id).state(), NoticeState::Withdrawn);
    }
}

#[test]
fn art_20_the_homes_rung_is_for_the_organ_that_handles_the_case() {
    use duban_proto::supervision::v1::{ConductKind, ConductNoted};
    use supervision::domain::AccountabilityCommand;
    let mut centre = ledger("baoshan").with_case();
    let noted = ConductNoted {
        kind: ConductKind::Handled.into(),
        organ: "baoshan.luodian".into(),
        ..ConductNoted::default()
    };
    let note = AccountabilityCommand::Note(Box::new(noted));
    centre.does("service:routing", &Command::Accountability(CASE, Box::new(note))).unwrap();
    centre.now = at("2026-03-20 00:00");
    let fire = supervision::domain::FireRungs {
        at: centre.now,
        number_prefix: "宝效投".into(),
        centre: "baoshan".into(),
        clocks: vec![ClockKey::case(CASE)],
    };
    let facts = centre.does("service:supervision", &Command::FireRungs(fire)).unwrap().facts;
    let audience = |fact: &Fact| fact.audience.as_ref().map(ToString::to_string);
    let of_rung = |fact: &Fact| Some((audience(fact), rung_of(fact.kind.clone())?.notice_id));
    let told: Vec<_> = facts.iter().filter_map(of_rung).collect();
    assert!(told[..3].iter().all(|(to, id)| to.is_none() && id.is_empty()), "{told:?}");
    assert!(told[3..5].iter().all(|(to, id)| to.as_deref() == Some("baoshan.luodian") && !id.is_empty()));
    assert_ne!(told[3].1, told[4].1);
}

/// A notice of the centre for the town, known to both.
fn between() -> (Ledger, Ledger, String) {
    let (mut centre, mut town) = (ledger("baoshan").with_case(), ledger("baoshan.luodian"));
    town.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    let command = by_hand(9, Instrument::SupervisionNotice, "baoshan.luodian");
    let issued = centre.does("chen.jing", &command).unwrap();
    town.is_told(&issued.facts[0]);
    (centre, town, Uuid::from_u128(9).to_string())
}

#[test]
fn art_20_each_organ_does_what_is_its_own() {
    let (mut centre, mut town, id) = between();
    let withdraw = || NoticeAct::Withdraw { reason: sealed("reason") };
    for refused in [
        centre.on("head", &id, NoticeAct::Acknowledge).unwrap_err(),
        centre.answers("head", &id, "other").unwrap_err(),
        town.on("head", &id, withdraw()).unwrap_err(),
    ] {
        assert!(matches!(refused, Rejection::Notice(NoticeRejection::NotThisOrgan(_))), "{refused:?}");
    }
    assert!(town.lapses(&id, "2026-04-30 00:00").facts.is_empty(), "the organ that issued it counts");
    let own = town.does("head", &by_hand(10, Instrument::SupervisionNotice, "baoshan.luodian")).unwrap();
    assert!(own.answer.notice.unwrap().number.ends_with("〕1号"), "another organ's take no number here");
    centre.on("chen.jing", &id, withdraw()).unwrap();
    assert_eq!(state(centre.on("chen.jing", &id, withdraw()).unwrap_err()), "WITHDRAWN");
    town.now = at("2026-03-04 10:00");
    let measures = vec!["other".into()];
    let act = NoticeAct::Answer { measures, text: sealed("text") };
    let on = OnNotice { case_id: CASE, notice_id: Uuid::from_u128(9), act };
    let answer = Command::Notice(Box::new(NoticeCommand::On(Box::new(on))));
    let answered = town.does("wang.fang", &answer).unwrap();
    centre.is_told(&answered.facts[0]);
    assert_eq!(centre.standing(&id).state(), NoticeState::Withdrawn, "an answer that crosses it");
}

#[test]
fn house_a_notice_by_hand_stays_when_the_end_moves_and_while_the_case_goes_on() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    ledger.asks(0, "20 workdays", 5).unwrap();
    let fired = ledger.fires("2026-03-13 00:00");
    ledger.does("chen.jing", &by_hand(9, Instrument::SupervisionNotice, "baoshan")).unwrap();
    ledger.decides("li.na", 5, true).unwrap();
    let id = Uuid::from_u128(9).to_string();
    assert_eq!(ledger.standing(&id).state(), NoticeState::Issued, "{fired:?}");
    ledger.stops(Which::Term(1), StopReason::Superseded, "2026-03-13 12:00");
    assert_eq!(ledger.standing(&id).state(), NoticeState::Issued);
}
