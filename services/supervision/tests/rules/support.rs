//! An organ's ledger in memory, by the Baoshan measures.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use calendar::Calendar;
use content::{Draft, NewKey};
use duban_proto::common::v1::CaseFacts;
use duban_proto::supervision::v1::{RungFired, StopReason, event::Kind};
use jiff::Timestamp;
use ledger::{Context, Organ};
use regulation::{Approver, Regulation, Rules};
use supervision::domain::decide::{Decision, Fact, decide};
use supervision::domain::evolve::{Stamp, evolve};
use supervision::domain::time::to_wire;
use supervision::domain::{
    Answer, Book, ClockKey, Command, Counts, DecideExtension, FireRungs, NoteExtension, Rejection,
    RequestExtension, Sealed, StartClock, StopClocks, Which,
};
use uuid::Uuid;

pub(crate) const CASE: Uuid = Uuid::from_u128(1);

/// One organ, its rules and its book; `now` goes on as the test says.
pub(crate) struct Ledger {
    pub(crate) rules: Rules,
    pub(crate) book: Book,
    pub(crate) now: Timestamp,
    organ: Organ,
    seq: u64,
}

/// A moment in Shanghai: "2026-03-02 10:00".
pub(crate) fn at(text: &str) -> Timestamp {
    let zoned = format!("{}+08:00", text.replace(' ', "T"));
    zoned.parse().unwrap()
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    Rules::new(Arc::new(Regulation::load(&path).unwrap()), Arc::new(Calendar::bundled().unwrap()))
});

pub(crate) fn ledger(organ: &str) -> Ledger {
    Ledger {
        rules: RULES.clone(),
        book: Book::new(organ),
        now: at("2026-03-02 10:00"),
        organ: Organ::new(organ).unwrap(),
        seq: 0,
    }
}

impl Ledger {
    /// Decides, and takes the entries into the book.
    pub(crate) fn does(&mut self, actor: &str, command: &Command) -> Result<Decision, Rejection> {
        let next_seq = self.seq + 1;
        let context = Context { organ: &self.organ, now: self.now, actor, cause: None, next_seq };
        let decision = decide(&self.rules, &self.book, command, context)?;
        let zone = self.rules.regulation.counting().zone.clone();
        for Fact { case_id, kind, .. } in &decision.facts {
            self.seq += 1;
            let stamp = Stamp { seq: self.seq, recorded_at: self.now, actor, zone: &zone };
            evolve(&mut self.book, *case_id, kind, stamp);
        }
        Ok(decision)
    }

    /// A clock starts; the case was accepted at `accepted_at` and has its home at `home`.
    pub(crate) fn starts(&mut self, key: ClockKey, start: &str, accepted_at: &str, home: &str) -> Decision {
        let facts = CaseFacts {
            registering_organ: home.into(),
            number: "宝效投〔2026〕1号".into(),
            accepted_at: Some(to_wire(at(accepted_at))),
            ..CaseFacts::default()
        };
        let responsible_organ = self.organ.to_string();
        let start = StartClock {
            key,
            start: at(start),
            home: home.into(),
            responsible_organ,
            facts,
            reopened: false,
        };
        self.does("service:routing", &Command::StartClock(Box::new(start))).unwrap()
    }

    /// The case was opened again at `start`, and the home's clock of the new round starts.
    pub(crate) fn starts_again(&mut self, term: u32, start: &str, responsible_organ: &str) -> Decision {
        let facts = CaseFacts {
            registering_organ: self.organ.to_string(),
            accepted_at: Some(to_wire(at(start))),
            ..CaseFacts::default()
        };
        let start = StartClock {
            key: ClockKey::term(CASE, term),
            start: at(start),
            home: self.organ.to_string(),
            responsible_organ: responsible_organ.into(),
            facts,
            reopened: true,
        };
        self.does("service:routing", &Command::StartClock(Box::new(start))).unwrap()
    }

    /// The case's own clock starts on 2 March 2026, a Monday: ten workdays end on the 16th at 24:00.
    pub(crate) fn with_case(mut self) -> Self {
        let home = self.organ.to_string();
        self.starts(ClockKey::case(CASE), "2026-03-02 10:00", "2026-03-02 10:00", &home);
        self
    }

    pub(crate) fn fires(&mut self, now: &str) -> Vec<RungFired> {
        self.now = at(now);
        self.fires_at(self.now)
    }

    pub(crate) fn fires_at(&mut self, at: Timestamp) -> Vec<RungFired> {
        let clocks = (0..3).map(|term| ClockKey::term(CASE, term)).collect();
        self.fires_of(at, clocks).into_iter().filter_map(|fact| rung_of(fact.kind)).collect()
    }

