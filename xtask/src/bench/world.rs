//! The world that is measured: a real server process whose community holds so many posts.

use super::{
    Options,
    posts::{AUTHORS, GROUPS, numbered},
    report::tell,
    session::Session,
};
use crate::{Failed, server::Server, workspace};
use enishi_core::transport::{Transport, Transports, http::Http, http::HttpOptions};
use enishi_protocol::{
    CommunityId, GroupId, MemberId, PostId, Stream,
    archive::{ARCHIVE_VERSION, ArchiveHead, ArchivedGroup, ArchivedGroupMember, ArchivedMember, ArchivedPost, Record},
    feed::PostKind,
    groups::Joining,
    membership::{Affiliation, PersonName, Role, Standing},
};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// 2026-01-01, when the first post was written, in microseconds since 1970 UTC.
const BEGAN_US: i64 = 1_767_225_600_000_000;
const OWNER: &str = "owner@bench.example";
/// Codes by mail that one address gets in an hour.
const SIGN_INS_PER_ADDRESS: usize = 6;
/// Members that one invitation lets in.
const INVITED: usize = 200;

/// A server and its community.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) url: String,
    pub(super) community: CommunityId,
    pub(super) groups: Vec<GroupId>,
    /// Posts that the archive brought.
    pub(super) posts: usize,
    folder: PathBuf,
    program: PathBuf,
    postgres: Option<String>,
    /// Further processes on the same database, with their URLs.
    others: Vec<(Server, String)>,
    invitation: String,
    readers: Mutex<Readers>,
    made: AtomicUsize,
}

/// Members of all groups.
#[derive(Default)]
struct Readers {
    /// Their addresses, each with how often it signed in.
    addresses: Vec<(String, usize)>,
    /// Whoever lets them in.
    owner: Option<Session>,
}

impl World {
    /// Makes a community with so many posts in `folder` or in PostgreSQL, and starts its server.
    pub(super) async fn make(
        options: &Options,
        folder: &Path,
        posts: usize,
        postgres: Option<String>,
    ) -> Result<Self, Failed> {
        tell(&format!("a community of {posts} posts is made"));
        fs::create_dir_all(folder)?;
        let program = options.server.clone().unwrap_or_else(|| workspace::built("release", "alumni-server"));
        let server = Server::new(program.clone(), folder.join("server"), postgres.clone(), 0)?;
        let owner = ["--owner-address", OWNER, "--owner-name", "事務 局"];
        let create = ["community", "create", "--name", "計測の会"].into_iter().chain(owner);
        let community: CommunityId = server.run(create).await?.parse()?;
        let id = community.to_string();

        let archive = folder.join("archive.jsonl");
        let groups = write_archive(&archive, posts)?;
        let file = archive.to_string_lossy().into_owned();
        let said = server.run(["import", "--community", &id, "--file", &file]).await?;
        let counts = said.lines().last().unwrap_or_default();
        if !counts.ends_with("refused 0") || !counts.contains(&format!("posts {posts},")) {
            return Err(format!("the archive came in otherwise than it should: {counts}").into());
        }
        fs::remove_file(archive)?;
        let invited = INVITED.to_string();
        let invitation = server.run(["invite", "--community", &id, "--counted", &invited]).await?;
        let url = server.start().await?;
        let (folder, readers, made) = (folder.to_owned(), Mutex::default(), AtomicUsize::new(0));
        let others = Vec::new();
        Ok(Self { server, url, community, groups, posts, folder, program, postgres, others, invitation, readers, made })
    }

    /// Starts another process on the same database.
    pub(super) async fn grow(&mut self) -> Result<(), Failed> {
        let data = self.folder.join("server");
        let server = Server::new(self.program.clone(), data, self.postgres.clone(), 0)?;
        let url = server.start().await?;
        self.others.push((server, url));
        Ok(())
    }

    /// The process that connection number `number` goes to: each takes its share.
    pub(super) fn url_of(&self, number: usize) -> &str {
        match number % (self.others.len() + 1) {
            0 => &self.url,
            other => &self.others[other - 1].1,
        }
    }

