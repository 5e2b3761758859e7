//! Links of invitations and of waiting devices, and codes, as people paste and type them.
#![no_main]

use enishi_core::account::link::{ApprovalLink, InvitationLink};
use enishi_protocol::invitations::normal_code;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    drop(text.parse::<ApprovalLink>());
    let Ok(link) = text.parse::<InvitationLink>() else { return Corpus::Reject };
    assert_eq!(normal_code(&link.code).as_deref(), Some(link.code.as_str()), "a code has one form");
    let Some(server) = link.server else { return Corpus::Keep };
    assert!(server.to_string().starts_with("https://") || is_loopback(&server.to_string()), "{server}");
    let again: InvitationLink = format!("{server}/i/{}", link.code).parse().expect("what was read can be read again");
    assert_eq!((again.server.as_ref(), &again.code), (Some(&server), &link.code));
    Corpus::Keep
});

/// Plain HTTP goes to this very machine alone.
fn is_loopback(server: &str) -> bool {
    ["http://localhost", "http://127.", "http://[::1]"].iter().any(|loopback| server.starts_with(loopback))
}
