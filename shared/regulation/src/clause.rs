//! What every clause has: a text in two languages, and an article or the mark of a house setting.

use crate::choice::{Choice, choices};
use crate::read::Table;

choices! {
    /// The languages in which everything is said.
    pub enum Language {
        /// Chinese, the language of the law.
        Zh = "zh",
        /// English, a translation.
        En = "en",
    }
}

/// A text in Chinese and in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Chinese; verbatim where the source has words for it.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// Reads the keys `zh` and `en`.
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let (zh, en) = (table.string("zh"), table.string("en"));
        Some(Self { zh: zh?, en: en? })
    }
}

/// What a clause rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// An article of the regulation: `17`, or `14(3)` for 第十四条第(三)项.
    Article(String),
    /// A house setting: good practice that the text does not say. No article may be cited for it.
    House,
}

impl Basis {
    /// The article, unless it is a house setting.
    pub fn article(&self) -> Option<&str> {
        match self {
            Self::Article(article) => Some(article),
            Self::House => None,
        }
    }

    /// The basis in words: `第17条`, `article 17`, `house setting`.
    pub fn cite(&self, language: Language) -> String {
        match (self, language) {
            (Self::House, Language::Zh) => "内部设定".to_owned(),
            (Self::House, Language::En) => "house setting".to_owned(),
            (Self::Article(article), Language::En) => format!("article {article}"),
            (Self::Article(article), Language::Zh) => match article.split_once('(') {
                Some((number, item)) => format!("第{number}条({item}"),
                None => format!("第{article}条"),
            },
        }
    }

    /// Reads exactly one of `article` and `house = true`.
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let article = table.get("article");
        let house = table.flag_or("house", false)?;
        read_bond(table);
        match (article, house) {
            (Some(node), false) => {
                let article = node.string()?;
                let plain = |c: char| c.is_ascii_alphanumeric() || "().-".contains(c);
                if article.is_empty() || article.len() > 16 || !article.chars().all(plain) {
                    node.fault(
                        format!("`{article}` is no article"),
                        Some("a number as \"17\" or \"14(3)\"".into()),
                    );
                    return None;
                }
                Some(Self::Article(article))
            }
            (None, true) => Some(Self::House),
            (Some(node), true) => {
                node.fault("an article is cited for a house setting", Some("one of the two".into()));
                None
            }
            (None, false) => {
                let expected = "`article = \"17\"`, or `house = true` for what the text does not say";
                table.fault("the article is missing", Some(expected.into()));
                None
            }
        }
    }
}

/// Reads `binding` and `free`: whether a regulation that extends this one may change the clause. The default is binding
/// with an article, free without one. What follows of them is in [`crate::tighten`].
fn read_bond(table: &Table<'_>) {
    let flag = |key| table.get(key).map(|node| (node.flag() == Some(true), node));
    if let (Some((true, _)), Some((true, node))) = (flag("binding"), flag("free")) {
        node.fault("a clause is binding and free", Some("one of the two".into()));
    }
}

/// Takes one of a closed list of codes once; a second use is a fault.
pub(crate) fn take_code_of<T: Choice + PartialEq + Copy>(table: &Table<'_>, taken: &mut Vec<T>) -> Option<T> {
    let code = table.choice("code")?;
    if taken.contains(&code) {
        if let Some(node) = table.get("code") {
            node.fault("it is there twice", Some("each code once".into()));
        }
        return None;
    }
    taken.push(code);
    Some(code)
}

/// Takes a code once; a second use is a fault.
pub(crate) fn take_code(table: &Table<'_>, taken: &mut Vec<String>) -> Option<String> {
    let code = table.code("code")?;
    if taken.contains(&code) {
        if let Some(node) = table.get("code") {
            node.fault(format!("`{code}` is there twice"), Some("a code of its own".into()));
        }
        return None;
    }
    taken.push(code.clone());
    Some(code)
}
