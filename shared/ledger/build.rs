//! Embedded migrations are part of the crate: a new file makes it build again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
