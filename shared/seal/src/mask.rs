//! What to black out in the working copy of a narrative (DESIGN "Identity").
//!
//! [`propose`] finds where a text names its author; an officer confirms, adds or removes ([`Mask::from_chars`]), and
//! [`apply`] makes the working copy. A lone surname is never proposed; unit and address are not where the directory
//! knows them. Any mainland mobile number and any resident identity number is proposed, whosever it is.

pub(crate) mod number;
pub(crate) mod place;
pub(crate) mod stream;
mod word;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Identity;

/// What a mask hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// The full name.
    FullName,
    /// A telephone number.
    Phone,
    /// A resident identity number.
    IdNumber,
    /// An e-mail address.
    Email,
    /// A WeChat name.
    Wechat,
    /// The work unit.
    Unit,
    /// The address, or the part of it that tells the house.
    Address,
}

/// A stretch of a text to hide, on character boundaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    kind: Kind,
    bytes: Range<usize>,
    chars: Range<usize>,
}

/// Why masks cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MaskError {
    /// The stretch is empty, turned round, past the end of the text, or inside a character.
    #[error("characters {} to {} are no stretch of the text", chars.start, chars.end)]
    OutOfText {
        /// The stretch, in characters.
        chars: Range<usize>,
    },
    /// Two masks hide the same characters.
    #[error("two masks overlap at character {at}")]
    Overlap {
        /// First character that both hide.
        at: usize,
    },
}

/// A find, before it is placed: a kind and its bytes.
type Find = (Kind, Range<usize>);

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::FullName, Self::Phone, Self::IdNumber, Self::Email, Self::Wechat, Self::Unit, Self::Address];

    /// What stands in the working copy instead; [`contains_marker`] knows it again.
    pub fn marker(self) -> &'static str {
        match self {
            Self::FullName => "〔姓名〕",
            Self::Phone => "〔电话〕",
            Self::IdNumber => "〔证件号码〕",
            Self::Email => "〔电子邮箱〕",
            Self::Wechat => "〔微信〕",
            Self::Unit => "〔工作单位〕",
            Self::Address => "〔住址〕",
        }
    }
}

impl Mask {
    /// A mask over characters (Unicode scalar values, as on the wire) of `text`.
    pub fn from_chars(text: &str, kind: Kind, chars: Range<usize>) -> Result<Self, MaskError> {
        let byte_at = |char| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(char);
        match (byte_at(chars.start), byte_at(chars.end)) {
            (Some(start), Some(end)) if start < end => Ok(Self { kind, bytes: start..end, chars }),
            _ => Err(MaskError::OutOfText { chars }),
        }
    }

    /// What it hides.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where, in bytes of the text.
    pub fn bytes(&self) -> Range<usize> {
        self.bytes.clone()
    }

    /// Where, in characters of the text.
    pub fn chars(&self) -> Range<usize> {
        self.chars.clone()
    }
}

/// The masks that `text` needs to hide `identity`, in order, without overlap.
///
/// `in_directory` says whether a unit or an address (as the complainant wrote it) is one of the directory's: those are
/// what the complaint is about, and stay readable.
pub fn propose(text: &str, identity: &Identity, in_directory: &dyn Fn(&str) -> bool) -> Vec<Mask> {
    let glyphs = stream::glyphs(text);
    let mut finds = word::find(&glyphs, identity);
    finds.extend(number::find(&glyphs, identity));
    finds.extend(place::find(&glyphs, identity, in_directory));
    place_all(text, merge(finds))
}

/// The working copy: every masked stretch replaced by its marker.
///
/// The masks are of this very text, in any order. Nothing is applied if one does not fit.
pub fn apply(text: &str, masks: &[Mask]) -> Result<String, MaskError> {
    let mut ordered: Vec<_> = masks.iter().collect();
    ordered.sort_by_key(|mask| mask.bytes.start);
    let mut copy = String::with_capacity(text.len());
    let mut done = 0;
    for mask in ordered {
        let out_of_text = || MaskError::OutOfText { chars: mask.chars() };
        if mask.bytes.start < done {
            return Err(MaskError::Overlap { at: mask.chars.start });
        }
        text.get(mask.bytes()).filter(|hidden| !hidden.is_empty()).ok_or_else(out_of_text)?;
        copy.push_str(text.get(done..mask.bytes.start).ok_or_else(out_of_text)?);
        copy.push_str(mask.kind.marker());
        done = mask.bytes.end;
    }
    copy.push_str(text.get(done..).unwrap_or_default());
    Ok(copy)
}

/// Whether a value holds a marker: it came from a working copy, and must not be saved over the real one.
pub fn contains_marker(value: &str) -> bool {
    Kind::ALL.iter().any(|kind| value.contains(kind.marker()))
}

/// Overlapping finds become one, named after the longer.
fn merge(mut finds: Vec<Find>) -> Vec<Find> {
    finds.sort_by_key(|(_, bytes)| (bytes.start, std::cmp::Reverse(bytes.end)));
    let mut merged: Vec<Find> = Vec::with_capacity(finds.len());
    for (kind, bytes) in finds {
        match merged.last_mut() {
            Some((last_kind, last)) if bytes.start < last.end => {
                if bytes.len() > last.len() {
                    *last_kind = kind;
                }
                last.end = last.end.max(bytes.end);
            }
            _ => merged.push((kind, bytes)),
        }
    }
    merged
}

/// Adds the character offsets, in one walk over the text.
fn place_all(text: &str, finds: Vec<Find>) -> Vec<Mask> {
    let (mut byte, mut char) = (0, 0);
    let mut advance = |to: usize| {
        char += text.get(byte..to).map_or(0, |passed| passed.chars().count());
        byte = to;
        char
    };
    finds
        .into_iter()
        .map(|(kind, bytes)| {
            let chars = advance(bytes.start)..advance(bytes.end);
            Mask { kind, bytes, chars }
        })
        .collect()
}