    /// The feed of a group.
    pub(super) fn feed(&self, number: usize) -> Stream {
        Stream::Group(self.groups[number % GROUPS])
    }

    /// A folder of its own for a phone.
    pub(super) fn phone_folder(&self) -> PathBuf {
        self.folder.join(format!("phone-{}", self.made.fetch_add(1, Ordering::Relaxed)))
    }

    /// A way to the server that is not shared with anything else.
    pub(super) fn transport(&self) -> Result<Arc<dyn Transport>, Failed> {
        Ok(Http::new(&HttpOptions::default())?.to(&self.url.parse()?))
    }

    /// The address of a member of all groups who may still ask for a code.
    pub(super) async fn reader(&self) -> Result<String, Failed> {
        let mut readers = self.readers.lock().await;
        let Readers { addresses, owner } = &mut *readers;
        if let Some((address, sign_ins)) = addresses.iter_mut().find(|(_, sign_ins)| *sign_ins < SIGN_INS_PER_ADDRESS) {
            *sign_ins += 1;
            return Ok(address.clone());
        }
        let duty = match owner {
            Some(owner) => owner,
            None => owner.insert(Session::sign_in(self, OWNER).await?),
        };
        let address = format!("reader{}@bench.example", addresses.len());
        let mut session = Session::sign_in(self, &address).await?;
        session.join(self, &self.invitation, duty).await?;
        addresses.push((address.clone(), 2));
        Ok(address)
    }

    /// A session of a member of all groups.
    pub(super) async fn session(&self) -> Result<Session, Failed> {
        let address = self.reader().await?;
        Session::sign_in(self, &address).await
    }

    /// Stops the server and removes everything.
    pub(super) async fn end(self) -> Result<(), Failed> {
        for (server, _) in &self.others {
            server.stop().await?;
        }
        self.server.stop().await?;
        Ok(fs::remove_dir_all(&self.folder)?)
    }
}

/// Writes the archive, and returns its groups.
fn write_archive(path: &Path, posts: usize) -> Result<Vec<GroupId>, Failed> {
    let mut lines = BufWriter::new(File::create(path)?);
    let mut put = |record: &Record| -> Result<(), Failed> {
        serde_json::to_writer(&mut lines, record)?;
        Ok(lines.write_all(b"\n")?)
    };
    put(&Record::Archive(ArchiveHead {
        version: ARCHIVE_VERSION, community: "計測の会".into(), made_us: BEGAN_US
    }))?;
    let authors: Vec<MemberId> = (0..AUTHORS).map(|_| Uuid::now_v7().into()).collect();
    for (number, id) in authors.iter().enumerate() {
        let name = PersonName { family: "筆者".into(), given: number.to_string() };
        put(&Record::Member(ArchivedMember {
            id: *id,
            name,
            role: Role::Member,
            affiliation: Affiliation::Alumnus,
            standing: Standing::Active,
            joined_us: BEGAN_US,
            profile: BTreeMap::new(),
        }))?;
    }
    let groups: Vec<GroupId> = (0..GROUPS).map(|_| Uuid::now_v7().into()).collect();
    for (number, id) in groups.iter().enumerate() {
        let keeps = |index: usize| index == number;
        let members = authors.iter().enumerate().map(|(index, member)| ArchivedGroupMember {
            member: *member,
            keeper: keeps(index),
            joined_us: BEGAN_US,
        });
        put(&Record::Group(ArchivedGroup {
            id: *id,
            name: format!("{number}番目のグループ"),
            description: String::new(),
            joining: Joining::Open,
            secret: false,
            closed_to_staff: false,
            created_us: BEGAN_US,
            members: members.collect(),
        }))?;
    }
    for number in 0..posts {
        let post = numbered(number);
        put(&Record::Post(ArchivedPost {
            id: PostId::from(Uuid::now_v7()),
            group: Some(groups[post.group]),
            author: authors[post.author],
            kind: PostKind::Text,
            text: post.text,
            created_us: BEGAN_US + i64::try_from(number)? * 1_000_000,
            pinned: false,
            comments: Vec::new(),
            reactions: BTreeMap::new(),
            poll: None,
        }))?;
    }
    lines.flush()?;
    Ok(groups)
}
