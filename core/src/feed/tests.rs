//! The feed: the mirror, and the outbox laid over it.

mod bookmarks;
mod commands;
mod laid;
mod older;
mod search;
mod windows;
