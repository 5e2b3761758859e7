//! The registry: the company's records of the people who left, entry by entry.
//!
//! It never reaches another member, and nothing in it sets or changes a member's sign-in address.

pub mod columns;
pub mod date;
pub mod entry;
pub mod import;
pub mod matching;
pub mod sheet;

pub use entry::Entry;
