//! PDF: the pages; without information, XMP, earlier versions, authors of comments, programs and files inside.

use bytes::Bytes;
use lopdf::{Dictionary, Document, Object, Stream};

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

pub(super) fn copy(file: &[u8]) -> Result<Vec<u8>, CleanError> {
    let mut document = Document::load_mem(file).map_err(|_| CleanError::Unreadable)?;
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

/// A photo inside a PDF has its EXIF as well.
fn clean_picture(stream: &mut Stream) -> Result<(), CleanError> {
    let is_jpeg = match stream.dict.get(b"Filter") {
        Ok(Object::Name(name)) => name == b"DCTDecode",
        Ok(Object::Array(filters)) => match filters.as_slice() {
            [Object::Name(name)] => name == b"DCTDecode",
            filters => {
                let packed =
                    filters.iter().any(|filter| filter.as_name().is_ok_and(|name| name == b"DCTDecode"));
                return if packed { Err(CleanError::Unreadable) } else { Ok(()) };
            }
        },
        _ => false,
    };
    if is_jpeg {
        let copy = jpeg::copy(Bytes::from(std::mem::take(&mut stream.content)))?;
        stream.set_content(copy.to_vec());
    }
    Ok(())
}
