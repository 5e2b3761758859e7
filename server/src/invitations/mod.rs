//! Invitations: the way into a community. Only hashes of codes are stored, and reading one changes nothing.

pub mod code;
