//! Every operation of the OpenAPI document, asked by six who may not, with ids that are not theirs in path, query,
//! body and cursor: nobody is told a row, nobody changes one, and what exists is answered like what does not.
//!
//! An operation with a parameter or a field that is not known here fails, and so does a new kind of mutation.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

mod calls;
mod mutations;
mod row_security;
mod town;

use calls::Call;
use enishi_protocol::{ErrorCode, Operation, limits::MUTATIONS_PER_REQUEST};
use enishi_tests::{Place, Raw, both_engines, raw::Answer, waiting::in_time};
use serde_json::{Value, json};
use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};
use town::{Identity, Lies, Town, secret};
use uuid::Uuid;

/// What ends the session or the membership that asks: each is asked with a session of its own, at the end.
const ENDING: [&str; 4] = ["sign_out", "revoke_other_devices", "leave_community", "delete_account"];

/// A value's twin that nothing bears.
fn nowhere(value: &str) -> String {
    match value.len().checked_sub(36).filter(|_| value.is_ascii()).map(|start| value.split_at(start)) {
        Some((before, id)) if id.parse::<Uuid>().is_ok() => format!("{before}{}", Uuid::new_v4()),
        _ => format!("{}@example.org", Uuid::new_v4().simple()),
    }
}

/// Somebody who asks, and what is not theirs.
struct Asker<'a> {
    town: &'a Town,
    identity: Identity,
    raw: Raw,
    foreign: BTreeMap<&'static str, Vec<String>>,
    /// Words and ids that no answer may have.
    hidden: Vec<String>,
    numbers: Vec<i64>,
    asked: Cell<usize>,
}

/// One way to fill the places of a call.
struct Filling {
    /// What is foreign in it, with its twin.
    twins: BTreeMap<String, (String, String)>,
    number: i64,
}

impl<'a> Asker<'a> {
    async fn of(town: &'a Town, identity: Identity) -> Self {
        let foreign = town.foreign_to(identity);
        let ids = foreign.values().flatten().cloned();
        let hidden = town.secrets_from(identity).into_iter().chain(ids).collect();
        let (_, version) = town.here.author.present(town.here.id).await;
        let numbers = vec![0, version.0, i64::MAX];
        let raw = town.enter(identity).await;
        Self { town, identity, raw, foreign, hidden, numbers, asked: Cell::new(0) }
    }

    /// All ways to fill these places: each foreign by itself, and all at once, with each foreign id and number.
    fn fillings(&self, places: &[String]) -> Vec<Filling> {
        let named: Vec<&String> = places.iter().filter(|place| !place.starts_with('%')).collect();
        let values = |place: &str| self.foreign.get(&place[1..]).map_or(&[][..], Vec::as_slice);
        let mut some: Vec<Vec<&String>> = named.iter().map(|place| vec![*place]).collect();
        if named.len() > 1 {
            some.push(named.clone());
        }
        let one = [i64::MAX];
        let numbers = if places.iter().any(|place| place == "%number") { self.numbers.as_slice() } else { &one };
        let mut fillings = Vec::new();
        for foreign in some {
            let most = foreign.iter().map(|place| values(place).len()).max().unwrap_or_default();
            for (turn, number) in (0..most).flat_map(|turn| numbers.iter().map(move |number| (turn, *number))) {
                let twin = |place: &&String| {
                    let values = values(place);
                    let value = values.get(turn % values.len().max(1))?;
                    Some(((*place).clone(), (value.clone(), nowhere(value))))
                };
                fillings.push(Filling { twins: foreign.iter().filter_map(twin).collect(), number });
            }
        }
        fillings
    }

    /// What fills a place: the foreign value or its twin where it is foreign, else something of one's own.
    fn fill(&self, filling: &Filling, real: bool, place: &str) -> String {
        if let Some((foreign, twin)) = filling.twins.get(place) {
            return if real { foreign.clone() } else { twin.clone() };
        }
        let own = || self.town.home(self.identity).and_then(|home| home.own(&place[1..]));
        match place {
            "%number" => filling.number.to_string(),
            "%hash" => enishi_server::secrets::to_hex(&enishi_server::secrets::sha256(Uuid::new_v4().as_bytes())),
            "$address" => format!("{}@example.org", Uuid::new_v4().simple()),
            "$stream" => own().unwrap_or_else(|| "community".into()),
            _ => own().unwrap_or_else(|| Uuid::new_v4().to_string()),
        }
    }

