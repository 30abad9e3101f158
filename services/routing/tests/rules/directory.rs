//! Changes of the directory that are planned for a day: article 4.

use duban_proto::common::v1::{Organ, OrganKind};
use duban_proto::routing::v1::organ_change::What;
use duban_proto::routing::v1::{
    ChangeState, OrganChange, OrganClosing, OrganHosting, OrganMerge, OrganMove, OrganPart, OrganRename,
    OrganSplit, PlannedChange,
};
use jiff::Timestamp;
use routing::domain::{Act, At, Book, Command, Entry, Fault, Outcome, Rejection, Succession, Why, decide};
use uuid::Uuid;

use crate::support::{ABOVE, CENTRE, OTHER, TOWN, UNIT, at, directory, names, organ, rules};

const EAST: &str = "baoshan.east";
const WEST: &str = "baoshan.west";

/// The ledger of the centre, which keeps the directory.
struct Keeper {
    book: Book,
    now: Timestamp,
    next: u128,
}

impl Keeper {
    fn new() -> Self {
        let organs = directory().iter().cloned().collect();
        Self { book: Book::default().with_organs(organs), now: at("2026-03-02 10:00"), next: 0 }
    }

    fn does(&mut self, act: Act) -> Result<Outcome, Rejection> {
        let command = Command { case_id: None, act };
        let at = At { organ: CENTRE, now: self.now, actor: "admin" };
        let outcome = decide(rules(), &directory(), &self.book, &command, at)?;
        for fact in &outcome.facts {
            let entry =
                Entry { organ: CENTRE, at: self.now, actor: "admin", case_id: None, kind: &fact.kind };
            self.book.evolve(&entry);
        }
        Ok(outcome)
    }

    /// Plans a change for a day.
    fn plans(&mut self, day: &str, what: What) -> Result<Uuid, Rejection> {
        self.next += 1;
        let change_id = Uuid::from_u128(self.next);
        let change = PlannedChange {
            change_id: change_id.to_string(),
            change: Some(OrganChange {
                effective_on: day.into(),
                document: "宝府办〔2026〕12号".into(),
                what: Some(what),
            }),
            effective_at: Some(server::time::to_proto(at(&format!("{day} 00:00")))),
            ..PlannedChange::default()
        };
        self.does(Act::from(Succession::Plan(Box::new(change)))).map(|_| change_id)
    }

    fn takes_effect(&mut self, day: &str, change_id: Uuid) -> Outcome {
        self.now = at(&format!("{day} 00:00"));
        self.does(Act::from(Succession::TakeEffect { change_id })).unwrap()
    }

    fn organ(&self, code: &str) -> &Organ {
        self.book.organ(code).unwrap()
    }
}

fn faulty<T: std::fmt::Debug>(result: Result<T, Rejection>) -> (Why, String) {
    match result {
        Err(Rejection::Change(Fault { why, organ })) => (why, organ),
        other => panic!("{other:?}"),
    }
}

fn closing(code: &str, successor: &str) -> What {
    What::Closing(OrganClosing { organ: code.into(), successor: successor.into() })
}

fn sub_centre(code: &str, prefix: &str) -> Organ {
    Organ { number_prefix: prefix.into(), name: code.into(), ..organ(code, CENTRE, OrganKind::SubCentre) }
}

fn merger(organs: &[&str], into: &str, established: Option<Organ>) -> What {
    let organs = organs.iter().map(|code| (*code).to_owned()).collect();
    What::Merge(OrganMerge { organs, into: into.into(), established })
}

fn split() -> OrganSplit {
    OrganSplit {
        organ: TOWN.into(),
        parts: vec![
            OrganPart {
                organ: EAST.into(),
                established: Some(sub_centre(EAST, "东效投")),
                units: Vec::new(),
            },
            OrganPart {
                organ: WEST.into(),
                established: Some(sub_centre(WEST, "西效投")),
                units: vec![UNIT.into()],
            },
        ],
        rest: EAST.into(),
    }
}

