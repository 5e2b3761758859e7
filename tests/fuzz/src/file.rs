//! An uploaded picture or PDF, as the process takes it that looks into files.
#![no_main]

use enishi_protocol::media::AttachmentKind;
use enishi_server::media::worker;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if AttachmentKind::of_bytes(bytes).is_none() {
        return Corpus::Reject;
    }
    let mut said = Vec::new();
    worker::answer(&mut &*bytes, &mut said).expect("there is always an answer");
    assert!(said.starts_with(b"{"), "which begins with a line that says what it is");
    Corpus::Keep
});
