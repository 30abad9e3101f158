//! `NoticeService` (16, 20).

mod act;
mod look;

use duban_proto::supervision::v1 as wire;
use duban_proto::supervision::v1::notice_service_server::NoticeService;
use server::Caller;
use tonic::{Request, Response, Status};

pub(super) use self::look::looking;
use super::Grpc;

#[tonic::async_trait]
impl NoticeService for Grpc {
    async fn issue_notice(
        &self,
        request: Request<wire::IssueNoticeRequest>,
    ) -> Result<Response<wire::IssueNoticeResponse>, Status> {
        answer!(self.issue(request))
    }

    async fn acknowledge_notice(
        &self,
        request: Request<wire::AcknowledgeNoticeRequest>,
    ) -> Result<Response<wire::AcknowledgeNoticeResponse>, Status> {
        answer!(self.acknowledge(request))
    }

    async fn answer_notice(
        &self,
        request: Request<wire::AnswerNoticeRequest>,
    ) -> Result<Response<wire::AnswerNoticeResponse>, Status> {
        answer!(self.answer_to_notice(request))
    }

    async fn accept_notice_answer(
        &self,
        request: Request<wire::AcceptNoticeAnswerRequest>,
    ) -> Result<Response<wire::AcceptNoticeAnswerResponse>, Status> {
        answer!(self.accept_answer(request))
    }

    async fn reject_notice_answer(
        &self,
        request: Request<wire::RejectNoticeAnswerRequest>,
    ) -> Result<Response<wire::RejectNoticeAnswerResponse>, Status> {
        answer!(self.reject_answer(request))
    }

    async fn withdraw_notice(
        &self,
        request: Request<wire::WithdrawNoticeRequest>,
    ) -> Result<Response<wire::WithdrawNoticeResponse>, Status> {
        answer!(self.withdraw(request))
    }

    async fn get_notice(
        &self,
        request: Request<wire::GetNoticeRequest>,
    ) -> Result<Response<wire::GetNoticeResponse>, Status> {
        answer!(self.notice(request))
    }

    async fn list_notices(
        &self,
        request: Request<wire::ListNoticesRequest>,
    ) -> Result<Response<wire::ListNoticesResponse>, Status> {
        answer!(self.notices(request))
    }

    async fn get_chain(
        &self,
        request: Request<wire::GetChainRequest>,
    ) -> Result<Response<wire::GetChainResponse>, Status> {
        answer!(self.chain(request))
    }
}
