//! Other services, whose ledgers say what the test has them say.

use std::marker::PhantomData;
use std::sync::Arc;

use duban_proto::common::v1::Organ as WireOrgan;
use duban_proto::intake::v1 as intake;
use duban_proto::routing::v1 as routing;
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

const LEDGER: &[&sqlx::migrate::Migrator] = &[&ledger::MIGRATOR];
/// Only the ledger: this routing has no tables.
pub(crate) const ROUTING: Schema =
    Schema { name: "routing", role: "duban_routing", migrations: LEDGER, append_only: &["entry"] };
/// Only the ledger: this intake has no tables.
pub(crate) const INTAKE: Schema =
    Schema { name: "intake", role: "duban_intake", migrations: LEDGER, append_only: &["entry"] };

/// The events of a service.
pub(crate) trait Says: Message + Default + Clone + PartialEq + 'static {
    const SERVICE: Service;
    const TYPE_URL: &'static str;
    fn kind(&self) -> &'static str;
}

impl Says for routing::Event {
    const SERVICE: Service = Service::Routing;
    const TYPE_URL: &'static str = "type.googleapis.com/duban.routing.v1.Event";

    fn kind(&self) -> &'static str {
        use routing::event::Kind;
        match self.kind.as_ref().unwrap() {
            Kind::OrganEstablished(_) => "organ_established",
            Kind::CaseOpened(_) => "case_opened",
            Kind::TermBegun(_) => "term_begun",
            Kind::TermReceived(_) => "term_received",
            Kind::TermLeft(_) => "term_left",
            Kind::CaseReopened(_) => "case_reopened",
            Kind::DispositionApproved(_) => "disposition_approved",
            Kind::InvestigatorsAppointed(_) => "investigators_appointed",
            Kind::InvestigatorReplaced(_) => "investigator_replaced",
            Kind::CaseConcluded(_) => "case_concluded",
            Kind::HomeMoved(_) => "home_moved",
            Kind::WithdrawalNoted(_) => "withdrawal_noted",
            Kind::FactsCorrected(_) => "facts_corrected",
            Kind::ContentErased(_) => "content_erased",
            other => panic!("{other:?}"),
        }
    }
}

impl Says for intake::Event {
    const SERVICE: Service = Service::Intake;
    const TYPE_URL: &'static str = "type.googleapis.com/duban.intake.v1.Event";

    fn kind(&self) -> &'static str {
        use intake::event::Kind;
        match self.kind.as_ref().unwrap() {
            Kind::ComplaintReceived(_) => "complaint_received",
            Kind::CaseCorrected(_) => "case_corrected",
            Kind::CaseDeclined(_) => "case_declined",
            Kind::CaseReferred(_) => "case_referred",
            Kind::DirectedElsewhere(_) => "directed_elsewhere",
            Kind::CaseLinked(_) => "case_linked",
            Kind::CaseUnlinked(_) => "case_unlinked",
            Kind::ReportReceived(_) => "report_received",
            Kind::ReportClosed(_) => "report_closed",
            Kind::ReplyDelivered(_) => "reply_delivered",
            Kind::CaseReopened(_) => "case_reopened",
            Kind::CaseErased(_) => "case_erased",
            Kind::HandlingRated(_) => "handling_rated",
            other => panic!("{other:?}"),
        }
    }
}

/// What it says is what it is told to say.
pub(crate) struct Told<E>(PhantomData<E>);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Said<E>(E);

#[derive(Debug, thiserror::Error)]
#[error("never")]
pub(crate) struct Never;

pub(crate) struct Fake<E: Says>(Writer<Told<E>>);

impl<E: Says> Fake<E> {
    pub(crate) async fn new(db: &TestDb, clock: Arc<dyn ledger::Clock>) -> Self {
        let pool = db.pool(E::SERVICE.name()).await.unwrap();
        Self(Writer::new(Arc::new(Told(PhantomData)), pool, clock, ledger::WriterSettings::default()))
    }

    pub(crate) fn services(&self, services: Services, shutdown: CancellationToken) -> Services {
        services.with(Feed::new(&self.0, shutdown).into_server())
    }

    pub(crate) async fn says_event(&self, organ: &str, case: Option<Uuid>, event: E) {
        let command = (case.map(CaseId), event);
        let submission = Submission { command, actor: "wang.fang".into(), request: None, cause: None };
        self.0.submit(&Organ::new(organ).unwrap(), submission).await.unwrap();
    }

    pub(crate) async fn drain(&self) {
        self.0.drain().await;
    }
}

impl Fake<routing::Event> {
    pub(crate) async fn says(&self, organ: &str, case: Option<Uuid>, kind: routing::event::Kind) {
        self.says_event(organ, case, routing::Event { kind: Some(kind) }).await;
    }

    pub(crate) async fn establishes(&self, organ: WireOrgan) {
        let established = routing::OrganEstablished { organ: Some(organ), ..Default::default() };
        self.says("baoshan", None, routing::event::Kind::OrganEstablished(established)).await;
    }
}

impl Fake<intake::Event> {
    pub(crate) async fn says(&self, organ: &str, case: Option<Uuid>, kind: intake::event::Kind) {
        self.says_event(organ, case, intake::Event { kind: Some(kind) }).await;
    }
}

impl<E: Says> Domain for Told<E> {
    const SERVICE: Service = E::SERVICE;
    const FOLLOWS: &'static [Service] = &[];
    const PROJECTIONS: &'static [&'static str] = &[];
    type Command = (Option<CaseId>, E);
    type Event = Said<E>;
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

    fn evolve(&self, (): &mut (), _: &Recorded<'_, Said<E>>) {}

    async fn save(&self, _: &mut PgConnection, _: &Organ, (): (), _: Vec<()>) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

impl<E: Says> ledger::Event for Said<E> {
    const TYPE_URL: &'static str = E::TYPE_URL;

    fn kind(&self) -> &'static str {
        self.0.kind()
    }
}

impl<E: Says> Message for Said<E> {
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