    /// Sees that an answer has nothing in it that was not in the question.
    fn judge(&self, what: &str, question: &str, answer: &Answer) {
        self.asked.set(self.asked.get() + 1);
        let text = String::from_utf8_lossy(&answer.bytes);
        for hidden in self.hidden.iter().filter(|hidden| !question.contains(*hidden)) {
            assert!(!text.contains(hidden.as_str()), "{what} tells {:?} of {hidden}: {text}", self.identity);
        }
        assert!(!answer.status.is_server_error(), "{what}: {} {text}", answer.status);
        let passes = [Some(ErrorCode::RateLimited), Some(ErrorCode::Malformed)];
        if text.starts_with("{\"code\"") {
            assert!(!passes.contains(&answer.code()), "{what}: {text} proves nothing");
        }
    }

    async fn ask(&self, call: &Call, filling: &Filling, real: bool) -> (Answer, String) {
        let (path, headers, body) = call.with(&|place| self.fill(filling, real, place));
        let answer = self.raw.call(call.method.clone(), &path, &headers, body.clone()).await;
        let what = format!("{} {path} {}", call.name, String::from_utf8_lossy(&body));
        self.judge(&what, &what, &answer);
        (answer, what)
    }

    /// Asks in every way for what is foreign, and for what is nowhere.
    async fn ask_all(&self, call: &Call) {
        let places = call.places();
        let mut fillings = self.fillings(&places);
        if fillings.is_empty() {
            fillings.push(Filling { twins: BTreeMap::new(), number: i64::MAX });
        }
        for filling in &fillings {
            let (there, what) = self.ask(call, filling, true).await;
            if self.identity == Identity::Nobody && call.access != "public" {
                assert_eq!(there.code(), Some(ErrorCode::SignedOut), "{what}");
            }
            let made = filling.twins.keys().any(|place| place.starts_with('#'));
            if filling.twins.is_empty() || made {
                continue;
            }
            let (not_there, _) = self.ask(call, filling, false).await;
            let told =
                |answer: &Answer| (answer.status, Self::leveled(filling, &String::from_utf8_lossy(&answer.bytes)));
            assert_eq!(told(&there), told(&not_there), "{what}, asked by {:?}", self.identity);
        }
    }

    /// A text in which what is foreign and its twin are alike.
    fn leveled(filling: &Filling, text: &str) -> String {
        let pairs = filling.twins.values();
        pairs.fold(text.to_owned(), |text, (foreign, twin)| {
            text.replace(foreign.as_str(), "…").replace(twin.as_str(), "…")
        })
    }

    /// Sends every kind of mutation with foreign ids to the community that is one's own, and to the foreign one.
    async fn mutate(&self) {
        let Some(home) = self.town.home(self.identity) else { return };
        let (era, since) = self.raw.present(home.id).await;
        let mut sent: Vec<(String, Filling, [Value; 2])> = Vec::new();
        for (kind, body) in mutations::all() {
            let mut places = Vec::new();
            calls::places(&body, &mut places);
            places.sort();
            places.dedup();
            for filling in self.fillings(&places) {
                let mutation = |real| {
                    let body = calls::filled(&body, &|place| self.fill(&filling, real, place));
                    json!({ "id": Uuid::now_v7(), "since": since, "kind": kind, "body": body })
                };
                let pair = [mutation(true), mutation(false)];
                sent.push((format!("{kind} {}", pair[0]["body"]), filling, pair));
            }
        }
        let mut outcomes = BTreeMap::new();
        for some in sent.chunks(MUTATIONS_PER_REQUEST / 2) {
            let mutations: Vec<&Value> = some.iter().flat_map(|(_, _, pair)| pair).collect();
            let ask: Vec<&Value> = mutations.iter().map(|mutation| &mutation["id"]).collect();
            let body = json!({ "community": home.id, "era": era, "mutations": mutations, "ask": ask, "streams": [] });
            let answer = self.raw.post("/v1/sync", &body).await;
            self.judge("mutations", &body.to_string(), &answer);
            assert!(answer.status.is_success(), "{}", answer.json());
            assert_eq!(answer.json().get("undecided"), None);
            for result in answer.json()["results"].as_array().unwrap() {
                let outcome = match result["outcome"]["accepted"]["streams"].as_object() {
                    Some(streams) => json!(streams.keys().collect::<Vec<_>>()),
                    None => result["outcome"].clone(),
                };
                outcomes.insert(result["mutation"].as_str().unwrap().to_owned(), outcome.to_string());
            }
        }
        for (what, filling, [there, not_there]) in &sent {
            let outcome = |of: &Value| Self::leveled(filling, &outcomes[of["id"].as_str().unwrap()]);
            let made = filling.twins.keys().any(|place| place.starts_with('#'));
            assert!(
                made || outcome(there) == outcome(not_there),
                "{what} by {:?}: {} and {}",
                self.identity,
                outcome(there),
                outcome(not_there)
            );
            assert!(!outcome(there).contains("malformed"), "{what}: {} proves nothing", outcome(there));
        }
    }

