//! Chores that run beside the requests, in every process at once: each takes its work from the database.

pub mod mail;
