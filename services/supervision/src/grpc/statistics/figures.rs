//! `GetFigures`, `CompareFigures`.

use std::collections::BTreeMap;

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::{
    CompareFiguresRequest, CompareFiguresResponse, ComparedLine, FigureTable, Figures, GetFiguresRequest,
    GetFiguresResponse,
};
use server::{Caller, Error, Violations};

use super::query::{asked, period};
use super::{counted_organs, numbers};
use crate::domain::time::to_wire;
use crate::grpc::Grpc;

impl Grpc {
    pub(super) async fn figures(
        &self,
        caller: &Caller,
        request: GetFiguresRequest,
    ) -> Result<GetFiguresResponse, Error> {
        let GetFiguresRequest { query } = request;
        let mut check = Violations::default();
        let asked = asked(&mut check, query.as_ref());
        let (asked,) = check.finish_with((asked,))?;
        let organ = query.unwrap_or_default().organ;
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let table = self.table(caller, &directory, (&asked, &organ), &organs).await?;
        let freezes = [Role::Leader, Role::Head, Role::Supervisor].into_iter().any(|role| caller.has(role));
        Ok(GetFiguresResponse {
            table: Some(table),
            at: Some(to_wire(self.writer.clock().now())),
            allowed_actions: numbers(if freezes { vec![Action::FreezePeriod] } else { Vec::new() }),
        })
    }

    pub(super) async fn compared(
        &self,
        caller: &Caller,
        request: CompareFiguresRequest,
    ) -> Result<CompareFiguresResponse, Error> {
        let CompareFiguresRequest { query } = request;
        let mut check = Violations::default();
        let asked = asked(&mut check, query.as_ref());
        let (asked,) = check.finish_with((asked,))?;
        let organ = query.unwrap_or_default().organ;
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let (before, year_before) = (asked.before(), asked.year_before());
        let mut tables = Vec::with_capacity(3);
        for asked in [asked, asked.of_period(before), asked.of_period(year_before)] {
            tables.push(self.table(caller, &directory, (&asked, &organ), &organs).await?);
        }
        let (lines, total) = side_by_side(tables);
        let (before, year_before) = (period(before.0, before.1), period(year_before.0, year_before.1));
        Ok(CompareFiguresResponse {
            lines,
            total: Some(total),
            before: Some(before),
            year_before: Some(year_before),
        })
    }
}

/// Tables of three periods, by key.
fn side_by_side(tables: Vec<FigureTable>) -> (Vec<ComparedLine>, ComparedLine) {
    let mut lines = BTreeMap::<String, ComparedLine>::new();
    let mut total = ComparedLine::default();
    for (at, table) in tables.into_iter().enumerate() {
        put(&mut total, at, table.total);
        for line in table.lines {
            let compared = lines.entry(line.key.clone()).or_default();
            compared.key = line.key;
            compared.name = compared.name.take().or(line.name);
            put(compared, at, line.figures);
        }
    }
    // What there was none of in a period is none, not unknown.
    let whole = |line: ComparedLine| ComparedLine {
        figures: Some(line.figures.unwrap_or_default()),
        before: Some(line.before.unwrap_or_default()),
        year_before: Some(line.year_before.unwrap_or_default()),
        ..line
    };
    (lines.into_values().map(whole).collect(), whole(total))
}

fn put(line: &mut ComparedLine, at: usize, figures: Option<Figures>) {
    match at {
        0 => line.figures = figures,
        1 => line.before = figures,
        _ => line.year_before = figures,
    }
}
