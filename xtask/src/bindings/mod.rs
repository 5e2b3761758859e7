//! The packages for other languages: the library, what is generated from it, and what is written by hand
//! on top. Everything that is made lies under `target`.

pub(crate) mod android;
pub(crate) mod apple;
pub(crate) mod kotlin;
mod library;
pub(crate) mod phones;
pub(crate) mod swift;

pub(crate) use library::succeed;