#[test]
fn art_4_a_change_takes_effect_on_its_day_and_not_before() {
    let mut keeper = Keeper::new();
    let id = keeper.plans("2026-07-01", closing(TOWN, OTHER)).unwrap();
    assert_eq!(names(&keeper.takes_effect("2026-06-30", id)), [""; 0]);
    let outcome = keeper.takes_effect("2026-07-01", id);
    assert_eq!(names(&outcome), ["change_took_effect", "organ_established", "organ_established"]);
    assert_eq!(names(&keeper.takes_effect("2026-07-02", id)), [""; 0], "once");
    let town = keeper.organ(TOWN);
    assert_eq!((town.successor.as_str(), town.closed_on.as_str()), (OTHER, "2026-07-01"));
    assert_eq!(keeper.organ(UNIT).parent, OTHER, "what was below it comes along");
    let changes = keeper.book.into_changes();
    assert_eq!(changes.changes[0].state(), ChangeState::InEffect);
    assert!(changes.versions.iter().all(|version| version.change_id == id.to_string()));
}

#[test]
fn art_4_two_become_one_that_is_new() {
    let mut keeper = Keeper::new();
    let new = sub_centre(EAST, "东效投");
    let id = keeper.plans("2026-07-01", merger(&[TOWN, OTHER], EAST, Some(new))).unwrap();
    keeper.takes_effect("2026-07-01", id);
    assert_eq!([keeper.organ(TOWN), keeper.organ(OTHER)].map(|organ| organ.successor.as_str()), [EAST; 2]);
    assert_eq!((keeper.organ(EAST).parent.as_str(), keeper.organ(UNIT).parent.as_str()), (CENTRE, EAST));
}

#[test]
fn art_4_one_takes_in_another_and_stays() {
    let mut keeper = Keeper::new();
    let id = keeper.plans("2026-07-01", merger(&[TOWN, OTHER], OTHER, None)).unwrap();
    keeper.takes_effect("2026-07-01", id);
    assert_eq!(keeper.organ(TOWN).successor, OTHER);
    assert_eq!(keeper.organ(OTHER).successor, "");
}

#[test]
fn art_4_one_becomes_several_and_units_come_under_the_part_that_is_named() {
    let mut keeper = Keeper::new();
    let id = keeper.plans("2026-07-01", What::Split(split())).unwrap();
    keeper.takes_effect("2026-07-01", id);
    let town = keeper.organ(TOWN);
    assert_eq!(
        (town.successor.as_str(), town.split_into.as_slice()),
        (EAST, &[EAST.into(), WEST.into()][..])
    );
    assert_eq!(keeper.organ(UNIT).parent, WEST);
}

#[test]
fn art_4_a_new_name_leaves_the_old_one_as_an_alias() {
    let mut keeper = Keeper::new();
    let rename = |name: &str| {
        What::Rename(OrganRename { organ: TOWN.into(), name: name.into(), ..OrganRename::default() })
    };
    for (day, name) in [("2026-07-01", "罗店镇"), ("2026-08-01", "罗店街道")] {
        let id = keeper.plans(day, rename(name)).unwrap();
        keeper.takes_effect(day, id);
    }
    let town = keeper.organ(TOWN);
    assert_eq!(
        (town.name.as_str(), town.aliases.as_slice(), town.version),
        ("罗店街道", &["罗店镇".into()][..], 2)
    );
    assert_eq!(faulty(keeper.plans("2026-09-01", rename("罗店街道"))), (Why::Same, TOWN.into()));
}

