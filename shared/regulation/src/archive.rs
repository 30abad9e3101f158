//! What the file of a case holds before it closes (article 16).

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code_of};
use crate::read::Node;

choices! {
    /// A document that the file of a case may be asked for.
    pub enum Filed {
        /// The number under which the case was registered.
        RecordForm = "record_form",
        /// The acceptance.
        Acceptance = "acceptance",
        /// The working copy.
        WorkingCopy = "working_copy",
        /// The term that began: with the organ itself or with another.
        Transfer = "transfer_form",
        /// The other organ's acknowledgement; only of a case that was handed over.
        Acknowledgement = "acknowledgement",
        /// The appointment of investigators; this and the four that follow only of a case that the home handles itself.
        Appointment = "appointment",
        /// An investigation or interview record.
        InvestigationRecord = "investigation_record",
        /// The investigation report.
        InvestigationReport = "investigation_report",
        /// The approved disposition form.
        DispositionForm = "disposition_form",
        /// The other organ's result; only of a case that was handed over.
        ReportBack = "report_back",
        /// The result, told to the complainant.
        Reply = "reply",
    }
}

/// The file of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// In words.
    pub text: Text,
    /// The article.
    pub basis: Basis,
    /// The documents without which it does not close, in order.
    pub documents: Vec<FiledDocument>,
}

/// A document without which the file does not close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledDocument {
    /// Which.
    pub code: Filed,
    /// What it is called.
    pub text: Text,
    /// The article that asks for it, or a house setting.
    pub basis: Basis,
}

impl Archive {
    /// Reads `[archive]`.
    pub(crate) fn read(node: &Node<'_>) -> Option<Self> {
        let table = node.table()?;
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        let mut taken = Vec::new();
        let mut documents = Vec::new();
        for inner in table.tables("document") {
            let (code, text, basis) =
                (take_code_of(&inner, &mut taken), Text::read(&inner), Basis::read(&inner));
            inner.finish();
            documents.extend(code.zip(text).zip(basis).map(|((code, text), basis)| FiledDocument {
                code,
                text,
                basis,
            }));
        }
        table.finish();
        Some(Self { text: text?, basis: basis?, documents })
    }
}
