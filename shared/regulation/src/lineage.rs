//! A file and those it extends, read as one.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::bounds::{MAX_FILE, MAX_NESTING, too_deep};
use crate::clause::Text;
use crate::fault::Faults;
use crate::outline::outline;
use crate::overlay::overlay;
use crate::read::{Piece, Sink, Table};
use crate::regulation::{Parts, Regulation};
use crate::tighten;
use crate::tree::shifted;

/// A regulation that another one extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: Text,
}

/// The bytes of the hash that make a version.
const VERSION_BYTES: usize = 8;
/// The longest chain of `extends`.
const MAX_GENERATIONS: usize = 4;

/// A file that was read.
struct File {
    code: String,
    name: String,
    text: String,
}

/// Reads a regulation; `find` gives the source of one that it extends, by its code.
pub(crate) fn parse(
    source: &str,
    file: &str,
    find: &dyn Fn(&str) -> Option<String>,
) -> Result<Regulation, Faults> {
    generation(source, file, find, 0).map(|(regulation, _)| regulation)
}

/// A regulation, and the files it was read from, the topmost ancestor's first.
fn generation(
    source: &str,
    file: &str,
    find: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<(Regulation, Vec<File>), Faults> {
    if source.len() > MAX_FILE {
        let expected = format!("at most {MAX_FILE}");
        return Err(Faults::of_file(file, format!("a file of {} bytes", source.len()), &expected));
    }
    let alone = [Piece { file, source, base: 0 }];
    let sink = Sink::new(&alone);
    let Some(own) = tree(source, &sink, 0) else { return sink.result(None) };
    let (parent, mut files) = match extends(&own) {
        None => (None, Vec::new()),
        Some(node) => {
            let code = node.get_ref().as_str().unwrap_or_default();
            let found = if depth < MAX_GENERATIONS { find(code) } else { None };
            let Some(text) = found else {
                let expected = "the code of a file beside this one".to_owned();
                sink.push(
                    node.span().start,
                    "regulation.extends",
                    format!("no regulation `{code}`"),
                    Some(expected),
                );
                return sink.result(None);
            };
            let (parent, files) = generation(&text, &format!("{code}.toml"), find, depth + 1)?;
            (Some(parent), files)
        }
    };
    let regulation = read(source, file, parent.as_ref(), &files)?;
    files.push(File { code: regulation.code().to_owned(), name: file.to_owned(), text: source.to_owned() });
    Ok((regulation, files))
}

/// Reads a file over its ancestors' ones, and compares it with each of them.
fn read(source: &str, file: &str, parent: Option<&Regulation>, files: &[File]) -> Result<Regulation, Faults> {
    let mut pieces = Vec::new();
    let mut base = 0;
    for (file, source) in files.iter().map(|f| (f.name.as_str(), f.text.as_str())).chain([(file, source)]) {
        pieces.push(Piece { file, source, base });
        // A place at the end of a file is not yet in the next one.
        base += source.len() + 1;
    }
    let sink = Sink::new(&pieces);
    let mut merged: Vec<DeTable<'_>> = Vec::new();
    let mut adaptations = Vec::new();
    for piece in &pieces {
        let Some(own) = tree(piece.source, &sink, piece.base) else { return sink.result(None) };
        match merged.last() {
            None => merged.push(own),
            Some(under) => {
                let (over, adapted) = overlay(under, &own, &sink);
                adaptations = adapted;
                merged.push(over);
            }
        }
    }
    let Some((tree, ancestors)) = merged.split_last() else { return sink.result(None) };
    for (ancestor, file) in ancestors.iter().zip(files) {
        tighten::compare(ancestor, tree, &file.code, &sink);
    }
    let mut lineage: Vec<_> = parent.iter().flat_map(|parent| parent.extends().iter().cloned()).collect();
    if let Some(parent) = parent {
        lineage.insert(0, Ancestor { code: parent.code().to_owned(), title: parent.title().clone() });
    }
    let outline = outline(tree, &sink);
    let parts = Parts { version: version(source, parent), lineage, adaptations, outline };
    let at = pieces.last().map_or(0, |piece| piece.base);
    let regulation = Regulation::read(&Table::new(&sink, String::new(), at, tree), parts);
    sink.result(regulation)
}

/// The tree of a file with its places from `base` on; none where it is no TOML.
pub(crate) fn tree<'s>(source: &'s str, sink: &Sink<'_>, base: usize) -> Option<DeTable<'s>> {
    if let Some(at) = too_deep(source) {
        let expected = format!("at most {MAX_NESTING} brackets or parts of a key");
        sink.push(base + at, "", "nested too deep".to_owned(), Some(expected));
        return None;
    }
    let (tree, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        sink.push(base + at, "", error.message().to_owned(), Some("valid TOML".into()));
    }
    errors.is_empty().then(|| shifted(tree.get_ref(), base))
}

/// The value of `regulation.extends`.
fn extends<'t, 's>(tree: &'t DeTable<'s>) -> Option<&'t Spanned<DeValue<'s>>> {
    tree.get("regulation")?.get_ref().as_table()?.get("extends")
}

/// Hashes the source, and the parent's version with it.
fn version(source: &str, parent: Option<&Regulation>) -> String {
    let mut hash = Sha256::new();
    hash.update(parent.map_or("", |parent| parent.version()));
    hash.update([0]);
    hash.update(source);
    let mut version = String::new();
    for byte in hash.finalize().iter().take(VERSION_BYTES) {
        let _ = write!(version, "{byte:02x}");
    }
    version
}
