//! Callers that each ask again as soon as they are answered, and how long they wait.

use std::{
    error::Error,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

/// Not counted, at the beginning of a run.
const WARM_UP: Duration = Duration::from_secs(1);

/// Whatever ends the benchmark.
pub(crate) type Failed = Box<dyn Error + Send + Sync>;

/// One who asks, waits for the answer, and asks again.
pub(crate) trait Caller: Send + 'static {
    /// One call; `n` is a number that no other call has.
    fn call(&mut self, n: u64) -> impl Future<Output = Result<(), Failed>> + Send;
}

/// What a run came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Commands in a transaction, on average.
    pub(crate) together: f64,
}

/// Has all callers call for `during`, after a while that is not counted.
pub(crate) async fn measure<C: Caller>(callers: Vec<C>, during: Duration) -> Result<Measured, Failed> {
    let numbers = Arc::new(AtomicU64::new(1));
    let from = Instant::now() + WARM_UP;
    let mut running = JoinSet::new();
    for mut caller in callers {
        let numbers = Arc::clone(&numbers);
        running.spawn(async move {
            let mut waited = Vec::new();
            loop {
                let asked = Instant::now();
                if asked >= from + during {
                    return Ok::<_, Failed>(waited);
                }
                caller.call(numbers.fetch_add(1, Ordering::Relaxed)).await?;
                if asked >= from {
                    waited.push(asked.elapsed());
                }
            }
        });
    }
    let mut waited = Vec::new();
    while let Some(ended) = running.join_next().await {
        waited.extend(ended??);
    }
    waited.sort_unstable();
    let at = |percent: usize| waited.get(waited.len() * percent / 100).copied().unwrap_or_default();
    let count = u32::try_from(waited.len())?;
    Ok(Measured {
        per_second: f64::from(count) / during.as_secs_f64(),
        p50: at(50),
        p99: at(99),
        together: 1.0,
    })
}
