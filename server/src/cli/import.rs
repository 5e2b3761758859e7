//! `import`: an archive's people, groups and feed.

use super::{CliError, language};
use crate::{
    archive::{self, Archive, Counts, RECORDS_AT_ONCE},
    config::Config,
    db::{Connection, Scope},
    directory,
    error::{Error, Result as Done},
    running,
    surroundings::RealSurroundings,
};
use clap::Args;
use enishi_protocol::{CommunityId, ErrorCode};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Import {
    /// Into which community
    #[arg(long, value_name = "ID")]
    community: CommunityId,
    /// The archive: lines of JSON, see docs/archive.md
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

pub(super) async fn run(config: &Config, import: Import) -> Result<(), CliError> {
    let Import { community, file } = import;
    let text = std::fs::read_to_string(&file).map_err(|error| CliError::File(file.clone(), error))?;
    let Archive { records, bad } = archive::read(&text).map_err(|error| CliError::Given(error.to_string()))?;
    let database = running::open(config).await?;
    let scope = Scope::Community(community);
    let known = database.read(scope, move |conn| directory::community(conn, community)).await?;
    known.ok_or(Error::Refused(ErrorCode::NotFound))?;
    let mut counts = Counts::default();
    for records in records.chunks(RECORDS_AT_ONCE).map(<[_]>::to_vec) {
        let work = move |conn: &mut dyn Connection| -> Done<Counts> {
            Ok(archive::import(conn, &RealSurroundings, community, &records)?)
        };
        counts += database.write(scope, work).await?;
    }
    let work =
        move |conn: &mut dyn Connection| -> Done<()> { Ok(archive::finish(conn, &RealSurroundings, community)?) };
    database.write(scope, work).await?;
    print(counts, &bad);
    Ok(())
}

fn print(counts: Counts, bad: &[usize]) {
    let Counts { members, groups, posts, comments, reactions, known, mut refused } = counts;
    refused.extend(bad.iter().map(|line| (*line, ErrorCode::Malformed)));
    refused.sort_by_key(|(line, _)| *line);
    for (line, code) in &refused {
        println!("line {line}: {}: {}", code.as_str(), code.message(language()));
    }
    println!(
        "members {members}, groups {groups}, posts {posts}, comments {comments}, reactions {reactions}, \
         known {known}, refused {}",
        refused.len()
    );
}
