//! Prints the file of a case and its forms: PDF/A-2b with Chinese type, and JSON (articles 13, 16, 19).
//!
//! - [`gather`]: asks intake, routing and supervision with the caller's token, and puts their parts together. What the
//!   caller may not see is not in it.
//! - [`model`]: the file as it is printed; its JSON is both an output and what the templates read.
//! - [`figures`]: a report of figures with charts (5(3), 6(3)), asked of supervision.
//! - [`render`]: the templates (`templates/*.typ`), set by typst.
//! - [`Fonts`]: the type, which lies beside the program and is fetched by `services/print/fonts`.

pub mod cli;
pub mod figures;
mod fonts;
pub mod gather;
pub mod model;
mod notices;
pub mod render;
mod world;

pub use fonts::{Fonts, NoFonts};
