//! Phones with memory pages of 16 KB load only libraries that were linked for them.
#![allow(clippy::print_stdout, reason = "a build script speaks to cargo so")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if target("OS") == "android" && target("POINTER_WIDTH") == "64" {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,max-page-size=16384");
    }
}
