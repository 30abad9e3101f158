//! The table `loan`: the officers an organ was asked for.

use duban_proto::routing::v1::{Loan, LoanState};
use postgres::row::small;
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Where a page of loans ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct LoanKey {
    state: i16,
    requested_at: i64,
    loan_id: Uuid,
}

impl LoanKey {
    /// The key of a loan.
    pub(crate) fn of(loan: &Loan) -> Self {
        Self { state: small(loan.state), requested_at: requested_at(loan), loan_id: id(&loan.loan_id) }
    }

    /// What the loans of each of these states come after, on the page after `after`; those before its state are through.
    fn each(states: &[LoanState], after: Option<Self>) -> Vec<Self> {
        let begin = |state| Self { state, requested_at: i64::MIN, loan_id: Uuid::nil() };
        let mut states: Vec<i16> = states.iter().map(|state| small((*state).into())).collect();
        states.sort_unstable();
        states.dedup();
        let last = after.map_or(i16::MIN, |after| after.state);
        let still = states.into_iter().filter(|state| *state >= last);
        still.map(|state| after.filter(|after| after.state == state).unwrap_or(begin(state))).collect()
    }
}

fn requested_at(loan: &Loan) -> i64 {
    let at = loan.requested_at.as_ref().and_then(server::time::from_proto);
    at.map_or(i64::MIN + 1, jiff::Timestamp::as_microsecond)
}

fn id(text: &str) -> Uuid {
    Uuid::try_parse(text).unwrap_or_default()
}

fn decode(body: &[u8]) -> Result<Loan, sqlx::Error> {
    Loan::decode(body).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// The loans of these cases of which the organ is the lender.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Loan>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar(include_str!("load_loans.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.iter().map(|body| decode(body)).collect()
}

/// The loans of a case of which the organ is the lender.
pub(crate) async fn loans_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<Loan>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    load(&mut connection, organ, &[case_id]).await
}

/// A page of the loans an organ was asked for in these states; in each the longest waiting first.
pub(crate) async fn list_loans(
    pool: &PgPool,
    organ: &str,
    states: &[LoanState],
    after: Option<LoanKey>,
    size: i64,
) -> Result<Vec<Loan>, sqlx::Error> {
    let keys = LoanKey::each(states, after);
    let rows: Vec<(i16, i64, Uuid, Vec<u8>)> = sqlx::query_as(include_str!("list_loans.sql"))
        .bind(organ)
        .bind(keys.iter().map(|key| key.state).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.requested_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.loan_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|(_, _, _, body)| decode(body)).collect()
}

/// Saves loans.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, loans: &[Loan]) -> Result<(), sqlx::Error> {
    if loans.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_loans.sql"))
        .bind(organ)
        .bind(loans.iter().map(|loan| id(&loan.case_id)).collect::<Vec<_>>())
        .bind(loans.iter().map(|loan| id(&loan.loan_id)).collect::<Vec<_>>())
        .bind(loans.iter().map(|loan| small(loan.state)).collect::<Vec<_>>())
        .bind(loans.iter().map(requested_at).collect::<Vec<_>>())
        .bind(loans.iter().map(Message::encode_to_vec).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}
