//! An archive comes in as if its people had written it here, at their time.

use super::{Counts, finish, import, read};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    error::Error,
    testing::{Village, World},
};
use enishi_protocol::{ErrorCode, archive::Record};

const MADE: i64 = 1_700_000_000_000_000;

fn id(number: u32) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

fn archive() -> String {
    let member = |number, family: &str, role: &str| {
        format!(
            r#"{{"record":"member","id":"{}","name":{{"family":"{family}"}},"role":"{role}","affiliation":"alumnus","standing":"active","joined_us":{MADE},"profile":{{"department":{{"value":"校正室","audience":"everyone"}}}}}}"#,
            id(number)
        )
    };
    let (one, two) = (id(1), id(2));
    [
        format!(r#"{{"record":"archive","version":1,"community":"縁商事","made_us":{MADE}}}"#),
        member(1, "佐藤", "owner"),
        member(2, "鈴木", "member"),
        format!(
            r#"{{"record":"group","id":"{}","name":"釣り","joining":"invitation","secret":true,"created_us":{MADE},"members":[{{"member":"{one}","keeper":true,"joined_us":{MADE}}},{{"member":"{two}","joined_us":{MADE}}}]}}"#,
            id(10)
        ),
        format!(
            r#"{{"record":"post","id":"{}","group":"{}","author":"{two}","text":"大物でした","created_us":{}}}"#,
            id(20),
            id(10),
            MADE + 1
        ),
        format!(
            r#"{{"record":"post","id":"{}","author":"{one}","text":"退職しました","created_us":{},"pinned":true,"comments":[{{"id":"{}","author":"{two}","text":"お疲れさまでした","created_us":{}}}],"reactions":{{"👍":["{two}"]}},"poll":{{"options":["はい","いいえ"],"closes_us":{},"votes":{{"{one}":[0],"{two}":[1]}}}}}}"#,
            id(21),
            MADE + 2,
            id(30),
            MADE + 3,
            MADE + 9
        ),
    ]
    .join("\n")
}

async fn bring(village: &Village, text: &str) -> Counts {
    let archive = read(text).unwrap();
    assert_eq!(archive.bad, Vec::<usize>::new());
    bring_records(village, archive.records).await
}

async fn bring_records(village: &Village, records: Vec<(usize, Record)>) -> Counts {
    let community = village.community;
    let work = move |conn: &mut dyn crate::db::Connection, clock: &dyn crate::surroundings::Surroundings| {
        import(conn, clock, community, &records).map_err(Error::from)
    };
    village.world.write(village.scope(), work).await.unwrap()
}

both_engines! {
    async fn people_groups_and_posts_come_with_their_times(db: TestDatabase) {
        let village = World::new(&db).community().await;
        let counts = bring(&village, &archive()).await;
        let wanted = Counts { members: 2, groups: 1, posts: 2, comments: 1, reactions: 1, ..Counts::default() };
        assert_eq!(counts, wanted);
        let count = |sql| village.number(sql);
        assert_eq!(count("SELECT created_us FROM post WHERE text = '退職しました'").await, MADE + 2);
        assert_eq!(count("SELECT created_us FROM comment").await, MADE + 3);
        assert_eq!(count("SELECT pinned FROM post WHERE text = '退職しました'").await, 1);
        assert_eq!(count("SELECT count(*) FROM poll_vote").await, 2);
        assert_eq!(count("SELECT members FROM poll_count WHERE choice = -1").await, 2);
        assert_eq!(count("SELECT members FROM group_").await, 2);
        assert_eq!(count("SELECT count(*) FROM profile_field WHERE value = '校正室'").await, 2);
        // No file makes anybody an owner, and nobody can sign in by what a file says.
        assert_eq!(count("SELECT count(*) FROM member WHERE role = 'owner'").await, 1);
        assert_eq!(count("SELECT count(*) FROM address").await, 1);
    }

    async fn doing_it_again_changes_nothing(db: TestDatabase) {
        let village = World::new(&db).community().await;
        bring(&village, &archive()).await;
        let version = village.number("SELECT version FROM community").await;
        assert_eq!(bring(&village, &archive()).await, Counts { known: 5, ..Counts::default() });
        assert_eq!(village.number("SELECT version FROM community").await, version);
    }

    async fn a_record_that_cannot_come_in_leaves_nothing_and_stops_no_other(db: TestDatabase) {
        let village = World::new(&db).community().await;
        let stranger = id(99);
        let text = archive().replace(&format!(r#""id":"{}","author":"{}""#, id(30), id(2)), &format!(r#""id":"{}","author":"{stranger}""#, id(30)));
        let counts = bring(&village, &text).await;
        assert_eq!(counts.refused, [(6, ErrorCode::NotFound)]);
        assert_eq!((counts.members, counts.posts, counts.comments), (2, 1, 0));
        assert_eq!(village.number("SELECT count(*) FROM post").await, 1);
        // What the archive mends comes in later.
        assert_eq!(bring(&village, &archive()).await.posts, 1);
    }

    async fn an_import_begins_a_new_era(db: TestDatabase) {
        let village = World::new(&db).community().await;
        let community = village.community;
        let era = move |conn: &mut dyn crate::db::Connection| crate::directory::community(conn, community);
        let before = db.read(village.scope(), era).await.unwrap().unwrap().era;
        village.world.write(village.scope(), move |conn, clock| Ok(finish(conn, clock, community)?)).await.unwrap();
        let after = db.read(village.scope(), era).await.unwrap().unwrap().era;
        assert_ne!(before, after);
    }
}

#[test]
fn a_file_of_something_else_is_not_read() {
    assert!(read("").is_err());
    assert!(read("社員番号,氏名").is_err());
    assert!(read(r#"{"record":"archive","version":2,"community":"x","made_us":0}"#).is_err());
    let text = archive() + "\nnot json\n\n{\"record\":\"from the future\"}\n";
    let archive = read(&text).unwrap();
    assert_eq!((archive.records.len(), archive.bad), (5, vec![7, 9]));
}
