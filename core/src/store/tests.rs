//! The store on its own: what is committed is what is loaded, and nothing else ever happens.

mod drafts;
mod durability;
mod media;
mod mirror;
mod random;
mod replicas;
mod salvage;
