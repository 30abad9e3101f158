//! Office files (docx, xlsx, pptx): without properties, authors of changes and comments, and the EXIF of photos inside.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{CleanError, jpeg, png, xml};

/// Parts at the most.
const PARTS: usize = 10_000;
/// Bytes of all parts, unpacked: what says more than this is made to fill a memory.
const UNPACKED: u64 = 128 * 1024 * 1024;

const CORE: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#
);
const APP: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#
);
const CUSTOM: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>"#
);

pub(super) fn copy(file: &[u8]) -> Result<Vec<u8>, CleanError> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| CleanError::Unreadable)?;
    if archive.len() > PARTS {
        return Err(CleanError::Unreadable);
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(file.len())));
    let mut left = UNPACKED;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| CleanError::Protected)?;
        if part.is_dir() {
            continue;
        }
        let name = part.name().map_err(|_| CleanError::Unreadable)?.into_owned();
        let mut content = Vec::new();
        part.by_ref().take(left + 1).read_to_end(&mut content).map_err(|_| CleanError::Unreadable)?;
        left = left.checked_sub(content.len() as u64).ok_or(CleanError::Unreadable)?;
        let content = copied(&name, content)?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        writer.start_file(name, options).map_err(|_| CleanError::Unreadable)?;
        writer.write_all(&content).map_err(|_| CleanError::Unreadable)?;
    }
    Ok(writer.finish().map_err(|_| CleanError::Unreadable)?.into_inner())
}

/// A part as it is passed on.
fn copied(name: &str, content: Vec<u8>) -> Result<Vec<u8>, CleanError> {
    let lower = name.to_lowercase();
    let is_in = |folder: &str| lower.contains(folder);
    match lower.as_str() {
        "docprops/core.xml" => return Ok(CORE.into()),
        "docprops/app.xml" => return Ok(APP.into()),
        "docprops/custom.xml" => return Ok(CUSTOM.into()),
        _ => {}
    }
    if is_in("/embeddings/") || is_in("/activex/") || is_in("vbaproject") || is_in("/externallinks/") {
        return Err(CleanError::Embedded);
    }
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "xml" | "rels" | "vml" => {
            let of_people = ["people", "person", "authors", "usernames"].into_iter().any(is_in);
            xml::copy(&content, of_people)
        }
        "jpg" | "jpeg" => jpeg::copy(content.into()).map(|copy| copy.to_vec()),
        "png" => png::copy(content.into()).map(|copy| copy.to_vec()),
        // The name of somebody's printer.
        "bin" if is_in("/printersettings/") => Ok(vec![0; content.len()]),
        "emf" | "wmf" | "bmp" | "odttf" | "fntdata" | "ttf" => Ok(content),
        _ => Err(CleanError::Embedded),
    }
}
