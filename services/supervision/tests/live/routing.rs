//! A routing whose ledgers say what the test has them say.

use std::sync::Arc;

use duban_proto::common::v1::Organ as WireOrgan;
use duban_proto::routing::v1::{self as routing, event::Kind};
use ledger::{CaseId, Context, Decision, Domain, Fact, Feed, Organ, Recorded, Service, Submission, Writer};
use postgres::Schema;
use postgres::testing::TestDb;
use prost::bytes::{Buf, BufMut};
use prost::encoding::{DecodeContext, WireType};
use prost::{DecodeError, Message};
use server::Services;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Only the ledger: this routing has no tables.
pub(crate) const ROUTING: Schema = Schema {
    name: "routing",
    role: "duban_routing",
    migrations: &[&ledger::MIGRATOR],
    append_only: &["entry"],
};

/// What it says is what it is told to say.
struct Says;

#[derive(Clone, Debug, Default, PartialEq)]
struct Said(routing::Event);

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

pub(crate) struct FakeRouting(Writer<Says>);

impl FakeRouting {
    pub(crate) async fn new(db: &TestDb, clock: Arc<dyn ledger::Clock>) -> Self {
        let pool = db.pool("routing").await.unwrap();
        Self(Writer::new(Arc::new(Says), pool, clock, ledger::WriterSettings::default()))
    }

    pub(crate) fn services(&self, services: Services, shutdown: CancellationToken) -> Services {
        services.with(Feed::new(&self.0, shutdown).into_server())
    }

    pub(crate) async fn says(&self, organ: &str, case: Option<Uuid>, kind: Kind) {
        let command = (case.map(CaseId), routing::Event { kind: Some(kind) });
        let submission = Submission { command, actor: "wang.fang".into(), request: None, cause: None };
        self.0.submit(&Organ::new(organ).unwrap(), submission).await.unwrap();
    }

    pub(crate) async fn establishes(&self, organ: WireOrgan) {
        let established = routing::OrganEstablished { organ: Some(organ), ..Default::default() };
        self.says("baoshan", None, Kind::OrganEstablished(established)).await;
    }

    pub(crate) async fn drain(&self) {
        self.0.drain().await;
    }
}

impl Domain for Says {
    const SERVICE: Service = Service::Routing;
    const FOLLOWS: &'static [Service] = &[];
    const PROJECTIONS: &'static [&'static str] = &[];
    type Command = (Option<CaseId>, routing::Event);
    type Event = Said;
    type Answer = ();
    type Rejection = Never;
    type Write = ();
    type Book = ();

    fn case_of(&self, command: &Self::Command) -> Option<CaseId> {
        command.0
    }

    async fn load(
        &self,
        _: &mut PgConnection,
        _: &Organ,
        _: &[CaseId],
        _: &[&Self::Command],
    ) -> Result<(), sqlx::Error> {
        Ok(())
    }

    fn decide(
        &self,
        (): &(),
        (case, event): &Self::Command,
        _: &Context<'_>,
    ) -> Result<Decision<Self>, Never> {
        let facts = vec![Fact { case: *case, event: Said(event.clone()), audience: None }];
        Ok(Decision { facts, answer: (), writes: Vec::new() })
    }

    fn evolve(&self, (): &mut (), _: &Recorded<'_, Said>) {}

    async fn save(&self, _: &mut PgConnection, _: &Organ, (): (), _: Vec<()>) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

impl ledger::Event for Said {
    const TYPE_URL: &'static str = "type.googleapis.com/duban.routing.v1.Event";

    fn kind(&self) -> &'static str {
        match self.0.kind.as_ref().unwrap() {
            Kind::OrganEstablished(_) => "organ_established",
            Kind::CaseOpened(_) => "case_opened",
            Kind::TermBegun(_) => "term_begun",
            Kind::TermReceived(_) => "term_received",
            Kind::DispositionApproved(_) => "disposition_approved",
            Kind::CaseConcluded(_) => "case_concluded",
            Kind::HomeMoved(_) => "home_moved",
            Kind::WithdrawalNoted(_) => "withdrawal_noted",
            other => panic!("{other:?}"),
        }
    }
}

impl Message for Said {
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        self.0.encode_raw(buffer);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        self.0.merge_field(tag, wire_type, buffer, context)
    }

    fn encoded_len(&self) -> usize {
        self.0.encoded_len()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}
