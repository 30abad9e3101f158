//! The regulation: loaded, checked, and asked.

use std::path::Path;
use std::sync::Arc;

use calendar::Counting;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::accountability::Accountability;
use crate::admission::{
    Admission, LateSupplement, ReferTarget, Refusal, RequiredAt, Requirement, TreatmentRule,
};
use crate::amount::AmountError;
use crate::appraisal::Appraisal;
use crate::archive::Archive;
use crate::casework::{Confidentiality, Form, Investigation, Power};
use crate::claim::{ClaimFact, ClaimFacts};
use crate::clause::Text;
use crate::clauses::{Clauses, Parties};
use crate::example::Example;
use crate::facts::{CaseFacts, ComplaintFacts, RouteFacts};
use crate::fault::Faults;
use crate::follow_up::FollowUps;
use crate::identity::{FORMAT, Identity, Settings};
use crate::instrument::{InstrumentKind, InstrumentRule, Reopening};
use crate::jurisdiction::{NoRoute, Route, RouteRule};
use crate::limit::{Limit, Stage};
use crate::lineage::{self, Ancestor};
use crate::notices::Notices;
use crate::outline::OutlineClause;
use crate::overlay::Adaptation;
use crate::quiet::ReplyHours;
use crate::read::Table;
use crate::remedy::{Exclusion, Owed, Remedy};
use crate::reply::{Event, Numbered, NumberingRule, Reply};
use crate::retention::Retention;
use crate::review::{Appeal, Review};
use crate::rounds::{Again, Rounds};
use crate::sanction::{Breach, Imposed, Sanction};
use crate::statistic::Statistic;
use crate::subject::{Subject, Units};
use crate::transfer::Transfers;
use crate::vocabulary::{Ground, Medium, Term};

/// A regulation, ready to decide. Immutable; share it by `Arc`.
///
/// It is loaded from a file of the format described in the crate's `README.md`; a file with any fault is refused.
#[derive(Clone, Debug)]
pub struct Regulation {
    identity: Identity,
    settings: Settings,
    clauses: Arc<Clauses>,
    examples: Vec<Example>,
    version: String,
    lineage: Vec<Ancestor>,
    adaptations: Vec<Adaptation>,
    outline: Arc<[OutlineClause]>,
}

impl Regulation {
    /// Reads a regulation that extends none. `file` is the name used in faults.
    pub fn parse(source: &str, file: &str) -> Result<Self, Faults> {
        Self::parse_with(source, file, &|_| None)
    }

