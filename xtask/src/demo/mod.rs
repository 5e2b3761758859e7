//! `cargo xtask demo`.

mod company;
