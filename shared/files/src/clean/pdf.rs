//! PDF: the pages; without information, XMP, earlier versions, authors of comments, programs and files inside.

use bytes::Bytes;
use lopdf::{Dictionary, Document, LoadOptions, Object, Stream};

use super::{CleanError, jpeg};

/// Keys that tell of the maker or run something, wherever they stand.
const REMOVED: [&[u8]; 13] = [
    b"Metadata",
    b"PieceInfo",
    b"LastModified",
    b"EmbeddedFiles",
    b"AF",
    b"EF",
    b"JavaScript",
    b"JS",
    b"OpenAction",
    b"AA",
    b"Collection",
    b"SourceInfo",
    b"Thumb",
];
/// Of a comment: who made it, when, and its name.
const OF_COMMENT: [&[u8]; 4] = [b"T", b"M", b"CreationDate", b"NM"];
/// Of a signature: who signed, and where from.
const OF_SIGNATURE: [&[u8]; 8] =
    [b"Name", b"Location", b"ContactInfo", b"Reason", b"M", b"Contents", b"Cert", b"Prop_Build"];
/// How deep things may be inside each other.
const DEPTH: u32 = 64;
/// Bytes a packed stream of objects may unpack to: what says more is made to fill a memory.
const UNPACKED: usize = 64 * 1024 * 1024;

pub(super) fn copy(file: &[u8]) -> Result<Vec<u8>, CleanError> {
    let options = LoadOptions { max_decompressed_size: Some(UNPACKED), ..LoadOptions::default() };
    let read = Document::load_mem_with_options(file, options);
    let mut document = read.map_err(|_| CleanError::Unreadable)?;
    if document.is_encrypted() || document.encryption_state.is_some() {
        return Err(CleanError::Protected);
    }
    if document.get_pages().is_empty() {
        return Err(CleanError::Unreadable);
    }
    for object in document.objects.values_mut() {
        clean(object, DEPTH)?;
    }
    for key in [b"Info".as_slice(), b"ID", b"Prev"] {
        document.trailer.remove(key);
    }
    document.prune_objects();
    let mut copy = Vec::with_capacity(file.len());
    document.save_to(&mut copy).map_err(|_| CleanError::Unreadable)?;
    Ok(copy)
}

fn clean(object: &mut Object, depth: u32) -> Result<(), CleanError> {
    let deeper = depth.checked_sub(1).ok_or(CleanError::Unreadable)?;
    match object {
        Object::Array(items) => items.iter_mut().try_for_each(|item| clean(item, deeper)),
        Object::Dictionary(dictionary) => clean_dictionary(dictionary, deeper),
        Object::Stream(stream) => {
            clean_dictionary(&mut stream.dict, deeper)?;
            clean_picture(stream)
        }
        _ => Ok(()),
    }
}

fn clean_dictionary(dictionary: &mut Dictionary, depth: u32) -> Result<(), CleanError> {
    let remove = |dictionary: &mut Dictionary, keys: &[&[u8]]| {
        for key in keys {
            dictionary.remove(key);
        }
    };
    remove(dictionary, &REMOVED);
    if dictionary.has_type(b"Sig") {
        remove(dictionary, &OF_SIGNATURE);
    }
    let subtype = dictionary.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
    // A field of a form has its name in T, and no author.
    if dictionary.has(b"Rect") && subtype != b"Widget" {
        remove(dictionary, &OF_COMMENT);
    }
    dictionary.iter_mut().try_for_each(|(_, value)| clean(value, depth))
}

/// A photo inside a PDF has its EXIF as well. One that is packed twice, or in JPEG 2000, is not looked into, so there is
/// no copy of it.
fn clean_picture(stream: &mut Stream) -> Result<(), CleanError> {
    let filters: Vec<&[u8]> = match stream.dict.get(b"Filter") {
        Ok(Object::Array(filters)) => filters.iter().filter_map(|filter| filter.as_name().ok()).collect(),
        Ok(filter) => filter.as_name().into_iter().collect(),
        Err(_) => Vec::new(),
    };
    match filters.as_slice() {
        [b"DCTDecode" | b"DCT"] => {
            let copy = jpeg::copy(Bytes::from(std::mem::take(&mut stream.content)))?;
            stream.set_content(copy.to_vec());
            Ok(())
        }
        filters if filters.iter().any(|filter| matches!(*filter, b"DCTDecode" | b"DCT" | b"JPXDecode")) => {
            Err(CleanError::Embedded)
        }
        _ => Ok(()),
    }
}