    /// All that comes of the tick's look at these clocks.
    pub(crate) fn fires_of(&mut self, at: Timestamp, clocks: Vec<ClockKey>) -> Vec<Fact> {
        let (number_prefix, centre) = ("宝效投".into(), "baoshan".into());
        let command = Command::FireRungs(FireRungs { at, number_prefix, centre, clocks });
        self.does("service:supervision", &command).unwrap().facts
    }

    pub(crate) fn stops(&mut self, which: Which, reason: StopReason, when: &str) -> Decision {
        let stop = StopClocks { case_id: CASE, which, reason, at: at(when) };
        self.does("service:routing", &Command::StopClocks(stop)).unwrap()
    }

    pub(crate) fn asks(&mut self, term: u32, length: &str, id: u128) -> Result<Decision, Rejection> {
        self.requests(term, length, id, None)
    }

    /// The same for 20 workdays, sealed under a data key that is new.
    pub(crate) fn asks_with_new_key(&mut self, term: u32, id: u128) -> Result<Decision, Rejection> {
        let key = NewKey { case_id: CASE, wrapped: b"wrapped".as_slice().into() };
        self.requests(term, "20 workdays", id, Some(key))
    }

    fn requests(
        &mut self,
        term: u32,
        length: &str,
        id: u128,
        case_key: Option<NewKey>,
    ) -> Result<Decision, Rejection> {
        let extension_id = Uuid::from_u128(id);
        let reason = Draft {
            case_id: CASE,
            item_id: extension_id,
            version: 1,
            kind: "reason",
            sealed: b"sealed".as_slice().into(),
            commitment: [7; 32],
        };
        let clock = ClockKey::term(CASE, term);
        let length = length.parse().unwrap();
        let reason = Sealed { drafts: vec![("reason", reason)], case_key };
        let request = RequestExtension { extension_id, clock, length, reason };
        self.does("zhang.wei", &Command::RequestExtension(Box::new(request)))
    }

    pub(crate) fn decides(&mut self, actor: &str, id: u128, granted: bool) -> Result<Decision, Rejection> {
        let approves = vec![Approver::PrincipalHead, Approver::CompetentSuperior];
        self.decides_as(actor, id, granted, approves)
    }

    pub(crate) fn decides_as(
        &mut self,
        actor: &str,
        id: u128,
        granted: bool,
        approves: Vec<Approver>,
    ) -> Result<Decision, Rejection> {
        let words = sealed(if granted { "told" } else { "refusal" }, 1000 + id);
        let extension_id = Uuid::from_u128(id);
        let decide = DecideExtension { case_id: CASE, extension_id, granted, approves, words };
        self.does(actor, &Command::DecideExtension(Box::new(decide)))
    }

    /// What another organ's ledger addressed to this one.
    pub(crate) fn hears(&mut self, told: &Fact) -> Decision {
        let Kind::ExtensionDecided(decided) = &told.kind else { panic!("{told:?}") };
        let note = NoteExtension { case_id: CASE, decided: decided.clone() };
        self.does("service:supervision", &Command::NoteExtension(Box::new(note))).unwrap()
    }

    pub(crate) fn due(&self, term: u32) -> Timestamp {
        self.book.clock(ClockKey::term(CASE, term)).unwrap().due_at
    }

    pub(crate) fn counts(&self) -> Counts {
        self.book.counts()
    }
}

/// A text of a command, sealed under a key that is there.
pub(crate) fn sealed(field: &'static str, id: u128) -> Sealed {
    let draft = Draft {
        case_id: CASE,
        item_id: Uuid::from_u128(id),
        version: 1,
        kind: field,
        sealed: b"sealed".as_slice().into(),
        commitment: [7; 32],
    };
    Sealed { drafts: vec![(field, draft)], case_key: None }
}

/// The Baoshan measures with other words in the place of some.
pub(crate) fn ledger_by(organ: &str, changes: &[(&str, &str)]) -> Ledger {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    let mut source = std::fs::read_to_string(path).unwrap();
    for (from, to) in changes {
        assert!(source.contains(from), "{from}");
        source = source.replacen(from, to, 1);
    }
    let regulation = Regulation::parse(&source, "changed.toml").unwrap();
    let rules = Rules::new(Arc::new(regulation), Arc::clone(&RULES.calendar));
    Ledger { rules, ..ledger(organ) }
}

/// The rung that an entry says fired.
pub(crate) fn rung_of(kind: Kind) -> Option<RungFired> {
    match kind {
        Kind::RungFired(fired) => Some(fired),
        Kind::RungTold(_) | Kind::ClockResumed(_) => None,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn names(fired: &[RungFired]) -> Vec<&str> {
    fired.iter().map(|fired| fired.rung.as_str()).collect()
}

pub(crate) fn extension_of(answer: &Answer) -> (String, i32) {
    let extension = answer.extension.as_ref().unwrap();
    (extension.length.clone(), extension.state)
}
