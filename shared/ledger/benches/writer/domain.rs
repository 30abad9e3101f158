//! A complaint is submitted: an event of some 900 bytes, and a row of a projection with three indexes.

use ledger::{CaseId, Context, Decision, Domain, Fact, Organ, Recorded, Service, Submission, to_micros};
use sqlx::PgConnection;
use uuid::Uuid;

/// The length of a complaint's text.
const TEXT: usize = 860;

/// Complaints.
#[derive(Debug)]
pub(crate) struct Complaints;

/// A complaint is submitted.
#[derive(Debug)]
pub(crate) struct Submit {
    case: CaseId,
    text: String,
}

/// A complaint was submitted.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Submitted {
    #[prost(string, tag = "1")]
    pub(crate) number: String,
    #[prost(string, tag = "2")]
    pub(crate) text: String,
    #[prost(int32, tag = "3")]
    pub(crate) channel: i32,
}

impl ledger::Event for Submitted {
    const TYPE_URL: &'static str = "type.googleapis.com/bench.Submitted";

    fn kind(&self) -> &'static str {
        "complaint_submitted"
    }
}

/// Its number.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Numbered {
    #[prost(string, tag = "1")]
    pub(crate) number: String,
}

/// Nothing is rejected.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Never {}

/// Rows to be added.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    cases: Vec<Uuid>,
    numbers: Vec<String>,
    channels: Vec<i16>,
    moments: Vec<i64>,
}

/// The text of the complaint with this number.
pub(crate) fn text(n: u64) -> String {
    let mut text = format!("complaint {n} ");
    while text.len() < TEXT {
        text.push_str("the office has not answered within the time it is bound to. ");
    }
    text.truncate(TEXT);
    text
}

/// An id as clients make them: beginning with the time, or random.
pub(crate) fn id(n: u64, in_order: bool) -> Uuid {
    let mixed = n
        .wrapping_add(1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(29)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let high = if in_order { n << 16 } else { mixed };
    Uuid::from_u64_pair(high, mixed)
}

/// The submission of the complaint with this number.
pub(crate) fn submission(n: u64) -> Submission<Submit> {
    Submission {
        command: Submit { case: CaseId(id(n, true)), text: text(n) },
        actor: "agency:letters-and-calls".to_owned(),
        request: Some(ledger::Request { id: id(n, false), fingerprint: [7; 32] }),
        cause: None,
    }
}

impl Domain for Complaints {
    const SERVICE: Service = Service::Intake;
    const FOLLOWS: &'static [Service] = &[];
    const PROJECTIONS: &'static [&'static str] = &["complaint"];
    type Command = Submit;
    type Event = Submitted;
    type Answer = Numbered;
    type Rejection = Never;
    type Write = ();
    type Book = Rows;

    fn case_of(&self, command: &Submit) -> Option<CaseId> {
        Some(command.case)
    }

    /// The cases are looked up, as a service has to.
    async fn load(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        cases: &[CaseId],
        _commands: &[&Submit],
    ) -> Result<Rows, sqlx::Error> {
        let cases: Vec<Uuid> = cases.iter().map(|case| case.0).collect();
        sqlx::query(
            "select c.* from unnest($2::uuid[]) as k (id) cross join lateral \
             (select * from complaint where organ = $1 and case_id = k.id limit 1) as c",
        )
        .bind(organ.as_str())
        .bind(cases)
        .fetch_all(tx)
        .await?;
        Ok(Rows::default())
    }

    fn decide(&self, _book: &Rows, command: &Submit, context: &Context<'_>) -> Result<Decision<Self>, Never> {
        let number = format!("2026-{:08}", context.next_seq);
        let event = Submitted { number: number.clone(), text: command.text.clone(), channel: 3 };
        let fact = Fact { case: Some(command.case), event, audience: None };
        Ok(Decision { facts: vec![fact], answer: Numbered { number }, writes: Vec::new() })
    }

    fn evolve(&self, book: &mut Rows, entry: &Recorded<'_, Submitted>) {
        book.cases.extend(entry.case.map(|case| case.0));
        book.numbers.push(entry.event.number.clone());
        book.channels.push(3);
        book.moments.push(to_micros(entry.recorded_at));
    }

    async fn save(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        book: Rows,
        _writes: Vec<()>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into complaint select $1, c.case_id, c.number, 1, c.channel, c.at, c.at \
             from unnest($2::uuid[], $3::text[], $4::smallint[], $5::bigint[]) as c (case_id, number, channel, at)",
        )
        .bind(organ.as_str())
        .bind(book.cases)
        .bind(book.numbers)
        .bind(book.channels)
        .bind(book.moments)
        .execute(tx)
        .await?;
        Ok(())
    }
}
