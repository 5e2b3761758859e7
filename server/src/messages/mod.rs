//! Messages between members: conversations of two to fifty, each in the inboxes of those in it.
//!
//! What is written lies sealed, in the tables as in the inboxes. Only `sync` opens it, for the owner of an
//! inbox, and `reported` the messages that such an owner reports. No role reads it, no index holds it,
//! nothing here logs it. How one member reaches another is decided in `reach` alone.

mod belonging;
mod conversations;
mod erasing;
mod keys;
mod leftovers;
mod marks;
mod reach;
mod reported;
mod rows;
mod texts;
mod withheld;

pub use belonging::{decide, leave};
pub(crate) use belonging::{leave_one, note_leaver};
pub use conversations::{add, set_title, start};
pub(crate) use erasing::{can_erase, erase_all_of};
pub(crate) use keys::key_of;
pub use leftovers::sweep;
pub use marks::{mute, read, set_messaging};
pub(crate) use reported::held_by;
pub(crate) use texts::erase_message;
pub use texts::{delete_message, edit_message, write_message};

#[cfg(test)]
pub(crate) mod tests;
