//! What is written lies sealed, opens for the owner of an inbox alone, and its key goes with its last trace.

use super::{Circle, leave, messages, start};
use crate::{
    both_engines,
    db::{Database, Engine, Scope, Value, testing::TestDatabase},
    sealing::MessageKey,
    sync::{
        pull,
        tests::world::{Phone, World, query},
    },
    writing::Failure,
};
use enishi_protocol::{
    MutationId, Operation,
    messages::{ConversationTitling, MessageEdit},
};

/// Words that must lie nowhere.
const CANARY: &str = "カナリアcanary囀り";

/// Every value of every column of every table; on PostgreSQL each row as the text of it all.
async fn everything(world: &World) -> Vec<(String, Value)> {
    let (tables, row) = match world.db.engine() {
        Engine::Sqlite => ("SELECT name FROM sqlite_master WHERE type = 'table'", "*"),
        Engine::Postgres => (
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = CAST(current_schema() AS TEXT)
             AND tablename <> 'schema_migration'",
            "CAST(t AS TEXT)",
        ),
    };
    let read = move |conn: &mut dyn crate::db::Connection| -> Result<_, Failure> {
        let mut all = Vec::new();
        for table in conn.query(tables, &[])? {
            let table: String = table.get(0)?;
            for row in conn.query(&format!("SELECT {row} FROM {table} t"), &[])? {
                all.extend(row.0.into_iter().map(|value| (table.clone(), value)));
            }
        }
        Ok(all)
    };
    world.read(read).await.expect("read")
}

/// Whether a value holds the canary: as it is, escaped as in JSON, in hexadecimal as PostgreSQL writes bytes, or
/// spaced as in a search index.
fn sings(value: &Value) -> bool {
    let bytes = match value {
        Value::Text(text) => text.as_bytes(),
        Value::Bytes(bytes) => bytes,
        Value::Null | Value::Int(_) | Value::Id(_) => return false,
    };
    let hex = |text: &str| crate::secrets::to_hex(text.as_bytes());
    let forms = ["カナリア", "canary", "\\u30ab\\u30ca", "'カ'", "カ ナ"];
    let forms = forms.map(str::to_owned).into_iter().chain([hex("カナリア"), hex("canary"), hex("\\u30ab")]);
    forms.into_iter().any(|form| bytes.windows(form.len()).any(|at| at == form.as_bytes()))
}

async fn assert_nowhere(world: &World) {
    let everything = everything(world).await;
    for table in ["change", "message", "conversation"] {
        assert!(everything.iter().any(|(looked_into, _)| looked_into == table), "{table} was not looked into");
    }
    let found: Vec<_> = everything.iter().filter(|(_, value)| sings(value)).map(|(table, _)| table).collect();
    assert!(found.is_empty(), "words lie open in {found:?}");
}

both_engines! {
    async fn no_table_holds_what_was_written(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.tanaka], Some(CANARY))).await.into();
        let message = circle.say(circle.sato, id, CANARY).await;
        circle.say(circle.suzuki, id, &format!("{CANARY}も")).await;
        let edit = MessageEdit { message, base: MutationId(message.0), text: format!("{CANARY}を直した") };
        circle.world.can(circle.sato, &Operation::EditMessage(edit)).await;
        let titling = ConversationTitling { conversation: id, title: Some(format!("{CANARY}会")) };
        circle.world.can(circle.suzuki, &Operation::TitleConversation(titling)).await;
        let texts = circle.texts(circle.tanaka).await;
        assert_eq!(texts, [format!("{CANARY}を直した"), format!("{CANARY}も")]);
        assert_nowhere(&circle.world).await;
        // A post with the same words is found by the same look wherever it lies: it is able to see.
        circle.world.post(circle.sato, enishi_protocol::Stream::Community, CANARY).await;
        let everything = everything(&circle.world).await;
        let found: std::collections::BTreeSet<_> =
            everything.iter().filter(|(_, value)| sings(value)).map(|(table, _)| table.as_str()).collect();
        assert!(found.contains("post") && found.contains("change"), "{found:?}");
        assert!(found.iter().any(|table| table.starts_with("search_")), "{found:?}");
    }

    async fn without_the_message_key_nothing_opens_and_nothing_is_lost(db: TestDatabase) {
        let place = match db.place() {
            crate::db::testing::TestPlace::Folder(folder) => Err(folder.join("enishi.db")),
            crate::db::testing::TestPlace::Url(url) => Ok(url.clone()),
        };
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        circle.say(circle.sato, id, CANARY).await;
        let open = async || match &place {
            Ok(url) => Database::connect_postgres(url).await.expect("opened"),
            Err(path) => Database::open_sqlite(path).expect("opened"),
        };
        let (member, request) = (circle.suzuki, Phone::new(circle.suzuki).request(&circle.world));
        let pulled = async |db: Database| {
            let request = request.clone();
            db.read(Scope::Community(request.community), move |conn| pull::reply(conn, member, &request, None)).await
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(pulled(open().await).await.is_err());
        let wrong = open().await.with_key(MessageKey::of_bytes([8; 32]));
        assert!(pulled(wrong).await.is_err_and(|error| !error.to_string().contains(CANARY)));
        let right = open().await.with_key(MessageKey::of_bytes([7; 32]));
        assert!(text(&pulled(right).await.expect("opens")).contains(CANARY));
    }

    async fn a_sealed_change_put_into_another_inbox_stays_shut_and_harms_nobody(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.pair(circle.sato, circle.suzuki).await;
        circle.say(circle.sato, id, CANARY).await;
        let (from, to) = (circle.suzuki, circle.tanaka);
        let moved = circle.world.write(move |conn| {
            let values = crate::values![enishi_protocol::Stream::Member(from), enishi_protocol::Stream::Member(to)];
            Ok(conn.execute("UPDATE change SET stream = $2 WHERE stream = $1 AND kind = 'message'", values)?)
        });
        assert_eq!(moved.await, Ok(1));
        let phone = circle.phone(circle.tanaka).await;
        assert_eq!(messages(&phone).len(), 0);
        assert!(phone.state().values().any(|rows| !rows.is_empty()), "everything else is there");
    }

    async fn with_the_last_who_holds_a_conversation_its_key_and_words_are_gone(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let id = circle.world.can(circle.sato, &start(&[circle.suzuki, circle.takahashi], Some(CANARY))).await.into();
        circle.say(circle.sato, id, CANARY).await;
        let keys = "SELECT count(*) FROM conversation_key WHERE community = $1";
        let left = "SELECT (SELECT count(*) FROM conversation_key WHERE community = $1)
            + (SELECT count(*) FROM message WHERE community = $1)
            + (SELECT count(*) FROM conversation WHERE community = $1)
            + (SELECT count(*) FROM participant WHERE community = $1)
            + (SELECT count(*) FROM change WHERE community = $1 AND kind IN ('message', 'conversation') AND body IS NOT NULL)";
        for member in [circle.sato, circle.suzuki] {
            circle.world.can(member, &leave(id)).await;
            circle.sweep().await;
            assert_eq!(query(&circle.world, keys).await[0].get::<i64>(0), Ok(1));
        }
        circle.world.can(circle.takahashi, &leave(id)).await;
        circle.sweep().await;
        assert_eq!(query(&circle.world, left).await[0].get::<i64>(0), Ok(0));
    }
}
