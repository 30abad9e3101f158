//! The files of cases: where they are kept, and within which limits.

use std::sync::Arc;

use files::Files;
use jiff::SignedDuration;
use tokio::sync::Semaphore;

/// Streams of bytes at once, up and down: each holds two parts of a file at the most.
const STREAMS: usize = 32;

/// The limits of files.
#[derive(Clone, Debug)]
pub struct AttachmentLimits {
    /// Bytes of one file: 100 MiB.
    pub most_bytes: u64,
    /// Files of one case: 50.
    pub per_case: u32,
    /// Bytes of all files of one case: 1 GiB.
    pub per_case_bytes: u64,
    /// The types that are taken, by content. A program is never taken.
    pub types: Vec<String>,
    /// An upload that is not finished after this is given up: 24 hours.
    pub unfinished: SignedDuration,
    /// Bytes of a file that is cleaned, one at a time, in memory: 32 MiB. A larger one is not passed on.
    pub clean_bytes: u64,
}

/// The storage for files with its limits.
#[derive(Clone, Debug)]
pub(crate) struct Attachments {
    pub(crate) files: Files,
    pub(crate) limits: Arc<AttachmentLimits>,
    /// Places for streams.
    pub(crate) streams: Arc<Semaphore>,
    /// The place for the one file that is cleaned.
    pub(crate) cleaning: Arc<Semaphore>,
}

impl AttachmentLimits {
    /// What offices send and receive: pictures, PDF, Office files, text, recordings.
    pub const TYPES: [&str; 20] = [
        "image/jpeg",
        "image/png",
        "image/tiff",
        "image/bmp",
        "image/webp",
        "image/heif",
        "application/pdf",
        "text/plain",
        files::clean::DOCX,
        files::clean::XLSX,
        files::clean::PPTX,
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "audio/mpeg",
        "audio/m4a",
        "audio/x-wav",
        "audio/amr",
        "video/mp4",
        "video/quicktime",
    ];
}

impl Default for AttachmentLimits {
    fn default() -> Self {
        Self {
            most_bytes: 100 << 20,
            per_case: 50,
            per_case_bytes: 1 << 30,
            types: Self::TYPES.map(str::to_owned).to_vec(),
            unfinished: SignedDuration::from_hours(24),
            clean_bytes: 32 << 20,
        }
    }
}

impl Attachments {
    pub(crate) fn new(files: Files, limits: AttachmentLimits) -> Self {
        Self {
            files,
            limits: Arc::new(limits),
            streams: Arc::new(Semaphore::new(STREAMS)),
            cleaning: Arc::new(Semaphore::new(1)),
        }
    }
}
