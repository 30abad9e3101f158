//! `StatisticsService` (5(3), 6(3), 24).

mod analysis;
mod appraisal;
mod exclusions;
mod export;
mod figures;
mod frozen;
mod opened;
mod query;
mod table;

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1 as wire;
use duban_proto::supervision::v1::statistics_service_server::StatisticsService;
use server::{Caller, Error};
use tonic::{Request, Response, Status};

use super::Grpc;
use crate::domain::Asker;
use directory::Directory;

/// The most rows of lists whose rows are large.
const LARGE_PAGE: i64 = 100;

/// Splits a request into who asks and what, and hands both over.
macro_rules! answer {
    ($self:ident . $rpc:ident ( $request:ident )) => {{
        let caller = Caller::of(&$request)?;
        Ok(Response::new($self.$rpc(&caller, $request.into_inner()).await?))
    }};
}

#[tonic::async_trait]
impl StatisticsService for Grpc {
    type ExportFiguresStream = export::Chunks;

    async fn get_figures(
        &self,
        request: Request<wire::GetFiguresRequest>,
    ) -> Result<Response<wire::GetFiguresResponse>, Status> {
        answer!(self.figures(request))
    }

    async fn list_figure_cases(
        &self,
        request: Request<wire::ListFigureCasesRequest>,
    ) -> Result<Response<wire::ListFigureCasesResponse>, Status> {
        answer!(self.figure_cases(request))
    }

    async fn compare_figures(
        &self,
        request: Request<wire::CompareFiguresRequest>,
    ) -> Result<Response<wire::CompareFiguresResponse>, Status> {
        answer!(self.compared(request))
    }

    async fn export_figures(
        &self,
        request: Request<wire::ExportFiguresRequest>,
    ) -> Result<Response<Self::ExportFiguresStream>, Status> {
        answer!(self.exported(request))
    }

    async fn draft_analysis(
        &self,
        request: Request<wire::DraftAnalysisRequest>,
    ) -> Result<Response<wire::DraftAnalysisResponse>, Status> {
        answer!(self.drafted(request))
    }

    async fn save_analysis(
        &self,
        request: Request<wire::SaveAnalysisRequest>,
    ) -> Result<Response<wire::SaveAnalysisResponse>, Status> {
        answer!(self.write_analysis(request))
    }

    async fn sign_analysis(
        &self,
        request: Request<wire::SignAnalysisRequest>,
    ) -> Result<Response<wire::SignAnalysisResponse>, Status> {
        answer!(self.sign(request))
    }

    async fn list_analyses(
        &self,
        request: Request<wire::ListAnalysesRequest>,
    ) -> Result<Response<wire::ListAnalysesResponse>, Status> {
        answer!(self.analyses(request))
    }

    async fn freeze_period(
        &self,
        request: Request<wire::FreezePeriodRequest>,
    ) -> Result<Response<wire::FreezePeriodResponse>, Status> {
        answer!(self.freeze(request))
    }

    async fn list_frozen(
        &self,
        request: Request<wire::ListFrozenRequest>,
    ) -> Result<Response<wire::ListFrozenResponse>, Status> {
        answer!(self.all_frozen(request))
    }

    async fn get_appraisal(
        &self,
        request: Request<wire::GetAppraisalRequest>,
    ) -> Result<Response<wire::GetAppraisalResponse>, Status> {
        answer!(self.appraised(request))
    }

    async fn propose_exclusion(
        &self,
        request: Request<wire::ProposeExclusionRequest>,
    ) -> Result<Response<wire::ProposeExclusionResponse>, Status> {
        answer!(self.propose(request))
    }

    async fn decide_exclusion(
        &self,
        request: Request<wire::DecideExclusionRequest>,
    ) -> Result<Response<wire::DecideExclusionResponse>, Status> {
        answer!(self.decide_on_exclusion(request))
    }

    async fn list_exclusions(
        &self,
        request: Request<wire::ListExclusionsRequest>,
    ) -> Result<Response<wire::ListExclusionsResponse>, Status> {
        answer!(self.exclusions(request))
    }
}

/// Asks what may be done for something in this organ's ledger.
fn asking<T>(caller: &Caller, directory: &Directory, organ: &str, ask: impl FnOnce(&Asker<'_>) -> T) -> T {
    let own = caller.principal().organ.as_str();
    ask(&Asker {
        subject: caller.subject(),
        own: own == organ,
        above: directory.tree().is_under(organ, own),
        approves: super::see::approves(caller, directory, organ),
        has: &|role| caller.has(role),
    })
}

fn numbers(actions: Vec<Action>) -> Vec<i32> {
    actions.into_iter().map(i32::from).collect()
}

/// The organs whose figures the caller may see. An organ does not see those of one whose place it took: what that one handled may
/// be about it (4, 15). Who supervises does.
fn counted_organs(caller: &Caller, directory: &Directory, organ: &str) -> Result<Vec<String>, Error> {
    let tree = directory.tree();
    let own = caller.principal().organ.as_str();
    let supervises = caller.has(Role::Supervisor) || caller.has(Role::Auditor);
    let taken = if supervises { Vec::new() } else { tree.took_over(own) };
    let mut organs = directory.visible(caller.visibility_of(organ, tree)?);
    organs.retain(|code| !taken.contains(code));
    if !organ.is_empty() {
        organs.retain(|code| tree.answers_to(code, organ));
    }
    organs.sort_unstable();
    organs.dedup();
    Ok(organs)
}