#[test]
fn art_4_an_organ_comes_under_another_and_another_office_hosts_it() {
    let mut keeper = Keeper::new();
    let hosting =
        OrganHosting { organ: TOWN.into(), hosted_by: "党政办公室".into(), led_by: String::new() };
    let ids = [
        keeper
            .plans("2026-07-01", What::Move(OrganMove { organ: UNIT.into(), parent: OTHER.into() }))
            .unwrap(),
        keeper.plans("2026-07-01", What::Hosting(hosting.clone())).unwrap(),
    ];
    for id in ids {
        keeper.takes_effect("2026-07-01", id);
    }
    assert_eq!(keeper.organ(UNIT).parent, OTHER);
    assert_eq!(keeper.organ(TOWN).hosted_by, "党政办公室");
    assert_eq!(faulty(keeper.plans("2026-08-01", What::Hosting(hosting))), (Why::Same, TOWN.into()));
    let below = What::Move(OrganMove { organ: OTHER.into(), parent: UNIT.into() });
    assert_eq!(faulty(keeper.plans("2026-08-01", below)), (Why::Cycle, OTHER.into()));
}

#[test]
fn house_organs_that_would_follow_each_other_are_refused_when_it_is_planned() {
    let mut keeper = Keeper::new();
    keeper.plans("2026-07-01", closing(TOWN, OTHER)).unwrap();
    // By then the town is closed itself, and the other one in its place.
    assert_eq!(faulty(keeper.plans("2026-08-01", closing(OTHER, TOWN))), (Why::Cycle, TOWN.into()));
    // Before that, it makes what is planned impossible.
    assert_eq!(faulty(keeper.plans("2026-06-01", closing(OTHER, TOWN))).0, Why::Conflicts);
    assert_eq!(faulty(keeper.plans("2026-08-01", closing(TOWN, OTHER))), (Why::Closed, TOWN.into()));
    assert_eq!(faulty(keeper.plans("2026-08-01", closing(OTHER, OTHER))), (Why::Same, OTHER.into()));
}

#[test]
fn house_what_is_planned_earlier_counts_for_what_comes_after() {
    let mut keeper = Keeper::new();
    let new = sub_centre(EAST, "东效投");
    assert_eq!(faulty(keeper.plans("2026-08-01", closing(TOWN, EAST))), (Why::Unknown, EAST.into()));
    let id = keeper.plans("2026-07-01", merger(&[OTHER], EAST, Some(new))).unwrap();
    keeper.plans("2026-08-01", closing(TOWN, EAST)).unwrap();
    assert_eq!(faulty(keeper.plans("2026-06-01", closing(OTHER, TOWN))).0, Why::Conflicts);
    keeper.does(Act::from(Succession::Cancel { change_id: id })).unwrap();
    keeper.plans("2026-06-01", closing(OTHER, TOWN)).unwrap();
}

#[test]
fn house_only_who_takes_cases_follows_one_that_does() {
    let mut keeper = Keeper::new();
    assert_eq!(faulty(keeper.plans("2026-07-01", closing(TOWN, UNIT))), (Why::NotAReceiver, UNIT.into()));
    assert_eq!(faulty(keeper.plans("2026-07-01", closing(UNIT, ABOVE))), (Why::NotAReceiver, ABOVE.into()));
    keeper.plans("2026-07-01", closing(UNIT, OTHER)).unwrap();
}

#[test]
fn house_the_centre_and_what_is_outside_are_not_closed() {
    let mut keeper = Keeper::new();
    assert_eq!(faulty(keeper.plans("2026-07-01", closing(CENTRE, TOWN))), (Why::Keeper, CENTRE.into()));
    assert_eq!(faulty(keeper.plans("2026-07-01", closing(ABOVE, TOWN))), (Why::Keeper, ABOVE.into()));
}

#[test]
fn house_what_is_established_is_new_and_has_a_prefix_of_its_own() {
    let mut keeper = Keeper::new();
    let merge = |organ: Organ| merger(&[TOWN], &organ.code.clone(), Some(organ));
    assert_eq!(
        faulty(keeper.plans("2026-07-01", merge(sub_centre(OTHER, "东")))),
        (Why::Exists, OTHER.into())
    );
    assert_eq!(
        faulty(keeper.plans("2026-07-01", merge(sub_centre(EAST, "")))),
        (Why::PrefixTaken, EAST.into())
    );
    let nowhere = Organ { parent: "baoshan.nowhere".into(), ..sub_centre(EAST, "东") };
    assert_eq!(faulty(keeper.plans("2026-07-01", merge(nowhere))), (Why::Unknown, "baoshan.nowhere".into()));
    keeper.plans("2026-07-01", merge(sub_centre(EAST, "东"))).unwrap();
    let second = merger(&[OTHER], WEST, Some(sub_centre(WEST, "东")));
    assert_eq!(faulty(keeper.plans("2026-08-01", second)), (Why::PrefixTaken, WEST.into()));
}

