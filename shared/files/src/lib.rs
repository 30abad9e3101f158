//! Files in object storage, sealed part by part under the data key of their case (article 15).
//!
//! - [`Files`] puts, reads, lists and deletes the parts of a [`Blob`]: each part is an object of its own, so that an upload
//!   goes on after its last durable part, and no file is ever whole in memory on its way.
//! - [`kind`] says what a file is by its content; its name is never believed.
//! - [`clean`] makes the copy that is passed on: without place, camera, author and history.
//!
//! A part is authenticated with its place: organ, case, file, number and count. A part that is missing, moved, cut off or
//! of another file does not open.

pub mod clean;
mod digest;
mod error;
pub mod kind;
mod part;
mod settings;
mod store;

pub use digest::Running;
pub use error::{FilesError, SettingsError};
pub use part::{Blob, PART_BYTES, count_of};
pub use settings::{S3, Storage};
pub use store::{Files, Found};
