//! Jurisdiction: an ordered list of rules, the first whose condition holds decides.

use std::collections::BTreeMap;

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code};
use crate::condition::{Condition, Evaluation, Sight};
use crate::facts::{HomeLevel, RespondentFacts, RouteFacts, Scope};
use crate::read::Table;
use crate::vocabulary::Vocabulary;

choices! {
    /// Where a case goes; the directory says which organ that is.
    pub enum Target {
        /// The district centre.
        Centre = "centre",
        /// The sub-centre of the organ that manages the respondent.
        ManagingOrgan = "managing_organ",
        /// The organ above the respondent's own organ: for a sub-centre's organ the centre, for the centre its superior.
        Superior = "superior",
        /// It stays with the organ that registered it.
        Home = "home",
    }
}

choices! {
    /// How the target gets it.
    pub enum Handling {
        /// 组织调查: investigates itself or assigns with report-back.
        Organise = "organise",
        /// 转办: transferred, handled there, reported back.
        Transfer = "transfer",
        /// 交办: assigned with report-back.
        Assign = "assign",
        /// 直接调查处理.
        Direct = "direct",
        /// 上报: reported up; the home moves with it.
        ReportUp = "report_up",
    }
}

/// A rule of competence.
#[derive(Clone, Debug)]
pub struct RouteRule {
    /// The code in contracts and ledgers.
    pub code: String,
    /// Where to.
    pub target: Target,
    /// How.
    pub handling: Handling,
    /// May, not must: given as an alternative, and the search goes on.
    pub optional: bool,
    /// The rule in words.
    pub text: Text,
    /// The article.
    pub basis: Basis,
    pub(crate) when: Condition,
}

/// A decision on competence, with what it stood on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route<'r> {
    /// The code of the rule; that of the never-self clause where the rule's target would have judged itself.
    pub rule: &'r str,
    /// The article, unless it is a house rule.
    pub article: Option<&'r str>,
    /// Where to.
    pub target: Target,
    /// How.
    pub handling: Handling,
    /// The index of the respondent who decided; whose managing organ or superior is meant.
    pub lead: usize,
    /// The facts the rule looked at and their values, as `respondent.rank` → `division`.
    pub facts_used: BTreeMap<String, String>,
    /// The rule in Chinese.
    pub zh: &'r str,
    /// The rule in English.
    pub en: &'r str,
    /// What is permitted instead (as 14(3)), in the order of the file; their own alternatives are empty.
    pub alternatives: Vec<Route<'r>>,
}

/// Why there is no route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoute {
    /// No respondent has been identified.
    #[error("no respondent has been identified")]
    NoRespondent,
    /// No rule of the regulation applies.
    #[error("no rule of the regulation applies to these facts")]
    NoRule,
}

/// The section `[jurisdiction]`.
#[derive(Clone, Debug)]
pub(crate) struct Jurisdiction {
    pub(crate) rules: Vec<RouteRule>,
    pub(crate) never_self: NeverSelf,
}

/// Nobody investigates themselves: what happens instead.
#[derive(Clone, Debug)]
pub(crate) struct NeverSelf {
    pub(crate) code: String,
    pub(crate) text: Text,
    pub(crate) basis: Basis,
}

impl Jurisdiction {
    /// Decides where a case goes.
    pub(crate) fn route(&self, facts: &RouteFacts) -> Result<Route<'_>, NoRoute> {
        let (lead, respondent) = facts.lead().ok_or(NoRoute::NoRespondent)?;
        let scope =
            Scope { respondent: Some(respondent), home: Some(&facts.home), ..Scope::of(&facts.complaint) };
        let evaluation = Evaluation::new(&scope);
        let mut alternatives = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.when.holds(&evaluation)) {
            let found = match self_judge(rule.target, lead, facts) {
                None => rule.route(lead, &scope),
                // An alternative by which somebody would judge themselves is none.
                Some(_) if rule.optional => continue,
                Some(judge) => self.never_self.route(rule, &judge, facts),
            };
            if !rule.optional {
                return Ok(Route { alternatives, ..found });
            }
            alternatives.push(found);
        }
        Err(NoRoute::NoRule)
    }

    /// Reads the section.
    pub(crate) fn read(table: &Table<'_>, vocabulary: &Vocabulary) -> Option<Self> {
        let mut taken = Vec::new();
        let never_self = table.table("never_self").and_then(|t| {
            let (code, text, basis) = (take_code(&t, &mut taken), Text::read(&t), Basis::read(&t));
            t.finish();
            Some(NeverSelf { code: code?, text: text?, basis: basis? })
        });
        let rules: Vec<_> =
            table.tables("rule").iter().filter_map(|t| RouteRule::read(t, vocabulary, &mut taken)).collect();
        if rules.iter().all(|rule| rule.optional) {
            table.fault(
                "there is no rule that decides",
                Some("[[jurisdiction.rule]] without `optional`".into()),
            );
        }
        table.finish();
        Some(Self { rules, never_self: never_self? })
    }
}

