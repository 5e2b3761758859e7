//! A disk whose power can be cut, and that can be full.
//!
//! [`Disk::under`] watches the SQLite files below a folder, whoever opens them in this process: what is
//! written to them and not yet flushed is known. When the power is cut ([`Disk::cut_after`]) nothing
//! more can be written; [`Disk::restore`] then leaves on the real disk what a real one might hold: all
//! that was flushed, and of everything else any part, in sectors.
//!
//! [`Disk::full_after`] leaves room for so many writes; those after fail as on a full disk.

mod disk;
mod files;
mod vfs;

pub use disk::Disk;
