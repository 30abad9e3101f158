//! All that typst gets to see: the templates, one file of data, the type. No clock, no network, no disk.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::Fonts;

/// The parts that all templates have in common.
const PARTS: &str = include_str!("../templates/parts.typ");

/// A template with its data.
pub(crate) struct Paper {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    parts: Source,
    data: (FileId, Bytes),
}

fn file(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl Paper {
    /// The template with these data; `None` where a name is no path, which none of them is.
    pub(crate) fn new(template: &str, data: Vec<u8>, fonts: &Fonts) -> Option<Self> {
        Some(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts.0)),
            fonts: fonts.0.clone(),
            main: Source::new(file("main.typ")?, template.to_owned()),
            parts: Source::new(file("parts.typ")?, PARTS.to_owned()),
            data: (file("data.json")?, Bytes::new(data)),
        })
    }
}

impl World for Paper {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let known = [&self.main, &self.parts].into_iter().find(|source| source.id() == id);
        known.cloned().ok_or_else(|| FileError::NotFound(id.get().vpath().get_without_slash().into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let (data, bytes) = &self.data;
        if *data == id {
            return Ok(bytes.clone());
        }
        self.source(id).map(|source| Bytes::from_string(source.text().to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
