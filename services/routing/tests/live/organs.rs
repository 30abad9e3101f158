//! The directory over gRPC: article 4.

use std::collections::BTreeSet;

use access::Role;
use duban_proto::common::v1::OrganKind;
use duban_proto::routing::v1::{
    GetOrganRequest, ImportOrgansRequest, ImportOrgansResponse, ListOrgansRequest,
};
use tonic::Code;

use crate::harness::{
    CENTRE, OTHER, TOWN, UNIT, fields, id, organ, organs, reason, start, start_without_organs,
};

#[tokio::test]
async fn art_4_an_import_counts_and_comes_again_with_the_same_answer() {
    let mut running = start_without_organs().await;
    let request = || ImportOrgansRequest { request_id: id(1), organs: organs() };
    let counts = |established, changed, unchanged| ImportOrgansResponse { established, changed, unchanged };
    for _ in 0..2 {
        let request = running.by(Role::DirectoryAdmin, CENTRE, request());
        let answer = running.directory.import_organs(request).await.unwrap().into_inner();
        assert_eq!(answer, counts(4, 0, 0));
    }
    let mut changed = ImportOrgansRequest { request_id: id(2), ..request() };
    changed.organs[1].name = "罗店镇人民政府".into();
    // Also from below: the directory is kept in one ledger.
    let request = running.by(Role::DirectoryAdmin, TOWN, changed);
    let answer = running.directory.import_organs(request).await.unwrap().into_inner();
    assert_eq!(answer, counts(0, 1, 3));
    let request = running.by(Role::Desk, OTHER, GetOrganRequest { code: TOWN.into() });
    let organ = running.directory.get_organ(request).await.unwrap().into_inner().organ.unwrap();
    assert_eq!(organ.name, "罗店镇人民政府");
    running.stop().await;
}

#[tokio::test]
async fn art_4_the_first_import_is_kept_at_the_centre_whoever_brings_it() {
    let mut running = start_without_organs().await;
    for (number, role_at) in [(1, TOWN), (2, CENTRE)] {
        let request = ImportOrgansRequest { request_id: id(number), organs: organs() };
        let request = running.by(Role::DirectoryAdmin, role_at, request);
        running.directory.import_organs(request).await.unwrap();
    }
    let pool = running.db.pool("routing").await.unwrap();
    let keepers: Vec<String> =
        sqlx::query_scalar("select distinct organ from organ_directory").fetch_all(&pool).await.unwrap();
    assert_eq!(keepers, [CENTRE]);
    running.stop().await;
}

#[tokio::test]
async fn art_4_all_that_is_wrong_with_an_import_is_told_at_once_and_nothing_is_taken() {
    let mut running = start().await;
    let wrong = vec![
        organ("Baoshan", CENTRE, "甲", OrganKind::SubCentre),
        organ("baoshan.a", "baoshan.b", "乙", OrganKind::SubCentre),
        organ("baoshan.b", CENTRE, "乙", OrganKind::SubCentre),
        organ("baoshan.b", CENTRE, "", OrganKind::SubCentre),
        organ("baoshan.c", CENTRE, "丁", OrganKind::Unspecified),
        organ(CENTRE, UNIT, "宝效投", OrganKind::Centre),
    ];
    let request = ImportOrgansRequest { request_id: "1".into(), organs: wrong };
    let request = running.by(Role::DirectoryAdmin, CENTRE, request);
    let refused = running.directory.import_organs(request).await.unwrap_err();
    let found: BTreeSet<String> = fields(&refused).into_iter().collect();
    let expected = [
        "request_id",
        "organs[0].code",
        "organs[1].parent",
        "organs[2].number_prefix",
        "organs[3].code",
        "organs[3].number_prefix",
        "organs[4].kind",
        "organs[5].parent",
    ];
    assert_eq!(found, expected.map(String::from).into());
    let request = running.by(Role::Desk, CENTRE, GetOrganRequest { code: "baoshan.c".into() });
    let unknown = running.directory.get_organ(request).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown)), (Code::NotFound, "ORGAN_NOT_FOUND".into()));
    running.stop().await;
}

#[tokio::test]
async fn art_4_organs_are_listed_by_code_page_by_page() {
    let mut running = start().await;
    let mut codes = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListOrgansRequest { below: CENTRE.into(), page_size: 2, page_token };
        let request = running.by(Role::Agency, CENTRE, request);
        let page = running.directory.list_organs(request).await.unwrap().into_inner();
        codes.extend(page.organs.into_iter().map(|organ| organ.code));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(codes, [OTHER, TOWN, UNIT]);
    running.stop().await;
}
