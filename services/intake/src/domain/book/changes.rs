//! The rows that changed, to be saved.

use duban_proto::common::v1::Organ;
use uuid::Uuid;

use super::{Book, Reading, Tracked};
use crate::domain::{
    Attachment, Case, FacetRows, Grant, Instruction, Lent, Link, Referral, Reply, Report, Retained, Summary,
};

/// The rows that changed, to be saved.
#[derive(Debug, Default)]
pub struct Changes {
    /// Cases.
    pub cases: Vec<Case>,
    /// Replies.
    pub replies: Vec<Reply>,
    /// Years, and the last number given out in each.
    pub registers: Vec<(u32, u32)>,
    /// Links.
    pub links: Vec<Link>,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Files of cases.
    pub attachments: Vec<Attachment>,
    /// How long cases are kept, and what became of them.
    pub retained: Vec<(Uuid, Retained)>,
    /// New readings.
    pub readings: Vec<Reading>,
    /// Organs as they are now.
    pub organs: Vec<Organ>,
    /// What cases are looked for by.
    pub facets: FacetRows,
    /// Referrals.
    pub referrals: Vec<Referral>,
    /// Reports, with what was demanded on them.
    pub reports: Vec<Report>,
    /// What respondents are given.
    pub summaries: Vec<Summary>,
    /// Leaders' instructions.
    pub instructions: Vec<Instruction>,
    /// New loans of officers.
    pub lent: Vec<Lent>,
}

impl Book {
    /// The rows that changed.
    pub fn into_changes(self) -> Changes {
        Changes {
            cases: self.cases.into_values().filter_map(Tracked::if_changed).collect(),
            replies: self.replies.into_values().filter_map(Tracked::if_changed).collect(),
            registers: self
                .registers
                .into_iter()
                .filter_map(|(year, last)| Some((year, last.if_changed()?)))
                .collect(),
            links: self.links.into_values().filter_map(Tracked::if_changed).collect(),
            grants: self.grants.into_values().filter_map(Tracked::if_changed).collect(),
            attachments: self.attachments.into_values().filter_map(Tracked::if_changed).collect(),
            retained: self
                .retained
                .into_iter()
                .filter_map(|(case_id, retained)| Some((case_id, retained.if_changed()?)))
                .collect(),
            readings: self.readings,
            organs: self.organs,
            facets: self.facets,
            lent: self.lent,
            instructions: self.instructions.into_values().filter_map(Tracked::if_changed).collect(),
            summaries: self.summaries.into_values().filter_map(Tracked::if_changed).collect(),
            reports: self.reports.into_values().filter_map(Tracked::if_changed).collect(),
            referrals: self.referrals.into_values().filter_map(Tracked::if_changed).collect(),
        }
    }
}
