//! schemathesis makes calls of the OpenAPI document, sound and unsound ones and chains of them, with a member's
//! session: whatever is sent, the server answers in its own words and with no 5xx.
//!
//! `cargo xtask test` runs this as a part of its own where the program is there (`ENISHI_TEST_SCHEMATHESIS`, or on the
//! path), and says so where it is not.
//! It is not told on two engines: it takes a while.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_protocol::{Operation, invitations::Fact, membership::Role};
use enishi_server::http::openapi;
use enishi_tests::{Place, Raw, TestServer, place};
use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Output},
};
use uuid::Uuid;

/// What ends the session of whoever calls, or lasts: called apart.
const APART: [&str; 6] =
    ["sign_out", "revoke_device", "revoke_other_devices", "delete_account", "leave_community", "live"];

/// Calls made of each operation, in each of the ways that the program has.
fn examples() -> u32 {
    if std::env::var_os("ENISHI_TEST_LONG").is_some() { 100 } else { 12 }
}

/// The program, where there is one.
fn program() -> Option<String> {
    let program = std::env::var("ENISHI_TEST_SCHEMATHESIS").unwrap_or_else(|_| "schemathesis".into());
    let found = Command::new(&program).arg("--version").output().is_ok_and(|said| said.status.success());
    found.then_some(program)
}

/// The document with ids that exist beside one that does not, so that calls find their way in.
fn document_of(what_is_there: &[(&str, Vec<Value>)]) -> Value {
    let mut document = serde_json::to_value(openapi::document()).unwrap();
    for (schema, values) in what_is_there {
        let schema = &mut document["components"]["schemas"][schema];
        assert!(schema.is_object(), "{what_is_there:?}");
        schema["enum"] = json!(values);
    }
    document["components"]["schemas"]["Mutation"]["properties"]["kind"]["enum"] = json!(Operation::KINDS);
    document
}

async fn run(program: String, server: &TestServer, raw: &Raw, document: &Path, choice: Vec<String>) -> Output {
    let mut command = Command::new(program);
    command.arg("run").arg(document).args(["--url", &format!("http://{}", server.address())]);
    command.args(["--header", &format!("Authorization: Bearer {}", raw.token.as_ref().unwrap())]);
    command.args(["--checks", "not_a_server_error", "--mode", "all", "--max-examples", &examples().to_string()]);
    command.args([
        "--phases",
        "examples,coverage,fuzzing,stateful",
        "--suppress-health-check",
        "all",
        "--warnings",
        "off",
    ]);
    command.args(["--continue-on-failure", "--no-shrink", "--request-timeout", "30", "--seed", "20241001"]);
    command.args(choice).current_dir(document.parent().unwrap());
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
}

/// Sees that nothing failed, and that it was not for want of trying.
fn assert_sound(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let generated = said.lines().find(|line| line.contains("generated")).unwrap_or_else(|| panic!("{said}"));
    assert!(!generated.trim().starts_with("0 "), "{said}");
}

async fn no_call_that_the_document_allows_or_forbids_is_answered_with_a_defect(place: Place) {
    let Some(program) = program() else {
        return;
    };
    let server = TestServer::start_with_files(&place).await;
    let community = server.community("縁商事", Fact::BirthDate).await;
    let member = server.admit(community, "hanako@example.jp", "佐藤 花子", Role::Owner).await;
    let raw = Raw::signed_in(&server, "hanako@example.jp").await;
    let post = raw.fill(community, 3, 2).await[0];
    let (era, _) = raw.present(community).await;
    let nothing = Uuid::from_u128(7);
    let there = [
        ("CommunityId", vec![json!(community), json!(nothing)]),
        ("PostId", vec![json!(post), json!(nothing)]),
        ("Era", vec![json!(era), json!(nothing)]),
        (
            "Stream",
            vec![
                json!("community"),
                json!(format!("member:{member}")),
                json!(format!("desk:{community}")),
                json!(format!("group:{nothing}")),
            ],
        ),
    ];
    let file = place.folder().join("openapi.json");
    std::fs::write(&file, serde_json::to_vec(&document_of(&there)).unwrap()).unwrap();
    let apart = APART.iter().flat_map(|name| ["--exclude-operation-id".to_owned(), (*name).to_owned()]).collect();
    assert_sound(&run(program.clone(), &server, &raw, &file, apart).await);
    assert!(raw.get("/v1/session").await.status.is_success(), "it was called with a session to the end");

    // Last what ends sessions, and what lasts where it begins: without ids that exist it does not.
    std::fs::write(&file, openapi::text().unwrap()).unwrap();
    let apart = APART.iter().flat_map(|name| ["--include-operation-id".to_owned(), (*name).to_owned()]).collect();
    assert_sound(&run(program, &server, &raw, &file, apart).await);
}

#[test]
fn no_call_that_the_document_allows_or_forbids_is_answered_with_a_defect_on_sqlite() {
    place::on_sqlite(no_call_that_the_document_allows_or_forbids_is_answered_with_a_defect);
}