    /// Reads a regulation; `find` gives the source of the one it extends, by its code.
    pub fn parse_with(
        source: &str,
        file: &str,
        find: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Faults> {
        lineage::parse(source, file, find)
    }

    /// Reads `path`; a regulation that it extends is looked for beside it, as `<code>.toml`.
    pub fn load(path: &Path) -> Result<Self, Faults> {
        let name = path.display().to_string();
        let source = std::fs::read_to_string(path)
            .map_err(|error| Faults::of_file(&name, error.to_string(), "a readable file in UTF-8"))?;
        let beside = |code: &str| std::fs::read_to_string(path.with_file_name(format!("{code}.toml"))).ok();
        Self::parse_with(&source, &name, &beside)
    }

    /// The code, as `baoshan-2009-5`.
    pub fn code(&self) -> &str {
        &self.identity.code
    }

    /// The title.
    pub fn title(&self) -> &Text {
        &self.identity.title
    }

    /// The document number, as 宝监〔2009〕5号.
    pub fn document(&self) -> &str {
        &self.identity.document
    }

    /// A fingerprint of the file (and of the one it extends), 16 hexadecimal digits. Decisions record it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Titles and dates.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether it is in force on a day.
    pub fn in_force_on(&self, date: Date) -> bool {
        date >= self.identity.in_force_from && self.identity.in_force_until.is_none_or(|until| date <= until)
    }

    /// How days and hours are counted.
    pub fn counting(&self) -> &Counting {
        &self.clauses.counting
    }

    /// All the settings of the house.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A complaint that has everything is accepted without an officer.
    pub fn automatic_acceptance(&self) -> bool {
        self.settings.automatic_acceptance
    }

    /// Proposed masks are taken as confirmed.
    pub fn automatic_masks(&self) -> bool {
        self.settings.automatic_masks
    }

    /// An accepted case is routed without an officer.
    pub fn automatic_routing(&self) -> bool {
        self.settings.automatic_routing
    }

    /// What the parties are called.
    pub fn parties(&self) -> &Parties {
        &self.clauses.parties
    }

    /// The channels (article 9).
    pub fn channels(&self) -> &[Term] {
        &self.clauses.vocabulary.channels
    }

    /// The channel of a code.
    pub fn channel(&self, code: &str) -> Option<&Term> {
        self.channels().iter().find(|channel| channel.code == code)
    }

    /// The sources: whoever passes complaints on.
    pub fn sources(&self) -> &[Term] {
        &self.clauses.vocabulary.sources
    }

    /// The source of a code.
    pub fn source(&self, code: &str) -> Option<&Term> {
        self.sources().iter().find(|source| source.code == code)
    }

    /// All grounds (article 8), a parent before its parts.
    pub fn grounds(&self) -> &[Ground] {
        &self.clauses.vocabulary.grounds
    }

    /// The ground of a code.
    pub fn ground(&self, code: &str) -> Option<&Ground> {
        self.grounds().iter().find(|ground| ground.code == code)
    }

    /// The parts of a ground; the top level for `None`.
    pub fn grounds_under<'a>(&'a self, parent: Option<&'a str>) -> impl Iterator<Item = &'a Ground> {
        self.grounds().iter().filter(move |ground| ground.parent.as_deref() == parent)
    }

    /// Everything a complaint must have.
    pub fn requirements(&self) -> &[Requirement] {
        &self.clauses.admission.requirements
    }

    /// Whether a complaint can be accepted: everything that is missing and all that speaks against it, at once.
    pub fn admit(&self, facts: &ComplaintFacts) -> Admission<'_> {
        self.clauses.admission.judge(facts, RequiredAt::Acceptance)
    }

