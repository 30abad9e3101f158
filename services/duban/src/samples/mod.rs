//! The format of `deploy/samples`, which `duban submit` reads and the demo plays; see the README there.

mod complaint;
mod directory;
mod parts;

use std::collections::HashMap;

pub use complaint::{Line, LineError, Supplement, requests_of};
pub use directory::{DirectoryFileError, organs};

/// The directory of organs that came with the program.
pub const DIRECTORY: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/samples/directory.json"));
/// The complaints that came with the program.
pub const COMPLAINTS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/samples/complaints.jsonl"));
/// The answers to requests for a supplement that came with the program.
pub const SUPPLEMENTS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/samples/supplements.jsonl"));

/// The bundled supplements, by the request id of their complaint; an error says which line, from 1.
pub fn supplements() -> Result<HashMap<String, Supplement>, (usize, serde_json::Error)> {
    let lines = SUPPLEMENTS.lines().enumerate();
    lines
        .map(|(index, text)| {
            let supplement: Supplement = serde_json::from_str(text).map_err(|error| (index + 1, error))?;
            Ok((supplement.request_id.clone(), supplement))
        })
        .collect()
}
