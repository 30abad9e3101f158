//! `AccountabilityService` (21).

mod act;
mod look;

use duban_proto::supervision::v1 as wire;
use duban_proto::supervision::v1::accountability_service_server::AccountabilityService;
use server::Caller;
use tonic::{Request, Response, Status};

use super::Grpc;

#[tonic::async_trait]
impl AccountabilityService for Grpc {
    async fn open_accountability(
        &self,
        request: Request<wire::OpenAccountabilityRequest>,
    ) -> Result<Response<wire::OpenAccountabilityResponse>, Status> {
        answer!(self.open_file(request))
    }

    async fn dismiss_accountability(
        &self,
        request: Request<wire::DismissAccountabilityRequest>,
    ) -> Result<Response<wire::DismissAccountabilityResponse>, Status> {
        answer!(self.dismiss_file(request))
    }

    async fn give_statement(
        &self,
        request: Request<wire::GiveStatementRequest>,
    ) -> Result<Response<wire::GiveStatementResponse>, Status> {
        answer!(self.state(request))
    }

    async fn conclude_accountability(
        &self,
        request: Request<wire::ConcludeAccountabilityRequest>,
    ) -> Result<Response<wire::ConcludeAccountabilityResponse>, Status> {
        answer!(self.conclude_file(request))
    }

    async fn get_accountability(
        &self,
        request: Request<wire::GetAccountabilityRequest>,
    ) -> Result<Response<wire::GetAccountabilityResponse>, Status> {
        answer!(self.file(request))
    }

    async fn list_accountability(
        &self,
        request: Request<wire::ListAccountabilityRequest>,
    ) -> Result<Response<wire::ListAccountabilityResponse>, Status> {
        answer!(self.files(request))
    }
}
