//! A disk whose power can be cut.
//!
//! [`Disk::under`] watches the SQLite files below a folder, whoever opens them in this process: what is
//! written to them and not yet flushed is known. When the power is cut ([`Disk::cut_after`]) nothing
//! more can be written; [`Disk::restore`] then leaves on the real disk what a real one might hold: all
//! that was flushed, and of everything else any part, in sectors.

mod disk;
mod files;
mod vfs;

pub use disk::Disk;
