//! A small service behind the real door, and clients with tokens.

use std::sync::Arc;
use std::time::Duration;

use access::{Authenticator, DevKey, Keys, Principal, Role, Table, TokenSettings, Tree};
use duban_proto::common::v1::Organ;
use duban_proto::feed::v1::feed_service_client::FeedServiceClient;
use duban_proto::feed::v1::feed_service_server::{FeedService, FeedServiceServer};
use duban_proto::feed::v1::{FollowRequest, FollowResponse, ListHeadsRequest, ListHeadsResponse};
use duban_proto::routing::v1 as routing;
use duban_proto::routing::v1::directory_service_client::DirectoryServiceClient;
use duban_proto::routing::v1::directory_service_server::{DirectoryService, DirectoryServiceServer};
use duban_proto::routing::v1::{
    GetOrganRequest, GetOrganResponse, ImportOrgansRequest, ImportOrgansResponse, ListOrgansRequest,
    ListOrgansResponse,
};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use jiff::Timestamp;
use server::door::{Access, Door};
use server::{
    Caller, Error, RandomIds, ServerSettings, Services, Serving, Shutdown, limited, methods, serve,
};
use tokio::sync::{Notify, mpsc};
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

pub(crate) const NOW: i64 = 1_800_000_000;

/// Does what the code asked for says: `panic`, `internal`, `wait` (until released), else gives the caller back.
#[derive(Clone)]
pub(crate) struct Probe {
    entered: mpsc::UnboundedSender<String>,
    release: Arc<Notify>,
}

pub(crate) struct Running {
    pub(crate) serving: Serving,
    pub(crate) shutdown: Shutdown,
    pub(crate) key: DevKey,
    pub(crate) entered: mpsc::UnboundedReceiver<String>,
    pub(crate) release: Arc<Notify>,
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

pub(crate) fn settings() -> ServerSettings {
    ServerSettings::new("127.0.0.1:0".parse().unwrap())
}

pub(crate) fn door(key: &DevKey) -> Door {
    let authenticator =
        Authenticator::new(Keys::none(), TokenSettings::default()).with_dev_key(key, true).unwrap();
    let table = Table::parse(Table::BUNDLED, methods::names()).unwrap();
    Door { access: Arc::new(Access::new(authenticator, table)), ids: Arc::new(RandomIds), now: Arc::new(now) }
}

pub(crate) async fn start(settings: ServerSettings) -> Running {
    let key = DevKey::from_secret([9; 32]);
    let shutdown = Shutdown::new();
    let (sender, entered) = mpsc::unbounded_channel();
    let probe = Probe { entered: sender, release: Arc::new(Notify::new()) };
    let release = Arc::clone(&probe.release);
    let services = Services::new()
        .with(limited!(DirectoryServiceServer::new(probe.clone())))
        .with(limited!(FeedServiceServer::new(probe)));
    let serving = serve(settings, door(&key), services, &shutdown).await.unwrap();
    Running { serving, shutdown, key, entered, release }
}

impl Running {
    pub(crate) async fn channel(&self) -> Channel {
        let uri = format!("http://{}", self.serving.address());
        Channel::from_shared(uri).unwrap().connect().await.unwrap()
    }

    pub(crate) async fn directory(&self) -> DirectoryServiceClient<Channel> {
        DirectoryServiceClient::new(self.channel().await)
    }

    pub(crate) async fn feed(&self) -> FeedServiceClient<Channel> {
        FeedServiceClient::new(self.channel().await)
    }

    /// A request with a token of this role, at `baoshan.luodian`.
    pub(crate) fn by<T>(&self, role: Role, message: T) -> Request<T> {
        let principal = Principal::new("li.na", "baoshan.luodian", [role]);
        let token = self.key.mint(&principal, now(), Duration::from_hours(1)).unwrap();
        with_token(&token, message)
    }

