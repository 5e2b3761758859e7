//! How the demo speaks: a line in Japanese, the same in English under it.

use std::time::Duration;

/// Begins a chapter.
pub(super) fn chapter(ja: &str, en: &str) {
    println!("\n■ {ja}\n  {en}");
}

/// Tells something.
pub(super) fn line(ja: &str, en: &str) {
    println!("  ・{ja}\n    {en}");
}

/// A duration: `38 ms`, `2.4 s`.
pub(super) fn time(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// Bytes for people: `812 KB`, `3.4 MB`.
#[allow(clippy::cast_precision_loss, reason = "shown with one digit")]
pub(super) fn bytes(count: u64) -> String {
    if count < 1_000_000 { format!("{} KB", count / 1_000) } else { format!("{:.1} MB", count as f64 / 1e6) }
}
