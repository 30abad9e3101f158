//! The examples of a regulation file: facts in, what is expected out. They are the file's tests.

use calendar::{Calendar, Due};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::claim::{read_money, yuan};
use crate::clauses::Clauses;
use crate::given::Given;
use crate::jurisdiction::{Handling, Target};
use crate::limit::{Limit, Stage};
use crate::read::Table;
use crate::regulation::Regulation;
use crate::reply::Event;
use crate::rounds::Again;
use crate::vocabulary::Medium;

/// One `[[example]]`.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The file it stands in: that of the regulation, or of one that it extends.
    pub file: String,
    /// The line in the file.
    pub line: usize,
    given: Given,
    clock: Option<ExampleClock>,
    expect: Expectation,
}

/// A clock whose end is expected.
#[derive(Clone, Debug)]
struct ExampleClock {
    stage: Stage,
    start: DateTime,
    extended: bool,
}

/// What is expected; what is left out is not looked at.
#[derive(Clone, Debug, Default)]
struct Expectation {
    acceptable: Option<bool>,
    missing: Option<Vec<String>>,
    refusals: Option<Vec<String>>,
    anonymous: Option<bool>,
    rule: Option<String>,
    article: Option<String>,
    target: Option<Target>,
    handling: Option<Handling>,
    alternatives: Option<Vec<String>>,
    due: Option<Date>,
    due_at: Option<DateTime>,
    owed: Option<u64>,
    remedies: Option<Vec<String>>,
    excluded: Option<Vec<String>>,
    sanction: Option<Vec<u64>>,
    unit: Option<String>,
    joint: Option<Vec<String>>,
    again: Option<bool>,
    reply: Option<Medium>,
}

/// How an example came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleResult {
    /// What it shows.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// The line in the file.
    pub line: usize,
    /// Where it differs: `what: expected …, found …`; empty for one that passed.
    pub failures: Vec<String>,
}

impl ExampleResult {
    /// Everything was as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl Regulation {
    /// Runs every example of the file.
    pub fn run_examples(&self, calendar: &Calendar) -> Vec<ExampleResult> {
        self.examples().iter().map(|example| example.run(self, calendar)).collect()
    }
}

impl Example {
    fn run(&self, regulation: &Regulation, calendar: &Calendar) -> ExampleResult {
        let mut differences = Differences::default();
        self.compare_admission(regulation, &mut differences);
        self.compare_route(regulation, &mut differences);
        if let Some(clock) = &self.clock {
            let limit = regulation.limit_for(clock.stage, &self.given.facts.complaint, &self.given.case);
            match clock.due(limit, regulation, calendar) {
                Err(error) => differences.0.push(format!("due: {error}")),
                Ok(due) => {
                    let at = regulation.counting().zone.to_datetime(due.at);
                    differences.note("due", self.expect.due.as_ref(), &due.date);
                    differences.note("due_at", self.expect.due_at.as_ref(), &at);
                }
            }
        }
        self.compare_service(regulation, &mut differences);
        self.compare_claim(regulation, &mut differences);
        self.compare_breach(regulation, &mut differences);
        ExampleResult {
            name: self.name.clone(),
            file: self.file.clone(),
            line: self.line,
            failures: differences.0,
        }
    }

    fn compare_admission(&self, regulation: &Regulation, differences: &mut Differences) {
        let admission = regulation.admit(&self.given.facts.complaint);
        let missing: Vec<_> =
            admission.violations.iter().map(|violation| violation.field.to_owned()).collect();
        let refusals: Vec<_> = admission.refusals.iter().map(|refusal| refusal.code.clone()).collect();
        differences.note("acceptable", self.expect.acceptable.as_ref(), &admission.acceptable());
        differences.note("missing", self.expect.missing.as_ref(), &missing);
        differences.note("refusals", self.expect.refusals.as_ref(), &refusals);
        differences.note("anonymous", self.expect.anonymous.as_ref(), &admission.anonymous.is_some());
    }

