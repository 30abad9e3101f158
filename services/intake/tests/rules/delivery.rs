use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseErased, DeliveryDecision, DeliveryOutcome, DeliveryState, ErasureKind};
use intake::domain::{
    Act, BeginDelivery, DecideDelivery, EndDelivery, Ended, Entry, Outcome, Rejection, Reply,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::support::{CASE, Ledger, REPLY, at, draft, ledger, names, quiet_ledger};

const TEXT: Uuid = Uuid::from_u128(31);
const REASON: Uuid = Uuid::from_u128(32);
/// How long an attempt holds a reply.
const LEASE: SignedDuration = SignedDuration::from_mins(1);

fn nothing() -> Rejection {
    Rejection::Nothing { what: "reply", id: REPLY }
}

impl Ledger {
    fn begins(&mut self, attempt: u32, repeatable: bool) -> Result<Outcome, Rejection> {
        let until = self.now + LEASE;
        self.by(
            "service:intake",
            Act::BeginDelivery(BeginDelivery {
                reply_id: REPLY,
                attempt,
                port: "hotline".into(),
                form: "agency".into(),
                repeatable,
                until,
                text: Some(draft(TEXT, attempt)),
                opens_identity: false,
            }),
        )
    }

    fn ends(&mut self, attempt: u32, how: Ended) -> Result<Outcome, Rejection> {
        self.by("service:intake", Act::EndDelivery(EndDelivery { reply_id: REPLY, attempt, how }))
    }

    fn decides(&mut self, decision: DeliveryDecision) -> Result<Outcome, Rejection> {
        let told = decision == DeliveryDecision::ToldOtherwise;
        self.acts(Act::DecideDelivery(DecideDelivery {
            reply_id: REPLY,
            decision,
            reason: draft(REASON, 1),
            form: if told { "call".into() } else { String::new() },
            text: told.then(|| draft(Uuid::from_u128(33), 1)),
        }))
    }

    fn passes(&mut self, by: SignedDuration) {
        self.now += by;
    }

    fn reply(&self) -> &Reply {
        self.book.reply(REPLY).unwrap()
    }

    fn state(&self) -> DeliveryState {
        self.reply().delivery_state(self.now)
    }
}

fn failed(ledger: &Ledger, wait: SignedDuration) -> Ended {
    Ended::Failed { code: "http_503".into(), again_at: Some(ledger.now + wait), unknown: false }
}

fn unsure() -> Ended {
    Ended::Failed { code: "timeout".into(), again_at: None, unknown: true }
}

#[test]
fn of_two_that_begin_an_attempt_one_may() {
    let mut ledger = ledger().with_accepted();
    assert_eq!(ledger.reply().delivery.route, "channel/online");
    assert_eq!(ledger.state(), DeliveryState::Waiting);
    let begun = ledger.begins(1, true).unwrap();
    assert_eq!(names(&begun), ["delivery begun"]);
    assert!(begun.answer.reply.is_some());
    assert_eq!(ledger.state(), DeliveryState::Sending);
    assert_eq!(ledger.begins(1, true).unwrap_err(), nothing());
    assert_eq!(ledger.begins(2, true).unwrap_err(), nothing(), "nor the next one, while this one is held");
}

#[test]
fn art_15_what_is_due_to_somebody_erased_is_left_to_a_person() {
    let mut ledger = ledger().with_accepted();
    assert_eq!(ledger.state(), DeliveryState::Waiting);
    let at = ledger.now;
    for (what, left) in
        [(ErasureKind::Identity, DeliveryState::Desk), (ErasureKind::Case, DeliveryState::Erased)]
    {
        let kind = Kind::CaseErased(CaseErased { kind: what.into(), ..CaseErased::default() });
        ledger.book.evolve(&Entry { seq: 9, at, actor: "service:intake", case_id: Some(CASE), kind: &kind });
        assert_eq!((ledger.state(), ledger.reply().delivery.next_at), (left, None));
    }
}

#[test]
fn art_17_what_was_sent_is_told_by_the_port_with_the_text_of_the_attempt() {
    let mut ledger = ledger().with_accepted();
    ledger.begins(1, true).unwrap();
    let sent = ledger.ends(1, Ended::Sent).unwrap();
    let [Kind::ReplyDelivered(told)] = sent.facts.as_slice() else { panic!("{:?}", names(&sent)) };
    assert_eq!((told.port.as_str(), told.form.as_str(), told.attempt), ("hotline", "agency", 1));
    assert_eq!(told.text, Some(draft(TEXT, 1).reference()));
    assert_eq!((ledger.state(), ledger.reply().attempts), (DeliveryState::Told, 1));
    assert_eq!(ledger.ends(1, Ended::Sent).unwrap_err(), nothing(), "it is told once");
}

#[test]
fn a_failed_attempt_is_made_again_when_its_time_has_come_and_not_before() {
    let mut ledger = ledger().with_accepted();
    ledger.begins(1, true).unwrap();
    let how = failed(&ledger, SignedDuration::from_mins(5));
    ledger.ends(1, how).unwrap();
    assert_eq!(ledger.state(), DeliveryState::Waiting);
    assert_eq!(ledger.reply().outcome, DeliveryOutcome::Failed);
    assert_eq!(ledger.begins(2, true).unwrap_err(), nothing());
    ledger.passes(SignedDuration::from_mins(5));
    assert_eq!(ledger.begins(1, true).unwrap_err(), nothing(), "who did not hear of the first");
    let again = ledger.begins(2, true).unwrap();
    let [Kind::DeliveryBegun(begun)] = again.facts.as_slice() else { panic!("{:?}", names(&again)) };
    assert_eq!(begun.text, Some(draft(TEXT, 1).reference()), "under one id there is one text");
    assert_eq!(ledger.reply().attempts, 2);
}

#[test]
fn after_the_last_attempt_a_person_sees_to_it() {
    let mut ledger = ledger().with_accepted();
    ledger.begins(1, true).unwrap();
    ledger.ends(1, Ended::Failed { code: "http_410".into(), again_at: None, unknown: false }).unwrap();
    assert_eq!(ledger.state(), DeliveryState::Failed);
    assert_eq!(ledger.begins(2, true).unwrap_err(), nothing());
    ledger.decides(DeliveryDecision::Retry).unwrap();
    assert_eq!(ledger.state(), DeliveryState::Waiting);
    assert_eq!(ledger.reply().delivery.spent, 1, "all attempts are left again");
    ledger.begins(2, true).unwrap();
}

#[test]
fn an_attempt_that_lapsed_is_made_again_where_it_may_come_twice() {
    let mut ledger = ledger().with_accepted();
    ledger.begins(1, true).unwrap();
    ledger.passes(LEASE);
    assert_eq!(ledger.state(), DeliveryState::Waiting);
    assert_eq!(names(&ledger.begins(2, true).unwrap()), ["delivery begun"]);
    assert_eq!(ledger.ends(1, Ended::Sent).unwrap_err(), nothing(), "the one before tells no more");
    ledger.ends(2, Ended::Sent).unwrap();
}

#[test]
fn an_attempt_that_lapsed_is_for_a_person_where_it_must_not_come_twice() {
    let mut ledger = ledger().with_accepted();
    ledger.begins(1, false).unwrap();
    ledger.passes(LEASE);
    assert_eq!(ledger.state(), DeliveryState::Unknown);
    let outcome = ledger.begins(2, false).unwrap();
    assert_eq!(names(&outcome), ["delivery failed"]);
    assert!(outcome.answer.reply.is_none(), "nothing is sent");
    assert_eq!((ledger.state(), ledger.reply().attempts), (DeliveryState::Unknown, 1));
    assert_eq!(ledger.begins(2, false).unwrap_err(), nothing());
    ledger.ends(1, Ended::Sent).unwrap();
    assert_eq!(ledger.state(), DeliveryState::Told, "who sent it was slow, and not dead");
}

#[test]
fn a_person_decides_what_can_not_be_known() {
    for (decision, told) in
        [(DeliveryDecision::Delivered, "agency"), (DeliveryDecision::ToldOtherwise, "call")]
    {
        let mut ledger = ledger().with_accepted();
        ledger.begins(1, false).unwrap();
        ledger.ends(1, unsure()).unwrap();
        assert_eq!(ledger.state(), DeliveryState::Unknown);
        let outcome = ledger.decides(decision).unwrap();
        let [Kind::DeliveryDecided(decided), Kind::ReplyDelivered(reply)] = outcome.facts.as_slice() else {
            panic!("{:?}", names(&outcome))
        };
        assert_eq!(decided.reason, Some(draft(REASON, 1).reference()));
        assert_eq!(reply.form, told);
        assert!(reply.text.is_some());
        assert_eq!(ledger.state(), DeliveryState::Told);
        assert_eq!(ledger.decides(decision).unwrap_err(), nothing());
    }
}

#[test]
fn what_a_person_took_or_told_the_program_does_not_send() {
    let mut ledger = ledger().with_accepted();
    ledger.decides(DeliveryDecision::Taken).unwrap();
    assert_eq!(ledger.state(), DeliveryState::Desk);
    assert_eq!(ledger.begins(1, true).unwrap_err(), nothing());
    ledger.tells(REPLY, DeliveryOutcome::Failed).unwrap();
    assert_eq!(ledger.begins(2, true).unwrap_err(), nothing());
    ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    assert_eq!(ledger.state(), DeliveryState::Told);
}

#[test]
fn while_the_program_sends_nobody_else_acts() {
    let mut ledger = ledger().with_accepted();
    ledger.begins(1, false).unwrap();
    let sending = Rejection::Nothing { what: "reply_not_being_sent", id: REPLY };
    assert_eq!(ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap_err(), sending);
    for decision in [DeliveryDecision::Retry, DeliveryDecision::ToldOtherwise, DeliveryDecision::Taken] {
        assert_eq!(ledger.decides(decision).unwrap_err(), sending);
    }
    ledger.passes(LEASE);
    ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    assert_eq!(ledger.ends(1, Ended::Sent).unwrap_err(), nothing());
}

#[test]
fn what_was_never_sent_was_not_delivered() {
    let mut ledger = ledger().with_accepted();
    let never = Rejection::Nothing { what: "delivery", id: REPLY };
    assert_eq!(ledger.decides(DeliveryDecision::Delivered).unwrap_err(), never);
}

#[test]
fn a_reading_for_a_reply_is_on_record_with_the_attempt() {
    let mut ledger = ledger().with_accepted();
    let begin = BeginDelivery {
        reply_id: REPLY,
        attempt: 1,
        port: "sms".into(),
        form: "sms".into(),
        repeatable: false,
        until: ledger.now + LEASE,
        text: None,
        opens_identity: true,
    };
    let outcome = ledger.by("service:intake", Act::BeginDelivery(begin)).unwrap();
    let [Kind::DeliveryBegun(_), Kind::IdentityOpened(opened)] = outcome.facts.as_slice() else {
        panic!("{:?}", names(&outcome))
    };
    assert_eq!(opened.purpose, "reply");
}

#[test]
fn in_quiet_hours_nothing_begins_and_the_next_attempt_is_at_their_end() {
    let mut ledger = quiet_ledger().with_accepted();
    let morning = Some(at("2026-03-03 08:00"));
    ledger.now = at("2026-03-02 21:30");
    let late = ledger.begins(1, true).unwrap();
    assert_eq!(names(&late), ["delivery deferred"]);
    assert!(late.answer.reply.is_none());
    assert_eq!((ledger.reply().delivery.next_at, ledger.reply().attempts), (morning, 0));
    ledger.now = at("2026-03-03 08:00");
    ledger.begins(1, true).unwrap();
    ledger.now = at("2026-03-03 20:59");
    let how = failed(&ledger, SignedDuration::from_hours(1));
    ledger.ends(1, how).unwrap();
    assert_eq!(ledger.reply().delivery.next_at, Some(at("2026-03-04 08:00")));
    ledger.now = at("2026-03-03 23:00");
    ledger.decides(DeliveryDecision::Retry).unwrap();
    assert_eq!(ledger.reply().delivery.next_at, Some(at("2026-03-04 08:00")));
}

#[test]
fn what_becomes_due_in_quiet_hours_waits_for_their_end() {
    let mut ledger = quiet_ledger().with_registered();
    ledger.now = at("2026-03-02 23:00");
    ledger.accepts(&[], false).unwrap();
    assert_eq!(ledger.reply().delivery.next_at, Some(at("2026-03-03 08:00")));
}

#[test]
fn what_a_system_handed_in_goes_back_to_that_system() {
    let mut ledger = ledger();
    let received =
        duban_proto::intake::v1::ComplaintReceived { agency: "12345".into(), ..crate::support::received() };
    ledger.submits(crate::support::CASE, received, true);
    ledger.accepts(&[], false).unwrap();
    assert_eq!(ledger.reply().delivery.route, "agency/12345");
}
