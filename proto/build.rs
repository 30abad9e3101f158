//! Generates the Rust side of the contracts with protox, so that no `protoc` has to be installed.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;

const FILES: &[&str] = &[
    "duban/common/v1/common.proto",
    "duban/common/v1/error_reason.proto",
    "duban/common/v1/volume.proto",
    "duban/feed/v1/feed.proto",
    "duban/intake/v1/attachment.proto",
    "duban/intake/v1/delivery.proto",
    "duban/intake/v1/draft.proto",
    "duban/intake/v1/event.proto",
    "duban/intake/v1/instruction.proto",
    "duban/intake/v1/intake.proto",
    "duban/intake/v1/rating.proto",
    "duban/intake/v1/report.proto",
    "duban/intake/v1/retention.proto",
    "duban/intake/v1/urgency.proto",
    "duban/intake/v1/volume.proto",
    "duban/routing/v1/archive.proto",
    "duban/intake/v1/summary.proto",
    "duban/routing/v1/casework.proto",
    "duban/routing/v1/directory.proto",
    "duban/routing/v1/event.proto",
    "duban/routing/v1/joint.proto",
    "duban/routing/v1/investigation.proto",
    "duban/routing/v1/instrument.proto",
    "duban/routing/v1/received.proto",
    "duban/routing/v1/routing.proto",
    "duban/routing/v1/transfer.proto",
    "duban/supervision/v1/appeal.proto",
    "duban/supervision/v1/clock.proto",
    "duban/supervision/v1/accountability.proto",
    "duban/supervision/v1/event.proto",
    "duban/supervision/v1/review.proto",
    "duban/supervision/v1/follow_up.proto",
    "duban/supervision/v1/statistics.proto",
    "duban/supervision/v1/notice.proto",
    "duban/supervision/v1/supervision.proto",
    "duban/supervision/v1/watch.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=duban");
    let descriptors = protox::compile(FILES, ["."])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("duban.binpb"), descriptors.encode_to_vec())?;
    // Maps in order: a request encodes to the same bytes each time, which its fingerprint relies on.
    tonic_prost_build::configure().bytes(".").btree_map(".").compile_fds(descriptors)?;
    Ok(())
}
