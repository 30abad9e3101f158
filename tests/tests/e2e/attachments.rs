//! The files of cases: originals sealed and on record, copies that tell nothing of who made them (9, 15).

mod access;
mod photo;
mod play;
mod privacy;
mod uploads;
mod worker;