#[test]
fn house_a_split_names_its_parts_and_units_of_its_own() {
    let mut keeper = Keeper::new();
    let refused = |keeper: &mut Keeper, change: &dyn Fn(&mut OrganSplit)| {
        let mut split = split();
        change(&mut split);
        faulty(keeper.plans("2026-07-01", What::Split(split)))
    };
    let rest = refused(&mut keeper, &|split| split.rest = OTHER.into());
    assert_eq!(rest, (Why::Unknown, OTHER.into()));
    let unit = refused(&mut keeper, &|split| split.parts[0].units = vec![OTHER.into()]);
    assert_eq!(unit, (Why::NotBelow, OTHER.into()));
    let itself = refused(&mut keeper, &|split| split.parts[0].organ = TOWN.into());
    assert_eq!(itself, (Why::Same, TOWN.into()));
}

#[test]
fn house_a_change_is_cancelled_before_its_day_and_not_after() {
    let mut keeper = Keeper::new();
    let unknown = Uuid::from_u128(99);
    let cancel = |change_id| Act::from(Succession::Cancel { change_id });
    assert_eq!(keeper.does(cancel(unknown)).map(drop), Err(Rejection::ChangeNotFound(unknown)));
    let first = keeper.plans("2026-07-01", closing(TOWN, OTHER)).unwrap();
    keeper.does(cancel(first)).unwrap();
    assert_eq!(keeper.does(cancel(first)).map(drop), Err(Rejection::ChangeEnded(ChangeState::Cancelled)));
    assert_eq!(names(&keeper.takes_effect("2026-07-01", first)), [""; 0]);
    let second = keeper.plans("2026-07-01", closing(TOWN, OTHER)).unwrap();
    keeper.takes_effect("2026-07-01", second);
    assert_eq!(keeper.does(cancel(second)).map(drop), Err(Rejection::ChangeEnded(ChangeState::InEffect)));
}

#[test]
fn house_a_change_that_is_not_possible_any_more_lapses() {
    let mut keeper = Keeper::new();
    let id = keeper.plans("2026-07-01", closing(TOWN, OTHER)).unwrap();
    let closed = Organ { successor: CENTRE.into(), ..keeper.organ(OTHER).clone() };
    keeper.does(Act::Establish(vec![closed])).unwrap();
    assert_eq!(names(&keeper.takes_effect("2026-07-01", id)), ["change_cancelled"]);
    let change = keeper.book.into_changes().changes.pop().unwrap();
    assert_eq!((change.state(), change.lapsed_because.as_str()), (ChangeState::Lapsed, "closed"));
}

#[test]
fn house_two_imports_at_once_do_not_take_one_prefix() {
    let mut keeper = Keeper::new();
    keeper.does(Act::Establish(vec![sub_centre(EAST, "东")])).unwrap();
    assert_eq!(
        faulty(keeper.does(Act::Establish(vec![sub_centre(WEST, "东")]))),
        (Why::PrefixTaken, WEST.into())
    );
    let above = Organ { parent: UNIT.into(), ..keeper.organ(TOWN).clone() };
    assert_eq!(faulty(keeper.does(Act::Establish(vec![above]))), (Why::Cycle, TOWN.into()));
    let closed = |code: &str, by: &str| Organ { successor: by.into(), ..sub_centre(code, code) };
    let each_other = vec![closed(TOWN, OTHER), closed(OTHER, TOWN)];
    assert_eq!(faulty(keeper.does(Act::Establish(each_other))).0, Why::Cycle);
}