    /// The same for a complaint that is just being submitted: without what an officer settles later.
    pub fn receive(&self, facts: &ComplaintFacts) -> Admission<'_> {
        self.clauses.admission.judge(facts, RequiredAt::Submission)
    }

    /// The ways of not accepting: decline, refer, direct elsewhere.
    pub fn refusals(&self) -> &[Refusal] {
        &self.clauses.admission.refusals
    }

    /// The refusal of a code.
    pub fn refusal(&self, code: &str) -> Option<&Refusal> {
        self.refusals().iter().find(|refusal| refusal.code == code)
    }

    /// The departments to which things are referred (14(4)).
    pub fn refer_targets(&self) -> &[ReferTarget] {
        &self.clauses.admission.refer_targets
    }

    /// The department of a code.
    pub fn refer_target(&self, code: &str) -> Option<&ReferTarget> {
        self.refer_targets().iter().find(|target| target.code == code)
    }

    /// What becomes of a complaint that nobody completes in time.
    pub fn unanswered(&self) -> &TreatmentRule {
        &self.clauses.admission.unanswered
    }

    /// What becomes of a complaint that is anonymous.
    pub fn anonymous(&self) -> &TreatmentRule {
        &self.clauses.admission.anonymous
    }

    /// What becomes of what is supplied after the limit.
    pub fn late_supplement(&self) -> LateSupplement {
        self.clauses.admission.late
    }

    /// Where a case goes, by which article and on which facts.
    pub fn route(&self, facts: &RouteFacts) -> Result<Route<'_>, NoRoute> {
        self.clauses.jurisdiction.route(facts)
    }

    /// The rules of competence, in their order.
    pub fn route_rules(&self) -> &[RouteRule] {
        &self.clauses.jurisdiction.rules
    }

    /// The levels of complaints, where there are any.
    pub fn levels(&self) -> &[Term] {
        &self.clauses.vocabulary.levels
    }

    /// The limit of a stage for all complaints that no other limit of it is for.
    pub fn limit(&self, stage: Stage) -> Option<&Limit> {
        self.limits().iter().find(|limit| limit.stage == stage && limit.when().is_none())
    }

    /// The limit of a stage for a complaint: the first that is for such.
    pub fn limit_for(&self, stage: Stage, complaint: &ComplaintFacts, case: &CaseFacts) -> Option<&Limit> {
        Limit::first(self.limits(), stage, complaint, case)
    }

    /// All limits.
    pub fn limits(&self) -> &[Limit] {
        &self.clauses.limits
    }

    /// How is investigated, and who approves.
    pub fn investigation(&self) -> &Investigation {
        &self.clauses.investigation
    }

    /// Who may see what (article 15).
    pub fn confidentiality(&self) -> &Confidentiality {
        &self.clauses.confidentiality
    }

    /// The powers that are cited where they are used.
    pub fn powers(&self) -> &[Power] {
        &self.clauses.powers
    }

    /// The power of a code.
    pub fn power(&self, code: &str) -> Option<&Power> {
        self.powers().iter().find(|power| power.code == code)
    }

    /// All replies.
    pub fn replies(&self) -> &[Reply] {
        &self.clauses.replies
    }

    /// The reply to an event.
    pub fn reply(&self, event: Event) -> Option<&Reply> {
        self.replies().iter().find(|reply| reply.event == event)
    }

    /// When no reply goes out by itself; absent where no hour is quiet.
    pub fn reply_hours(&self) -> Option<&ReplyHours> {
        self.clauses.reply_hours.as_ref()
    }

    /// The first moment from `at` on at which a reply may go out: `at` itself outside the quiet hours.
    pub fn reply_from(&self, at: Timestamp) -> Timestamp {
        self.reply_hours().map_or(at, |hours| hours.quiet.end_from(at, &self.counting().zone))
    }

    /// The numbering of a kind; cases always have one.
    pub fn numbering(&self, of: Numbered) -> Option<&NumberingRule> {
        self.clauses.numberings.iter().find(|rule| rule.of == of)
    }

    /// The forms that it names.
    pub fn forms(&self) -> &[Form] {
        &self.clauses.forms
    }

    /// The form of a code.
    pub fn form(&self, code: &str) -> Option<&Form> {
        self.forms().iter().find(|form| form.code == code)
    }

    /// What the file of a case holds before it closes (article 16); absent where nothing is asked for.
    pub fn archive(&self) -> Option<&Archive> {
        self.clauses.archive.as_ref()
    }

    /// How organs are appraised (article 24); absent where they are not.
    pub fn appraisal(&self) -> Option<&Appraisal> {
        self.clauses.appraisal.as_ref()
    }

    /// How long cases are kept (article 16).
    pub fn retention(&self) -> &Retention {
        &self.clauses.retention
    }

    /// How transfers are returned (house).
    pub fn transfers(&self) -> &Transfers {
        &self.clauses.transfers
    }

    /// What an instrument of a kind needs; none where the regulation has no such instrument (article 7).
    pub fn instrument(&self, kind: InstrumentKind) -> Option<&InstrumentRule> {
        self.instruments().iter().find(|rule| rule.kind == kind)
    }

    /// All kinds of instruments.
    pub fn instruments(&self) -> &[InstrumentRule] {
        &self.clauses.instruments
    }

    /// How a concluded case is opened again (article 3); absent where it is not.
    pub fn reopening(&self) -> Option<&Reopening> {
        self.clauses.reopening.as_ref()
    }

    /// How conclusions are reviewed (article 20); absent where they are not.
    pub fn review(&self) -> Option<&Review> {
        self.clauses.review.as_ref()
    }

    /// How respondents appeal against a result (article 5(2)); absent where they can't.
    pub fn appeal(&self) -> Option<&Appeal> {
        self.clauses.appeal.as_ref()
    }

    /// How complainants are asked what they think of the result (house); absent where they are not.
    pub fn follow_ups(&self) -> Option<&FollowUps> {
        self.clauses.follow_ups.as_ref()
    }

    /// How reminders and supervision notices are answered (articles 16, 20).
    pub fn notices(&self) -> &Notices {
        &self.clauses.notices
    }

    /// When organs and persons are held accountable (article 21); absent where no file is proposed.
    pub fn accountability(&self) -> Option<&Accountability> {
        self.clauses.accountability.as_ref()
    }

    /// The facts that a claim has.
    pub fn claim_facts(&self) -> &[ClaimFact] {
        &self.clauses.remedies.facts
    }

    /// All remedies.
    pub fn remedies(&self) -> &[Remedy] {
        &self.clauses.remedies.owing
    }

    /// All that excludes remedies.
    pub fn exclusions(&self) -> &[Exclusion] {
        &self.clauses.remedies.exclusions
    }

    /// What is owed on a claim; an error where a fact that it depends on is not known.
    pub fn owed(&self, claim: &ClaimFacts) -> Result<Owed<'_>, AmountError> {
        self.clauses.remedies.owed(claim)
    }

    /// All sanctions.
    pub fn sanctions(&self) -> &[Sanction] {
        &self.clauses.sanctions
    }

    /// The sanction of a breach; none where the regulation has none for it.
    pub fn sanction(&self, breach: &Breach<'_>) -> Result<Option<Imposed<'_>>, AmountError> {
        Sanction::imposed(&self.clauses.sanctions, breach)
    }

    /// The units within an organ.
    pub fn units(&self) -> &[Term] {
        &self.clauses.subjects.units
    }

    /// Which unit gets which subject, in their order.
    pub fn subjects(&self) -> &[Subject] {
        &self.clauses.subjects.subjects
    }

    /// The units that a complaint is for; none where the regulation names none for such.
    pub fn units_for(&self, complaint: &ComplaintFacts, case: &CaseFacts) -> Option<Units<'_>> {
        self.clauses.subjects.units_for(complaint, case)
    }

    /// How often a matter is looked at; absent where the regulation does not say.
    pub fn rounds(&self) -> Option<&Rounds> {
        self.clauses.rounds.as_ref()
    }

    /// Whether a matter is looked at again, where the complainant is not content with the round that the case is in.
    pub fn again(&self, complaint: &ComplaintFacts, case: &CaseFacts) -> Again<'_> {
        self.rounds().map_or(Again::NotProvided, |rounds| rounds.again(complaint, case))
    }

    /// The form of the reply to an event, for a complaint that came by a channel; none where any will do.
    pub fn reply_medium(&self, event: Event, channel: &str) -> Option<Medium> {
        self.reply(event)?.medium(self.channel(channel)?)
    }

    /// The figures that are drawn up.
    pub fn statistics(&self) -> &[Statistic] {
        &self.clauses.statistics
    }

    /// The examples of the file, and of the one it extends: its tests.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The codes and titles of the regulations it extends, the nearest first.
    pub fn extends(&self) -> &[Ancestor] {
        &self.lineage
    }

    /// What it has otherwise than the one it extends, each with the reason (article 25).
    pub fn adaptations(&self) -> &[Adaptation] {
        &self.adaptations
    }

    /// All clauses alike, by their paths.
    pub(crate) fn outline(&self) -> &[OutlineClause] {
        &self.outline
    }

    /// The clauses, for this crate's other views of them.
    pub(crate) fn clauses(&self) -> &Clauses {
        &self.clauses
    }
}

