//! The machine's clock, for what no service's clock is there for.

use jiff::Timestamp;
use ledger::{Clock as _, SystemClock};

/// Now, by the machine.
pub(crate) fn now() -> Timestamp {
    SystemClock::default().now()
}
