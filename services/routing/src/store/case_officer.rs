//! The table `case_officer`: which open cases an officer investigates.

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::TermState;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::routed_case::decode;
use crate::domain::Case;

/// Who investigates a case of a term that the organ holds, while it is open.
fn investigators<'c>(organ: &str, case: &'c Case) -> &'c [String] {
    let open = case.state() == CaseState::InHandling;
    let ended = |state| matches!(state, TermState::Concluded | TermState::Superseded);
    let held = case.current().filter(|tenure| open && tenure.organ == organ && !ended(tenure.state()));
    held.map_or(&[], |tenure| tenure.investigators.as_slice())
}

/// Brings the rows of these cases up to date; cases that nobody ever investigated have none.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[(Uuid, Case)],
) -> Result<(), sqlx::Error> {
    let ever = |case: &Case| case.terms.iter().any(|tenure| !tenure.inquiry.ever.is_empty());
    let staffed: Vec<Uuid> = cases.iter().filter(|(_, case)| ever(case)).map(|(id, _)| *id).collect();
    if staffed.is_empty() {
        return Ok(());
    }
    let (mut persons, mut of) = (Vec::new(), Vec::new());
    for (case_id, case) in cases {
        for person in investigators(organ, case) {
            persons.push(person.as_str());
            of.push(*case_id);
        }
    }
    sqlx::query(include_str!("drop_case_officers.sql"))
        .bind(organ)
        .bind(&staffed)
        .bind(&persons)
        .bind(&of)
        .execute(&mut *tx)
        .await?;
    if !persons.is_empty() {
        sqlx::query(include_str!("save_case_officers.sql"))
            .bind(organ)
            .bind(&persons)
            .bind(&of)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The open cases that an officer investigates, `most` of them.
pub(crate) async fn cases_of_officer(
    pool: &PgPool,
    organ: &str,
    officer: &str,
    most: i64,
) -> Result<Vec<(Uuid, Case)>, sqlx::Error> {
    let rows: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(include_str!("cases_of_officer.sql"))
        .bind(organ)
        .bind(officer)
        .bind(most)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|(case_id, body)| Ok((case_id, decode(case_id, &body)?))).collect()
}
