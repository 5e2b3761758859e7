//! `invite --letter`: a page to print for each entry, in a file of its own. A file that is there already is left
//! as it is, so that a command that was stopped goes on where it was.

use super::{CliError, whom};
use crate::{
    config::Config,
    db::{Connection, Database, Scope},
    directory,
    error::Result as Done,
    invitations::{self, Making, chosen_fact, code},
    outreach::{
        inviting::Inviting,
        letter::{self, Letter},
        log::{self, Kind, Logged, State},
        segment::Found,
        suppression,
    },
    registry::matching,
    surroundings::{RealSurroundings, Surroundings},
    writing::Writing,
};
use enishi_protocol::{
    CommunityId, ErrorCode, InvitationId,
    membership::{Affiliation, PersonName},
};
use std::path::{Path, PathBuf};

const DAY_US: i64 = 24 * 3_600_000_000;

/// Makes letters into a folder.
pub(super) async fn make(
    (config, database): (&Config, &Database),
    community: CommunityId,
    mut pages: whom::Pages,
    inviting: &Inviting,
    folder: &Path,
) -> Result<(), CliError> {
    std::fs::create_dir_all(folder).map_err(|error| CliError::File(folder.to_owned(), error))?;
    let (mut made, mut left_out) = (0, 0);
    while let Some(page) = pages.next(database).await? {
        for found in page {
            let file = folder.join(name(&found));
            if file.exists() {
                continue;
            }
            let (inviting, url) = (inviting.clone(), config.url());
            let language = inviting.language;
            let write = move |conn: &mut dyn Connection| one(conn, community, &found, &inviting, url);
            let Some(letter) = database.write(Scope::Community(community), write).await? else {
                left_out += 1;
                continue;
            };
            let html = letter::page(&letter, language)?;
            put(&file, &html).map_err(|error| CliError::File(file.clone(), error))?;
            println!("{}", file.display());
            made += 1;
        }
    }
    println!("letters: {made}, left out: {left_out}");
    Ok(())
}

/// Makes the invitation of a letter. None where nobody writes to them, they have joined, or nothing is known that
/// they could prove who they are with.
fn one(
    conn: &mut dyn Connection,
    community: CommunityId,
    found: &Found,
    inviting: &Inviting,
    url: String,
) -> Done<Option<Letter>> {
    let Some(fact) = matching::fact_of(&found.entry, chosen_fact(conn, community)?) else { return Ok(None) };
    let suppressed = suppression::of(conn, community, found.id, &found.entry.address)?;
    if found.member.is_some() || suppressed.is_some() {
        return Ok(None);
    }
    let of = directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?.community;
    let inviter = directory::find(conn, community, inviting.inviter)?.ok_or(ErrorCode::NotFound)?.actor;
    let (code, id) = (code::new_printed(&RealSurroundings), InvitationId(RealSurroundings.new_id()));
    let making = Making {
        id,
        code_hash: code::hash(&code),
        inviter: inviter.id,
        entry: Some(found.id),
        affiliation: Affiliation::Alumnus,
        uses: 1,
        days: inviting.days,
        note: String::new(),
        printed: true,
        quiet: true,
        to_company: false,
    };
    let now_us = RealSurroundings.now_us();
    Writing::by_server(conn, &RealSurroundings, community, |writing| invitations::make(writing, &making))?;
    let (kind, state) = (Kind::Letter, State::Sent);
    let logged = Logged { kind, state, invitation: id, language: inviting.language, at_us: now_us };
    log::letter(conn, community, found.id, &logged)?;
    Ok(Some(Letter {
        to: PersonName { family: found.entry.family.clone(), given: found.entry.given.clone() },
        community: of.name,
        kind: of.kind,
        invited_by: inviter.name,
        role: inviter.role,
        affiliation: inviter.affiliation,
        fact,
        code,
        url,
        until_us: now_us + inviting.days * DAY_US,
    }))
}

/// The file of an entry's letter: by its employee number where that can be a file's name.
fn name(found: &Found) -> PathBuf {
    let number = found.entry.employee_number.as_deref().unwrap_or_default();
    let plain = !number.is_empty() && number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let stem = if plain { number.to_owned() } else { found.id.to_string() };
    format!("{stem}.html").into()
}

/// Writes a file whole or not at all.
fn put(file: &Path, text: &str) -> std::io::Result<()> {
    let unfinished = file.with_extension("part");
    std::fs::write(&unfinished, text)?;
    std::fs::rename(unfinished, file)
}

/// That a folder is named for the letters.
pub(super) fn folder(to: Option<PathBuf>) -> Result<PathBuf, CliError> {
    to.ok_or_else(|| CliError::Given("--letter needs --to, the folder that the letters are written to".into()))
}
