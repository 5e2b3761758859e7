//! `POST /v1/sync`: each line is a request of one of three members, decided and answered by the server's real logic.
#![no_main]

use enishi_protocol::{ErrorCode, sync::SyncRequest};
use enishi_tests::simulation::SimServer;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let requests = bytes.split(|byte| *byte == b'\n').take(8).map(serde_json::from_slice::<SyncRequest>);
    let requests: Vec<_> = requests.flatten().collect();
    if requests.is_empty() {
        return Corpus::Reject;
    }
    let mut server = SimServer::new(3, 4);
    for (number, mut request) in requests.into_iter().enumerate() {
        request.community = server.community;
        let member = server.members[number % server.members.len()];
        // It looks over what was written each time, and complains where a rule is broken.
        match server.handle(member, number, &request) {
            Ok(_) => {}
            Err(violation) => assert!(refused(&violation.0), "{}", violation.0),
        }
    }
    Corpus::Keep
});

/// Whether it is the request that is wrong, and is told so.
fn refused(why: &str) -> bool {
    ErrorCode::ALL.iter().any(|code| why == format!("refused: {}", code.as_str()))
}
