//! A file of leavers as it comes from an HR system: CSV, UTF-8 or CP932.
#![no_main]

use enishi_protocol::Language;
use enishi_server::registry::{import::Prepared, sheet::Sheet};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(sheet) = Sheet::read(bytes) else { return Corpus::Reject };
    let prepared = Prepared::of(&sheet);
    assert_eq!(prepared.entries.len() + prepared.refused.len(), sheet.rows.len(), "each row is one or the other");
    for (line, problem) in &prepared.refused {
        assert!(*line > 1, "the header is no row");
        for language in [Language::Ja, Language::En] {
            assert!(!problem.message(language).is_empty());
        }
    }
    Corpus::Keep
});
