//! The facts of an example or a trial, as a file gives them.

use jiff::civil::Date;

use crate::amount::AmountError;
use crate::claim::ClaimFacts;
use crate::clauses::Clauses;
use crate::facts::{
    CaseFacts, ComplaintFacts, HomeFacts, HomeLevel, Rank, RespondentFacts, RespondentKind, RouteFacts,
};
use crate::limit::Stage;
use crate::nearest::suggest;
use crate::read::{Node, Table};
use crate::regulation::Regulation;
use crate::sanction::{Breach, BreachOf, Imposed};

/// The facts of a complaint; what is left out is that of a complete one with nothing special about it.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) facts: RouteFacts,
    pub(crate) case: CaseFacts,
    pub(crate) claim: Option<ClaimFacts>,
    pub(crate) breach: Option<GivenBreach>,
}

/// A breach whose sanction is asked for.
#[derive(Clone, Debug)]
pub(crate) struct GivenBreach {
    code: Option<String>,
    late: Option<Stage>,
    on: Date,
    earlier: Vec<Date>,
}

impl Given {
    /// What a breach costs.
    pub(crate) fn sanction<'r>(
        &self,
        breach: &GivenBreach,
        regulation: &'r Regulation,
    ) -> Result<Option<Imposed<'r>>, AmountError> {
        let of = match (&breach.code, breach.late) {
            (Some(code), _) => BreachOf::Duty(code),
            (None, Some(stage)) => BreachOf::Limit(stage),
            (None, None) => return Ok(None),
        };
        regulation.sanction(&Breach {
            of,
            on: breach.on,
            earlier: &breach.earlier,
            complaint: &self.facts.complaint,
            case: &self.case,
            claim: &self.claim.clone().unwrap_or_default(),
        })
    }

    /// Reads `complaint`, `respondent`, `home`, `case`, `claim` and `breach`; needs the clauses for their codes.
    pub(crate) fn read(table: &Table<'_>, clauses: Option<&Clauses>) -> Self {
        let complaint = read_complaint(table, clauses);
        let respondents = table.tables("respondent").iter().map(read_respondent).collect();
        let home = HomeFacts { level: HomeLevel::Centre };
        let home = match table.get("home").and_then(|node| node.table()) {
            Some(inner) => home.read(&inner),
            None => home,
        };
        let case = match table.get("case").and_then(|node| node.table()) {
            Some(inner) => CaseFacts::default().read(&inner),
            None => CaseFacts::default(),
        };
        let levels = clauses.map(|clauses| clauses.vocabulary.codes("level")).unwrap_or_default();
        if let Some(node) =
            table.get("case").filter(|_| !case.level.is_empty() && !levels.contains(&case.level))
        {
            let near = suggest(&case.level, levels.iter().map(String::as_str));
            node.fault(format!("unknown level `{}`", case.level), Some(near));
        }
        let facts_of_claims = clauses.map(|clauses| clauses.remedies.facts.as_slice()).unwrap_or_default();
        let claim =
            table.get("claim").and_then(|node| node.table()).map(|t| ClaimFacts::read(&t, facts_of_claims));
        let breach = table.get("breach").and_then(|node| GivenBreach::read(&node.table()?, clauses));
        let facts = RouteFacts { complaint, respondents, home };
        Self { facts, case, claim, breach }
    }
}

fn read_complaint(table: &Table<'_>, clauses: Option<&Clauses>) -> ComplaintFacts {
    let first = |terms: Option<&crate::Term>| terms.map(|term| term.code.clone()).unwrap_or_default();
    let channel = first(clauses.and_then(|clauses| clauses.vocabulary.channels.first()));
    let source = first(clauses.and_then(|clauses| clauses.vocabulary.sources.first()));
    let mut facts = ComplaintFacts::complete(&channel, &source);
    let Some(node) = table.get("complaint") else { return facts };
    if let Some(inner) = node.table() {
        facts = facts.read(&inner);
    }
    let Some(vocabulary) = clauses.map(|clauses| &clauses.vocabulary) else { return facts };
    for (fact, codes) in [
        ("channel", std::slice::from_ref(&facts.channel)),
        ("source", std::slice::from_ref(&facts.source)),
        ("grounds", facts.grounds.as_slice()),
    ] {
        let known = vocabulary.codes(fact);
        for code in codes.iter().filter(|code| !known.contains(code)) {
            let near = suggest(code, known.iter().map(String::as_str));
            node.fault(format!("unknown {fact} `{code}`"), Some(near));
        }
    }
    facts
}

fn read_respondent(table: &Table<'_>) -> RespondentFacts {
    let facts = RespondentFacts::person(Rank::Unranked).read(table);
    let unit = facts.kind != RespondentKind::Person;
    // A unit has no rank; the example need not say so.
    RespondentFacts { rank: if unit { Rank::None } else { facts.rank }, ..facts }
}

impl GivenBreach {
    fn read(table: &Table<'_>, clauses: Option<&Clauses>) -> Option<Self> {
        let (code, late) = (table.get("code").and_then(|node| node.string()), table.opt_choice("late"));
        let on = table.date("on");
        let nodes = table.get("earlier").map(|node| node.elements()).unwrap_or_default();
        let earlier = nodes.iter().filter_map(Node::date).collect();
        table.finish();
        if code.is_some() == late.is_some() {
            table.fault(
                "it is not said what was breached",
                Some("`code` of a sanction, or a stage as `late`".into()),
            );
        }
        let known = |code: &String| clauses.is_none_or(|it| it.sanctions.iter().any(|one| one.code == *code));
        if code.as_ref().is_some_and(|code| !known(code)) {
            table.get("code")?.fault("no such sanction", Some("the code of a [[sanction]]".into()));
        }
        Some(Self { code, late, on: on?, earlier })
    }
}
