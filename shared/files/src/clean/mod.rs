//! The copy of a file that is passed on (15): what it shows, and nothing of place, camera, author and history.
//!
//! What can't be cleaned is not passed on: nothing is copied "as well as it went". A file is read whole here, so a caller
//! bounds its size and how many are cleaned at once.

mod jpeg;
mod office;
mod orientation;
mod pdf;
mod png;
mod xml;

use bytes::Bytes;

/// A Word document.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// An Excel workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A PowerPoint presentation.
pub const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Why there is no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// Nothing is known of how files of this type tell who made them.
    #[error("files of this type can't be cleaned")]
    Type,
    /// It is protected by a password or a signature.
    #[error("the file is encrypted")]
    Protected,
    /// It has programs or other files inside.
    #[error("the file has programs or other files inside")]
    Embedded,
    /// It is not what its first bytes say, or damaged.
    #[error("the file can't be read as what it seems to be")]
    Unreadable,
}

/// Whether files of this type can be cleaned.
pub fn is_possible(media_type: &str) -> bool {
    matches!(media_type, "image/jpeg" | "image/png" | "application/pdf" | "text/plain" | DOCX | XLSX | PPTX)
}

/// The copy of a file of this type.
pub fn copy(media_type: &str, file: Bytes) -> Result<Bytes, CleanError> {
    match media_type {
        "image/jpeg" => jpeg::copy(file),
        "image/png" => png::copy(file),
        "application/pdf" => pdf::copy(&file).map(Bytes::from),
        DOCX | XLSX | PPTX => office::copy(&file).map(Bytes::from),
        // Text has no place for anything but itself.
        "text/plain" => Ok(file),
        _ => Err(CleanError::Type),
    }
}
