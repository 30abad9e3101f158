//! PNG: the picture and its colours.

use bytes::Bytes;
use img_parts::png::Png;

use super::CleanError;

/// What a decoder needs; text, EXIF, times, previews and private chunks stay behind, as does what comes after the end.
const KEPT: [&[u8; 4]; 15] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

pub(super) fn copy(file: Bytes) -> Result<Bytes, CleanError> {
    let mut png = Png::from_bytes(file).map_err(|_| CleanError::Unreadable)?;
    png.chunks_mut().retain(|chunk| KEPT.contains(&&chunk.kind()));
    let first = png.chunks().first().map(img_parts::png::PngChunk::kind);
    let last = png.chunks().last().map(img_parts::png::PngChunk::kind);
    if (first, last) != (Some(*b"IHDR"), Some(*b"IEND")) {
        return Err(CleanError::Unreadable);
    }
    Ok(png.encoder().bytes())
}
