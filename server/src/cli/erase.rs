//! `erase`: a post, a comment, a message or a member, for good. `erasures`: the list that is kept apart.

use super::CliError;
use crate::{
    config::Config,
    db::{Connection, Database, Scope},
    erasure::{self, What, list},
    media::Media,
    running,
    sealing::file,
    surroundings::{RealSurroundings, Surroundings},
};
use clap::{ArgGroup, Args};
use enishi_protocol::{CommentId, CommunityId, MemberId, MessageId, PostId};

#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("what").required(true)))]
pub(super) struct Erase {
    /// In which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// A post with all that hangs on it
    #[arg(long, value_name = "ID", group = "what")]
    post: Option<PostId>,
    /// A comment with its replies
    #[arg(long, value_name = "ID", group = "what")]
    comment: Option<CommentId>,
    /// A message, out of every inbox that has it
    #[arg(long, value_name = "ID", group = "what")]
    message: Option<MessageId>,
    /// A member with all that is theirs in the community
    #[arg(long, value_name = "ID", group = "what")]
    member: Option<MemberId>,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Erasures {
    /// Begin the list anew, with all that the database knows as erased, where it is lost
    #[arg(long)]
    begin_anew: bool,
}

pub(super) async fn run(config: &Config, erase: Erase) -> Result<(), CliError> {
    let database = with_key(config, running::open(config).await?, erase.member.is_some()).await?;
    let list = config.erasures_file();
    erasure::belongs(&database, &list).await?;
    let (community, scope) = (erase.community, Scope::Community(erase.community));
    let content = erase.post.map(What::Post).or(erase.comment.map(What::Comment)).or(erase.message.map(What::Message));
    let Some(what) = content.or(erase.member.map(What::Member)) else {
        return Err(CliError::Given("--post, --comment, --message or --member names what is erased".into()));
    };
    let begin = move |conn: &mut dyn Connection| erasure::erase(conn, &RealSurroundings, community, what);
    database.write(scope, begin).await?;
    erasure::settle(&database, &list, community).await?;
    let sweep = move |conn: &mut dyn Connection| erasure::sweep(conn, &RealSurroundings, community);
    while database.write(scope, sweep).await? {}
    let now_us = RealSurroundings.now_us();
    Media::new(config).sweep(&database, now_us, community).await?;
    println!("erased");
    Ok(())
}

/// Conversations that somebody is taken out of are sealed anew for those who stay. Where the key is not needed and not
/// at hand, that is left to the server.
pub(super) async fn with_key(config: &Config, database: Database, needed: bool) -> Result<Database, CliError> {
    match file::of_known(&database, &config.message_key).await {
        Ok(Some(key)) => Ok(database.with_key(key)),
        Err(error) if needed => Err(running::StartError::from(error).into()),
        Ok(None) | Err(_) => Ok(database),
    }
}

pub(super) async fn list(config: &Config, erasures: &Erasures) -> Result<(), CliError> {
    let (database, file) = (running::open(config).await?, config.erasures_file());
    if erasures.begin_anew {
        erasure::begin_anew(&database, &file).await?;
    } else {
        erasure::belongs(&database, &file).await?;
    }
    let listed = list::read(&file).map_err(erasure::ListError::from)?;
    println!("{}\t{}", listed.lines.len(), file.display());
    Ok(())
}