    fn compare_service(&self, regulation: &Regulation, differences: &mut Differences) {
        let (complaint, expect) = (&self.given.facts.complaint, &self.expect);
        let units = regulation.units_for(complaint, &self.given.case);
        let lead = units.as_ref().map(|units| units.lead.code.clone()).unwrap_or_default();
        let joint = units.map(|units| units.joint.iter().map(|unit| unit.code.clone()).collect());
        differences.note("unit", expect.unit.as_ref(), &lead);
        differences.note("joint", expect.joint.as_ref(), &joint.unwrap_or_default());
        let again = matches!(regulation.again(complaint, &self.given.case), Again::Round(..));
        differences.note("again", expect.again.as_ref(), &again);
        let medium = regulation.reply_medium(Event::Concluded, &complaint.channel);
        differences.note("reply", expect.reply.map(Some).as_ref(), &medium);
    }

    fn compare_claim(&self, regulation: &Regulation, differences: &mut Differences) {
        let Some(claim) = &self.given.claim else { return };
        let owed = match regulation.owed(claim) {
            Ok(owed) => owed,
            Err(error) => {
                differences.0.push(format!("owed: {error}"));
                return;
            }
        };
        let parts: Vec<_> = owed.parts.iter().map(|part| part.remedy.code.clone()).collect();
        let excluded: Vec<_> = owed.excluded.iter().map(|(_, exclusion)| exclusion.code.clone()).collect();
        differences.note("owed", self.expect.owed.map(yuan).as_ref(), &yuan(owed.total));
        differences.note("remedies", self.expect.remedies.as_ref(), &parts);
        differences.note("excluded", self.expect.excluded.as_ref(), &excluded);
    }

    fn compare_breach(&self, regulation: &Regulation, differences: &mut Differences) {
        let Some(breach) = &self.given.breach else { return };
        match self.given.sanction(breach, regulation) {
            Ok(imposed) => {
                let found = imposed.map(|one| {
                    if one.least == one.most { vec![one.least] } else { vec![one.least, one.most] }
                });
                differences.note("sanction", self.expect.sanction.as_ref(), &found.unwrap_or_default());
            }
            Err(error) => differences.0.push(format!("sanction: {error}")),
        }
    }

    fn compare_route(&self, regulation: &Regulation, differences: &mut Differences) {
        let expect = &self.expect;
        if !expect.expects_route() {
            return;
        }
        let route = match regulation.route(&self.given.facts) {
            Ok(route) => route,
            Err(error) => {
                differences.0.push(format!("route: {error}"));
                return;
            }
        };
        let alternatives: Vec<_> = route.alternatives.iter().map(|other| other.rule.to_owned()).collect();
        differences.note("rule", expect.rule.as_ref(), &route.rule.to_owned());
        // A house rule cites no article: `article = ""` says so.
        differences.note("article", expect.article.as_ref(), &route.article.unwrap_or_default().to_owned());
        differences.note("target", expect.target.as_ref(), &route.target);
        differences.note("handling", expect.handling.as_ref(), &route.handling);
        differences.note("alternatives", expect.alternatives.as_ref(), &alternatives);
    }

    /// Reads every `[[example]]`; needs the clauses only for the first codes of facts left out.
    pub(crate) fn read_all(root: &Table<'_>, clauses: Option<&Clauses>) -> Vec<Self> {
        root.tables("example").iter().filter_map(|table| Self::read(table, clauses)).collect()
    }

