//! Which organ is competent: articles 5, 6 and 14.

use competence::{Competent, NoCompetentOrgan, co_handlers, competent};
use duban_proto::common::v1::{CaseFacts, OrganKind, Rank, RespondentFacts, RespondentKind, Weight};
use duban_proto::routing::v1::Handling;

use crate::support::{
    ABOVE, CENTRE, OTHER, TOWN, UNIT, about, about_a_clerk, directory, organ, person, rules, whole,
};

fn route(home: &str, facts: &CaseFacts) -> Result<Competent, NoCompetentOrgan> {
    competent(rules().for_organ(home), &directory(), home, facts)
}

fn goes(home: &str, respondent: RespondentFacts) -> (String, Handling, bool, String) {
    let Competent { organ, handling, up, citation, .. } = route(home, &about(home, respondent)).unwrap();
    (organ, handling, up, citation.article)
}

#[test]
fn art_14_1_an_organ_itself_and_the_division_level_are_the_centres() {
    let own = (CENTRE.to_owned(), Handling::Own, false, "14(1)".to_owned());
    assert_eq!(goes(CENTRE, whole(OTHER)), own);
    assert_eq!(goes(CENTRE, person(OTHER, Rank::Division, false)), own);
    let up = goes(OTHER, whole(TOWN));
    assert_eq!((up.0.as_str(), up.2), (CENTRE, true), "from a sub-centre it goes up");
}

#[test]
fn art_14_2_section_level_and_below_is_for_the_organ_that_manages_them() {
    for rank in [Rank::Section, Rank::Unranked] {
        let expected = (TOWN.to_owned(), Handling::Transferred, false, "14(2)".to_owned());
        assert_eq!(goes(CENTRE, person(UNIT, rank, false)), expected);
        assert_eq!(goes(TOWN, person(UNIT, rank, false)).1, Handling::Own);
    }
}

#[test]
fn art_6_1_a_unit_is_for_the_sub_centre_above_it() {
    let unit =
        RespondentFacts { organ: UNIT.into(), kind: RespondentKind::Unit.into(), rank: 0, head: false };
    let (organ, handling, up, article) = goes(CENTRE, unit);
    assert_eq!((organ.as_str(), handling, up), (TOWN, Handling::Transferred, false));
    assert_eq!(article, "6(1)");
}

#[test]
fn art_14_1_a_leaders_instruction_comes_before_everything_else() {
    let mut facts = about_a_clerk(CENTRE);
    facts.leader_instruction = true;
    assert_eq!(route(CENTRE, &facts).unwrap().organ, CENTRE);
}

#[test]
fn art_14_3_what_weighs_permits_the_centre_and_says_so() {
    let mut facts = about_a_clerk(CENTRE);
    assert!(route(CENTRE, &facts).unwrap().alternatives.is_empty());
    facts.weights = vec![Weight::Complex.into()];
    let competent = route(CENTRE, &facts).unwrap();
    assert_eq!(competent.organ, TOWN);
    let [(organ, citation)] = competent.alternatives.as_slice() else { panic!("{competent:?}") };
    assert_eq!((organ.as_str(), citation.article.as_str()), (CENTRE, "14(3)"));
}

#[test]
fn art_5_the_highest_among_several_decides() {
    let mut facts = about_a_clerk(CENTRE);
    facts.respondents.push(person(TOWN, Rank::Division, false));
    assert_eq!(route(CENTRE, &facts).unwrap().organ, CENTRE);
}

#[test]
fn house_nobody_judges_its_own_head() {
    let (organ, _, up, article) = goes(TOWN, person(TOWN, Rank::Section, true));
    assert_eq!((organ.as_str(), up), (CENTRE, true));
    assert_eq!(article, "", "no article is cited for a rule of the house");
    let centre = route(CENTRE, &about(CENTRE, person(CENTRE, Rank::Division, true)));
    assert!(matches!(centre, Err(NoCompetentOrgan(_))), "its superior is not here: {centre:?}");
}

#[test]
fn house_nobody_judges_its_own_head_whoever_else_is_complained_about() {
    // The clerk's rank leads, and would bring the case to the town.
    let mut facts = about(CENTRE, person(UNIT, Rank::Section, false));
    facts.respondents.push(person(TOWN, Rank::Unranked, true));
    let competent = route(CENTRE, &facts).unwrap();
    assert_eq!((competent.organ.as_str(), competent.citation.rule.as_str()), (CENTRE, "never-self"));
    let from_below = route(TOWN, &facts).unwrap();
    assert_eq!((from_below.organ.as_str(), from_below.up), (CENTRE, true));
    facts.respondents.push(person(CENTRE, Rank::Unranked, true));
    let above = route(TOWN, &facts);
    assert!(matches!(above, Err(NoCompetentOrgan(_))), "what is above is not here: {above:?}");
}

#[test]
fn house_what_the_rules_permit_instead_judges_itself_no_more() {
    let mut facts = about(CENTRE, person(UNIT, Rank::Section, false));
    facts.weights = vec![Weight::Complex.into()];
    assert_eq!(route(CENTRE, &facts).unwrap().alternatives.len(), 1);
    facts.respondents.push(person(CENTRE, Rank::Unranked, true));
    let refused = route(CENTRE, &facts);
    assert!(
        matches!(refused, Err(NoCompetentOrgan(_))),
        "whoever is below judges its head no more: {refused:?}"
    );
}

