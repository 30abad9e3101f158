//! The Chinese type.

use std::path::{Path, PathBuf};

use typst::foundations::Bytes;
use typst::text::Font;

/// The files, the text face first.
const FILES: [&str; 2] = ["NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf"];
/// How far above the program the directory `fonts` is looked for: `target/debug/deps` is two below `target/fonts`.
const LEVELS: usize = 4;

/// There is no type to print with.
#[derive(Debug, thiserror::Error)]
#[error("no CJK font{}: run services/print/fonts, or name the directory with --fonts", place(.looked_in.as_deref()))]
pub struct NoFonts {
    looked_in: Option<PathBuf>,
    source: Option<std::io::Error>,
}

/// The type, in memory.
#[derive(Clone, Debug)]
pub struct Fonts(pub(crate) Vec<Font>);

fn place(directory: Option<&Path>) -> String {
    directory.map(|directory| format!(" in {}", directory.display())).unwrap_or_default()
}

impl Fonts {
    /// The type in this directory; else in one called `fonts` beside or above the program.
    pub fn find(directory: Option<&Path>) -> Result<Self, NoFonts> {
        if let Some(directory) = directory {
            return Self::load(directory);
        }
        let program =
            std::env::current_exe().map_err(|source| NoFonts { looked_in: None, source: Some(source) })?;
        let near = program.ancestors().skip(1).take(LEVELS).map(|above| above.join("fonts"));
        let there = near.into_iter().find(|fonts| FILES.iter().all(|file| fonts.join(file).is_file()));
        there.map_or(Err(NoFonts { looked_in: None, source: None }), |directory| Self::load(&directory))
    }

    fn load(directory: &Path) -> Result<Self, NoFonts> {
        let missing = |source| NoFonts { looked_in: Some(directory.to_owned()), source };
        let mut fonts = Vec::new();
        for file in FILES {
            let bytes = std::fs::read(directory.join(file)).map_err(|source| missing(Some(source)))?;
            fonts.extend(Font::iter(Bytes::new(bytes)));
        }
        if fonts.is_empty() { Err(missing(None)) } else { Ok(Self(fonts)) }
    }
}
