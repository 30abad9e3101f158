//! The directory: article 4.

use duban_proto::common::v1::{Organ, OrganKind};
use duban_proto::routing::v1::ImportOrgansResponse;
use routing::domain::{Act, At, Book, Command, Entry, Outcome, decide};

use crate::support::{CENTRE, TOWN, at, directory, names, organ, rules};

fn import(book: &mut Book, organs: Vec<Organ>) -> (Outcome, ImportOrgansResponse) {
    let command = Command { case_id: None, act: Act::Establish(organs) };
    let now = at("2026-03-02 10:00");
    let at = At { organ: CENTRE, now, actor: "admin" };
    let outcome = decide(rules(), &directory(), book, &command, at).unwrap();
    for fact in &outcome.facts {
        book.evolve(&Entry { organ: CENTRE, at: now, actor: "admin", case_id: None, kind: &fact.kind });
    }
    let import = outcome.answer.import.unwrap();
    (outcome, import)
}

#[test]
fn art_4_what_is_as_it_was_makes_no_entry() {
    let centre = organ(CENTRE, "", OrganKind::Centre);
    let mut town = organ(TOWN, CENTRE, OrganKind::SubCentre);
    let mut book = Book::new(Vec::new(), []).with_organs(vec![centre.clone()]);
    let (outcome, counts) = import(&mut book, vec![centre.clone(), town.clone()]);
    assert_eq!(names(&outcome), ["organ_established"]);
    assert_eq!(counts, ImportOrgansResponse { established: 1, changed: 0, unchanged: 1 });
    town.name = "罗店镇人民政府".into();
    let (_, counts) = import(&mut book, vec![centre.clone(), town.clone()]);
    assert_eq!(counts, ImportOrgansResponse { established: 0, changed: 1, unchanged: 1 });
    let (outcome, counts) = import(&mut book, vec![centre, town.clone()]);
    assert_eq!(names(&outcome), [""; 0]);
    assert_eq!(counts, ImportOrgansResponse { established: 0, changed: 0, unchanged: 2 });
    let changes = book.into_changes();
    town.version = 2;
    assert_eq!(changes.organs.last(), Some(&town), "as it is now");
    assert_eq!(changes.versions.len(), 2, "and each as it was");
}