/// The parts of a regulation as they were read.
pub(crate) struct Parts {
    pub(crate) version: String,
    pub(crate) lineage: Vec<Ancestor>,
    pub(crate) adaptations: Vec<Adaptation>,
    pub(crate) outline: Vec<OutlineClause>,
}

impl Regulation {
    /// Reads the tree of a file, with those it extends already under it.
    pub(crate) fn read(root: &Table<'_>, parts: Parts) -> Option<Self> {
        if let Some(format) = root.count("format").filter(|format| *format != FORMAT) {
            root.fault(format!("a file of format {format}"), Some(format!("format = {FORMAT}")));
        }
        let head = root.table("regulation");
        let identity = head.as_ref().and_then(Identity::read);
        if let Some(head) = &head {
            // Read by the lineage.
            head.get("extends");
            head.finish();
        }
        let settings = root.table("settings").and_then(|table| Settings::read(&table));
        let clauses = Clauses::read(root).map(Arc::new);
        let examples = Example::read_all(root, clauses.as_deref());
        root.finish();
        let Parts { version, lineage, adaptations, outline } = parts;
        Some(Self {
            identity: identity?,
            settings: settings?,
            clauses: clauses?,
            examples,
            version,
            lineage,
            adaptations,
            outline: outline.into(),
        })
    }
}