    fn read(table: &Table<'_>, clauses: Option<&Clauses>) -> Option<Self> {
        let name = table.string("name");
        let given = Given::read(table, clauses);
        let clock = table.get("clock").and_then(|node| ExampleClock::read(&node.table()?));
        let expect = table.table("expect").map(|inner| Expectation::read(&inner));
        table.finish();
        let expect = expect?;
        if (expect.due.is_some() || expect.due_at.is_some()) != clock.is_some() {
            let expected = "both or neither".to_owned();
            table.fault("`clock` and `expect.due` or `expect.due_at` go together", Some(expected));
        }
        let of_claim = expect.owed.is_some() || expect.remedies.is_some() || expect.excluded.is_some();
        if of_claim && given.claim.is_none() || expect.sanction.is_some() != given.breach.is_some() {
            let expected = "`claim` with `owed`, `remedies`, `excluded`; `breach` with `sanction`".to_owned();
            table.fault("what is expected has no facts, or the other way round", Some(expected));
        }
        let (file, line) = table.place();
        Some(Self { name: name?, file, line, given, clock, expect })
    }
}

impl ExampleClock {
    fn due(
        &self,
        limit: Option<&Limit>,
        regulation: &Regulation,
        calendar: &Calendar,
    ) -> Result<Due, ClockError> {
        let limit = limit.ok_or(ClockError::Limit(self.stage))?;
        let length = match (&limit.extension, self.extended) {
            (_, false) => limit.length,
            (Some(extension), true) => extension.most,
            (None, true) => return Err(ClockError::Extension(self.stage)),
        };
        let counting = regulation.counting();
        let start: Timestamp = counting.zone.to_timestamp(self.start)?;
        Ok(calendar.due(start, length, counting))
    }

    fn read(table: &Table<'_>) -> Option<Self> {
        let (stage, extended) = (table.choice("stage"), table.flag_or("extended", false));
        let start =
            table.need("start", "a moment as \"2026-02-10T15:00\"").and_then(|n| n.parsed("a moment"));
        table.finish();
        Some(Self { stage: stage?, start: start?, extended: extended? })
    }
}

#[derive(Debug, thiserror::Error)]
enum ClockError {
    #[error("no limit for `{0}`")]
    Limit(Stage),
    #[error("`{0}` cannot be extended")]
    Extension(Stage),
    #[error("no such moment: {0}")]
    Moment(#[from] jiff::Error),
}

impl Expectation {
    fn expects_route(&self) -> bool {
        self.rule.is_some()
            || self.article.is_some()
            || self.target.is_some()
            || self.handling.is_some()
            || self.alternatives.is_some()
    }

    fn read(table: &Table<'_>) -> Self {
        let codes = |key| {
            let node = table.get(key)?;
            node.elements().iter().map(crate::read::Node::string).collect::<Option<Vec<_>>>()
        };
        let flag = |key| table.get(key).and_then(|node| node.flag());
        let text = |key| table.get(key).and_then(|node| node.string());
        let expect = Self {
            acceptable: flag("acceptable"),
            missing: codes("missing"),
            refusals: codes("refusals"),
            anonymous: flag("anonymous"),
            rule: text("rule"),
            article: text("article"),
            target: table.opt_choice("target"),
            handling: table.opt_choice("handling"),
            alternatives: codes("alternatives"),
            owed: table.get("owed").and_then(|node| read_money(&node)),
            remedies: codes("remedies"),
            excluded: codes("excluded"),
            unit: text("unit"),
            joint: codes("joint"),
            again: flag("again"),
            reply: table.opt_choice("reply"),
            sanction: table.get("sanction").and_then(|node| read_sanction(&node)),
            due: table.opt_date("due"),
            due_at: table.get("due_at").and_then(|node| node.parsed("a moment as \"2026-02-10T15:20\"")),
        };
        table.finish();
        expect
    }
}

/// Yuan as "200.00", points as 3, the least and the most as an array of two; `[]` for none.
fn read_sanction(node: &crate::read::Node<'_>) -> Option<Vec<u64>> {
    let one = |node: &crate::read::Node<'_>| {
        if node.is_text() { read_money(node) } else { node.count().map(u64::from) }
    };
    if node.is_array() { node.elements().iter().map(one).collect() } else { one(node).map(|one| vec![one]) }
}

/// Collects where an example differs from what was expected.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn note<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, expected: Option<&T>, found: &T) {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            self.0.push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    }
}
