//! The packages for other languages: the library, what is generated from it, and what is written by hand
//! on top. Everything that is made lies under `target`.

mod kotlin;
mod library;

pub(crate) use kotlin::{Options, jar, maven_missing, missing, native, run, test};
pub(crate) use library::succeed;
