//! JPEG: the picture, its colours and which way up it is.

use bytes::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};

use super::{CleanError, orientation};

/// Only what a decoder needs; EXIF, XMP, IPTC, comments, previews and what comes after the picture stay behind.
pub(super) fn copy(file: Bytes) -> Result<Bytes, CleanError> {
    let mut jpeg = Jpeg::from_bytes(file).map_err(|_| CleanError::Unreadable)?;
    let turned = jpeg.segments().iter().find_map(|segment| {
        (segment.marker() == markers::APP1).then(|| orientation::read(segment.contents())).flatten()
    });
    let mut kept: Vec<JpegSegment> = jpeg.segments().iter().filter_map(kept).collect::<Result<_, _>>()?;
    if !kept.iter().any(JpegSegment::has_entropy) {
        return Err(CleanError::Unreadable);
    }
    if let Some(orientation) = turned {
        // JFIF, where it is there, comes first.
        let at = kept.iter().take_while(|segment| segment.marker() == markers::APP0).count();
        let exif = Bytes::from(orientation::write(orientation));
        kept.insert(at, JpegSegment::new_with_contents(markers::APP1, exif));
    }
    *jpeg.segments_mut() = kept;
    Ok(jpeg.encoder().bytes())
}

/// The segment as it is passed on; none where it is not.
fn kept(segment: &JpegSegment) -> Option<Result<JpegSegment, CleanError>> {
    let (marker, contents) = (segment.marker(), segment.contents());
    if segment.has_entropy() {
        // The crate keeps all that follows the first scan together, and tells it with its head only.
        let whole = segment.clone().encoder().bytes();
        let entropy = whole.get(4 + contents.len()..).unwrap_or_default();
        let picture = picture(entropy).map(Bytes::from);
        return Some(picture.map(|entropy| JpegSegment::new_with_entropy(marker, contents.clone(), entropy)));
    }
    if marker == markers::APP0 && contents.starts_with(b"JFIF\0") {
        // Without its preview.
        let mut jfif = contents.get(..12)?.to_vec();
        jfif.extend_from_slice(&[0, 0]);
        return Some(Ok(JpegSegment::new_with_contents(marker, jfif.into())));
    }
    is_needed(marker, contents).then(|| Ok(segment.clone()))
}

/// Whether a decoder needs it: tables, frames, scans, colours.
fn is_needed(marker: u8, contents: &[u8]) -> bool {
    match marker {
        markers::SOF0..=markers::SOF15
        | markers::SOS
        | markers::DQT
        | markers::DNL
        | markers::DRI
        | markers::DHP
        | markers::EXP => true,
        markers::APP2 => contents.starts_with(b"ICC_PROFILE\0"),
        markers::APP14 => contents.starts_with(b"Adobe"),
        _ => false,
    }
}

/// All scans up to the end of the picture, without what stands between and after them.
fn picture(data: &[u8]) -> Result<Vec<u8>, CleanError> {
    let mut kept = Vec::with_capacity(data.len());
    let mut rest = data;
    loop {
        let Some(at) = rest.iter().position(|byte| *byte == markers::P) else {
            // Cut off: what is there is shown, as every viewer does.
            kept.extend_from_slice(rest);
            break;
        };
        let (before, from) = rest.split_at_checked(at).ok_or(CleanError::Unreadable)?;
        kept.extend_from_slice(before);
        match from {
            [_, 0 | markers::RST0..=markers::RST7, after @ ..] => {
                kept.extend_from_slice(from.get(..2).unwrap_or_default());
                rest = after;
            }
            // A fill byte.
            [_, markers::P, ..] => rest = from.get(1..).unwrap_or_default(),
            [_, markers::EOI, ..] | [_] | [] => break,
            [_, marker, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low])) + 2;
                let (segment, after) = from.split_at_checked(length).ok_or(CleanError::Unreadable)?;
                if is_needed(*marker, segment.get(4..).unwrap_or_default()) {
                    kept.extend_from_slice(segment);
                }
                rest = after;
            }
            _ => return Err(CleanError::Unreadable),
        }
    }
    kept.extend_from_slice(&[markers::P, markers::EOI]);
    Ok(kept)
}
