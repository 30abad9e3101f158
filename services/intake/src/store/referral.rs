//! The table `referral`.

use duban_proto::common::v1::Citation;
use duban_proto::intake::v1::{CaseReferred, ReferralAnswered, ReferralState};
use jiff::Timestamp;
use postgres::row::{Damaged, Row, small};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Referral;

/// A referral, the organ in whose ledger it is, and the case's number.
#[derive(Clone, Debug)]
pub(crate) struct ReferralRow {
    pub(crate) organ: String,
    pub(crate) number: String,
    pub(crate) referral: Referral,
}

/// Where a page of referrals ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ReferralKey {
    state: i16,
    urgency: i64,
    case_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct Columns {
    organ: String,
    number: String,
    case_id: Uuid,
    referred_at: i64,
    due_at: Option<i64>,
    overdue_since: Option<i64>,
    referred: Vec<u8>,
    answer: Option<Vec<u8>>,
}

impl ReferralKey {
    /// The key of a referral.
    pub(crate) fn of(referral: &Referral) -> Self {
        Self {
            state: small(referral.state().into()),
            urgency: referral.urgency().as_microsecond(),
            case_id: referral.case_id,
        }
    }

    /// What the referrals of each of these states come after, on the page after `after`; those before its state are through.
    fn each(states: &[ReferralState], after: Option<Self>) -> Vec<Self> {
        let begin = |state| Self { state, urgency: i64::MIN, case_id: Uuid::nil() };
        let mut states: Vec<i16> = states.iter().map(|state| small((*state).into())).collect();
        states.sort_unstable();
        states.dedup();
        let last = after.map_or(i16::MIN, |after| after.state);
        let still = states.into_iter().filter(|state| *state >= last);
        still.map(|state| after.filter(|after| after.state == state).unwrap_or(begin(state))).collect()
    }
}

impl TryFrom<Columns> for ReferralRow {
    type Error = Damaged;

    fn try_from(row: Columns) -> Result<Self, Damaged> {
        let at = Row { table: "referral", key: row.case_id };
        let referred = at.need("referred", CaseReferred::decode(row.referred.as_slice()).ok())?;
        let answer = row.answer.map(|bytes| {
            let answer = ReferralAnswered::decode(bytes.as_slice()).ok();
            at.need("answer", answer)
        });
        let referral = Referral {
            case_id: row.case_id,
            department: referred.department,
            referred_at: at.moment("referred_at", row.referred_at)?,
            due_at: at.optional_moment("due_at", row.due_at)?,
            citation: referred.citation,
            overdue_since: at.optional_moment("overdue_since", row.overdue_since)?,
            answer: answer.transpose()?,
        };
        Ok(Self { organ: row.organ, number: row.number, referral })
    }
}

/// The referrals of these cases.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Referral>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Columns> =
        sqlx::query_as(include_str!("load_referrals.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(ReferralRow::try_from(row)?.referral)).collect()
}

/// Saves referrals.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    referrals: &[Referral],
) -> Result<(), sqlx::Error> {
    if referrals.is_empty() {
        return Ok(());
    }
    let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_microsecond);
    let referred = |one: &Referral| {
        let (department, citation): (String, Option<Citation>) =
            (one.department.clone(), one.citation.clone());
        CaseReferred { department, citation, answer_due_at: None }.encode_to_vec()
    };
    let answer = |one: &Referral| one.answer.as_ref().map(prost::Message::encode_to_vec);
    sqlx::query(include_str!("save_referrals.sql"))
        .bind(organ)
        .bind(referrals.iter().map(|one| one.case_id).collect::<Vec<_>>())
        .bind(referrals.iter().map(|one| small(one.state().into())).collect::<Vec<_>>())
        .bind(referrals.iter().map(|one| one.urgency().as_microsecond()).collect::<Vec<_>>())
        .bind(referrals.iter().map(|one| micros(one.next_at())).collect::<Vec<_>>())
        .bind(referrals.iter().map(|one| one.referred_at.as_microsecond()).collect::<Vec<_>>())
        .bind(referrals.iter().map(|one| micros(one.due_at)).collect::<Vec<_>>())
        .bind(referrals.iter().map(|one| micros(one.overdue_since)).collect::<Vec<_>>())
        .bind(referrals.iter().map(referred).collect::<Vec<_>>())
        .bind(referrals.iter().map(answer).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of the referrals of these organs in these states: overdue, open, answered; in each the most urgent first.
pub(crate) async fn list_referrals(
    pool: &PgPool,
    organs: &[String],
    states: &[ReferralState],
    after: Option<ReferralKey>,
    size: i64,
) -> Result<Vec<ReferralRow>, sqlx::Error> {
    let keys = ReferralKey::each(states, after);
    let rows: Vec<Columns> = sqlx::query_as(include_str!("list_referrals.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.state).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.urgency).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.case_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(ReferralRow::try_from(row)?)).collect()
}
