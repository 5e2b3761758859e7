//! Guessing invitation codes and sign-in codes, over several processes and from networks that are made up.

use crate::{another, asks, code_for, is_long, processes, refused, spends};
use enishi_protocol::{
    CommunityId, EntryId, ErrorCode, InvitationId, MemberId,
    invitations::{Fact, link_code, printed_code},
    limits::{CODES_A_DAY, PRINTED_MISSES_IN_ALL, PRINTED_MISSES_PER_NETWORK, TRIES},
    membership::{Affiliation, Role},
};
use enishi_server::{
    db::{Connection, Scope},
    error::Error,
    invitations::{self, Making, code, guessing},
    surroundings::{RealSurroundings, Surroundings},
    writing::Writing,
};
use enishi_tests::{Place, Raw, TestServer, both_engines, raw::JSON};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// A guess at one of the doors that take an invitation's code. What came of it: a hit, or why not.
async fn guess(raw: &Raw, number: usize, code: &str, from: &str) -> Option<ErrorCode> {
    // What a client says of itself stands before what the proxy adds.
    let forwarded = format!("10.{}.{}.7, {from}", number % 250, number / 250 % 250);
    let headers = [JSON[0], ("x-forwarded-for", forwarded.as_str())];
    let name = json!({ "family": "誰か" });
    let (method, path, body) = match number % 4 {
        0 => (Method::GET, format!("/v1/invitations/{code}"), json!(null)),
        1 => (Method::POST, format!("/v1/invitations/{code}/accept"), json!({ "id": Uuid::new_v4(), "name": name })),
        2 => (Method::POST, "/v1/recoveries".into(), json!({ "id": Uuid::new_v4(), "code": code, "name": name })),
        _ => (Method::GET, format!("/i/{code}"), json!(null)),
    };
    let answer = raw.call(method, &path, &headers, serde_json::to_vec(&body).unwrap()).await;
    if answer.status.is_success() {
        return None;
    }
    match answer.status.as_u16() {
        404 => Some(ErrorCode::InvitationUnknown),
        429 => Some(ErrorCode::RateLimited),
        status => panic!("{path}: {status} {}", String::from_utf8_lossy(&answer.bytes)),
    }
}

/// A code that is as long as a real one, and is none: the same every time.
fn printed(number: usize) -> String {
    let hash = enishi_server::secrets::sha256(&number.to_be_bytes());
    printed_code(u64::from_be_bytes(hash[..8].try_into().unwrap()))
}

fn linked(number: usize) -> String {
    let hash = enishi_server::secrets::sha256(&number.to_be_bytes());
    link_code(u128::from_be_bytes(hash[..16].try_into().unwrap()))
}

/// The path of a code in a link or a printed letter, as somebody types it.
fn code_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

/// Makes an invitation whose code is printed, for an entry.
async fn letter(server: &TestServer, community: CommunityId, inviter: MemberId, entry: EntryId) -> String {
    let code = code::new_printed(&RealSurroundings);
    let making = Making {
        id: InvitationId(Uuid::new_v4()),
        code_hash: code::hash(&code),
        inviter,
        entry: Some(entry),
        affiliation: Affiliation::Alumnus,
        uses: 1,
        days: 30,
        note: String::new(),
        printed: true,
        quiet: false,
        to_company: false,
    };
    let make = move |conn: &mut dyn Connection| -> Result<(), Error> {
        Writing::by_server(conn, &RealSurroundings, community, |writing| invitations::make(writing, &making))?;
        Ok(())
    };
    server.write(Scope::Community(community), make).await.unwrap();
    code
}

