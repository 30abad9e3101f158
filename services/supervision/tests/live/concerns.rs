//! What intake tells beside the time (12, 21).

use std::time::Duration;

use access::Role;
use duban_proto::common::v1::Finding;
use duban_proto::intake::v1::{
    CaseLinked, CaseUnlinked, LinkKind, ReportClosed, ReportKind, ReportReceived, event::Kind,
};
use duban_proto::supervision::v1::{Concern, ConcernKind, GetBoardRequest, ListConcernsRequest};

use crate::harness::{CENTRE, Running, TOWN, case, start_following};

/// The concerns that the centre's supervision sees, once they are so.
async fn until(running: &mut Running, so: impl Fn(&[Concern]) -> bool) -> Vec<Concern> {
    let mut heads = running.supervision.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let request = running.by(Role::Supervisor, CENTRE, ListConcernsRequest::default());
        let concerns = running.client.list_concerns(request).await.unwrap().into_inner().concerns;
        if so(&concerns) {
            return concerns;
        }
        let moved = tokio::time::timeout(Duration::from_secs(20), heads.changed()).await;
        moved.unwrap_or_else(|_| panic!("it never comes so: {concerns:?}")).unwrap();
    }
}

async fn counted(running: &mut Running) -> u64 {
    let request = running.by(Role::Supervisor, CENTRE, GetBoardRequest::default());
    running.client.get_board(request).await.unwrap().into_inner().total.unwrap().repeated
}

fn link(to: u128, kind: LinkKind) -> CaseLinked {
    CaseLinked {
        other_organ: TOWN.into(),
        other_case_id: case(to).to_string(),
        kind: kind.into(),
        ..CaseLinked::default()
    }
}

/// The centre's case 1 came before as case 2.
pub(crate) async fn repeated(running: &mut Running) {
    let linked = link(2, LinkKind::Repeated);
    running.intake().says(CENTRE, Some(case(1)), Kind::CaseLinked(linked)).await;
    until(running, |concerns| concerns.len() == 1).await;
}

#[tokio::test]
async fn art_21_repeats_are_told_counted_by_case_and_taken_back() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.intake().says(CENTRE, id, Kind::CaseLinked(link(9, LinkKind::Joined))).await;
    repeated(&mut running).await;
    running.intake().says(CENTRE, id, Kind::CaseLinked(link(3, LinkKind::Repeated))).await;
    running.intake().says(CENTRE, id, Kind::CaseLinked(link(3, LinkKind::Repeated))).await;
    let concerns = until(&mut running, |concerns| concerns.len() == 2).await;
    assert!(concerns.iter().all(|it| it.kind() == ConcernKind::Repeat && it.open && it.other_organ == TOWN));
    assert_eq!(counted(&mut running).await, 1, "one complaint, however many came before it");

    for other in [2, 3] {
        let unlinked = CaseUnlinked { link: Some(link(other, LinkKind::Repeated)), reason: None };
        running.intake().says(CENTRE, id, Kind::CaseUnlinked(unlinked)).await;
    }
    until(&mut running, |concerns| concerns.len() == 2 && concerns.iter().all(|it| !it.open)).await;
    assert_eq!(counted(&mut running).await, 0);
    running.stop().await;
}

#[tokio::test]
async fn art_12_reports_are_told_to_the_centres_supervision_alone() {
    let mut running = start_following().await;
    let report = Some(case(70));
    let received = ReportReceived {
        kind: ReportKind::Retaliation.into(),
        organ: TOWN.into(),
        case_organ: TOWN.into(),
        case_id: case(1).to_string(),
        ..ReportReceived::default()
    };
    running.intake().says(CENTRE, report, Kind::ReportReceived(received)).await;
    let concerns = until(&mut running, |concerns| concerns.len() == 1).await;
    assert_eq!((concerns[0].kind(), concerns[0].open), (ConcernKind::Report, true));
    assert_eq!((concerns[0].case_id.clone(), concerns[0].other_organ.as_str()), (case(1).to_string(), TOWN));
    let request = running.by(Role::Head, TOWN, ListConcernsRequest::default());
    let seen = running.client.list_concerns(request).await.unwrap().into_inner().concerns;
    assert!(seen.is_empty(), "the organ concerned sees nothing of it: {seen:?}");

    let closed = ReportClosed { finding: Finding::Founded.into(), ..ReportClosed::default() };
    running.intake().says(CENTRE, report, Kind::ReportClosed(closed)).await;
    until(&mut running, |concerns| concerns.iter().all(|it| !it.open)).await;
    running.stop().await;
}
