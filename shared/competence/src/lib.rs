//! Which organ is competent (5, 6, 14): the regulation's rules on the facts of a case and the directory. Pure: routing
//! decides by it, intake tells by it where a complaint would go.

mod joint;

pub use joint::{CoHandler, co_handlers};

use directory::Directory;
use duban_proto::common::v1::{
    CaseFacts, Citation, LocalizedText, OrganKind, Rank, RespondentFacts, RespondentKind, Source, Weight,
};
use duban_proto::routing::v1::Handling;
use regulation::{ComplaintFacts, HomeFacts, HomeLevel, NoRoute, Regulation, RouteFacts, Target};

/// Why no organ is competent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no competent organ: {0}")]
pub struct NoCompetentOrgan(pub &'static str);

/// Where a case goes, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Competent {
    /// The competent organ.
    pub organ: String,
    /// How it is handled there.
    pub handling: Handling,
    /// It is above the home: the home moves there.
    pub up: bool,
    /// The rule, article and version.
    pub citation: Citation,
    /// The facts the rule stood on, as "name=value".
    pub facts_used: Vec<String>,
    /// The organs the rule permits instead, with their own citation (14(3)).
    pub alternatives: Vec<(String, Citation)>,
}

/// Settles the competent organ for a case with its home at `home`.
///
/// The rules look at the respondent who leads. Where another one is the organ they come to, or its head, or stands above it,
/// that one's own rule decides instead: nobody judges themselves or whoever is above them, whoever else is complained
/// about (house).
pub fn competent(
    regulation: &Regulation,
    directory: &Directory,
    home: &str,
    facts: &CaseFacts,
) -> Result<Competent, NoCompetentOrgan> {
    settle(regulation, directory, home, facts).map(|(competent, _)| competent)
}

/// The respondent who decides which organ leads, by its place; where no organ is competent, the highest.
fn deciding(regulation: &Regulation, directory: &Directory, home: &str, facts: &CaseFacts) -> Option<u32> {
    let facts = &as_they_are_now(directory, facts);
    let inside = inside(directory, facts);
    let asked = route_facts(directory, home, facts, &inside);
    let highest = || asked.lead().and_then(|(place, _)| inside.get(place)).map(|(index, _)| *index);
    let settled = settle(regulation, directory, home, facts).ok().map(|(_, index)| index);
    settled.or_else(highest).and_then(|index| u32::try_from(index).ok())
}

/// A respondent with its place in the facts.
type Placed<'f> = (usize, &'f RespondentFacts);

/// The respondents of this complaint system, of whom the highest decides; all of them where none is of it.
fn inside<'f>(directory: &Directory, facts: &'f CaseFacts) -> Vec<Placed<'f>> {
    let all = || facts.respondents.iter().enumerate();
    let inside: Vec<Placed<'f>> = all().filter(|(_, one)| !is_outside(directory, &one.organ)).collect();
    if inside.is_empty() { all().collect() } else { inside }
}

fn is_outside(directory: &Directory, organ: &str) -> bool {
    directory.get(organ).is_some_and(|organ| organ.kind() == OrganKind::External)
}

/// The competent organ, and the respondent whose rule led to it.
fn settle(
    regulation: &Regulation,
    directory: &Directory,
    home: &str,
    facts: &CaseFacts,
) -> Result<(Competent, usize), NoCompetentOrgan> {
    let mut deciding = inside(directory, facts);
    for _ in 0..=facts.respondents.len() {
        let asked = route_facts(directory, home, facts, &deciding);
        let route = rule_of(regulation, &asked)?;
        let organ = organ_of(directory, home, &deciding, &route)?;
        let Some(judge) = own_judge(directory, facts, &organ) else {
            let lead = deciding.get(route.lead).map_or(0, |(index, _)| *index);
            let competent = settled(regulation, directory, (home, facts, &deciding), organ, &route);
            return Ok((competent, lead));
        };
        deciding = vec![judge];
    }
    Err(NoCompetentOrgan("each organ the rules name is complained about itself, or is below one that is"))
}

fn rule_of<'r>(
    regulation: &'r Regulation,
    facts: &RouteFacts,
) -> Result<regulation::Route<'r>, NoCompetentOrgan> {
    regulation.route(facts).map_err(|none| match none {
        NoRoute::NoRespondent => NoCompetentOrgan("no respondent has been identified"),
        NoRoute::NoRule => NoCompetentOrgan("no rule of the regulation applies"),
    })
}

