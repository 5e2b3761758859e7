//! The feed: the mirror, and the outbox laid over it.

mod commands;
mod laid;
mod search;
mod windows;
