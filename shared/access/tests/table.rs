//! The access table: the bundled one row by row, and what a wrong file is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use std::collections::{BTreeMap, BTreeSet};

use access::{Principal, Role, Scope, Table, TableError, Tree, Visibility, may_act_for, visibility};
use prost::Message as _;
use prost_types::FileDescriptorSet;

const BUILT_IN: [&str; 4] = [
    "grpc.health.v1.Health/Check",
    "grpc.health.v1.Health/Watch",
    "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

fn descriptors() -> FileDescriptorSet {
    FileDescriptorSet::decode(duban_proto::FILE_DESCRIPTOR_SET).unwrap()
}

fn rpcs() -> Vec<String> {
    let set = descriptors();
    let of_contracts = set.file.iter().flat_map(|file| {
        file.service.iter().flat_map(move |service| {
            service.method.iter().map(move |m| format!("{}.{}/{}", file.package(), service.name(), m.name()))
        })
    });
    of_contracts.chain(BUILT_IN.map(str::to_owned)).collect()
}

fn bundled() -> Table {
    let rpcs = rpcs();
    Table::parse(Table::BUNDLED, rpcs.iter().map(String::as_str)).unwrap()
}

fn tree() -> Tree {
    Tree::new([
        ("baoshan", None),
        ("baoshan.luodian", Some("baoshan")),
        ("baoshan.luodian.hospital", Some("baoshan.luodian")),
        ("baoshan.gucun", Some("baoshan")),
    ])
}

#[test]
fn every_rpc_of_the_contracts_has_a_row_and_a_comment() {
    // Read anew, without the table's own checks: those stop at the first fault, here all are listed.
    let file: toml::Table = Table::BUNDLED.parse().unwrap();
    let rows: BTreeSet<&str> =
        file["row"].as_array().unwrap().iter().map(|row| row["rpc"].as_str().unwrap()).collect();
    let contracts = rpcs();
    let contracts: BTreeSet<&str> = contracts.iter().map(String::as_str).collect();
    let missing: Vec<&&str> = contracts.difference(&rows).collect();
    let superfluous: Vec<&&str> = rows.difference(&contracts).collect();
    assert!(
        missing.is_empty() && superfluous.is_empty(),
        "missing: {missing:?}, superfluous: {superfluous:?}"
    );
    for file in descriptors().file.iter().filter(|file| file.package().starts_with("duban.")) {
        let info = file.source_code_info.as_ref().expect("comments are in the descriptor set");
        let commented: BTreeSet<&[i32]> = info
            .location
            .iter()
            .filter(|at| !at.leading_comments().trim().is_empty())
            .map(|at| at.path.as_slice())
            .collect();
        for (s, service) in file.service.iter().enumerate() {
            for (m, method) in service.method.iter().enumerate() {
                let path = [6, i32::try_from(s).unwrap(), 2, i32::try_from(m).unwrap()];
                assert!(
                    commented.contains(path.as_slice()),
                    "{}/{} has no comment",
                    service.name(),
                    method.name()
                );
            }
        }
    }
}

/// Every role against every rpc: what the table says is let in with just that scope, all else is refused.
#[test]
fn every_role_may_call_what_its_rows_say_and_nothing_else() {
    let table = bundled();
    let mut expected: BTreeMap<(String, Role), Scope> = BTreeMap::new();
    for row in table.rows() {
        for role in &row.roles {
            assert!(
                expected.insert((row.rpc.clone(), *role), row.scope).is_none(),
                "{}: {role} twice",
                row.rpc
            );
        }
    }
    for rpc in rpcs() {
        let public = expected.get(&(rpc.clone(), Role::Public)).copied();
        for role in Role::ALL {
            let principal = Principal::new("somebody", "baoshan.luodian", [role]);
            let judged = table.judge(&format!("/{rpc}"), &principal).map(|grant| grant.scope).ok();
            assert_eq!(judged, expected.get(&(rpc.clone(), role)).copied().or(public), "{rpc} by {role}");
        }
    }
}

#[test]
fn without_a_token_only_tracking_health_and_reflection_are_open() {
    let table = bundled();
    let open: BTreeSet<String> =
        rpcs().into_iter().filter(|rpc| table.judge(rpc, &Principal::public()).is_ok()).collect();
    let mut expected: BTreeSet<String> = BUILT_IN.map(str::to_owned).into();
    expected.insert("duban.intake.v1.IntakeService/TrackCase".to_owned());
    // The number and the tracking code are the proof here as well (12, house).
    expected.insert("duban.intake.v1.RatingService/RateHandling".to_owned());
    expected.insert("duban.intake.v1.ReportService/SubmitTrackedReport".to_owned());
    assert_eq!(open, expected);
}

#[test]
fn decisions_belong_to_those_the_measures_name() {
    let table = bundled();
    let scope = |rpc: &str, role| {
        let principal = Principal::new("somebody", "baoshan.luodian", [role]);
        table.judge(rpc, &principal).map(|grant| (grant.scope, grant.row.article.clone())).ok()
    };
    let article = |text: &str| Some(text.to_owned());
    let accept = "duban.intake.v1.IntakeService/AcceptCase";
    assert_eq!(scope(accept, Role::Desk), Some((Scope::Own, article("13"))));
    assert_eq!(scope(accept, Role::Agency), None);
    let approve = "duban.routing.v1.CaseworkService/ApproveDisposition";
    // Of the own organ, and a leader on loan of the case that the loan is for.
    assert_eq!(scope(approve, Role::Leader), Some((Scope::Lent, article("19"))));
    assert_eq!(scope(approve, Role::Handler), None);
    let extend = "duban.supervision.v1.SupervisionService/DecideExtension";
    assert_eq!(scope(extend, Role::Head), Some((Scope::Own, article("17"))));
    assert_eq!(scope(extend, Role::Supervisor), Some((Scope::Subtree, article("17"))));
    assert_eq!(scope(extend, Role::Leader), None);
    assert_eq!(scope("duban.intake.v1.IdentityService/OpenIdentity", Role::Supervisor), None);
}

#[test]
fn an_auditor_changes_nothing() {
    let table = bundled();
    let auditor = Principal::new("auditor", "baoshan", [Role::Auditor]);
    for rpc in rpcs().into_iter().filter(|rpc| rpc.starts_with("duban.")) {
        let (_, method) = rpc.split_once('/').unwrap();
        let reads = [
            "Get", "List", "Count", "Explain", "Preview", "Track", "Download", "Export", "Check", "Compare",
            "Watch", "Read",
        ]
        .iter()
        .any(|verb| method.starts_with(verb));
        let open = table.judge(&rpc, &Principal::public()).is_ok();
        assert!(reads || open || table.judge(&rpc, &auditor).is_err(), "{rpc}");
    }
}

#[test]
fn the_widest_of_several_rows_counts_and_is_spelt_out_in_organs() {
    let table = bundled();
    let rpc = "duban.intake.v1.IntakeService/ListCases";
    let both = Principal::new("wang", "baoshan.luodian", [Role::Desk, Role::Supervisor]);
    let grant = table.judge(rpc, &both).unwrap();
    assert_eq!(grant.scope, Scope::Subtree);
    let organs = ["baoshan.luodian", "baoshan.luodian.hospital"].map(str::to_owned).to_vec();
    assert_eq!(visibility(&both, &grant, &tree()), Visibility::Organs(organs));
    assert!(may_act_for(&both, &grant, "baoshan.luodian.hospital", &tree()));
    assert!(!may_act_for(&both, &grant, "baoshan", &tree()));
    let desk = Principal::new("li", "baoshan.luodian", [Role::Desk]);
    let grant = table.judge(rpc, &desk).unwrap();
    assert_eq!(visibility(&desk, &grant, &tree()), Visibility::Organs(vec!["baoshan.luodian".into()]));
    assert!(!may_act_for(&desk, &grant, "baoshan.luodian.hospital", &tree()));
}

#[test]
fn an_officer_on_loan_gets_no_other_organ_by_the_table_and_few_rpcs() {
    let table = bundled();
    let lent: BTreeSet<&str> =
        table.rows().filter(|row| row.scope == Scope::Lent).map(|row| row.rpc.as_str()).collect();
    let casework = [
        "ApproveDisposition",
        "GetCasework",
        "RecordInvestigation",
        "ReturnDisposition",
        "SubmitDisposition",
    ]
    .map(|rpc| format!("duban.routing.v1.CaseworkService/{rpc}"));
    let investigation = [
        "AddEvidence",
        "ConfirmRecord",
        "CorrectRecord",
        "DeclareInterest",
        "ListEvidence",
        "RemoveEvidence",
        "SetPlan",
    ]
    .map(|rpc| format!("duban.routing.v1.InvestigationService/{rpc}"));
    // The working copy and the copies of files (15).
    let read = [
        "duban.intake.v1.IntakeService/GetCase",
        "duban.intake.v1.AttachmentService/DownloadAttachment",
        "duban.intake.v1.AttachmentService/ListAttachments",
        "duban.routing.v1.RoutingService/GetRoutedCase",
    ]
    .map(str::to_owned);
    let expected: BTreeSet<String> = casework.into_iter().chain(investigation).chain(read).collect();
    assert_eq!(lent, expected.iter().map(String::as_str).collect());
    let li = Principal::new("li.hua", "baoshan", [Role::Handler, Role::Leader]);
    for rpc in lent {
        let grant = table.judge(rpc, &li).unwrap();
        assert_eq!(visibility(&li, &grant, &tree()), Visibility::Organs(vec!["baoshan".into()]), "{rpc}");
        assert!(!may_act_for(&li, &grant, "baoshan.luodian", &tree()), "{rpc}");
        assert!(may_act_for(&li, &grant, "baoshan", &tree()), "{rpc}");
    }
}

#[test]
fn a_principal_without_an_organ_sees_and_does_nothing_of_its_own() {
    let table = bundled();
    let nowhere = Principal::new("x", "", [Role::Desk, Role::Supervisor]);
    let grant = table.judge("duban.intake.v1.IntakeService/ListCases", &nowhere).unwrap();
    assert_eq!(visibility(&nowhere, &grant, &tree()), Visibility::Organs(vec![]));
    assert!(!may_act_for(&nowhere, &grant, "", &tree()));
}

fn refusal(text: &str) -> String {
    Table::parse(text, ["a.v1.S/Get", "a.v1.S/Put"]).unwrap_err().to_string()
}

const GET: &str = "[[row]]\nrpc = \"a.v1.S/Get\"\nroles = [\"desk\"]\nscope = \"own\"\nwhy = \"because\"\n";
const PUT: &str = "[[row]]\nrpc = \"a.v1.S/Put\"\nroles = [\"desk\"]\nscope = \"own\"\nwhy = \"because\"\n";

#[test]
fn a_wrong_file_is_told_where_and_what_is_expected() {
    assert!(Table::parse(&format!("{GET}{PUT}"), ["a.v1.S/Get", "a.v1.S/Put"]).is_ok());
    assert!(matches!(
        Table::parse(GET, ["a.v1.S/Get", "a.v1.S/Put"]),
        Err(TableError::Missing(missing)) if missing == ["a.v1.S/Put"]
    ));
    let unknown = refusal(&format!("{GET}{}", PUT.replace("Put", "Putt")));
    assert_eq!(unknown, "line 7: there is no rpc \"a.v1.S/Putt\" (did you mean \"a.v1.S/Put\"?)");
    let role = refusal(&GET.replace("desk", "leadr"));
    assert_eq!(role, "line 3: there is no role \"leadr\" (did you mean \"leader\"?)");
    assert!(refusal(&GET.replace("own", "everywhere")).contains("line 4"));
    assert!(refusal(&GET.replace("because", " ")).contains("why is empty"));
    assert!(refusal(&GET.replace("[\"desk\"]", "[]")).contains("roles is empty"));
    assert!(refusal(&GET.replace("desk", "public")).contains("stands alone"));
    assert!(refusal(&GET.replace("\"own\"", "\"public\"")).contains("stands alone"));
    assert!(refusal(&format!("{GET}{GET}")).contains("has a row"));
    assert!(refusal(&format!("{GET}because = 1\n")).contains("unknown field"));
}
