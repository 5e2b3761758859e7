//! Whoever has no right and tries: guesses codes, tells addresses apart, sends again what others sent.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

mod enumeration;
mod guessing;
mod replay;

use enishi_protocol::ErrorCode;
use enishi_tests::{Place, Raw, TestServer, raw::Answer};
use serde_json::{Value, json};
use uuid::Uuid;

/// Thirty-two bytes 0x11, and their SHA-256.
const SECRET: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const SECRET_HASH: &str = "02d449a31fbb267c8f352e9968a79e3e5fc95c1bbeaa502fd6454ebde5a4bedc";

/// Whether the long form was asked for, as `cargo xtask test --long` does.
fn is_long() -> bool {
    std::env::var_os("ENISHI_TEST_LONG").is_some()
}

/// The processes of a story: three on PostgreSQL, the one that SQLite allows.
async fn processes(place: &Place) -> Vec<TestServer> {
    let mut servers = Vec::new();
    for _ in 0..if place.database_url().is_some() { 3 } else { 1 } {
        // The tests' own machine stands for a proxy, so that calls can come from anywhere.
        servers.push(
            TestServer::start_with(place, |config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await,
        );
    }
    servers
}

/// What asks for a code.
fn asks(attempt: Uuid, address: &str) -> Value {
    json!({ "attempt": attempt, "secret_hash": SECRET_HASH, "address": address, "language": "ja" })
}

/// What spends a code.
fn spends(secret: &str, code: &str, device: Uuid) -> Value {
    json!({ "secret": secret, "code": code, "device": device, "device_name": "端末" })
}

/// Another code of six digits.
fn another(code: &str, by: usize) -> String {
    format!("{:06}", (code.parse::<usize>().unwrap() + by) % 1_000_000)
}

/// Asks for a code by mail and gives it with its attempt.
async fn code_for(server: &TestServer, raw: &Raw, address: &str) -> (Uuid, String) {
    let (attempt, before) = (Uuid::new_v4(), server.codes(address).len());
    assert_eq!(raw.post("/v1/sign-in", &asks(attempt, address)).await.code(), None);
    (attempt, server.code_after(address, before).await)
}

/// Whether an answer is an error of the server's own, and which.
fn refused(answer: &Answer) -> Option<ErrorCode> {
    if answer.status.is_success() { None } else { answer.code() }
}
