use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::{
    Translate,
    pace::{self, Pace},
    page::{Applier, Followed, Halt},
};
use crate::{
    Cause, Domain, Incoming, Organ, Position, Source, Writer,
    clock::from_micros,
    entry::Entry,
    store::{
        entry,
        mailbox::{self, Behind},
    },
};

/// Entries of one mailbox taken at once.
const PAGE: u32 = 200;
/// Mailboxes read at once.
const AT_ONCE: usize = 8;
/// How often mailboxes are looked at in any case: other processes write as well.
const LOOK: Duration = Duration::from_secs(1);

/// Follows the mailboxes inside a service: entries addressed to another organ take effect in that organ's ledger.
///
/// Runs until `shutdown`.
pub async fn follow_mailboxes<D: Domain, T: Translate<D>>(
    writer: Writer<D>,
    translate: Arc<T>,
    shutdown: CancellationToken,
) {
    let mut addressed = writer.heads().addressed();
    let mut pace = Pace::new();
    loop {
        addressed.borrow_and_update();
        let more = match round(&writer, &translate, &shutdown).await {
            Ok(more) => {
                pace.reset();
                more
            }
            Err(error) => {
                tracing::warn!(service = %D::SERVICE, %error, "mailboxes can't be read");
                if !pace.wait(&shutdown).await {
                    return;
                }
                continue;
            }
        };
        if shutdown.is_cancelled() || !more && !pace::moved(&mut addressed, LOOK, &shutdown).await {
            return;
        }
    }
}

/// Takes a page of every mailbox that is behind; true where there may be more.
async fn round<D: Domain, T: Translate<D>>(
    writer: &Writer<D>,
    translate: &Arc<T>,
    shutdown: &CancellationToken,
) -> Result<bool, sqlx::Error> {
    let mut connection = writer.pool().acquire().await?;
    let behind = mailbox::behind(&mut connection, D::SERVICE.code()).await?;
    drop(connection);
    let taken: Vec<Result<bool, sqlx::Error>> = stream::iter(behind)
        .map(|behind| take(writer, translate, shutdown, behind))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    taken.into_iter().try_fold(false, |more, taken| Ok(more | taken?))
}

async fn take<D: Domain, T: Translate<D>>(
    writer: &Writer<D>,
    translate: &Arc<T>,
    shutdown: &CancellationToken,
    behind: Behind,
) -> Result<bool, sqlx::Error> {
    let Behind { organ, audience, read } = behind;
    let mut connection = writer.pool().acquire().await?;
    let entries = entry::mailbox_page(&mut connection, &organ, &audience, read.seq, PAGE).await?;
    drop(connection);
    let page: Vec<Followed> =
        entries.into_iter().filter_map(|entry| followed::<D>(entry, &audience)).collect();
    let mut applier = Applier {
        writer: writer.clone(),
        translate: Arc::clone(translate),
        source: Source { service: D::SERVICE, organ, mailbox: true },
        target: audience,
        cursor: read,
        shutdown: shutdown.clone(),
    };
    match applier.apply(&page).await {
        Ok(()) => Ok(page.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX)),
        Err(Halt::Stop) => Ok(false),
        Err(Halt::Astray) => Ok(true),
    }
}

fn followed<D: Domain>(entry: Entry, target: &Organ) -> Option<Followed> {
    let position = entry.position();
    let address = entry.address?;
    Some(Followed {
        at: Position { seq: address.seq, ..position },
        cause: Cause { service: D::SERVICE, organ: entry.organ.clone(), epoch: entry.epoch, seq: entry.seq },
        after: entry.cause,
        entry: Ok(Incoming {
            source: entry.organ,
            target: target.clone(),
            position,
            recorded_at: from_micros(entry.recorded_at),
            case: entry.case,
            actor: entry.actor.to_string(),
            kind: entry.kind.into_owned(),
            body: entry.body,
        }),
    })
}
