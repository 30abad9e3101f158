//! Starts a cluster in the directory given, says `ready`, and holds it until killed or until its input ends.

use std::error::Error;
use std::io::Read;

use postgres::embedded::{Cluster, Options};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::args_os().nth(1).ok_or("usage: hold DIRECTORY")?;
    let cluster = Cluster::start(dir, Options::default()).await?;
    println!("ready");
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    cluster.stop().await?;
    Ok(())
}