#[test]
fn house_nobody_judges_whoever_is_above() {
    for above in [whole(CENTRE), person(CENTRE, Rank::Unranked, true)] {
        let mut facts = about(CENTRE, person(UNIT, Rank::Section, false));
        facts.respondents.push(above);
        let refused = route(CENTRE, &facts);
        assert!(matches!(refused, Err(NoCompetentOrgan(_))), "the town is below the centre: {refused:?}");
    }
    let mut facts = about(CENTRE, person(UNIT, Rank::Section, false));
    facts.respondents.push(person(CENTRE, Rank::Unranked, false));
    assert_eq!(route(CENTRE, &facts).unwrap().organ, TOWN, "an ordinary clerk of the centre is no reason");
}

#[test]
fn house_whoever_is_outside_the_system_is_judged_by_nobody_here_and_keeps_no_other_from_it() {
    for outside in [whole(ABOVE), person(ABOVE, Rank::Unranked, false)] {
        let refused = route(CENTRE, &about(CENTRE, outside));
        assert!(matches!(refused, Err(NoCompetentOrgan(_))), "{refused:?}");
    }
    let mut facts = about(CENTRE, person(ABOVE, Rank::Division, false));
    facts.respondents.push(person(UNIT, Rank::Unranked, false));
    assert_eq!(route(CENTRE, &facts).unwrap().organ, TOWN, "those of the system decide");
    let parts = co_handlers(rules().for_organ(CENTRE), &directory(), CENTRE, &facts, TOWN);
    let [part] = parts.as_slice() else { panic!("{parts:?}") };
    assert_eq!(
        (part.organ.as_deref(), part.respondents.as_slice()),
        (None, &[0][..]),
        "it stays with the lead"
    );
}

fn parts(facts: &CaseFacts) -> Vec<(Option<String>, Vec<u32>, String)> {
    let lead = route(CENTRE, facts).map_or_else(|_| CENTRE.to_owned(), |lead| lead.organ);
    let parts = co_handlers(rules().for_organ(CENTRE), &directory(), CENTRE, facts, &lead);
    parts
        .into_iter()
        .map(|part| (part.organ, part.respondents, part.citation.unwrap_or_default().article))
        .collect()
}

#[test]
fn art_14_each_other_respondent_has_a_competent_organ_of_its_own() {
    let mut facts = about(CENTRE, person(OTHER, Rank::Division, false));
    facts.respondents.extend([person(UNIT, Rank::Section, false), person(OTHER, Rank::Unranked, false)]);
    facts.respondents.push(person(TOWN, Rank::Unranked, false));
    assert_eq!(route(CENTRE, &facts).unwrap().organ, CENTRE, "the highest decides the lead");
    let expected = [
        (Some(TOWN.to_owned()), vec![1, 3], "14(2)".to_owned()),
        (Some(OTHER.to_owned()), vec![2], "14(2)".to_owned()),
    ];
    assert_eq!(parts(&facts), expected, "an organ that is competent twice has one part");
}

#[test]
fn house_a_part_about_a_head_is_for_whoever_is_above() {
    let mut facts = about(CENTRE, person(UNIT, Rank::Section, false));
    facts.respondents.push(person(OTHER, Rank::Unranked, true));
    assert_eq!(route(CENTRE, &facts).unwrap().organ, TOWN);
    assert_eq!(parts(&facts), [(Some(CENTRE.to_owned()), vec![1], String::new())], "never at its own organ");
}

#[test]
fn house_one_respondent_needs_no_part_nor_do_several_of_the_leads_own() {
    let mut facts = about_a_clerk(CENTRE);
    assert_eq!(parts(&facts), []);
    facts.respondents.push(person(TOWN, Rank::Section, false));
    assert_eq!(parts(&facts), []);
}

#[test]
fn art_5_1_a_unit_without_a_sub_centre_is_the_centres() {
    let known = directory();
    let alone = organ("baoshan.museum", CENTRE, OrganKind::Unit);
    let directory = directory::Directory::new(known.iter().cloned().chain([alone]));
    let mut facts = about_a_clerk(CENTRE);
    facts.respondents.push(person("baoshan.museum", Rank::Unranked, false));
    let lead = competent(rules().for_organ(CENTRE), &directory, CENTRE, &facts).unwrap();
    let parts = co_handlers(rules().for_organ(CENTRE), &directory, CENTRE, &facts, &lead.organ);
    let [part] = parts.as_slice() else { panic!("{parts:?}") };
    assert_eq!((lead.organ.as_str(), part.organ.as_deref()), (TOWN, Some(CENTRE)));
    assert_eq!(part.citation.as_ref().unwrap().rule, "no-managing-organ");
}

#[test]
fn nobody_is_competent_where_nobody_is_complained_about() {
    let mut facts = about_a_clerk(CENTRE);
    facts.respondents.clear();
    assert!(matches!(route(CENTRE, &facts), Err(NoCompetentOrgan(_))));
}

#[test]
fn art_4_an_organ_that_has_a_successor_gets_no_cases() {
    let mut closed = organ(TOWN, CENTRE, OrganKind::SubCentre);
    closed.successor = OTHER.into();
    let known = directory();
    let directory = directory::Directory::new(known.iter().cloned().chain([closed]));
    let route = competent(rules().for_organ(CENTRE), &directory, CENTRE, &about_a_clerk(CENTRE)).unwrap();
    assert_eq!(route.organ, OTHER, "the one in its place does");
}
