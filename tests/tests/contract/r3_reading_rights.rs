//! R3: reading rights are streams.

use crate::{
    ANN, BEN,
    town::{Town, post},
};
use enishi_protocol::{
    EntityKind, ErrorCode, Grant, GroupId, Operation, Position, PostId, Stream, Version,
    feed::{CommentWriting, PostEdit, PostMove},
    groups::{GroupCreation, GroupJoining, GroupLeaving, Joining},
    membership::{Audience, ProfileField, ProfileSetting},
    rules::Rule,
    sync::{LiveRequest, Place as PageAt, StreamRequest},
};
use enishi_server::{
    db::Connection,
    directory, feed,
    sync::{
        fan_out::{Due, Room},
        older, with_ids,
    },
    values,
};
use enishi_tests::{
    Place, both_engines,
    simulation::{Setup, Violation, World, needs},
};

const SECRET: &str = "夕焼け";
/// Runs the group.
const KEEPER: usize = 0;
/// Never was in the group.
const STRANGER: usize = 1;
/// Was in the group, and left.
const FORMER: usize = 2;

/// What was said in a group: a post that was edited, and a comment.
struct Said {
    group: GroupId,
    post: PostId,
    comment: enishi_protocol::CommentId,
}

fn say(town: &Town, conn: &mut dyn Connection) -> Said {
    let (name, description) = ("秘密の会".to_owned(), String::new());
    let creation = GroupCreation { name, description, joining: Joining::Open, secret: false, closed_to_staff: false };
    let group = GroupId::from(town.does_in(conn, KEEPER, &[Operation::CreateGroup(creation)])[0]);
    town.does_in(conn, FORMER, &[Operation::JoinGroup(GroupJoining { group, note: String::new() })]);
    let written = town.does_in(conn, KEEPER, &[post(Stream::Group(group), &format!("合言葉は{SECRET}です。"))])[0];
    let post = PostId::from(written);
    let text = format!("合言葉は{SECRET}のままです。");
    let edit = PostEdit { post, base: written, text, mentions: Vec::new() };
    let comment = CommentWriting {
        post,
        reply_to: None,
        text: format!("{SECRET}ですね。"),
        mentions: Vec::new(),
        attachments: Vec::new(),
    };
    let said = town.does_in(conn, KEEPER, &[Operation::EditPost(edit), Operation::WriteComment(comment)]);
    town.does_in(conn, FORMER, &[Operation::LeaveGroup(GroupLeaving { group })]);
    Said { group, post, comment: said[1].into() }
}

/// Every function that gives a member something to read; which of them tell the secret.
fn tellers(town: &Town, conn: &mut dyn Connection, at: usize, said: &Said) -> Vec<&'static str> {
    let (stream, reader, community) = (Stream::Group(said.group), town.members[at], town.community);
    let row = conn.first("SELECT max(granted) FROM stream_grant WHERE stream = $1", values![stream]).unwrap();
    let grant: Option<Grant> = row.unwrap().get(0).unwrap();
    let asked = StreamRequest { stream, grant, cursor: Some(Version(0)), page: Some(PageAt::start()) };
    let pulled = town.pulled(conn, at, vec![asked.clone()]);
    let mut room = Room::default();
    let request = LiveRequest { community, era: pulled.era, streams: vec![asked] };
    room.add(1, reader, &request);
    let live: Vec<u8> = (room.due(conn, community).unwrap().into_iter())
        .flat_map(|(_, due)| if let Due::Batch(bytes) = due { bytes } else { Vec::new() })
        .collect();
    let hits = feed::search(conn, community, reader, SECRET, None, 10).unwrap();
    let of: Vec<_> = hits.iter().map(|hit| (hit.stream, hit.id)).collect();
    let told = [
        ("pull", serde_json::to_string(&pulled).unwrap()),
        ("live", String::from_utf8(live).unwrap()),
        ("older", text(older(conn, community, reader, stream, Position(i64::MAX)).map(|read| read.changes))),
        ("search", if hits.is_empty() { String::new() } else { SECRET.into() }),
        ("with_ids", text(with_ids(conn, community, &of))),
        ("post history", shown(feed::post_history(conn, community, reader, said.post))),
        ("comment history", shown(feed::comment_history(conn, community, reader, said.comment).map(|_| SECRET))),
    ];
    told.into_iter().filter(|(_, text)| text.contains(SECRET)).map(|(name, _)| name).collect()
}

fn text(bytes: Result<Vec<u8>, enishi_server::writing::Failure>) -> String {
    bytes.map_or_else(|refused| assert_hidden(&refused), |bytes| String::from_utf8(bytes).unwrap())
}

