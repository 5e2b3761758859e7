//! Two communities that have the same things in them, and six who ask for them.

use enishi_protocol::{
    CommunityId, ConversationId, MemberId, MutationId, PostId, Stream, invitations::Fact, limits::RECOVERY_CODE_CHARS,
    membership::Role, mutation::Operation,
};
use enishi_server::{
    db::{Connection, Engine, Scope, Value as Column},
    error::Error,
    values,
};
use enishi_tests::{Place, Raw, TestServer, everything::Everything, pictures};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Nobody: no session.
    Nobody,
    /// A member of another community on the same server.
    Stranger,
    /// A member who is in none of the community's groups and conversations.
    Member,
    /// A moderator of it.
    Moderator,
    /// HR: an admin of it.
    Hr,
    /// Whoever runs other communities on the same server, as a provider's staff does. There is no door of
    /// its own for whoever runs the server: the command line is one, and it is no operation of this document.
    Operator,
}

impl Identity {
    /// Those outside first: an account inside that is deleted at its end takes itself out of the community.
    pub(crate) const ALL: [Self; 6] =
        [Self::Nobody, Self::Stranger, Self::Operator, Self::Member, Self::Moderator, Self::Hr];

    /// Whether they are in 縁商事, where the secrets are.
    pub(crate) fn is_inside(self) -> bool {
        matches!(self, Self::Member | Self::Moderator | Self::Hr)
    }

    /// Whether they read the desk of 縁商事.
    pub(crate) fn is_on_duty(self) -> bool {
        matches!(self, Self::Moderator | Self::Hr)
    }

    pub(crate) fn address(self) -> Option<&'static str> {
        match self {
            Self::Nobody => None,
            Self::Stranger => Some("stranger@example.jp"),
            Self::Member => Some("member@example.jp"),
            Self::Moderator => Some("moderator@example.jp"),
            Self::Hr => Some("hr@example.jp"),
            Self::Operator => Some("operator@example.jp"),
        }
    }
}

/// Where something secret lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lies {
    /// Where every member reads it.
    Community,
    /// In a secret group.
    Group,
    /// On the community's desk.
    Desk,
    /// In the inboxes of two who speak with each other.
    Conversation,
    /// In a profile, for HR.
    ForHr,
    /// In a profile, for nobody.
    ForNobody,
    /// In an account.
    Account,
}

impl Lies {
    pub(crate) const ALL: [Self; 7] =
        [Self::Community, Self::Group, Self::Desk, Self::Conversation, Self::ForHr, Self::ForNobody, Self::Account];

    fn word(self) -> &'static str {
        match self {
            Self::Community => "広場",
            Self::Group => "部屋",
            Self::Desk => "机上",
            Self::Conversation => "便箋",
            Self::ForHr => "人事",
            Self::ForNobody => "胸中",
            Self::Account => "himitsu",
        }
    }
}

/// Words that are said once, in one place of one community.
pub(crate) fn secret(lies: Lies, of: &str) -> String {
    format!("{}x{of}x", lies.word())
}

/// A community with a secret in each place, and the ids of all that is there.
pub(crate) struct Community {
    pub(crate) id: CommunityId,
    /// Marks its secrets.
    pub(crate) mark: &'static str,
    /// 太郎, who wrote nearly everything.
    pub(crate) author: Raw,
    /// Who has vouched for it and reads its desk.
    pub(crate) desk: Raw,
    pub(crate) member: MemberId,
    friend: MemberId,
    account: Uuid,
    group: Uuid,
    /// Ids by what they are ids of: those that everybody in the community knows.
    open: BTreeMap<&'static str, Vec<String>>,
    /// Those that only the author knows, and whom he shares them with.
    closed: BTreeMap<&'static str, Vec<String>>,
    /// Those that its desk knows.
    on_desk: BTreeMap<&'static str, Vec<String>>,
}

pub(crate) struct Town {
    pub(crate) server: TestServer,
    /// 縁商事, whose secrets are asked for.
    pub(crate) here: Community,
    /// 無縁商事, which others are in.
    pub(crate) there: Community,
}

fn hex(byte: u8) -> String {
    enishi_server::secrets::to_hex(&[byte; 32])
}

/// SHA-256 of thirty-two bytes 0x11.
const HASH_OF_ELEVENS: &str = "02d449a31fbb267c8f352e9968a79e3e5fc95c1bbeaa502fd6454ebde5a4bedc";

