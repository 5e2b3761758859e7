//! Writes the Kotlin that calls the bindings, from the library that holds them. `cargo xtask kotlin` runs it.
//!
//! It knows nothing of the core, so it is built once, not whenever the core changes.

fn main() {
    uniffi::uniffi_bindgen_main();
}
