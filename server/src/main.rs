//! The `alumni-server` program.
fn main() {}