fn operation(kind: &str, body: &Value) -> Operation {
    serde_json::from_value(json!({ "kind": kind, "body": body })).unwrap()
}

impl Town {
    pub(crate) async fn at(place: &Place) -> Self {
        let server = TestServer::start_with_files(place).await;
        let here = Community::with_secrets(&server, "縁商事", "enishi").await;
        let there = Community::with_secrets(&server, "無縁商事", "muen").await;
        let inside =
            [(Identity::Member, Role::Member), (Identity::Moderator, Role::Moderator), (Identity::Hr, Role::Admin)];
        for (identity, role) in inside {
            server.admit(here.id, identity.address().unwrap(), "中野 人", role).await;
        }
        server.admit(there.id, Identity::Stranger.address().unwrap(), "外野 人", Role::Member).await;
        let elsewhere = server.community("他縁商事", Fact::BirthDate).await;
        for community in [there.id, elsewhere] {
            server.admit(community, Identity::Operator.address().unwrap(), "運営 人", Role::Owner).await;
        }
        Self { server, here, there }
    }

    pub(crate) async fn enter(&self, identity: Identity) -> Raw {
        match identity.address() {
            None => Raw::nobody(&self.server),
            Some(address) => Raw::signed_in(&self.server, address).await,
        }
    }

    /// Secrets that somebody must not be told.
    pub(crate) fn secrets_from(&self, identity: Identity) -> Vec<String> {
        let ours = Lies::ALL.into_iter().filter(|lies| match lies {
            Lies::Community => !identity.is_inside(),
            Lies::Desk | Lies::ForHr => !identity.is_on_duty(),
            Lies::Group | Lies::Conversation | Lies::ForNobody | Lies::Account => true,
        });
        let theirs = Lies::ALL.into_iter().filter(|lies| match (identity, lies) {
            (_, Lies::Account | Lies::Group | Lies::Conversation | Lies::ForNobody) => true,
            (Identity::Operator, _) | (Identity::Stranger, Lies::Community) => false,
            _ => true,
        });
        let here = ours.map(|lies| secret(lies, self.here.mark));
        here.chain(theirs.map(|lies| secret(lies, self.there.mark))).collect()
    }

    /// Ids that are not somebody's to know, by what they are ids of.
    pub(crate) fn foreign_to(&self, identity: Identity) -> BTreeMap<&'static str, Vec<String>> {
        let mut kinds = vec![&self.here.closed];
        if !identity.is_inside() {
            kinds.push(&self.here.open);
        }
        if !identity.is_on_duty() {
            kinds.push(&self.here.on_desk);
        }
        if identity.is_inside() {
            kinds.extend([&self.there.open, &self.there.closed, &self.there.on_desk]);
        }
        let mut ids: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for (name, some) in kinds.into_iter().flatten() {
            ids.entry(*name).or_default().extend(some.iter().cloned());
        }
        if identity == Identity::Hr {
            // Whoever runs the community takes back any of its invitations.
            ids.insert("invitation", self.there.closed["invitation"].clone());
        }
        ids
    }

    /// Lets everybody try again: how often one may is told elsewhere.
    pub(crate) async fn forget_tries(&self) {
        let forget = |conn: &mut dyn Connection| Ok(conn.execute("DELETE FROM try_count", &[])?);
        self.server.write(Scope::Accounts, forget).await.unwrap();
    }

    /// The community that somebody is in; none for nobody.
    pub(crate) fn home(&self, identity: Identity) -> Option<&Community> {
        match identity {
            Identity::Nobody => None,
            Identity::Stranger | Identity::Operator => Some(&self.there),
            _ => Some(&self.here),
        }
    }

    /// What must be as it was after somebody has asked for all sorts of things: all of 縁商事 for whoever is
    /// outside, what is closed to them for whoever is inside; and the author's account for everybody.
    pub(crate) async fn what_is_not_theirs(&self, identity: Identity) -> Everything {
        let (community, account, whole) = (self.here.id, self.here.account, !identity.is_inside());
        let signing: Uuid = self.here.closed["signing"][0].parse().unwrap();
        let streams =
            [Stream::Group(self.here.group.into()), Stream::Member(self.here.member), Stream::Member(self.here.friend)];
        let read = move |conn: &mut dyn Connection| -> Result<Everything, Error> {
            let mut kept = of_account(conn, account, signing)?;
            if whole {
                kept.extend(of_community(conn, community)?);
            }
            for stream in streams {
                let sql = "SELECT * FROM change WHERE community = $1 AND stream = $2 ORDER BY version";
                kept.insert(stream.to_string(), rows(conn, sql, values![community, stream])?);
            }
            Ok(kept)
        };
        self.server.write(Scope::Community(community), read).await.unwrap()
    }
}