    pub(crate) fn get(&self, code: &str) -> Request<GetOrganRequest> {
        self.by(Role::Desk, GetOrganRequest { code: code.into() })
    }
}

pub(crate) fn with_token<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

#[tonic::async_trait]
impl DirectoryService for Probe {
    async fn import_organs(
        &self,
        _: Request<ImportOrgansRequest>,
    ) -> Result<Response<ImportOrgansResponse>, Status> {
        Ok(Response::new(ImportOrgansResponse::default()))
    }

    async fn get_organ(
        &self,
        request: Request<GetOrganRequest>,
    ) -> Result<Response<GetOrganResponse>, Status> {
        let caller = Caller::of(&request)?;
        let code = request.into_inner().code;
        let _ = self.entered.send(code.clone());
        match code.as_str() {
            "panic" => panic!("张三 is in this text"),
            "internal" => return Err(Error::internal("password=hunter2").into()),
            "wait" => self.release.notified().await,
            _ => {}
        }
        let tree = Tree::new([("baoshan", None), ("baoshan.luodian", Some("baoshan"))]);
        let own = caller.organ_code("", &tree)?;
        let organ = Organ { code: own, name: caller.subject().into(), ..Organ::default() };
        Ok(Response::new(GetOrganResponse { organ: Some(organ) }))
    }

    async fn list_organs(
        &self,
        _: Request<ListOrgansRequest>,
    ) -> Result<Response<ListOrgansResponse>, Status> {
        Ok(Response::new(ListOrgansResponse::default()))
    }

    async fn plan_change(
        &self,
        _: Request<routing::PlanChangeRequest>,
    ) -> Result<Response<routing::PlanChangeResponse>, Status> {
        Ok(Response::new(routing::PlanChangeResponse::default()))
    }

    async fn preview_change(
        &self,
        _: Request<routing::PreviewChangeRequest>,
    ) -> Result<Response<routing::PreviewChangeResponse>, Status> {
        Ok(Response::new(routing::PreviewChangeResponse::default()))
    }

    async fn cancel_change(
        &self,
        _: Request<routing::CancelChangeRequest>,
    ) -> Result<Response<routing::CancelChangeResponse>, Status> {
        Ok(Response::new(routing::CancelChangeResponse::default()))
    }

    async fn list_changes(
        &self,
        _: Request<routing::ListChangesRequest>,
    ) -> Result<Response<routing::ListChangesResponse>, Status> {
        Ok(Response::new(routing::ListChangesResponse::default()))
    }

    async fn get_organ_history(
        &self,
        _: Request<routing::GetOrganHistoryRequest>,
    ) -> Result<Response<routing::GetOrganHistoryResponse>, Status> {
        Ok(Response::new(routing::GetOrganHistoryResponse::default()))
    }

    async fn export_organs(
        &self,
        _: Request<routing::ExportOrgansRequest>,
    ) -> Result<Response<routing::ExportOrgansResponse>, Status> {
        Ok(Response::new(routing::ExportOrgansResponse::default()))
    }
}

#[tonic::async_trait]
impl FeedService for Probe {
    type FollowStream = BoxStream<'static, Result<FollowResponse, Status>>;

    /// One answer, then silence; with `kinds = ["panic"]` a panic instead, once the answer is out: tonic holds back what
    /// it has encoded until the stream pauses.
    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Self::FollowStream>, Status> {
        let panics = request.into_inner().kinds == ["panic"];
        let first = FollowResponse { organ: "baoshan".into(), ..FollowResponse::default() };
        let mut paused = false;
        let rest = futures::stream::poll_fn(move |context| {
            assert!(!(panics && paused), "the stream panics");
            if !std::mem::replace(&mut paused, true) {
                context.waker().wake_by_ref();
            }
            std::task::Poll::Pending
        });
        Ok(Response::new(futures::stream::iter([Ok(first)]).chain(rest).boxed()))
    }

    async fn list_heads(&self, _: Request<ListHeadsRequest>) -> Result<Response<ListHeadsResponse>, Status> {
        Ok(Response::new(ListHeadsResponse::default()))
    }
}
