//! What a file is, by its first bytes. Its name and what the client says of it are not believed.

use infer::MatcherType;

/// Bytes that are enough to tell.
pub const HEAD_BYTES: usize = 64 * 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of this type, "image/jpeg".
    Known(&'static str),
    /// A program or a script: never taken.
    Executable(&'static str),
    /// Nothing that is known.
    Unknown,
}

/// What a file with this beginning is.
pub fn of(head: &[u8]) -> Kind {
    match infer::get(head) {
        Some(kind) if kind.matcher_type() == MatcherType::App => Kind::Executable(kind.mime_type()),
        Some(kind) if matches!(kind.mime_type(), "text/x-shellscript" | "text/html") => {
            Kind::Executable(kind.mime_type())
        }
        Some(kind) => Kind::Known(kind.mime_type()),
        None if head.starts_with(b"#!") => Kind::Executable("text/x-shellscript"),
        None if is_text(head) => Kind::Known("text/plain"),
        None => Kind::Unknown,
    }
}

/// Whether this is text: UTF-8 (a last character may be cut off), and nothing that no text has.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let (good, _) = head.split_at_checked(error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(good).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_markup = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    !text.is_empty()
        && !is_markup
        && !text.chars().any(|char| char.is_control() && !matches!(char, '\t' | '\r' | '\n'))
}

/// How the name of a file of this type ends: "jpg".
pub fn extension(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/tiff" => "tif",
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        super::clean::DOCX => "docx",
        super::clean::XLSX => "xlsx",
        super::clean::PPTX => "pptx",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(of(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), Kind::Known("image/jpeg"));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"), Kind::Known("image/png"));
        assert_eq!(of(b"%PDF-1.7\n"), Kind::Known("application/pdf"));
        assert_eq!(of("投诉内容如下".as_bytes()), Kind::Known("text/plain"));
        assert_eq!(of(&"投诉内容".as_bytes()[..10]), Kind::Known("text/plain"));
        assert_eq!(of(b"\x01\x02\x03\x04 nothing"), Kind::Unknown);
        assert_eq!(of(b""), Kind::Unknown);
    }

    #[test]
    fn programs_and_scripts_are_none_of_the_types() {
        for magic in [b"MZ".as_slice(), b"\x7fELF\x02\x01\x01"] {
            let mut head = magic.to_vec();
            head.resize(256, 0);
            assert!(matches!(of(&head), Kind::Executable(_)), "{head:?}");
        }
        for head in ["#!/bin/sh\nrm -rf /", "<!DOCTYPE html><script>", "  <svg onload=alert(1)>"] {
            assert!(!matches!(of(head.as_bytes()), Kind::Known(_)), "{head}");
        }
    }
}