fn settled(
    regulation: &Regulation,
    directory: &Directory,
    (home, facts, deciding): (&str, &CaseFacts, &[Placed<'_>]),
    organ: String,
    route: &regulation::Route<'_>,
) -> Competent {
    let alternatives = route.alternatives.iter().filter_map(|alternative| {
        let organ = organ_of(directory, home, deciding, alternative).ok()?;
        own_judge(directory, facts, &organ).is_none().then(|| (organ, citation(regulation, alternative)))
    });
    Competent {
        handling: handling(route, home == organ),
        up: organ != home && directory.tree().is_under(home, &organ),
        citation: citation(regulation, route),
        facts_used: route.facts_used.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        alternatives: alternatives.collect(),
        organ,
    }
}

fn handling(route: &regulation::Route<'_>, own: bool) -> Handling {
    match (own, route.handling) {
        (true, regulation::Handling::Direct) => Handling::Direct,
        (true, _) => Handling::Own,
        (false, regulation::Handling::Assign) => Handling::Assigned,
        (false, _) => Handling::Transferred,
    }
}

fn citation(regulation: &Regulation, route: &regulation::Route<'_>) -> Citation {
    Citation {
        regulation: regulation.code().to_owned(),
        version: regulation.version().to_owned(),
        article: route.article.unwrap_or_default().to_owned(),
        rule: route.rule.to_owned(),
        text: Some(LocalizedText { zh: route.zh.to_owned(), en: route.en.to_owned() }),
    }
}

/// The organ a rule means, for the respondents it looked at; it has to be one that handles cases in this instance.
fn organ_of(
    directory: &Directory,
    home: &str,
    respondents: &[Placed<'_>],
    route: &regulation::Route<'_>,
) -> Result<String, NoCompetentOrgan> {
    let lead = respondents.get(route.lead).map_or("", |(_, lead)| lead.organ.as_str());
    if is_outside(directory, lead) {
        return Err(NoCompetentOrgan("the respondent is outside this complaint system"));
    }
    let organ = match route.target {
        Target::Home => directory.get(home),
        Target::Centre => centre(directory, home),
        Target::ManagingOrgan => directory.managing(lead),
        Target::Superior => directory.managing(lead).and_then(|managing| directory.parent(&managing.code)),
    };
    // Of an organ that was closed, the one in its place (4).
    let organ = organ.and_then(|organ| {
        let about = respondents.iter().map(|(_, respondent)| respondent.organ.as_str());
        directory.heir(&organ.code, about).or_else(|| directory.get(&organ.code))
    });
    let organ = organ.ok_or(NoCompetentOrgan("the directory has no such organ"))?;
    if directory.receives(&organ.code) {
        Ok(organ.code.clone())
    } else {
        Err(NoCompetentOrgan("the competent organ is outside this instance"))
    }
}

/// The centre at or above an organ.
pub fn centre<'d>(directory: &'d Directory, organ: &str) -> Option<&'d duban_proto::common::v1::Organ> {
    let mut at = directory.get(organ)?;
    // A tree of a few levels; the bound keeps a cycle in bad data from hanging the service.
    for _ in 0..16 {
        if at.kind() == OrganKind::Centre {
            return Some(at);
        }
        at = directory.parent(&at.code)?;
    }
    None
}

fn route_facts(
    directory: &Directory,
    home: &str,
    facts: &CaseFacts,
    respondents: &[Placed<'_>],
) -> RouteFacts {
    let weighs = |weight: Weight| facts.weights.contains(&weight.into());
    let source = match facts.source() {
        Source::Unspecified | Source::Citizen => "citizen",
        Source::LeaderInstruction => "leader_instruction",
        Source::Hotline12345 => "hotline_12345",
        Source::OtherOrgan => "other_organ",
    };
    let at_centre = directory.get(home).is_some_and(|organ| organ.kind() == OrganKind::Centre);
    RouteFacts {
        complaint: ComplaintFacts {
            grounds: facts.grounds.clone(),
            leader_instruction: facts.leader_instruction,
            serious_harm: weighs(Weight::SeriousHarm),
            adverse_impact: weighs(Weight::AdverseImpact),
            special: weighs(Weight::Special),
            complex: weighs(Weight::Complex),
            ..ComplaintFacts::complete(&facts.channel, source)
        },
        respondents: respondents
            .iter()
            .map(|(_, respondent)| respondent_facts(directory, home, respondent))
            .collect(),
        home: HomeFacts { level: if at_centre { HomeLevel::Centre } else { HomeLevel::SubCentre } },
    }
}

fn respondent_facts(
    directory: &Directory,
    home: &str,
    respondent: &RespondentFacts,
) -> regulation::RespondentFacts {
    let managing = directory.managing(&respondent.organ);
    regulation::RespondentFacts {
        kind: match respondent.kind() {
            RespondentKind::Person => regulation::RespondentKind::Person,
            RespondentKind::Unit => regulation::RespondentKind::SubordinateUnit,
            RespondentKind::Organ | RespondentKind::Unspecified => {
                regulation::RespondentKind::AdministrativeOrgan
            }
        },
        rank: match respondent.rank() {
            Rank::Unspecified => regulation::Rank::None,
            Rank::Division => regulation::Rank::Division,
            Rank::Section => regulation::Rank::Section,
            Rank::Unranked => regulation::Rank::Unranked,
        },
        is_head: respondent.head,
        has_managing_organ: managing.is_some_and(|organ| organ.kind() == OrganKind::SubCentre),
        managing_organ_is_own: managing.is_some_and(|organ| organ.code == respondent.organ),
        organ_is_home: respondent.organ == home,
        organ_is_centre: directory
            .get(&respondent.organ)
            .is_some_and(|organ| organ.kind() == OrganKind::Centre),
    }
}

/// The facts of a case with the organs in the place of those that were closed: who took over from the respondent is the
/// respondent, and does not judge itself either (4, house).
pub fn as_they_are_now(directory: &Directory, facts: &CaseFacts) -> CaseFacts {
    let mut facts = facts.clone();
    for respondent in &mut facts.respondents {
        if let Some(successor) = directory.successor(&respondent.organ) {
            respondent.organ.clone_from(&successor.code);
        }
    }
    facts
}

/// Whether an organ would judge itself or its own head (house).
pub fn judges_itself(facts: &CaseFacts, organ: &str) -> bool {
    facts.respondents.iter().any(|respondent| is_one(respondent) && respondent.organ == organ)
}

/// The respondent who is this organ or its head, or one above it, with its place.
fn own_judge<'f>(directory: &Directory, facts: &'f CaseFacts, organ: &str) -> Option<Placed<'f>> {
    let mut judges = facts.respondents.iter().enumerate().filter(|(_, respondent)| is_one(respondent));
    judges.find(|(_, respondent)| directory.tree().is_under(organ, &respondent.organ))
}

/// The organ or unit itself, or its head.
fn is_one(respondent: &RespondentFacts) -> bool {
    respondent.head || respondent.kind() != RespondentKind::Person
}
