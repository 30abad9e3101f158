//! The ledgers of some organs in memory, by the Baoshan measures; what one addresses to another is delivered by hand.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use calendar::Calendar;
use content::{Draft, NewKey};
use directory::Directory;
use duban_proto::common::v1::{
    CaseFacts, CaseState, ContentRef, Finding, Organ, OrganKind, Rank, RespondentFacts, RespondentKind,
};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{RecordKind, ReplacementGround, TermState};
use jiff::Timestamp;
use regulation::{Regulation, Rules};
use routing::domain::{
    Act, Appoint, At, Book, Case, Command, Entry, Fact, File, Inquire, Open, Outcome, Rejection, Route,
    Sealed, Submit, decide,
};
use uuid::Uuid;

pub(crate) const CASE: Uuid = Uuid::from_u128(1);
pub(crate) const ABOVE: &str = "shanghai";
pub(crate) const CENTRE: &str = "baoshan";
pub(crate) const TOWN: &str = "baoshan.luodian";
pub(crate) const OTHER: &str = "baoshan.dachang";
pub(crate) const UNIT: &str = "baoshan.luodian.services";
pub(crate) const INVESTIGATORS: [&str; 2] = ["he.jun", "wu.min"];
pub(crate) const LEADER: &str = "liu.yang";

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    Rules::new(Arc::new(Regulation::load(&path).unwrap()), Arc::new(Calendar::bundled().unwrap()))
});

/// All organs' ledgers; `now` goes on as the test says.
pub(crate) struct District {
    pub(crate) directory: Directory,
    pub(crate) now: Timestamp,
    pub(crate) rules: &'static Rules,
    books: BTreeMap<String, Book>,
    on_the_way: VecDeque<(String, Fact)>,
}

/// A moment in Shanghai: "2026-03-02 10:00".
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

pub(crate) fn organ(code: &str, parent: &str, kind: OrganKind) -> Organ {
    Organ { code: code.into(), parent: parent.into(), kind: kind.into(), ..Organ::default() }
}

pub(crate) fn rules() -> &'static Rules {
    &RULES
}

pub(crate) fn directory() -> Directory {
    Directory::new([
        organ(ABOVE, "", OrganKind::External),
        organ(CENTRE, ABOVE, OrganKind::Centre),
        organ(TOWN, CENTRE, OrganKind::SubCentre),
        organ(OTHER, CENTRE, OrganKind::SubCentre),
        organ(UNIT, TOWN, OrganKind::Unit),
    ])
}

pub(crate) fn person(organ: &str, rank: Rank, head: bool) -> RespondentFacts {
    RespondentFacts { organ: organ.into(), kind: RespondentKind::Person.into(), rank: rank.into(), head }
}

pub(crate) fn whole(organ: &str) -> RespondentFacts {
    RespondentFacts { organ: organ.into(), kind: RespondentKind::Organ.into(), rank: 0, head: false }
}

/// The facts of a case about this respondent.
pub(crate) fn about(registering_organ: &str, respondent: RespondentFacts) -> CaseFacts {
    CaseFacts {
        registering_organ: registering_organ.into(),
        number: "宝效投〔2026〕1号".into(),
        channel: "online".into(),
        grounds: vec!["8.2".into()],
        respondents: vec![respondent],
        accepted_at: Some(server::time::to_proto(at("2026-03-02 09:00"))),
        ..CaseFacts::default()
    }
}

/// Facts about a clerk of the unit that the town manages.
pub(crate) fn about_a_clerk(registering_organ: &str) -> CaseFacts {
    about(registering_organ, person(UNIT, Rank::Unranked, false))
}

pub(crate) fn working_copy(version: u32) -> ContentRef {
    ContentRef { item_id: Uuid::from_u128(7).to_string(), version, commitment: vec![7; 32].into() }
}

/// A text, sealed under a key that is there.
pub(crate) fn sealed(item: u128) -> Sealed {
    let draft = Draft {
        case_id: CASE,
        item_id: Uuid::from_u128(item),
        version: 1,
        kind: "text",
        sealed: b"sealed".as_slice().into(),
        commitment: [7; 32],
    };
    Sealed { draft, key: None }
}