both_engines! {
    async fn no_invitation_is_guessed_and_whoever_guesses_is_held_up(place: Place) {
        let servers = processes(&place).await;
        let community = servers[0].community("縁商事", Fact::BirthDate).await;
        let owner = servers[0].admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        servers[0].registry(community, &[("A-1", "佐藤 花子", "1980-04-01")]).await;
        let link = servers[0].invite(community, owner, None).await;
        let mut raws = Vec::new();
        for server in &servers {
            raws.push(Raw::signed_in(server, "guesser@example.jp").await);
        }
        let raw = |number: usize| &raws[number / 4 % raws.len()];

        // One network, by all doors of all processes.
        let mut unknown = 0;
        for number in 0..200 {
            match guess(raw(number), number, &printed(number), "203.0.113.9").await {
                None => panic!("{} is an invitation", printed(number)),
                Some(ErrorCode::InvitationUnknown) => unknown += 1,
                Some(_) => {}
            }
        }
        assert_eq!(unknown, PRINTED_MISSES_PER_NETWORK, "whatever it says of itself");

        // Very many networks. The short form begins where they have missed nearly as often as is allowed.
        let guesses = if is_long() { 100_000 } else { 600 };
        if !is_long() {
            let missed = |conn: &mut dyn Connection| {
                let now_us = RealSurroundings.now_us();
                (0..PRINTED_MISSES_IN_ALL - 200).try_for_each(|_| guessing::missed(conn, now_us, None))
            };
            servers[0].write(Scope::Accounts, missed).await.unwrap();
        }
        let (mut unknown, mut held_up) = (0, 0);
        for number in 200..200 + guesses {
            let from = format!("198.{}.{}.{}", 18 + number % 2, number / 2 % 30, number / 60 % 5);
            match guess(raw(number), number, &printed(number), &from).await {
                None => panic!("{} is an invitation", printed(number)),
                Some(ErrorCode::InvitationUnknown) => unknown += 1,
                Some(_) => held_up += 1,
            }
        }
        let networks = 300;
        assert!(unknown < PRINTED_MISSES_IN_ALL + networks, "{unknown} misses");
        assert!(held_up > 0, "all together are held up");

        // A link is found by those who have it, however much is guessed: it is too long to be guessed for.
        for number in 0..if is_long() { 100_000 } else { 300 } {
            assert_eq!(guess(raw(number), number, &linked(number), "203.0.113.9").await, Some(ErrorCode::InvitationUnknown));
        }
        assert_eq!(guess(raw(0), 0, code_of(&link), "203.0.113.9").await, None);
        // And a letter by whoever types it right, in a network that has missed nothing.
        let entry = servers[0].entry(community, "A-1").await;
        let typed = letter(&servers[0], community, owner, entry).await;
        assert_eq!(guess(raw(0), 0, &typed, "192.0.2.77").await, None);
    }

    async fn a_sign_in_code_has_five_tries_and_an_address_ten_codes_a_day_over_all_processes(place: Place) {
        let servers = processes(&place).await;
        let raws: Vec<Raw> = servers.iter().map(Raw::nobody).collect();
        let address = "victim@example.jp";
        let (attempt, code) = code_for(&servers[0], &raws[0], address).await;
        let path = format!("/v1/sign-in/{attempt}/code");
        let mut answers = Vec::new();
        for number in 0..8 {
            let from = format!("203.0.{number}.9");
            let body = serde_json::to_vec(&spends(crate::SECRET, &another(&code, number + 1), Uuid::new_v4())).unwrap();
            let headers = [JSON[0], ("x-forwarded-for", from.as_str())];
            answers.push(refused(&raws[number % raws.len()].call(Method::POST, &path, &headers, body).await));
        }
        let tries = usize::try_from(TRIES).unwrap();
        assert_eq!(answers[..tries], vec![Some(ErrorCode::CodeWrong); tries]);
        assert_eq!(answers[tries..], vec![Some(ErrorCode::CodeExpired); 8 - tries]);
        let right = raws[0].post(&path, &spends(crate::SECRET, &code, Uuid::new_v4())).await;
        assert_eq!(refused(&right), Some(ErrorCode::CodeExpired), "nor the right one any more");

        // All day long, from everywhere: the hour's limit, and then the day's.
        let mut sent = 0;
        // From the first minute of a day on, so that it is one day for all of it.
        let day = Duration::from_hours(24);
        for server in &servers {
            let now = u64::try_from(server.clock().now_us()).unwrap();
            let day = u64::try_from(day.as_micros()).unwrap();
            server.clock().pass(Duration::from_micros(day - now % day));
        }
        for hour in 0..20 {
            for number in 0..4 {
                let from = format!("198.51.{hour}.{number}");
                let body = serde_json::to_vec(&asks(Uuid::new_v4(), address)).unwrap();
                let headers = [JSON[0], ("x-forwarded-for", from.as_str())];
                let answer = raws[number % raws.len()].call(Method::POST, "/v1/sign-in", &headers, body).await;
                match refused(&answer) {
                    None => sent += 1,
                    other => assert_eq!(other, Some(ErrorCode::RateLimited)),
                }
            }
            for server in &servers {
                server.clock().pass(Duration::from_hours(1));
            }
        }
        assert_eq!(sent, CODES_A_DAY);
        for server in &servers {
            server.clock().pass(Duration::from_hours(5));
        }
        let answer = raws[0].post("/v1/sign-in", &asks(Uuid::new_v4(), address)).await;
        assert_eq!(refused(&answer), None, "the next day");
    }

    async fn of_twenty_who_redeem_one_invitation_at_once_one_is_in(place: Place) {
        let servers = processes(&place).await;
        let community = servers[0].community("縁商事", Fact::BirthDate).await;
        let owner = servers[0].admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        servers[0].registry(community, &[("A-1", "佐藤 花子", "1980-04-01")]).await;
        let entry = servers[0].entry(community, "A-1").await;
        for bound in [Some(entry), None] {
            let link = servers[0].invite(community, owner, bound).await;
            let path = format!("/v1/invitations/{}/accept", code_of(&link));
            let mut all = Vec::new();
            for number in 0..20 {
                let raw = Raw::signed_in(&servers[number % servers.len()], &format!("{number}.{}@example.jp", bound.is_some())).await;
                all.push((raw, Uuid::new_v4()));
            }
            let redeemed: Vec<_> = all.into_iter().map(|(raw, id)| {
                let path = path.clone();
                tokio::spawn(async move {
                    let name = json!({ "family": "佐藤", "given": "花子" });
                    raw.post(&path, &json!({ "id": id, "name": name, "fact": "1980-04-01" })).await
                })
            }).collect();
            let mut outcomes = Vec::new();
            for answer in redeemed {
                let answer = answer.await.unwrap();
                outcomes.push(match refused(&answer) {
                    None => answer.json()["outcome"].as_str().unwrap().to_owned(),
                    Some(code) => format!("{code:?}"),
                });
            }
            let taken = outcomes.iter().filter(|outcome| ["joined", "waiting"].contains(&outcome.as_str())).count();
            assert_eq!(taken, 1, "{bound:?}: {outcomes:?}");
            assert!(bound.is_none() || outcomes.contains(&"joined".into()), "{outcomes:?}");
        }
    }
}
