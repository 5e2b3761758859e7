//! Writing to the people of the registry, who are no members yet: invitations and reminders by mail, letters
//! to print, and who is never written to.
//!
//! Nobody gets more than one invitation and one reminder by mail, ever, and nobody who declined, objected or
//! died gets any. Everything that goes to an entry's address goes through [`third_party`].

pub mod declining;
pub mod inviting;
pub mod letter;
pub mod listing;
pub mod log;
pub mod segment;
pub mod suppression;
pub mod third_party;

#[cfg(test)]
mod tests;
