//! Whom a caller may act for, and what it may see, by its grant.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use access::{Principal, Role, Table, Tree, Visibility};
use server::{Caller, Error, Reason, RequestId, methods};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

const LIST: &str = "duban.intake.v1.IntakeService/ListCases";
const IMPORT: &str = "duban.routing.v1.DirectoryService/ImportOrgans";

fn tree() -> Tree {
    Tree::new([
        ("baoshan", None),
        ("baoshan.luodian", Some("baoshan")),
        ("baoshan.luodian.hospital", Some("baoshan.luodian")),
        ("baoshan.gucun", Some("baoshan")),
    ])
}

fn caller(rpc: &str, role: Role, organ: &str) -> Caller {
    let principal = Principal::new("li.na", organ, [role]);
    let grant = Table::parse(Table::BUNDLED, methods::names()).unwrap().judge(rpc, &principal).unwrap();
    Caller::new(principal, grant, RequestId::parse("mine-1").unwrap())
}

/// Reason, organ and code as the client gets them.
fn told(refused: Error) -> (String, Option<String>, Code) {
    let status = Status::from(refused);
    let mut info = status.get_details_error_info().unwrap();
    (info.reason, info.metadata.remove("organ"), status.code())
}

#[test]
fn a_caller_acts_for_its_own_organ_where_none_is_named() {
    let desk = caller(LIST, Role::Desk, "baoshan.luodian");
    assert_eq!(desk.organ_code("", &tree()).unwrap(), "baoshan.luodian");
    assert_eq!(desk.organ_code("baoshan.luodian", &tree()).unwrap(), "baoshan.luodian");
    assert_eq!(desk.subject(), "li.na");
}

#[test]
fn another_organ_is_out_of_scope_whether_it_exists_or_not() {
    let desk = caller(LIST, Role::Desk, "baoshan.luodian");
    for other in ["baoshan", "baoshan.gucun", "baoshan.luodian.hospital", "nowhere"] {
        let expected = ("ORGAN_OUT_OF_SCOPE".to_owned(), Some(other.to_owned()), Code::PermissionDenied);
        assert_eq!(told(desk.organ_code(other, &tree()).unwrap_err()), expected);
        assert_eq!(told(desk.must_act_for(other, &tree()).unwrap_err()), expected);
        assert_eq!(told(desk.visibility_of(other, &tree()).unwrap_err()), expected);
        assert!(!desk.may_act_for(other, &tree()));
    }
}

#[test]
fn a_supervisor_reaches_down_and_not_up_or_aside() {
    let supervisor = caller(LIST, Role::Supervisor, "baoshan.luodian");
    assert!(supervisor.may_act_for("baoshan.luodian.hospital", &tree()));
    assert!(!supervisor.may_act_for("baoshan", &tree()));
    assert!(!supervisor.may_act_for("baoshan.gucun", &tree()));
    let below = supervisor.visibility_of("baoshan.luodian.hospital", &tree()).unwrap();
    assert_eq!(below, Visibility::Organs(vec!["baoshan.luodian.hospital".into()]));
    let all = supervisor.visibility_of("", &tree()).unwrap();
    assert_eq!(all, Visibility::Organs(vec!["baoshan.luodian".into(), "baoshan.luodian.hospital".into()]));
}

#[test]
fn an_unknown_organ_is_told_with_the_nearest_to_whoever_may_act_for_all() {
    let keeper = caller(IMPORT, Role::DirectoryAdmin, "baoshan");
    let refused = keeper.organ_code("baoshan.luodan", &tree()).unwrap_err();
    assert_eq!(refused.reason(), Reason::OrganNotFound);
    let info = Status::from(refused).get_details_error_info().unwrap();
    assert_eq!(info.metadata["nearest"], "baoshan.luodian");
    assert_eq!(keeper.visibility(&tree()), Visibility::All);
}

#[test]
fn no_organs_are_not_all_organs() {
    assert!(Visibility::All.includes("baoshan") && !Visibility::Organs(Vec::new()).includes("baoshan"));
}

#[test]
fn a_request_that_did_not_come_through_the_door_is_our_fault() {
    assert_eq!(Caller::of(&Request::new(())).unwrap_err().reason(), Reason::Internal);
    let mut request = Request::new(());
    request.extensions_mut().insert(caller(LIST, Role::Desk, "baoshan"));
    assert_eq!(Caller::of(&request).unwrap().request_id().as_ref(), "mine-1");
}