/// A text, sealed under a key that comes with it.
pub(crate) fn sealed_with_key(item: u128) -> Sealed {
    let key = NewKey { case_id: CASE, wrapped: b"wrapped".as_slice().into() };
    Sealed { key: Some(key), ..sealed(item) }
}

/// The names of what happens.
pub(crate) fn names(outcome: &Outcome) -> Vec<&'static str> {
    let name = |fact: &Fact| ledger::Event::kind(&routing::Event::new(fact.kind.clone()));
    outcome.facts.iter().map(name).collect()
}

/// Whom it is addressed to.
pub(crate) fn audiences(outcome: &Outcome) -> Vec<Option<&str>> {
    outcome.facts.iter().map(|fact| fact.audience.as_deref()).collect()
}

pub(crate) fn record(term: u32, present: &[&str]) -> File {
    File {
        term,
        kind: RecordKind::Interview,
        taken_at: at("2026-03-02 09:30"),
        investigators: present.iter().map(|name| (*name).to_owned()).collect(),
        confirmed: true,
        record: sealed(20),
    }
}

pub(crate) fn appointment(term: u32, names: &[&str]) -> Act {
    let investigators = names.iter().map(|name| (*name).to_owned()).collect();
    Act::Appoint(Appoint { term, investigators })
}

/// Another one takes an investigator's place, with a reason.
pub(crate) fn replacement(former: &str, successor: &str) -> Act {
    Act::Inquire(Box::new(Inquire::Replace {
        term: 1,
        former: former.into(),
        successor: successor.into(),
        ground: ReplacementGround::Absent,
        reason: Some(sealed(50)),
    }))
}

pub(crate) fn submission(term: u32) -> Act {
    let measures = vec!["criticism_and_education".to_owned()];
    Act::Submit(Box::new(Submit {
        term,
        finding: Finding::Founded,
        measures,
        findings: Vec::new(),
        report: sealed(30),
    }))
}

pub(crate) fn routing(version: u32) -> Act {
    Act::Route(Box::new(Route { version, departure: None }))
}

impl District {
    pub(crate) fn new() -> Self {
        Self {
            directory: directory(),
            now: at("2026-03-02 10:00"),
            rules: rules(),
            books: BTreeMap::new(),
            on_the_way: VecDeque::new(),
        }
    }

    /// Decides, and takes the entries in. What is addressed to others waits to be delivered.
    pub(crate) fn does(&mut self, organ: &str, actor: &str, act: Act) -> Result<Outcome, Rejection> {
        let book = self.books.entry(organ.to_owned()).or_default();
        let command = Command { case_id: Some(CASE), act };
        let outcome =
            decide(self.rules, &self.directory, book, &command, At { organ, now: self.now, actor })?;
        for fact in &outcome.facts {
            book.evolve(&Entry { organ, at: self.now, actor, case_id: Some(CASE), kind: &fact.kind });
            if fact.audience.is_some() {
                self.on_the_way.push_back((organ.to_owned(), fact.clone()));
            }
        }
        for (other, kind) in &outcome.on_others {
            book.evolve(&Entry { organ, at: self.now, actor, case_id: Some(*other), kind });
        }
        if let Some(case) = &outcome.answer.case {
            assert_eq!(case.version, self.case(organ).version, "the answer is the case as it is");
        }
        Ok(outcome)
    }

    /// An entry that is there, however it came about.
    pub(crate) fn evolves(&mut self, organ: &str, kind: &Kind) {
        let book = self.books.entry(organ.to_owned()).or_default();
        book.evolve(&Entry { organ, at: self.now, actor: LEADER, case_id: Some(CASE), kind });
    }

    pub(crate) fn hears(&mut self, organ: &str, act: Act) -> Outcome {
        self.does(organ, "service:routing", act).unwrap()
    }