fn rows(conn: &mut dyn Connection, sql: &str, values: &[Column]) -> Result<Vec<String>, Error> {
    let mut rows: Vec<String> = conn.query(sql, values)?.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    Ok(rows)
}

/// What is kept of an account, but for when it was last here.
fn of_account(conn: &mut dyn Connection, account: Uuid, signing: Uuid) -> Result<Everything, Error> {
    let columns = [
        ("account", "id, language", "id"),
        ("address", "address", "account"),
        ("device", "id, name", "account"),
        ("session", "token_hash, ended_us", "account"),
        ("address_attempt", "id, tries, outcome", "account"),
        ("approval", "id, token_hash", "account"),
        ("recovery_code", "handle_hash, attempt", "account"),
        ("account_notice", "id", "account"),
        ("notice_seen", "notice", "account"),
        ("account_membership", "community, member", "account"),
    ];
    let mut kept = Everything::new();
    for (table, columns, key) in columns {
        let sql = format!("SELECT {columns} FROM {table} WHERE {key} = $1");
        kept.insert(format!("{table} of the account"), rows(conn, &sql, values![account])?);
    }
    let sql = "SELECT tries, token_hash FROM sign_in_attempt WHERE id = $1";
    kept.insert("the attempt to sign in".into(), rows(conn, sql, values![signing])?);
    Ok(kept)
}

/// Every row of a community.
fn of_community(conn: &mut dyn Connection, community: CommunityId) -> Result<Everything, Error> {
    let tables = match conn.engine() {
        Engine::Sqlite => {
            "SELECT t.name FROM sqlite_schema t WHERE t.type = 'table'
             AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = 'community')"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND column_name = 'community'"
        }
    };
    let mut kept = Everything::new();
    for row in conn.query(tables, &[])? {
        let table: String = row.get(0)?;
        let columns = if conn.engine() == Engine::Postgres { format!("CAST(\"{table}\" AS text)") } else { "*".into() };
        let sql = format!("SELECT {columns} FROM \"{table}\" WHERE community = $1");
        kept.insert(table, rows(conn, &sql, values![community])?);
    }
    assert!(kept.len() > 20, "{:?}", kept.keys());
    Ok(kept)
}

