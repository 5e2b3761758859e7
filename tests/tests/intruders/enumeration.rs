//! Whether an address has an account is told by no body, no status, no mail and no step of the server.

use crate::{SECRET, asks, refused, spends};
use enishi_protocol::{ErrorCode, Language, invitations::Fact, membership::Role, session::SignInStart};
use enishi_server::{
    accounts::{
        attempts::{self, Asker, Wish},
        codes::Code,
    },
    db::{Connection, DbError, Engine, Row, Scope, Value},
    error::Error,
    surroundings::{RealSurroundings, Surroundings},
};
use enishi_tests::{Place, Raw, TestServer, both_engines, waiting::until};
use serde_json::json;
use uuid::Uuid;

/// A connection that notes each statement, how much it was given, and whether it found or changed as much.
struct Noting<'a> {
    conn: &'a mut dyn Connection,
    steps: Vec<String>,
}

impl Connection for Noting<'_> {
    fn engine(&self) -> Engine {
        self.conn.engine()
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        let changed = self.conn.execute(sql, values)?;
        self.steps.push(format!("{sql} with {} changes {changed}", values.len()));
        Ok(changed)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let rows = self.conn.query(sql, values)?;
        self.steps.push(format!("{sql} with {}", values.len()));
        Ok(rows)
    }
}

/// The steps of asking for a code.
async fn steps(server: &TestServer, address: &str, asker: Asker) -> Vec<String> {
    let start = SignInStart {
        attempt: Uuid::new_v4().into(),
        secret_hash: "11".repeat(32),
        address: address.into(),
        language: Language::Ja,
    };
    let (wish, code) = (Wish::read(&start).unwrap(), Code::new(&RealSurroundings).unwrap());
    let run = move |conn: &mut dyn Connection| -> Result<Vec<String>, Error> {
        let mut noting = Noting { conn, steps: Vec::new() };
        let surroundings: &dyn Surroundings = &RealSurroundings;
        attempts::start(&mut noting, surroundings, &wish, &asker, &code)?;
        Ok(noting.steps)
    };
    server.write(Scope::Accounts, run).await.unwrap()
}

const KNOWN: &str = "known@example.jp";
const UNKNOWN: &str = "unknown@example.jp";

both_engines! {
    async fn known_and_unknown_addresses_do_the_same_steps_when_a_code_is_asked_for(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        server.admit(community, KNOWN, "佐藤 花子", Role::Member).await;
        let stranger = Raw::signed_in(&server, "stranger@example.jp").await;
        let token_hash = enishi_server::secrets::sha256(stranger.token.as_ref().unwrap().as_bytes());
        let askers = [
            Asker::default(),
            Asker { network: Some(vec![203, 0, 113, 9]), token_hash: None },
            Asker { network: None, token_hash: Some(token_hash) },
            Asker { network: None, token_hash: Some([0; 32]) },
        ];
        for asker in askers {
            let (known, unknown) = (steps(&server, KNOWN, asker.clone()).await, steps(&server, UNKNOWN, asker.clone()).await);
            assert_eq!(known, unknown, "{asker:?}");
            assert!(known.len() > 3 && known.last().unwrap().contains("INTO mail "), "the mail is queued last: {known:?}");
        }
    }

    async fn known_and_unknown_addresses_are_answered_and_mailed_alike(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        server.admit(community, KNOWN, "佐藤 花子", Role::Member).await;
        let (nobody, member) = (Raw::nobody(&server), Raw::signed_in(&server, "stranger@example.jp").await);
        for (who, path) in [(&nobody, "/v1/sign-in"), (&member, "/v1/addresses")] {
            let mut told = Vec::new();
            for address in [KNOWN, UNKNOWN] {
                let (attempt, before) = (Uuid::new_v4(), server.letters(address).len());
                let asked = who.post(path, &asks(attempt, address)).await;
                let headers: Vec<String> = asked.headers.keys().map(ToString::to_string).collect();
                let mail = until("the mail", async || server.letters(address).get(before).cloned()).await;
                // But for the code, the address and what the time makes of it.
                let shape = |text: &str| text.replace(address, "…").split(|letter: char| letter.is_ascii_alphanumeric()).collect::<String>();
                let wrong = spends(SECRET, "not it", Uuid::new_v4());
                let wrong = if path == "/v1/sign-in" {
                    nobody.post(&format!("{path}/{attempt}/code"), &wrong).await
                } else {
                    who.post(&format!("{path}/{attempt}/code"), &json!({ "secret": SECRET, "code": "not it" })).await
                };
                assert_eq!(refused(&wrong), Some(ErrorCode::CodeWrong));
                assert_eq!(server.letters(address).len(), before + 1, "one mail");
                told.push((asked.status, asked.bytes, headers, shape(&mail.1), wrong.bytes));
            }
            assert_eq!(told[0], told[1], "{path}");
        }
    }

    async fn what_waits_for_a_code_is_kept_alike(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        server.admit(community, KNOWN, "佐藤 花子", Role::Member).await;
        let nobody = Raw::nobody(&server);
        let mut attempts = Vec::new();
        for address in [KNOWN, UNKNOWN] {
            let attempt = Uuid::new_v4();
            nobody.post("/v1/sign-in", &asks(attempt, address)).await;
            attempts.push(attempt);
        }
        let read = move |conn: &mut dyn Connection| -> Result<Vec<(usize, usize)>, Error> {
            let mut kept = Vec::new();
            for attempt in attempts {
                let sql = "SELECT code_salt, code_hash FROM sign_in_attempt WHERE id = $1";
                let row = conn.first(sql, enishi_server::values![attempt])?.unwrap();
                let (salt, hash): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
                assert!(salt.iter().any(|byte| *byte != 0) && hash.iter().any(|byte| *byte != 0), "a slow hash of its own");
                kept.push((salt.len(), hash.len()));
            }
            Ok(kept)
        };
        assert_eq!(server.write(Scope::Accounts, read).await.unwrap(), [(16, 32); 2]);
    }
}
