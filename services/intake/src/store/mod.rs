//! All SQL of intake, a file a table. Each table is read and written in one statement a batch.

mod attachment;
mod case_entries;
mod case_facet;
mod case_file;
mod case_text;
mod changes;
mod draft;
mod due;
mod due_reply;
mod grant;
mod identity;
mod instruction;
mod lent;
mod link;
mod number_register;
mod reading;
mod referral;
mod reply;
mod report;
mod retention;
mod summary;
mod text_waiting;

pub(crate) use attachment::{
    DueAttachment, attachments_of_case, attachments_of_ids, due_attachments, received_attachments,
};
pub(crate) use case_entries::{CaseEntry, case_entries};
pub(crate) use case_facet::{count_cases_by_facet, find_numbered_cases, list_cases_by_facet};
pub(crate) use case_file::{
    CaseKey, Filed, Range, count_cases, find_case, find_case_by_number, find_cases, list_cases,
};
pub(crate) use case_text::{
    Found, Span, Text, Words, find_newest_texts, find_spans, find_texts, index_texts,
};
pub(crate) use changes::{Change, changes_after, find_submission, last_seq};
pub(crate) use draft::{
    DraftKey, DraftRow, delete_draft, delete_old_drafts, drafts_of, find_draft, save_draft,
};
pub(crate) use due::{Due, What, due};
pub(crate) use due_reply::{due_replies, next_due, oldest_open};
pub(crate) use grant::grants_of_case;
pub(crate) use identity::read_identity;
pub(crate) use instruction::{InstructionKey, instructions_of_case, list_instructions};
pub(crate) use lent::lent_of_case;
pub(crate) use link::{Candidate, LinkShown, Same, find_repeats, find_same, links_of_case, repeats_of_case};
pub use postgres::row::Damaged;
pub(crate) use reading::list_readings;
pub(crate) use referral::{ReferralKey, ReferralRow, list_referrals};
pub(crate) use reply::{
    ReplyKey, ReplyRow, Which, cases_of, list_replies, list_replies_of_case, replies_of_case,
};
pub(crate) use report::{
    DemandKey, ReportKey, find_demand, find_report, list_demands, list_reports, open_reports,
};
pub(crate) use retention::{
    Pending, RetentionKey, Wanted, cases_of_list, forget_identities, list_retention, pending_erasures,
    retained,
};
pub(crate) use summary::{SummaryKey, list_summaries, summaries_of_case};
pub(crate) use text_waiting::{Waiting, waiting_texts};

use std::sync::Arc;

use content::{Draft, Listed};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Book, Case, Changes, Private, SealedIdentity, Write};

/// The cases of which more than the case itself is needed.
#[derive(Debug, Default)]
pub(crate) struct More {
    /// Their links.
    pub(crate) links: Vec<Uuid>,
    /// The grants of their identities.
    pub(crate) grants: Vec<Uuid>,
    /// Their files.
    pub(crate) attachments: Vec<Uuid>,
    /// Their referrals.
    pub(crate) referrals: Vec<Uuid>,
    /// What is no case but a report.
    pub(crate) reports: Vec<Uuid>,
    /// What respondents are given of them.
    pub(crate) summaries: Vec<Uuid>,
    /// What leaders wrote on them.
    pub(crate) instructions: Vec<Uuid>,
    /// How long they are kept.
    pub(crate) retained: Vec<Uuid>,
    /// Whether they are linked to an open case.
    pub(crate) held: Vec<Uuid>,
}

/// Loads the book of these cases.
pub(crate) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
    more: &More,
) -> Result<Book, sqlx::Error> {
    let registers = number_register::load(tx, organ).await?;
    if cases.is_empty() {
        return Ok(Book::new(Vec::new(), Vec::new(), registers));
    }
    let replies = reply::load(tx, organ, cases).await?;
    let cases = case_file::load(tx, organ, cases).await?;
    let links = link::load(tx, organ, &more.links).await?;
    let grants = grant::load(tx, organ, &more.grants).await?;
    let attachments = attachment::load(tx, organ, &more.attachments).await?;
    let referrals = referral::load(tx, organ, &more.referrals).await?;
    let reports = report::load(tx, organ, &more.reports).await?;
    let instructions = instruction::load(tx, organ, &more.instructions).await?;
    let summaries = summary::load(tx, organ, &more.summaries).await?;
    let retained = retention::load(tx, organ, &more.retained).await?;
    let held = retention::held(tx, organ, &more.held).await?;
    Ok(Book::new(cases, replies, registers)
        .with_links(links)
        .with_grants(grants)
        .with_attachments(attachments)
        .with_referrals(referrals)
        .with_reports(reports)
        .with_summaries(summaries)
        .with_instructions(instructions)
        .with_retained(retained, held))
}

/// These cases of an organ, for a reader.
pub(crate) async fn cases(pool: &PgPool, organ: &str, cases: &[Uuid]) -> Result<Vec<Case>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    case_file::load(&mut connection, organ, cases).await
}

/// Saves what changed and what is kept beside the ledger.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changes: Changes,
    writes: Vec<Write>,
) -> Result<(), sqlx::Error> {
    let Changes {
        cases,
        replies,
        registers,
        links,
        grants,
        attachments,
        readings,
        organs,
        facets,
        referrals,
        reports,
        summaries,
        instructions,
        lent,
        retained,
    } = changes;
    case_file::save(tx, organ, &cases).await?;
    case_facet::save(tx, organ, &facets).await?;
    reply::save(tx, organ, &replies).await?;
    number_register::save(tx, organ, &registers).await?;
    link::save(tx, organ, &links).await?;
    grant::save(tx, organ, &grants).await?;
    attachment::save(tx, organ, &attachments).await?;
    retention::save(tx, organ, &retained).await?;
    reading::save(tx, organ, &readings).await?;
    directory::save(tx, organ, &organs).await?;
    referral::save(tx, organ, &referrals).await?;
    report::save(tx, organ, &reports).await?;
    summary::save(tx, organ, &summaries).await?;
    instruction::save(tx, organ, &instructions).await?;
    lent::save(tx, organ, &lent).await?;
    save_private(tx, organ, writes).await
}

async fn save_private(tx: &mut PgConnection, organ: &str, writes: Vec<Write>) -> Result<(), sqlx::Error> {
    let (mut privates, mut drafts) = (Vec::<Arc<Private>>::new(), Vec::<Draft>::new());
    let mut erased = Vec::<Listed>::new();
    for write in writes {
        match write {
            Write::Private(private) => {
                drafts.extend(private.drafts.iter().cloned());
                privates.push(private);
            }
            Write::Draft(draft) => drafts.push(draft),
            Write::Erase { listed } => erased.extend(listed.iter().cloned()),
        }
    }
    let keys: Vec<_> = privates.iter().filter_map(|private| private.key.clone()).collect();
    content::save(tx, organ, &keys, &drafts).await?;
    let identities: Vec<&SealedIdentity> =
        privates.iter().filter_map(|private| private.identity.as_ref()).collect();
    let replaced: Vec<Uuid> = privates
        .iter()
        .filter(|private| private.key.is_none())
        .filter_map(|private| Some(private.identity.as_ref()?.case_id))
        .collect();
    identity::save(tx, organ, &identities, &replaced).await?;
    text_waiting::save(tx, organ, &drafts).await?;
    content::forget(tx, &erased, forget_identities()).await?;
    content::erase(tx, &erased, true).await
}
