//! The rpcs of `ClockService`.

use duban_proto::supervision::v1 as wire;
use duban_proto::supervision::v1::clock_service_server::ClockService;
use server::Caller;
use tonic::{Request, Response, Status};

use super::Grpc;

/// Splits a request into who asks and what, and hands both over.
macro_rules! answer {
    ($self:ident . $rpc:ident ( $request:ident )) => {{
        let caller = Caller::of(&$request)?;
        Ok(Response::new($self.$rpc(&caller, $request.into_inner()).await?))
    }};
}

#[tonic::async_trait]
impl ClockService for Grpc {
    async fn pause_clock(
        &self,
        request: Request<wire::PauseClockRequest>,
    ) -> Result<Response<wire::PauseClockResponse>, Status> {
        answer!(self.pause(request))
    }

    async fn resume_clock(
        &self,
        request: Request<wire::ResumeClockRequest>,
    ) -> Result<Response<wire::ResumeClockResponse>, Status> {
        answer!(self.resume(request))
    }

    async fn get_digest(
        &self,
        request: Request<wire::GetDigestRequest>,
    ) -> Result<Response<wire::GetDigestResponse>, Status> {
        answer!(self.digest(request))
    }

    async fn list_told(
        &self,
        request: Request<wire::ListToldRequest>,
    ) -> Result<Response<wire::ListToldResponse>, Status> {
        answer!(self.told_of(request))
    }

    async fn preview_calendar(
        &self,
        request: Request<wire::PreviewCalendarRequest>,
    ) -> Result<Response<wire::PreviewCalendarResponse>, Status> {
        answer!(self.preview(request))
    }

    async fn read_extension_told(
        &self,
        request: Request<wire::ReadExtensionToldRequest>,
    ) -> Result<Response<wire::ReadExtensionToldResponse>, Status> {
        answer!(self.extension_told(request))
    }
}