impl Community {
    #[allow(clippy::too_many_lines, reason = "a list of everything that a community can have")]
    async fn with_secrets(server: &TestServer, name: &str, mark: &'static str) -> Self {
        let says = |lies| secret(lies, mark);
        let id = server.community(name, Fact::BirthDate).await;
        server.registry(id, &[("S-1", &format!("{} 一", says(Lies::Desk)), "1980-04-01")]).await;
        let entry = server.entry(id, "S-1").await;
        let address = |who: &str| format!("{who}.{mark}@example.jp");
        let member = server.admit(id, &address("author"), "鈴木 太郎", Role::Member).await;
        let friend = server.admit(id, &address("friend"), "高橋 次郎", Role::Member).await;
        let owner = server.admit(id, &address("owner"), "人事 部", Role::Owner).await;
        let author = Raw::signed_in(server, &address("author")).await;
        let beside = Raw::signed_in(server, &address("friend")).await;
        let desk = Raw::signed_in(server, &address("owner")).await;
        let does = async |who: &Raw, kind: &str, body: Value| who.accepted(id, &[operation(kind, &body)]).await[0].0;

        let post = does(&author, "post.write", json!({ "stream": "community", "text": says(Lies::Community) })).await;
        let comment = does(&author, "comment.write", json!({ "post": post, "text": says(Lies::Community) })).await;
        let wish = json!({ "name": says(Lies::Group), "joining": "invitation", "secret": true });
        let group = does(&author, "group.create", wish).await;
        does(&author, "group.invite", json!({ "group": group, "member": friend })).await;
        does(&beside, "group.join", json!({ "group": group })).await;
        let room = format!("group:{group}");
        let (attachment, uploaded) = author.upload(id, &pictures::plain(40, 30)).await;
        assert!(uploaded.status.is_success());
        let writes = json!({
            "stream": room, "text": says(Lies::Group), "attachments": [{ "id": attachment, "alt": says(Lies::Group) }]
        });
        let inside = does(&author, "post.write", writes).await;
        does(&author, "post.edit", json!({ "post": inside, "base": inside, "text": says(Lies::Group) })).await;
        let answer = does(&beside, "comment.write", json!({ "post": inside, "text": says(Lies::Group) })).await;
        for (field, audience, lies) in [
            ("employer", "everyone", Lies::Community),
            ("location", "hr", Lies::ForHr),
            ("contact", "nobody", Lies::ForNobody),
        ] {
            does(&author, "profile.set", json!({ "field": field, "value": says(lies), "audience": audience })).await;
        }
        does(&author, "conversation.start", json!({ "with": [friend] })).await;
        let conversation = ConversationId::of_two(member, friend);
        let words = json!({ "conversation": conversation, "text": says(Lies::Conversation) });
        let message = does(&author, "message.write", words).await;
        let about =
            json!({ "subject": { "kind": "post", "id": post }, "rule": 1, "word": says(Lies::Desk), "to_staff": true });
        let report = does(&beside, "report.make", about).await;
        let invites = json!({ "code_hash": enishi_server::secrets::to_hex(&enishi_server::secrets::sha256(mark.as_bytes())), "note": "" });
        let invitation = does(&author, "invitation.create", invites).await;

        let link = server.invite(id, owner, None).await;
        let code = link.rsplit('/').next().unwrap().to_owned();
        let lost = Raw::signed_in(server, &address("lost")).await;
        let recovery = Uuid::new_v4();
        let asks = json!({ "id": recovery, "code": code, "name": { "family": "鈴木", "given": "太郎" }, "note": says(Lies::Desk) });
        assert!(lost.post("/v1/recoveries", &asks).await.status.is_success());
        let newcomer = Raw::signed_in(server, &address("newcomer")).await;
        let request = Uuid::new_v4();
        let asks = json!({ "id": request, "name": { "family": "新人", "given": mark }, "note": says(Lies::Desk) });
        let waits = newcomer.post(&format!("/v1/invitations/{code}/accept"), &asks).await;
        assert_eq!(waits.json()["outcome"], "waiting", "{}", waits.json());

        let kept = Kept::of(server, &author, mark).await;
        let session = author.get("/v1/session").await.json();
        let account: Uuid = session["account"].as_str().unwrap().parse().unwrap();
        let notices: Vec<String> = ids_of(&session["notices"], "id");
        assert!(!notices.is_empty());
        let devices = ids_of(&author.get("/v1/devices").await.json(), "id");
        let one = |id: &dyn ToString| vec![id.to_string()];
        let (era, _) = author.present(id).await;
        Self {
            id,
            mark,
            author,
            desk,
            member,
            friend,
            account,
            group,
            open: BTreeMap::from([
                ("community", one(&id)),
                ("era", one(&era.0)),
                ("member", vec![member.to_string(), friend.to_string()]),
                ("post", one(&post)),
                ("comment", one(&comment)),
            ]),
            closed: BTreeMap::from([
                ("group", one(&group)),
                ("post", one(&inside)),
                ("comment", one(&answer)),
                ("attachment", one(&attachment)),
                ("mutation", vec![inside.to_string(), message.to_string()]),
                ("conversation", one(&conversation)),
                ("message", one(&message)),
                ("invitation", one(&invitation)),
                ("stream", vec![room, format!("member:{member}"), format!("member:{friend}"), format!("desk:{group}")]),
                ("device", devices),
                ("notice", notices),
                ("address", vec![kept.address]),
                ("attempt", vec![kept.wishing.to_string(), kept.approving.to_string(), kept.signing.to_string()]),
                ("wishing", one(&kept.wishing)),
                ("approving", one(&kept.approving)),
                ("signing", one(&kept.signing)),
            ]),
            on_desk: BTreeMap::from([
                ("report", one(&report)),
                ("request", one(&request)),
                ("recovery", one(&recovery)),
                ("entry", one(&entry)),
                ("stream", vec![format!("desk:{id}")]),
            ]),
        }
    }

