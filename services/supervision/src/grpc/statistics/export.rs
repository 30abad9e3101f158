//! `ExportFigures`: a table as XLSX or CSV, in Chinese.

use std::pin::Pin;

use duban_proto::supervision::v1::{
    ExportFiguresRequest, ExportFiguresResponse, ExportFormat, FigureBy, FigureLine, FigurePart, FigureTable,
};
use futures::{Stream, StreamExt as _, stream};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use server::{Caller, Error, Violations};
use tonic::Status;

use super::counted_organs;
use super::query::{Asked, asked};
use crate::domain::figures::words::columns;
use crate::grpc::Grpc;

/// The parts of a file.
pub(super) type Chunks = Pin<Box<dyn Stream<Item = Result<ExportFiguresResponse, Status>> + Send>>;

/// How large a part is at the most.
const CHUNK: usize = 64 * 1024;
/// What Excel knows UTF-8 by.
const BOM: &[u8] = "\u{feff}".as_bytes();
/// The columns before the figures.
const LEADING: [&str; 2] = ["编码", "项目"];

impl Grpc {
    pub(super) async fn exported(
        &self,
        caller: &Caller,
        request: ExportFiguresRequest,
    ) -> Result<Chunks, Error> {
        let ExportFiguresRequest { query, format } = request;
        let mut check = Violations::default();
        let asked = asked(&mut check, query.as_ref());
        let format = check.enum_value::<ExportFormat>("format", format);
        let (asked, format) = check.finish_with((asked, format))?;
        let organ = query.unwrap_or_default().organ;
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let table = self.table(caller, &directory, (&asked, &organ), &organs).await?;
        let (bytes, extension) = match format {
            ExportFormat::Unspecified | ExportFormat::Xlsx => {
                (xlsx(&table, &asked).map_err(Error::internal)?, "xlsx")
            }
            ExportFormat::Csv => (csv(&table, &[]).map_err(Error::internal)?, "csv"),
            ExportFormat::CsvBom => (csv(&table, BOM).map_err(Error::internal)?, "csv"),
        };
        let name = format!("效能投诉统计_{}_{}.{extension}", asked.from, asked.to);
        let chunks: Vec<_> = bytes
            .chunks(CHUNK)
            .enumerate()
            .map(|(at, chunk)| {
                let file_name = if at == 0 { name.clone() } else { String::new() };
                Ok(ExportFiguresResponse { chunk: chunk.to_vec().into(), file_name })
            })
            .collect();
        Ok(stream::iter(chunks).boxed())
    }
}

/// A line: key, name, and the columns.
type Row = (String, String, [(&'static str, Option<f64>); 18]);

/// The lines, and the total.
fn rows(table: &FigureTable) -> Vec<Row> {
    let row = |line: &FigureLine| {
        let name = line.name.as_ref().map(|name| name.zh.clone()).unwrap_or_default();
        let name = if name.is_empty() { line.key.clone() } else { name };
        (line.key.clone(), name, columns(&line.figures.unwrap_or_default()))
    };
    let mut rows: Vec<_> = table.lines.iter().filter(|line| !line.key.is_empty()).map(row).collect();
    rows.push((String::new(), "合计".to_owned(), columns(&table.total.unwrap_or_default())));
    rows
}

fn xlsx(table: &FigureTable, asked: &Asked) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("统计")?;
    let (bold, percent) = (Format::new().set_bold(), Format::new().set_num_format("0.0%"));
    let tenths = Format::new().set_num_format("0.0");
    let headings = LEADING.into_iter().chain(columns(&table.total.unwrap_or_default()).map(|(name, _)| name));
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    for (row, (key, name, figures)) in (1_u32..).zip(rows(table)) {
        sheet.write_string(row, 0, key)?;
        sheet.write_string(row, 1, name)?;
        for (column, (heading, figure)) in (2_u16..).zip(figures) {
            let Some(figure) = figure else { continue };
            match heading {
                "按期办结率" => sheet.write_number_with_format(row, column, figure, &percent)?,
                "平均办理工作日" => sheet.write_number_with_format(row, column, figure, &tenths)?,
                _ => sheet.write_number(row, column, figure)?,
            };
        }
    }
    sheet.set_freeze_panes(1, 2)?;
    sheet.autofit();
    let about = book.add_worksheet().set_name("说明")?;
    for (row, (label, value)) in (0_u32..).zip(said(table, asked)) {
        about.write_string_with_format(row, 0, label, &bold)?;
        about.write_string(row, 1, value)?;
    }
    about.autofit();
    book.save_to_buffer()
}

/// What the figures were asked by.
fn said(table: &FigureTable, asked: &Asked) -> [(&'static str, String); 5] {
    let organ = table.query.as_ref().map(|query| query.organ.clone()).filter(|organ| !organ.is_empty());
    let part = if asked.part == FigurePart::Handled { "办理(承办单位)" } else { "投诉件" };
    let by = match asked.by {
        FigureBy::Organ => "单位",
        FigureBy::Ground => "事由(一件有多项事由的,在各项中均计数)",
        FigureBy::Channel => "渠道",
        FigureBy::Outcome => "办理结果",
        FigureBy::Day => "日",
        FigureBy::Month => "月",
        FigureBy::GroundOutcome => "事由和办理结果",
        FigureBy::Total | FigureBy::Unspecified => "合计",
    };
    [
        ("时段", format!("{}至{}", asked.from, asked.to)),
        ("单位", organ.unwrap_or_else(|| "全部可见单位".to_owned())),
        ("统计对象", part.to_owned()),
        ("分类", by.to_owned()),
        ("截至", asked.as_of.map_or_else(|| "导出时".to_owned(), |day| format!("{day}终了"))),
    ]
}

fn csv(table: &FigureTable, start: &[u8]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(start.to_vec());
    let headings = columns(&table.total.unwrap_or_default()).map(|(name, _)| name);
    writer.write_record(LEADING.into_iter().chain(headings))?;
    for (key, name, figures) in rows(table) {
        let figures = figures.map(|(_, figure)| figure.map(rounded).unwrap_or_default());
        writer.write_record([plain(key), plain(name)].into_iter().chain(figures))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// At most four places after the point.
fn rounded(figure: f64) -> String {
    let text = format!("{figure:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text that no spreadsheet takes for a formula.
fn plain(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_a_formula_and_a_figure_says_no_more_than_it_has() {
        assert_eq!(plain("=1+1".into()), "'=1+1");
        assert_eq!(plain("罗店".into()), "罗店");
        assert_eq!([0.0, 12.0, 0.666_666, 100.0].map(rounded), ["0", "12", "0.6667", "100"]);
    }
}
