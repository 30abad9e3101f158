//! The file of a case as it is printed. Its JSON is the archive's second form, and what the templates read.

use duban_proto::common::v1::{DocumentLayout, VolumeDocument, VolumePassage};
use duban_proto::intake::v1::{Complainant, ComplainantKind};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// With or without who complains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// Without: for all who handle the case.
    Casework,
    /// With: for whoever opened it for a purpose, on record (15).
    Identity,
}

impl std::fmt::Display for Variant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Casework => "casework",
            Self::Identity => "identity",
        })
    }
}

/// The file of a case (16).
#[derive(Clone, Debug, Serialize)]
pub struct Volume {
    /// The version of this format.
    pub format: u32,
    /// The case's id.
    pub case_id: String,
    /// Its number.
    pub number: String,
    /// The name of its home; of the organ that registered it where it has no home yet.
    pub home: String,
    /// Where it stands, `ARCHIVED`.
    pub state: String,
    /// With or without who complains.
    pub variant: Variant,
    /// The day it was printed, in Chinese.
    pub printed_on: String,
    /// The day it was archived, in Chinese; absent before.
    pub archived_on: Option<String>,
    /// How long it is kept, in Chinese; absent before it was archived.
    pub kept_for: Option<String>,
    /// The day its texts were erased, in Chinese; absent where they were not.
    pub erased_on: Option<String>,
    /// The documents, oldest first.
    pub documents: Vec<Document>,
    /// The documents that the regulation asks for; empty where the caller does not see the home's ledger.
    pub requirements: Vec<Requirement>,
    /// Where parts are that are not here, by name.
    pub kept_elsewhere: Vec<String>,
}

/// One document.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// What it is, "transfer_form".
    pub code: String,
    /// Its title, in Chinese.
    pub title: String,
    /// Its title, in English.
    pub title_en: String,
    /// Its moment, as RFC 3339 has it.
    pub at: String,
    /// Its date, in Chinese.
    pub date: String,
    /// The organ's code.
    pub organ: String,
    /// The organ's name.
    pub organ_name: String,
    /// The term; 0 where it belongs to none.
    pub term: u32,
    /// The number (文号); may be empty.
    pub number: String,
    /// Who signed (签发人); may be empty.
    pub signatory: String,
    /// To whom (主送); may be empty.
    pub addressee: String,
    /// The article; may be empty.
    pub article: String,
    /// How it is laid out: `text`, `table`, `letter`, `red_head`.
    pub layout: &'static str,
    /// It has a place for the seal.
    pub seal: bool,
    /// What it says.
    pub passages: Vec<Passage>,
}

/// A passage.
#[derive(Clone, Debug, Serialize)]
pub struct Passage {
    /// What it is, in Chinese.
    pub label: String,
    /// What it is, in English.
    pub label_en: String,
    /// What it says.
    pub text: String,
    /// It takes the whole width.
    pub wide: bool,
}

/// A document that the regulation asks for.
#[derive(Clone, Debug, Serialize)]
pub struct Requirement {
    /// Its code.
    pub code: String,
    /// What it is, in Chinese.
    pub title: String,
    /// The article; empty for a house setting.
    pub article: String,
    /// It is there.
    pub there: bool,
}

/// What stands on the record form where the complainant would (15).
const HIDDEN: &str = "已隐去";

impl Volume {
    /// The last document of this code, or the how manieth.
    pub fn document(&self, code: &str, ordinal: Option<usize>) -> Option<&Document> {
        let mut all = self.documents.iter().filter(|document| document.code == code);
        match ordinal {
            Some(ordinal) => all.nth(ordinal.checked_sub(1)?),
            None => all.next_back(),
        }
    }

    /// Writes onto the record form that the complainant is left out, or who it is; and whom notices go to.
    pub fn name_complainant(&mut self, complainant: Option<&Complainant>) {
        self.variant = if complainant.is_some() { Variant::Identity } else { Variant::Casework };
        for document in &mut self.documents {
            document.name_complainant(complainant);
        }
    }
}

impl Document {
    /// As it came over the wire; dates in this zone.
    pub fn of_wire(document: VolumeDocument, zone: &TimeZone) -> Self {
        let layout = match document.layout() {
            DocumentLayout::Unspecified => "text",
            DocumentLayout::Table => "table",
            DocumentLayout::Letter => "letter",
            DocumentLayout::RedHead => "red_head",
        };
        let title = document.title.unwrap_or_default();
        let at = document.at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok()).unwrap_or_default();
        Self {
            code: document.code,
            title: title.zh,
            title_en: title.en,
            at: at.to_string(),
            date: date(at, zone),
            organ: document.organ,
            organ_name: document.organ_name,
            term: document.term,
            number: document.number,
            signatory: document.signatory,
            addressee: document.addressee,
            article: document.article,
            layout,
            seal: document.seal,
            passages: document.passages.into_iter().map(Passage::from).collect(),
        }
    }

    /// The same for one document.
    pub fn name_complainant(&mut self, complainant: Option<&Complainant>) {
        match (self.code.as_str(), complainant) {
            ("record_form", None) => {
                self.passages.splice(0..0, [Passage::new("投诉人", "complainant", HIDDEN, true)]);
            }
            ("record_form", Some(complainant)) => {
                self.passages.splice(0..0, identity(complainant));
            }
            ("notice", Some(complainant)) if !complainant.name.is_empty() => {
                self.addressee.clone_from(&complainant.name);
            }
            _ => {}
        }
    }
}

impl Passage {
    /// A passage.
    pub fn new(label: &str, label_en: &str, text: &str, wide: bool) -> Self {
        Self { label: label.to_owned(), label_en: label_en.to_owned(), text: text.to_owned(), wide }
    }
}

impl From<VolumePassage> for Passage {
    fn from(passage: VolumePassage) -> Self {
        let label = passage.label.unwrap_or_default();
        Self { label: label.zh, label_en: label.en, text: passage.text, wide: passage.wide }
    }
}

/// A day, as Chinese documents have it.
pub fn date(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y年%-m月%-d日").to_string()
}

/// What article 10 asks of a complainant, and what else was given.
fn identity(complainant: &Complainant) -> Vec<Passage> {
    let kind = match complainant.kind() {
        ComplainantKind::Unspecified => "",
        ComplainantKind::Citizen => "公民",
        ComplainantKind::LegalPerson => "法人",
        ComplainantKind::Organisation => "其他组织",
    };
    let phones = complainant.phones.join("、");
    let given = [
        ("投诉人", "complainant", complainant.name.as_str(), false),
        ("类别", "kind", kind, false),
        ("工作单位", "work unit", &complainant.work_unit, false),
        ("联系电话", "phone", &phones, false),
        ("电子邮件", "mail", &complainant.email, false),
        ("身份证件号码", "ID number", &complainant.id_number, false),
        ("代表人", "representative", &complainant.representative, false),
        ("住址", "address", &complainant.address, true),
    ];
    let given = given.into_iter().filter(|(_, _, text, _)| !text.is_empty());
    given.map(|(zh, en, text, wide)| Passage::new(zh, en, text, wide)).collect()
}
