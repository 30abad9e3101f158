//! The migrations are compiled in: a changed one has to compile again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
