//! What `duban up` does with an instance that serves: imports the organs, plays the demo.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{DevKey, Principal, Role};
use indicatif::{ProgressBar, ProgressStyle};
use ledger::{Clock, TurnedClock};
use server::Ids as _;
use tonic::transport::Channel;

use super::{UpError, told};
use crate::client::{Bearer, Endpoint, Target, connect};
use crate::data::DataDir;
use crate::demo::{self, Cast, Period};
use crate::instance::Instance;
use crate::organs::{self, ImportError};
use crate::place::Service;

/// How long a token for the import is valid.
const SHORTLY: Duration = Duration::from_mins(5);

/// An instance that serves, and how to call it.
pub(super) struct Live<'a> {
    pub(super) data: &'a DataDir,
    pub(super) instance: &'a Instance,
    pub(super) key: DevKey,
    pub(super) clock: Arc<dyn Clock>,
}

impl Live<'_> {
    /// Imports the organs where none are known; gives how many were imported.
    pub(super) async fn import_directory(&self, file: Option<&Path>) -> Result<usize, ImportError> {
        let organs = organs::of_file(file)?;
        let routing = self.call(Service::Routing, organs::centre(&organs), Role::DirectoryAdmin).await?;
        if organs::are_known(routing.clone()).await? {
            return Ok(0);
        }
        let (count, id) = (organs.len(), server::RandomIds.new_id(self.clock.now()).to_string());
        organs::import(routing, organs, id).await?;
        if self.instance.knows_organs(count).await { Ok(count) } else { Err(ImportError::NotHeard) }
    }

    /// Plays the period, and lets the clock go on from now.
    pub(super) async fn play(
        &self,
        clock: &Arc<TurnedClock>,
        period: Period,
        say: &(dyn Fn(&str) + Sync),
    ) -> Result<(), UpError> {
        let organs = organs::of_file(None)?;
        let rules = self.instance.rules();
        let cast = Cast::new(self.channels().await?, self.key.clone(), period.start);
        let bar = bar(period);
        let progress = |at: jiff::Timestamp| bar.set_position(days(period.start, at));
        let directory = directory::Directory::new(organs);
        let calendar = Arc::clone(&rules.calendar);
        let played = demo::play(cast, Arc::clone(clock), &directory, calendar, period, &progress).await;
        bar.finish_and_clear();
        // From here on it is the machine's time.
        clock.set(crate::wall::now());
        clock.go();
        say(&told::played(&played?, self.data));
        Ok(())
    }

    async fn channels(&self) -> Result<[Channel; 3], ImportError> {
        let places = self.instance.places();
        let to = async |service| Target::new(places.url(service)).channel().await;
        Ok([to(Service::Intake).await?, to(Service::Routing).await?, to(Service::Supervision).await?])
    }

    async fn call(&self, service: Service, organ: &str, role: Role) -> Result<Endpoint, ImportError> {
        let principal = Principal::new("duban up", organ, [role]);
        let token = self.key.mint(&principal, self.clock.now(), SHORTLY)?;
        let target = Target::new(self.instance.places().url(service));
        Ok(connect(&target, Bearer::new(&token)?).await?)
    }
}

fn days(from: jiff::Timestamp, to: jiff::Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_hours() / 24).unwrap_or_default()
}

fn bar(period: Period) -> ProgressBar {
    let bar = ProgressBar::new(days(period.start, period.end));
    if let Ok(style) =
        ProgressStyle::with_template("playing the days before now  {bar:40} day {pos} of {len}")
    {
        bar.set_style(style);
    }
    bar
}