impl NeverSelf {
    /// The route above the respondent who would have judged the own case under the rule.
    fn route<'r>(&'r self, rule: &'r RouteRule, judge: &SelfJudge<'_>, facts: &RouteFacts) -> Route<'r> {
        let home = &facts.home;
        let scope =
            Scope { respondent: Some(judge.respondent), home: Some(home), ..Scope::of(&facts.complaint) };
        let mut route = rule.route(judge.index, &scope);
        let used = [judge.fact, "respondent.kind", "respondent.is_head"];
        route.facts_used.extend(used.iter().filter_map(|path| fact_used(&scope, path)));
        // The centre is above every organ but itself and has the case already; anyone else passes it up.
        let above = home.level == HomeLevel::Centre && !judge.respondent.organ_is_centre;
        Route {
            rule: &self.code,
            article: self.basis.article(),
            target: Target::Superior,
            handling: if above { Handling::Organise } else { Handling::ReportUp },
            zh: &self.text.zh,
            en: &self.text.en,
            ..route
        }
    }
}

impl RouteRule {
    /// The route as the rule says it.
    fn route<'r>(&'r self, lead: usize, scope: &Scope<'_>) -> Route<'r> {
        Route {
            rule: &self.code,
            article: self.basis.article(),
            target: self.target,
            handling: self.handling,
            lead,
            facts_used: self.when.paths().iter().filter_map(|path| fact_used(scope, path)).collect(),
            zh: &self.text.zh,
            en: &self.text.en,
            alternatives: Vec::new(),
        }
    }

    /// The condition as the file has it.
    pub fn when(&self) -> &str {
        self.when.source()
    }

    fn read(table: &Table<'_>, vocabulary: &Vocabulary, taken: &mut Vec<String>) -> Option<Self> {
        let (code, target, handling) =
            (take_code(table, taken), table.choice("target"), table.choice("handling"));
        let optional = table.flag_or("optional", false);
        let when =
            table.need("when", "a condition").and_then(|n| Condition::read(&n, Sight::Route, vocabulary));
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self {
            code: code?,
            target: target?,
            handling: handling?,
            optional: optional?,
            text: text?,
            basis: basis?,
            when: when?,
        })
    }
}

fn fact_used(scope: &Scope<'_>, path: &str) -> Option<(String, String)> {
    scope.fact(path).map(|fact| (path.to_owned(), fact.to_string()))
}

/// A respondent whose own organ would get the case about itself or its head.
struct SelfJudge<'f> {
    index: usize,
    respondent: &'f RespondentFacts,
    fact: &'static str,
}

/// Who would judge the own case at this target: the lead before the others.
fn self_judge(target: Target, lead: usize, facts: &RouteFacts) -> Option<SelfJudge<'_>> {
    let judges = |(index, respondent): (usize, &'_ RespondentFacts)| {
        let (own, fact) = match target {
            Target::Centre => (respondent.organ_is_centre, "respondent.organ_is_centre"),
            Target::Home => (respondent.organ_is_home, "respondent.organ_is_home"),
            // The managing organ is the lead's.
            Target::ManagingOrgan => {
                (index == lead && respondent.managing_organ_is_own, "respondent.managing_organ_is_own")
            }
            Target::Superior => (false, ""),
        };
        (own && respondent.is_organ_or_head()).then_some((index, fact))
    };
    let found =
        facts.respondents.iter().enumerate().filter_map(judges).min_by_key(|(index, _)| *index != lead);
    let (index, fact) = found?;
    Some(SelfJudge { index, respondent: facts.respondents.get(index)?, fact })
}