    /// Everything that its author and its desk are shown, as one text.
    pub(crate) async fn whole(&self) -> String {
        let mut all = String::new();
        for who in [&self.author, &self.desk] {
            let own = who.member(self.id).await;
            let streams = [
                "community".to_owned(),
                format!("member:{own}"),
                format!("group:{}", self.group),
                format!("desk:{}", self.id),
            ];
            let streams: Vec<_> = streams.iter().map(|stream| json!({ "stream": stream, "page": "start" })).collect();
            let asks = json!({ "community": self.id, "streams": streams });
            let mut answers = vec![who.post("/v1/sync", &asks).await];
            for path in ["/v1/session", "/v1/devices", "/v1/addresses"] {
                answers.push(who.get(path).await);
            }
            for answer in answers {
                assert!(answer.status.is_success());
                all += &String::from_utf8(answer.bytes).unwrap();
            }
        }
        all
    }

    /// Says something in the secret group, for whoever listens.
    pub(crate) async fn say_in_the_group(&self) {
        let writes = json!({ "stream": format!("group:{}", self.group), "text": secret(Lies::Group, self.mark) });
        self.author.accepted(self.id, &[operation("post.write", &writes)]).await;
    }

    /// Says something to everybody.
    pub(crate) async fn say_to_all(&self, text: &str) -> MutationId {
        let writes = json!({ "stream": "community", "text": text });
        self.author.accepted(self.id, &[operation("post.write", &writes)]).await[0]
    }

    /// The posts that are there, in the open and in the secret group.
    pub(crate) fn posts(&self) -> Vec<PostId> {
        let all = self.open["post"].iter().chain(&self.closed["post"]);
        all.map(|id| id.parse().unwrap()).collect()
    }

    /// Every stream that its author and its desk read.
    pub(crate) fn streams(&self) -> Vec<Stream> {
        let inbox = Stream::Member(self.member);
        vec![Stream::Community, inbox, Stream::Group(self.group.into()), Stream::community_desk(self.id)]
    }

    /// A well-formed value of somebody's own, by what it is an id of.
    pub(crate) fn own(&self, name: &str) -> Option<String> {
        match name {
            "community" | "era" | "post" | "comment" => Some(self.open[name][0].clone()),
            "member" => Some(self.open[name][1].clone()),
            "stream" => Some("community".into()),
            _ => None,
        }
    }
}

/// What an account has that is open: attempts of three kinds, another address, a printed code.
struct Kept {
    address: String,
    wishing: Uuid,
    approving: Uuid,
    signing: Uuid,
}

impl Kept {
    async fn of(server: &TestServer, author: &Raw, mark: &str) -> Self {
        let nobody = Raw::nobody(server);
        let address = format!("{}@example.org", secret(Lies::Account, mark));
        let [adding, wishing, approving, signing] = [(); 4].map(|()| Uuid::new_v4());
        let asks = |attempt: Uuid, address: &str| json!({ "attempt": attempt, "secret_hash": HASH_OF_ELEVENS, "address": address, "language": "ja" });
        assert!(author.post("/v1/addresses", &asks(adding, &address)).await.status.is_success());
        let digits = server.code_after(&address, 0).await;
        let proves = json!({ "secret": hex(0x11), "code": digits });
        assert!(author.post(&format!("/v1/addresses/{adding}/code"), &proves).await.status.is_success());
        let wished = format!("wished.{mark}@example.org");
        assert!(author.post("/v1/addresses", &asks(wishing, &wished)).await.status.is_success());
        assert!(nobody.post("/v1/sign-in", &asks(signing, &address)).await.status.is_success());
        let device = secret(Lies::Account, mark);
        let asks = json!({
            "attempt": approving, "secret_hash": HASH_OF_ELEVENS, "device": Uuid::new_v4(), "device_name": device
        });
        assert!(nobody.post("/v1/approvals", &asks).await.status.is_success());
        assert!(author.post(&format!("/v1/approvals/{approving}/approve"), &json!({})).await.status.is_success());
        let code = enishi_protocol::account::recovery_code(&[7; RECOVERY_CODE_CHARS - 1]);
        let makes = json!({ "id": Uuid::new_v4(), "code": code });
        // The code of the first community's author is taken once the second one asks for the same.
        let made = author.post("/v1/recovery-code", &makes).await;
        assert!(made.status.is_success() || mark != "enishi", "{}", made.json());
        Self { address, wishing, approving, signing }
    }
}

fn ids_of(list: &Value, name: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
}
