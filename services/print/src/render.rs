//! Sets the file of a case, or one of its documents, as PDF/A-2b.

use jiff::ZonedDateTime;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::Fonts;
use crate::figures::Report;
use crate::model::{Document, Volume};
use crate::world::Paper;

const VOLUME: &str = include_str!("../templates/volume.typ");
const FIGURES: &str = include_str!("../templates/figures.typ");
const FORM: &str = include_str!("../templates/form.typ");

/// Why it could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The data are no JSON.
    #[error("the data of the file can't be written down")]
    Data(#[from] serde_json::Error),
    /// What typst says: a character without a glyph, for instance.
    #[error("typst can't set it: {0}")]
    Typst(String),
}

/// The whole file: cover, contents, documents, closing note. `now` is the date of the PDF.
pub fn volume(volume: &Volume, fonts: &Fonts, now: &ZonedDateTime) -> Result<Vec<u8>, RenderError> {
    pdf(
        VOLUME,
        serde_json::to_vec(volume)?,
        fonts,
        now,
        &format!("{}/volume/{}", volume.case_id, volume.variant),
    )
}

/// One document of it.
pub fn form(
    volume: &Volume,
    document: &Document,
    fonts: &Fonts,
    now: &ZonedDateTime,
) -> Result<Vec<u8>, RenderError> {
    let ident = format!("{}/{}/{}", volume.case_id, document.code, volume.variant);
    pdf(FORM, serde_json::to_vec(document)?, fonts, now, &ident)
}

/// A report of figures.
pub fn figures(report: &Report, fonts: &Fonts, now: &ZonedDateTime) -> Result<Vec<u8>, RenderError> {
    pdf(FIGURES, serde_json::to_vec(report)?, fonts, now, &format!("figures/{}", report.period))
}

fn pdf(
    template: &str,
    data: Vec<u8>,
    fonts: &Fonts,
    now: &ZonedDateTime,
    ident: &str,
) -> Result<Vec<u8>, RenderError> {
    let paper =
        Paper::new(template, data, fonts).ok_or_else(|| RenderError::Typst("no such template".into()))?;
    let document: PagedDocument = typst::compile(&paper).output.map_err(said)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b])
        .map_err(|error| RenderError::Typst(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        timestamp: timestamp(now),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(said)
}

/// All that is wrong, a line each.
#[allow(clippy::needless_pass_by_value)] // for `map_err`
fn said(wrong: typst::ecow::EcoVec<typst::diag::SourceDiagnostic>) -> RenderError {
    let lines: Vec<_> = wrong.iter().map(|one| one.message.to_string()).collect();
    RenderError::Typst(lines.join("; "))
}

fn timestamp(now: &ZonedDateTime) -> Option<Timestamp> {
    let part = |value: i8| u8::try_from(value).ok();
    let date = Datetime::from_ymd_hms(
        i32::from(now.year()),
        part(now.month())?,
        part(now.day())?,
        part(now.hour())?,
        part(now.minute())?,
        part(now.second())?,
    )?;
    Timestamp::new_local(date, now.offset().seconds() / 60)
}
