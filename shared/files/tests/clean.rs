//! Copies tell nothing of who made a file, and show what the file shows.
#![allow(clippy::unwrap_used)] // helpers are not in #[test]

use std::io::{Cursor, Read as _, Write as _};

use bytes::Bytes;
use files::clean::{self, CleanError, DOCX};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use lopdf::{Document, Object, Stream, dictionary};

const SECRET: &str = "SECRET-AUTHOR-张三";

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), contents].concat()
}

/// A photo with everything a camera and its owner leave in it; in two scans, with a comment between them.
fn photo() -> Vec<u8> {
    // Little-endian EXIF: orientation 6, and a maker.
    let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
    exif.extend_from_slice(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    exif.extend_from_slice(b"\x0f\x01\x02\0\x20\0\0\0\x26\0\0\0\0\0\0\0");
    exif.extend_from_slice(SECRET.as_bytes());
    [
        vec![0xff, 0xd8],
        segment(0xe0, b"JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01SEC"),
        segment(0xe1, &exif),
        segment(0xe1, format!("http://ns.adobe.com/xap/1.0/\0{SECRET}").as_bytes()),
        segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
        segment(0xe2, format!("MPF\0{SECRET}").as_bytes()),
        segment(0xed, format!("Photoshop 3.0\0{SECRET}").as_bytes()),
        segment(0xfe, SECRET.as_bytes()),
        segment(0xdb, &[0; 65]),
        segment(0xc2, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        segment(0xc4, &[0; 20]),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        b"scan\xff\x00one\xff\xd0".to_vec(),
        segment(0xfe, SECRET.as_bytes()),
        segment(0xc4, &[1; 20]),
        segment(0xda, &[1, 1, 0, 0, 63, 1]),
        b"scan-two".to_vec(),
        vec![0xff, 0xd9],
        SECRET.as_bytes().to_vec(),
    ]
    .concat()
}

#[test]
fn a_jpeg_keeps_its_picture_its_colours_and_its_orientation_only() {
    let photo = photo();
    let copy = clean::copy("image/jpeg", photo.into()).unwrap();
    assert!(!has(&copy, "SEC"), "{copy:?}");
    for kept in ["ICC_PROFILE", "scan\0", "one", "scan-two"] {
        let kept = kept.trim_end_matches('\0');
        assert!(has(&copy, kept), "{kept}");
    }
    assert!(copy.ends_with(b"scan-two\xff\xd9"));
    let jpeg = Jpeg::from_bytes(copy.clone()).unwrap();
    let of = |marker| jpeg.segments_by_marker(marker).map(JpegSegment::contents).collect::<Vec<_>>();
    assert_eq!(
        of(markers::APP1),
        [&Bytes::from_static(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")]
    );
    assert_eq!((of(markers::APP0).len(), of(markers::DQT).len()), (1, 1));
    assert_eq!(clean::copy("image/jpeg", copy.clone()).unwrap(), copy, "a copy of a copy is the same");
}

#[test]
fn a_png_keeps_its_picture_only() {
    let chunk =
        |kind: &[u8; 4], contents: &str| PngChunk::new(*kind, Bytes::copy_from_slice(contents.as_bytes()));
    let mut png = Png::from_bytes(Bytes::from_static(b"\x89PNG\r\n\x1a\n")).unwrap();
    for kind in [b"IHDR", b"tEXt", b"eXIf", b"iTXt", b"zTXt", b"tIME", b"prVt", b"sRGB", b"IDAT", b"IEND"] {
        let kept = matches!(kind, b"IHDR" | b"IDAT" | b"sRGB");
        png.chunks_mut().push(chunk(kind, if kept { "picture" } else { SECRET }));
    }
    png.chunks_mut().last_mut().map(|end| *end = chunk(b"IEND", "")).unwrap();
    let file = [&png.encoder().bytes(), SECRET.as_bytes()].concat();
    let copy = clean::copy("image/png", file.into()).unwrap();
    assert!(!has(&copy, SECRET) && has(&copy, "picture"));
    let kinds: Vec<_> = Png::from_bytes(copy).unwrap().chunks().iter().map(PngChunk::kind).collect();
    assert_eq!(kinds, [*b"IHDR", *b"sRGB", *b"IDAT", *b"IEND"]);
}

/// A page with a text, a photo and a comment; information, XMP, a program and a file inside.
fn pdf() -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let text = |text: &str| Object::string_literal(text.as_bytes());
    let pages = document.new_object_id();
    let photo = document.add_object(Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Image", "Filter" => "DCTDecode" },
        photo(),
    ));
    let xmp = document.add_object(Stream::new(dictionary! { "Type" => "Metadata" }, SECRET.into()));
    let words = document.add_object(Stream::new(dictionary! {}, b"BT (shown on the page) Tj ET".to_vec()));
    let comment = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        "T" => text(SECRET), "Contents" => text("remark"),
    });
    let file = document.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, SECRET.into()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => words, "Annots" => vec![comment.into()],
        "Metadata" => xmp,
        "Resources" => dictionary! { "XObject" => dictionary! { "Photo" => photo } },
        "PieceInfo" => dictionary! { "Maker" => text(SECRET) },
    });
    document
        .objects
        .insert(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into());
    let catalog = document.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => pages, "Metadata" => xmp,
        "OpenAction" => dictionary! { "S" => "JavaScript", "JS" => text(SECRET) },
        "Names" => dictionary! { "EmbeddedFiles" => dictionary! { "Names" => vec![text("f"), file.into()] } },
    });
    let info = document.add_object(dictionary! { "Author" => text(SECRET), "Creator" => text(SECRET) });
    document.trailer.set("Root", catalog);
    document.trailer.set("Info", info);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_pdf_keeps_its_pages_only() {
    let file = pdf();
    assert!(has(&file, SECRET));
    let copy = clean::copy("application/pdf", file.into()).unwrap();
    assert!(!has(&copy, SECRET) && !has(&copy, "JavaScript"), "{}", String::from_utf8_lossy(&copy));
    assert!(has(&copy, "shown on the page") && has(&copy, "remark") && has(&copy, "scan-two"));
    let document = Document::load_mem(&copy).unwrap();
    assert_eq!(document.get_pages().len(), 1);
    assert!(document.trailer.get(b"Info").is_err());
}