fn shown<T: std::fmt::Debug>(read: Result<T, enishi_server::writing::Failure>) -> String {
    read.map_or_else(|refused| assert_hidden(&refused), |read| format!("{read:?}"))
}

/// What may not be read is answered like what does not exist.
fn assert_hidden(refused: &enishi_server::writing::Failure) -> String {
    assert_eq!(refused.code(), ErrorCode::NotFound);
    String::new()
}

both_engines! {
    async fn r3_a_member_without_the_grant_reads_a_stream_through_no_function(place: Place) {
        let (town, db) = Town::at(&place, 3).await;
        let saying = town.clone();
        let said = town.write(&db, move |conn| say(&saying, conn)).await;
        let reading = town.clone();
        let told = town.read(&db, move |conn| [KEEPER, STRANGER, FORMER].map(|at| tellers(&reading, conn, at, &said)));
        let [keeper, stranger, former] = told.await;
        let all = ["pull", "live", "older", "search", "with_ids", "post history", "comment history"];
        assert_eq!(keeper, all, "whoever is inside reads it through each");
        assert_eq!((stranger, former), (vec![], vec![]));
    }

    async fn r3_every_change_is_in_exactly_one_stream(place: Place) {
        let (town, db) = Town::at(&place, 3).await;
        let saying = town.clone();
        let twice = town.write(&db, move |conn| {
            let said = say(&saying, conn);
            let hanging = "SELECT c.stream FROM change c JOIN post p ON p.community = c.community AND p.position = c.position
                WHERE c.community = $1 AND c.body IS NOT NULL AND c.stream <> p.stream";
            assert_eq!(conn.query(hanging, values![saying.community]), Ok(vec![]), "all that hangs on a post is in its stream");
            let there = PostMove { post: said.post, stream: Stream::Community };
            saying.does_in(conn, KEEPER, &[Operation::MovePost(there)]);
            assert!(directory::community(conn, saying.community).unwrap().is_some());
            let versions = "SELECT version FROM change WHERE community = $1 GROUP BY version HAVING count(*) > 1";
            let entities = "SELECT id FROM change WHERE community = $1 AND body IS NOT NULL
                AND kind IN ('post', 'comment', 'counts') GROUP BY kind, id HAVING count(*) > 1";
            [versions, entities].map(|sql| conn.query(sql, values![saying.community]).unwrap())
        });
        assert_eq!(twice.await, [vec![], vec![]], "no change and nothing of a feed is in two streams");
    }
}

fn department(audience: Audience) -> Operation {
    Operation::SetProfile(ProfileSetting {
        field: ProfileField::Department, value: Some("夕焼け課".into()), audience
    })
}

/// Whether a phone holds the department in a stream.
fn holds(world: &World, phone: usize, stream: Stream) -> Result<bool, Violation> {
    let held = world.phones[phone].held(stream)?;
    Ok(held.iter().filter_map(|change| change.body.as_ref()).any(|body| body.get().contains("夕焼け課")))
}

#[test]
fn r3_a_narrowed_audience_takes_the_field_from_every_phone_outside_it() {
    let mut world = World::new(&Setup::default());
    world.join(ANN);
    world.sync_all().unwrap();
    for (audience, seen) in
        [(Audience::Everyone, true), (Audience::Groups, false), (Audience::Everyone, true), (Audience::Nobody, false)]
    {
        world.write(ANN, department(audience), None, false);
        world.sync_all().unwrap();
        assert_eq!(holds(&world, BEN, Stream::Community), Ok(seen), "{audience:?}");
        let inbox = Stream::Member(world.phones[ANN].member);
        assert_eq!(holds(&world, ANN, inbox), Ok(true), "she sees her own");
    }
    world.settle().unwrap();
}

#[test]
fn r3_a_moved_post_takes_along_what_hangs_on_it() {
    needs(Rule::DependantsMove, &Setup { posts: 3, ..Setup::default() }, |world| {
        world.join(ANN);
        let post = *world.server.posts()?.last().expect("there are posts");
        let comment =
            CommentWriting {
                post, reply_to: None, text: "返事".into(), mentions: Vec::new(), attachments: Vec::new()
            };
        world.write(BEN, Operation::WriteComment(comment), None, false);
        world.sync_all()?;
        let group = Stream::Group(world.group());
        world.move_post(ANN, post, group);
        world.sync_all()?;
        let left = world.phones[BEN].held(Stream::Community)?;
        let left = left.iter().any(|change| change.id == post.0 || change.kind == EntityKind::Comment);
        if left { Err(Violation("what moved into a group is still with those outside".into())) } else { Ok(()) }
    });
}
