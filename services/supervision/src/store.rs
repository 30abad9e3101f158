//! All SQL of supervision, a file a table. Each table is read and written in one statement a batch.

mod accountability;
mod appeal;
mod board;
mod clock;
mod concern;
mod due;
mod extension;
mod figures;
mod follow_up;
mod issued;
mod notice;
mod pack;
mod review;
mod rung;
mod told;
mod watch;

use std::collections::BTreeSet;

use content::{Draft, Listed, NewKey};
use sqlx::PgConnection;
use uuid::Uuid;

pub(crate) use accountability::{FileKey, Kept, conduct_of, due_conducts, find_file, list_files};
pub(crate) use appeal::{AppealPlace, Appealed, appeals_of_case, find_appeal, list_appeals};
pub(crate) use board::read_board;
pub(crate) use clock::{DueKey, Running, clocks_of_case, clocks_of_cases, list_due_clocks};
pub(crate) use concern::{Noted, NotedKey, list_concerns};
pub(crate) use due::{OutdatedKey, Place, moments, outdated_clocks};
pub(crate) use extension::{Asked, ExtensionKey, find_extension, list_extensions};
pub(crate) use figures::{
    AnalysisKey, CountedKey, ExclusionKey, FrozenKey, Listed as ListedFrozen, ListedCase, NOW, Proposed,
    Wanted, Written, counted_of_excluded, excluded_cases, figures_by_day, figures_by_value, find_analysis,
    find_exclusion, list_analyses, list_exclusions, list_figure_cases, list_frozen,
};
pub(crate) use follow_up::{FollowUpKey, Followed, follow_ups_of_case, list_follow_ups};
pub(crate) use issued::{NoticeKey, find_issued, issued_of_case, lapsing, list_issued};
pub use postgres::row::Damaged;
pub(crate) use review::{ReviewKey, Reviewed, list_reviews, reviews_of_case};
pub(crate) use rung::{Issued, RungKey, Which, list_rungs};
pub(crate) use told::{Line, ToldKey, ToldRow, list_told, read_digest};
pub(crate) use watch::{Place as LedgerPlace, Stretch, changed_cases, heads};

use crate::domain::docket::Docket;
use crate::domain::{Book, Command, Write};

/// Loads what the commands need and, in a rebuild (no commands), all there is of the cases.
pub(crate) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
    commands: &[&Command],
) -> Result<Book, sqlx::Error> {
    // A batch that only moves cursors has no commands either, and no cases.
    let rebuild = commands.is_empty() && !cases.is_empty();
    let mut book = Book::new(organ);
    let of_many = commands.iter().flat_map(|command| command.many()).map(|key| key.case_id);
    let of_notices = commands.iter().flat_map(|command| command.needs_watched());
    let all: BTreeSet<Uuid> = cases.iter().copied().chain(of_many).chain(of_notices).collect();
    let all: Vec<Uuid> = all.into_iter().collect();
    book.with_clocks(clock::load(tx, organ, &all).await?);
    let needing = |needs: fn(&Command) -> bool| -> Vec<Uuid> {
        if rebuild {
            return all.clone();
        }
        commands.iter().filter(|it| needs(it)).filter_map(|it| it.case_id()).collect()
    };
    book.with_extensions(extension::load(tx, organ, &needing(Command::needs_extensions)).await?);
    book.with_concerns(concern::load(tx, organ, &needing(Command::needs_concerns)).await?);
    let results = needing(Command::needs_docket);
    let reviews = review::load(tx, organ, &results).await?;
    book.with_docket(Docket::new(reviews, appeal::load(tx, organ, &results).await?));
    book.follow_ups = follow_up::load(tx, organ, &needing(Command::needs_follow_ups)).await?;
    figures::load(tx, organ, &mut book, cases, commands).await?;
    if rebuild || commands.iter().any(|command| command.needs_notices()) {
        book.with_notices(notice::load(tx, organ).await?);
    }
    watched(tx, organ, &mut book, &all, commands, rebuild).await?;
    let keyed: Vec<Uuid> = commands.iter().filter_map(|command| command.brings_key()).collect();
    book.with_keyed(extension::keyed_cases(tx, organ, &keyed).await?);
    let erased: Vec<Uuid> = commands.iter().filter_map(|command| command.erases()).collect();
    book.with_erased(content::told(tx, organ, &erased).await?);
    Ok(book)
}

/// Loads notices, what bears on accountability, and its files: of the cases that commands name, of those that complaints and
/// reports are about, and in a rebuild of all.
async fn watched(
    tx: &mut PgConnection,
    organ: &str,
    book: &mut Book,
    all: &[Uuid],
    commands: &[&Command],
    rebuild: bool,
) -> Result<(), sqlx::Error> {
    let abouts: Vec<Uuid> = book.concerns_about().collect();
    let named = commands.iter().flat_map(|command| command.needs_watched());
    let cases: BTreeSet<Uuid> =
        if rebuild { all.iter().copied().chain(abouts).collect() } else { named.chain(abouts).collect() };
    let cases: Vec<Uuid> = cases.into_iter().collect();
    book.with_issued(issued::load(tx, organ, &cases).await?);
    book.with_conducts(accountability::load_conducts(tx, organ, &cases).await?);
    book.with_files(accountability::load_files(tx, organ, &cases).await?);
    Ok(())
}

/// Saves what changed and what is kept beside the ledger.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    book: &Book,
    writes: Vec<Write>,
) -> Result<(), sqlx::Error> {
    let (clocks, concerns) = (book.changed_clocks(), book.changed_concerns());
    clock::save(tx, organ, &clocks).await?;
    concern::save(tx, organ, &concerns).await?;
    if !clocks.is_empty() || !concerns.is_empty() {
        // Also where nothing adds up to a difference: who ever had a clock has a line, in a rebuild as well.
        board::count(tx, organ, book.counts()).await?;
    }
    extension::save(tx, organ, &book.changed_extensions()).await?;
    rung::save(tx, organ, book.fired()).await?;
    figures::save(tx, organ, &book.figures).await?;
    told::annul(tx, organ, book.annulled()).await?;
    told::save(tx, organ, book.told()).await?;
    notice::save(tx, organ, &book.changed_notices()).await?;
    review::save(tx, organ, &book.docket().changed_reviews()).await?;
    appeal::save(tx, organ, &book.docket().changed_appeals()).await?;
    follow_up::save(tx, organ, &book.follow_ups).await?;
    issued::save(tx, organ, &book.changed_issued()).await?;
    accountability::save_conducts(tx, organ, &book.changed_conducts()).await?;
    accountability::save_files(tx, organ, &book.changed_files()).await?;
    directory::save(tx, organ, book.organs()).await?;
    let (mut keys, mut drafts) = (Vec::<NewKey>::new(), Vec::<Draft>::new());
    let mut erased = Vec::<Listed>::new();
    for write in writes {
        match write {
            Write::Key(key) => keys.push(key),
            Write::Text(draft) => drafts.push(draft),
            Write::Erase(listed) => erased.push(*listed),
        }
    }
    content::save(tx, organ, &keys, &drafts).await?;
    content::erase(tx, &erased, true).await
}