fn office(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.set_comment(SECRET).unwrap();
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn parts(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let part = |index| {
        let mut part = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        (part.name().unwrap().into_owned(), content)
    };
    (0..zip::ZipArchive::new(Cursor::new(file)).unwrap().len()).map(part).collect()
}

#[test]
fn an_office_file_keeps_its_text_only() {
    let text = |xml: String| xml.into_bytes();
    let file = office(&[
        ("[Content_Types].xml", text("<Types/>".into())),
        ("docProps/core.xml", text(format!("<a><dc:creator>{SECRET}</dc:creator></a>"))),
        ("docProps/app.xml", text(format!("<a><Company>{SECRET}</Company></a>"))),
        ("docProps/custom.xml", text(format!("<a>{SECRET}</a>"))),
        (
            "word/document.xml",
            text(format!("<w:p><w:ins w:author=\"{SECRET}\"><w:t>内容</w:t></w:ins></w:p>")),
        ),
        ("word/people.xml", text(format!("<w15:person w15:author=\"{SECRET}\" name=\"{SECRET}\"/>"))),
        ("word/media/image1.jpg", photo()),
    ]);
    let copy = clean::copy(DOCX, file.into()).unwrap();
    assert!(!has(&copy, SECRET), "the comment of the archive");
    let parts = parts(&copy);
    assert_eq!(parts.len(), 7);
    for (name, content) in &parts {
        assert!(!has(content, SECRET), "{name}: {}", String::from_utf8_lossy(content));
    }
    assert!(parts.iter().any(|(name, content)| name == "word/document.xml" && has(content, "内容")));
}

#[test]
fn what_can_not_be_cleaned_has_no_copy() {
    let copy =
        |media_type: &str, file: &[u8]| clean::copy(media_type, Bytes::copy_from_slice(file)).unwrap_err();
    assert_eq!(copy("video/mp4", b"anything"), CleanError::Type);
    assert!(!clean::is_possible("video/mp4") && clean::is_possible("image/jpeg"));
    for media_type in ["image/jpeg", "image/png", "application/pdf", DOCX] {
        assert_eq!(copy(media_type, b"nothing of the kind"), CleanError::Unreadable, "{media_type}");
    }
    let macros = office(&[("word/vbaProject.bin", vec![1])]);
    assert_eq!(copy(DOCX, &macros), CleanError::Embedded);
    let inside = office(&[("word/embeddings/other.xlsx", vec![1])]);
    assert_eq!(copy(DOCX, &inside), CleanError::Embedded);
}