    /// Delivers what is on the way, and what comes of it.
    pub(crate) fn deliver(&mut self) {
        while let Some((from, fact)) = self.on_the_way.pop_front() {
            let organ = fact.audience.unwrap();
            let act = Act::heard(fact.kind, &from, self.now).unwrap().expect("addressed, and heard");
            self.hears(&organ, act);
        }
    }

    /// Delivers the oldest of one of the mailboxes that have something on the way.
    pub(crate) fn deliver_one(&mut self, choice: usize) {
        let mut pairs: Vec<(String, Option<String>)> = Vec::new();
        for (from, fact) in &self.on_the_way {
            let pair = (from.clone(), fact.audience.clone());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        let Some((from, audience)) = pairs.get(choice % pairs.len().max(1)) else { return };
        let first = self.on_the_way.iter().position(|(of, fact)| of == from && fact.audience == *audience);
        let (from, fact) = first.and_then(|place| self.on_the_way.remove(place)).unwrap();
        let act = Act::heard(fact.kind, &from, self.now).unwrap().expect("addressed, and heard");
        self.hears(&fact.audience.unwrap(), act);
    }

    /// What is on the way gets lost: it is delivered later, or is an act of the past.
    pub(crate) fn take_mail(&mut self) -> Vec<(String, Fact)> {
        self.on_the_way.drain(..).collect()
    }

    pub(crate) fn case(&self, organ: &str) -> &Case {
        self.books[organ].case(CASE).unwrap()
    }

    pub(crate) fn knows(&self, organ: &str) -> bool {
        self.books.get(organ).is_some_and(|book| book.case(CASE).is_some())
    }

    pub(crate) fn state(&self, organ: &str) -> CaseState {
        self.case(organ).state()
    }

    pub(crate) fn term_state(&self, organ: &str) -> TermState {
        self.case(organ).current().unwrap().state()
    }

    /// An accepted case with its masks confirmed.
    pub(crate) fn ready(facts: CaseFacts) -> Self {
        let mut district = Self::new();
        let home = facts.registering_organ.clone();
        district.hears(&home, Act::Open(Box::new(Open { facts, came_from: String::new() })));
        district.hears(&home, Act::NoteWorkingCopy(working_copy(1)));
        district
    }

    /// The same, with the organ that is competent by the rules.
    pub(crate) fn routed(facts: CaseFacts) -> Self {
        let home = facts.registering_organ.clone();
        let mut district = Self::ready(facts);
        let version = district.case(&home).version;
        district.does(&home, LEADER, routing(version)).unwrap();
        district.deliver();
        district
    }

    /// The same at the town, which acknowledged it.
    pub(crate) fn acknowledged() -> Self {
        let mut district = Self::routed(about_a_clerk(CENTRE));
        district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
        district.deliver();
        district
    }

    pub(crate) fn appoints(&mut self, organ: &str) {
        self.does(organ, LEADER, appointment(1, &INVESTIGATORS)).unwrap();
    }

    pub(crate) fn investigates(&mut self, organ: &str) {
        self.does(organ, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS)))).unwrap();
    }

    pub(crate) fn submits(&mut self, organ: &str) {
        self.does(organ, INVESTIGATORS[0], submission(1)).unwrap();
    }

    /// Everything from the appointment to the submission.
    pub(crate) fn works(&mut self, organ: &str) {
        self.appoints(organ);
        self.investigates(organ);
        self.submits(organ);
    }

    /// Everything from the appointment to the approval.
    pub(crate) fn concludes(&mut self, organ: &str) -> Outcome {
        self.works(organ);
        let outcome = self.does(organ, LEADER, Act::Approve { term: 1 }).unwrap();
        self.deliver();
        outcome
    }
}

/// The term that begins.
pub(crate) fn begun(outcome: &Outcome) -> &duban_proto::routing::v1::TermBegun {
    let begun = outcome.facts.iter().find_map(|fact| match &fact.kind {
        Kind::TermBegun(begun) => Some(begun),
        _ => None,
    });
    begun.expect("a term begins")
}
