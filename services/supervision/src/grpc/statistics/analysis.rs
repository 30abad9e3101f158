//! `DraftAnalysis`, `SaveAnalysis`, `SignAnalysis`, `ListAnalyses` (5(3), 6(3)).

use directory::Directory;
use duban_proto::supervision::v1::{
    self as wire, DraftAnalysisRequest, DraftAnalysisResponse, FigureBy, FigurePart, FigureTable, Figures,
    ListAnalysesRequest, ListAnalysesResponse, SaveAnalysisRequest, SaveAnalysisResponse,
    SignAnalysisRequest, SignAnalysisResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::query::{Asked, days, period};
use super::table::organ_name;
use super::{LARGE_PAGE, asking, counted_organs, numbers};
use crate::domain::figures::words::{DraftOf, draft};
use crate::domain::figures::{FiguresCommand, PaperCommand, analysis_actions, told_analysis};
use crate::domain::{Command, Sealed};
use crate::grpc::Grpc;
use crate::grpc::sealed::Texts;
use crate::store::{self, AnalysisKey, Written};

/// The longest analysis, in characters.
const MAX_TEXT: usize = 20_000;

fn command(paper: PaperCommand) -> Command {
    Command::Figures(Box::new(FiguresCommand::Paper(paper)))
}

impl Grpc {
    pub(super) async fn drafted(
        &self,
        caller: &Caller,
        request: DraftAnalysisRequest,
    ) -> Result<DraftAnalysisResponse, Error> {
        let DraftAnalysisRequest { period: wanted, organ } = request;
        let mut check = Violations::default();
        let days = days(&mut check, "period", wanted.as_ref());
        let ((from, to),) = check.finish_with((days,))?;
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let of = |by| Asked { from, to, part: FigurePart::Cases, by, as_of: None };
        let total = of(FigureBy::Total);
        let of_total = |table: FigureTable| table.total.unwrap_or_default();
        let mut totals = Vec::with_capacity(3);
        for asked in [total, total.of_period(total.before()), total.of_period(total.year_before())] {
            totals.push(of_total(self.table(caller, &directory, (&asked, &organ), &organs).await?));
        }
        let mut by = Vec::with_capacity(4);
        for kind in [FigureBy::Organ, FigureBy::Ground, FigureBy::Channel, FigureBy::Outcome] {
            by.push(self.table(caller, &directory, (&of(kind), &organ), &organs).await?.lines);
        }
        let whose = if organ.is_empty() { caller.principal().organ.as_str() } else { organ.as_str() };
        let name = organ_name(&directory, whose).map(|name| name.zh).unwrap_or_default();
        let (period, none) = (period(from, to), Figures::default());
        let total = |at: usize| totals.get(at).unwrap_or(&none);
        let lines = |at: usize| by.get(at).map(Vec::as_slice).unwrap_or_default();
        let text = draft(&DraftOf {
            organ: &name,
            period: &period,
            totals: [total(0), total(1), total(2)],
            by: [lines(0), lines(1), lines(2), lines(3)],
        });
        Ok(DraftAnalysisResponse { text })
    }

    pub(super) async fn write_analysis(
        &self,
        caller: &Caller,
        mut request: SaveAnalysisRequest,
    ) -> Result<SaveAnalysisResponse, Error> {
        let SaveAnalysisRequest { request_id, analysis_id, period: wanted, text } = &request;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", request_id), check.optional_uuid("analysis_id", analysis_id));
        let days = days(&mut check, "period", wanted.as_ref());
        check.required_text("text", text, MAX_TEXT);
        let (request_id, known, (from, to)) = check.finish_with((ids.0, ids.1, days))?;
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        let id = known.unwrap_or_else(|| self.ids.new_id(self.writer.clock().now()));
        let words = text.clone();
        let texts = Texts { case_id: id, fields: &[("text", &words)] };
        let save = |text: Sealed| {
            command(PaperCommand::Save { id, is_new: known.is_none(), period: period(from, to), text })
        };
        request.request_id.clear();
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, save).await?;
        let analysis = answer.analysis.ok_or_else(|| Error::internal("an answer without its analysis"))?;
        let id = analysis.analysis_id.parse().map_err(Error::internal)?;
        let mut told = self.analysis(caller, &directory, &organ, id).await?;
        if told.version == analysis.version {
            told.text = words;
        }
        Ok(SaveAnalysisResponse { analysis: Some(told) })
    }

    pub(super) async fn sign(
        &self,
        caller: &Caller,
        mut request: SignAnalysisRequest,
    ) -> Result<SignAnalysisResponse, Error> {
        let SignAnalysisRequest { request_id, analysis_id, version } = &request;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", request_id), check.uuid("analysis_id", analysis_id));
        let (request_id, id) = check.finish_with(ids)?;
        let version = *version;
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        request.request_id.clear();
        let sign = command(PaperCommand::Sign { id, version });
        self.submit(&organ, caller, request_id, &request, sign).await?;
        Ok(SignAnalysisResponse { analysis: Some(self.analysis(caller, &directory, &organ, id).await?) })
    }

    /// An analysis of this organ as it is now.
    async fn analysis(
        &self,
        caller: &Caller,
        directory: &Directory,
        organ: &str,
        id: Uuid,
    ) -> Result<wire::Analysis, Error> {
        let found = store::find_analysis(self.pool(), organ, id).await?;
        let written = found.ok_or_else(|| Error::nothing_to_act_on("analysis", id))?;
        self.told_analysis(caller, directory, written).await
    }

    pub(super) async fn analyses(
        &self,
        caller: &Caller,
        request: ListAnalysesRequest,
    ) -> Result<ListAnalysesResponse, Error> {
        let ListAnalysesRequest { organ, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let tokens = PageToken::of("ListAnalyses").filter(&organ);
        let after: Option<AnalysisKey> = tokens.decode(&page_token)?;
        let size = page_size(size).min(LARGE_PAGE);
        let after = after.unwrap_or_else(AnalysisKey::begin);
        let written = store::list_analyses(self.pool(), &organs, &after, size).await?;
        let next_page_token = crate::grpc::next(&tokens, &written, size, AnalysisKey::of)?;
        let mut analyses = Vec::with_capacity(written.len());
        for written in written {
            analyses.push(self.told_analysis(caller, &directory, written).await?);
        }
        Ok(ListAnalysesResponse { analyses, next_page_token })
    }

    async fn told_analysis(
        &self,
        caller: &Caller,
        directory: &Directory,
        written: Written,
    ) -> Result<wire::Analysis, Error> {
        let Written { organ, analysis } = written;
        let actions = asking(caller, directory, &organ, |asker| analysis_actions(&analysis, asker));
        let text = self.words(&organ, analysis.id, Some(&analysis.text)).await?;
        Ok(wire::Analysis { text, allowed_actions: numbers(actions), ..told_analysis(&organ, &analysis) })
    }
}