    /// Follows foreign streams beside one's own, until something of one's own has come.
    async fn follow(&self) {
        let Some(home) = self.town.home(self.identity) else { return };
        let own = self.raw.sync(&enishi_tests::raw::bare(home.id)).await;
        let mut streams = vec![json!({ "stream": "community", "grant": own.roots.community, "cursor": own.version })];
        for stream in &self.foreign["stream"] {
            for number in &self.numbers {
                streams.push(json!({ "stream": stream, "grant": number, "cursor": own.version }));
            }
        }
        let body = json!({ "community": home.id, "era": own.era, "streams": streams });
        let mut events = self.raw.live(&body).await;
        assert!(events.status().is_success());
        home.say_in_the_group().await;
        let told = Uuid::new_v4().to_string();
        home.say_to_all(&told).await;
        let mut heard = String::new();
        while !heard.contains(&told) {
            let piece = in_time("what was said to all", events.chunk()).await.unwrap().expect("the connection goes on");
            heard += &String::from_utf8_lossy(&piece);
        }
        let answer = Answer { status: events.status(), headers: events.headers().clone(), bytes: heard.into_bytes() };
        self.judge("live", &body.to_string(), &answer);
    }
}

#[test]
fn every_kind_of_mutation_is_sent_with_foreign_ids_or_names_nothing() {
    let known: BTreeSet<_> =
        mutations::all().into_iter().map(|(kind, _)| kind).chain(mutations::WITHOUT_IDS.iter().copied()).collect();
    assert_eq!(known, Operation::KINDS.iter().copied().collect());
}

both_engines! {
    async fn six_who_ask_for_what_is_not_theirs_are_told_no_row_and_change_none(place: Place) {
        let town = Town::at(&place).await;
        let calls = calls::all();
        for identity in Identity::ALL {
            town.forget_tries().await;
            let asker = Asker::of(&town, identity).await;
            let before = town.what_is_not_theirs(identity).await;
            for call in calls.iter().filter(|call| !ENDING.contains(&call.name.as_str()) && call.name != "live") {
                asker.ask_all(call).await;
            }
            for call in calls.iter().filter(|call| call.name == "live" && !identity.is_inside()) {
                for filling in asker.fillings(&["$community".into(), "$era".into(), "$stream".into()]) {
                    if filling.twins.contains_key("$community") {
                        let (answer, what) = asker.ask(call, &filling, true).await;
                        assert!(answer.status.is_client_error(), "{what}");
                    }
                }
            }
            asker.mutate().await;
            for name in ENDING {
                let call = calls.iter().find(|call| call.name == name).unwrap();
                Asker::of(&town, identity).await.ask_all(call).await;
            }
            assert!(asker.asked.get() > 100, "{identity:?} asked {} times", asker.asked.get());
            let after = town.what_is_not_theirs(identity).await;
            assert!(before.keys().eq(after.keys()) && before.len() > 10);
            for (table, rows) in &after {
                assert_eq!(&before[table], rows, "{identity:?} changed {table}");
            }
        }
    }

    async fn whoever_follows_streams_that_are_not_theirs_hears_only_their_own(place: Place) {
        let town = Town::at(&place).await;
        for identity in Identity::ALL {
            Asker::of(&town, identity).await.follow().await;
        }
    }

    async fn the_secrets_are_there_for_whoever_may_read_them(place: Place) {
        let town = Town::at(&place).await;
        for community in [&town.here, &town.there] {
            let whole = community.whole().await;
            for lies in Lies::ALL {
                assert!(whole.contains(&secret(lies, community.mark)), "{lies:?} of {}", community.mark);
            }
        }
        let moderator = town.enter(Identity::Moderator).await;
        let desk = json!({ "stream": format!("desk:{}", town.here.id), "page": "start" });
        let read = moderator.post("/v1/sync", &json!({ "community": town.here.id, "streams": [desk] })).await;
        assert!(String::from_utf8_lossy(&read.bytes).contains(&secret(Lies::Desk, town.here.mark)));
    }
}
