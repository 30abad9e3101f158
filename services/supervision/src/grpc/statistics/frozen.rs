//! `FreezePeriod`, `ListFrozen`: figures that read the same for ever (24, house).

use duban_proto::supervision::v1::{
    FigureBy, FigurePart, FreezePeriodRequest, FreezePeriodResponse, FrozenContent, FrozenKind,
    ListFrozenRequest, ListFrozenResponse, PeriodFrozen, frozen_content,
};
use jiff::ToSpan as _;
use prost::Message as _;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use sha2::{Digest as _, Sha256};

use super::query::{Asked, days, period};
use super::{LARGE_PAGE, counted_organs};
use crate::domain::Command;
use crate::domain::figures::{FiguresCommand, PaperCommand, told_frozen};
use crate::grpc::Grpc;
use crate::store::{self, FrozenKey, ListedFrozen};

impl Grpc {
    /// What is over can't change: figures as of the end of a day that is over are frozen by nature, and put on record here.
    pub(super) async fn freeze(
        &self,
        caller: &Caller,
        mut request: FreezePeriodRequest,
    ) -> Result<FreezePeriodResponse, Error> {
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        let now = self.writer.clock().now();
        let today = self.rules().for_organ(&organ).counting().zone.to_datetime(now).date();
        let FreezePeriodRequest { request_id, kind, period: wanted, as_of } = &request;
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", request_id);
        let kind = check.enum_value::<FrozenKind>("kind", *kind);
        let days = days(&mut check, "period", wanted.as_ref());
        let as_of = check.optional_date("as_of", as_of);
        let as_of = as_of.map(|as_of| as_of.unwrap_or_else(|| today.saturating_sub(1.day())));
        if as_of.is_some_and(|as_of| as_of >= today) {
            check.add("as_of", "应为已经结束的一天", "must be a day that is over");
        }
        if as_of.zip(days).is_some_and(|(as_of, (_, to))| as_of < to) {
            check.add("as_of", "时段结束后方可固定", "the period is not over by then");
        }
        let (request_id, kind, (from, to), as_of) = check.finish_with((request_id, kind, days, as_of))?;
        let asked = Asked { from, to, part: FigurePart::Cases, by: FigureBy::Organ, as_of: Some(as_of) };
        let organs = counted_organs(caller, &directory, "")?;
        let content = match kind {
            FrozenKind::Appraisal => {
                let asked = Asked { part: FigurePart::Handled, ..asked };
                frozen_content::Kind::Appraisal(self.appraisal(&directory, &asked, &organ, &organs).await?)
            }
            FrozenKind::Figures | FrozenKind::Unspecified => {
                let table = self.table(caller, &directory, (&asked, ""), &organs).await?;
                frozen_content::Kind::Figures(table)
            }
        };
        let kind = if kind == FrozenKind::Unspecified { FrozenKind::Figures } else { kind };
        let content = FrozenContent { kind: Some(content) };
        let frozen = PeriodFrozen {
            frozen_id: self.ids.new_id(now).to_string(),
            period: Some(period(from, to)),
            kind: kind.into(),
            version: 0,
            as_of: as_of.to_string(),
            sha256: Sha256::digest(content.encode_to_vec()).to_vec().into(),
            content: Some(content),
        };
        request.request_id.clear();
        let freeze = FiguresCommand::Paper(PaperCommand::Freeze(Box::new(frozen)));
        let freeze = Command::Figures(Box::new(freeze));
        let committed = self.submit(&organ, caller, request_id, &request, freeze).await?;
        Ok(FreezePeriodResponse { frozen: committed.answer.frozen })
    }

    pub(super) async fn all_frozen(
        &self,
        caller: &Caller,
        request: ListFrozenRequest,
    ) -> Result<ListFrozenResponse, Error> {
        let ListFrozenRequest { organ, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let tokens = PageToken::of("ListFrozen").filter(&organ);
        let after: Option<FrozenKey> = tokens.decode(&page_token)?;
        let size = page_size(size).min(LARGE_PAGE);
        let after = after.unwrap_or_else(FrozenKey::begin);
        let listed = store::list_frozen(self.pool(), &organs, &after, size).await?;
        let next_page_token = crate::grpc::next(&tokens, &listed, size, FrozenKey::of)?;
        let told = |listed: ListedFrozen| told_frozen(&listed.organ, &listed.frozen);
        Ok(ListFrozenResponse { frozen: listed.into_iter().map(told).collect(), next_page_token })
    }
}
