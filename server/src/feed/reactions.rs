//! Reactions to posts: counted for everyone, known one by one only to whoever left them.

use super::{
    post_row::{self, PostRow},
    relation,
};
use crate::{
    policy::{self, Action, Actor, Permit},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, MemberId, PostId, Stream,
    feed::{MyReactions, Reacting},
    limits::{REACTION_BYTES, REACTIONS_PER_MEMBER},
};

/// Adds or takes back a reaction; one that is there already, or is not, stays so.
///
/// # Errors
/// Why not, as the member is told.
pub fn react(writing: &mut Writing<'_>, actor: &Actor, reacting: &Reacting) -> Result<(), Failure> {
    let post = post_row::find(writing.conn, writing.community, reacting.post)?.ok_or(ErrorCode::NotFound)?;
    let relation = relation(writing, actor, post.stream, Some(post.post.author))?;
    let permit = policy::ask(actor, Action::React, relation)?;
    if !is_reaction(&reacting.reaction) {
        return Err(ErrorCode::ReactionInvalid.into());
    }
    let values = values![writing.community, reacting.post, reacting.reaction.as_str(), actor.id];
    let changed = if reacting.on {
        writing.conn.execute(
            "INSERT INTO reaction (community, post, reaction, member) VALUES ($1, $2, $3, $4)
             ON CONFLICT (community, post, reaction, member) DO NOTHING",
            values,
        )?
    } else {
        writing.conn.execute(
            "DELETE FROM reaction WHERE community = $1 AND post = $2 AND reaction = $3 AND member = $4",
            values,
        )?
    };
    if changed == 0 {
        return Ok(());
    }
    count(writing, reacting)?;
    tell(writing, &permit, &post, actor.id)
}

/// An emoji, as far as that can be said: no letters, digits, spaces or controls of any script.
fn is_reaction(text: &str) -> bool {
    let plain = |char: char| char.is_alphanumeric() || char.is_whitespace() || char.is_control();
    // A keycap (1️⃣) is the one emoji that begins with a digit.
    let keycap = text.ends_with('\u{20e3}') && text.chars().count() <= 3;
    !text.is_empty() && text.len() <= REACTION_BYTES && !text.is_ascii() && (keycap || !text.chars().any(plain))
}

fn count(writing: &mut Writing<'_>, reacting: &Reacting) -> Result<(), Failure> {
    let change = if reacting.on { 1_i64 } else { -1 };
    writing.conn.execute(
        "INSERT INTO reaction_count (community, post, reaction, members) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, post, reaction) DO UPDATE SET members = reaction_count.members + excluded.members",
        values![writing.community, reacting.post, reacting.reaction.as_str(), change],
    )?;
    Ok(())
}

fn tell(writing: &mut Writing<'_>, permit: &Permit, post: &PostRow, member: MemberId) -> Result<(), Failure> {
    let reactions = own(writing, post.id, member)?;
    if reactions.len() > REACTIONS_PER_MEMBER {
        return Err(ErrorCode::TooMany.into());
    }
    post_row::put_counts(writing, permit, post)?;
    let inbox = Stream::Member(member);
    if reactions.is_empty() {
        writing.gone(permit, inbox, &EntityKind::MyReactions, post.id.0)?;
    } else {
        writing.put(permit, inbox, post.id.0, None, &Entity::MyReactions(MyReactions { reactions }))?;
    }
    Ok(())
}

fn own(writing: &mut Writing<'_>, post: PostId, member: MemberId) -> Result<Vec<String>, Failure> {
    let rows = writing.conn.query(
        "SELECT reaction FROM reaction WHERE community = $1 AND post = $2 AND member = $3",
        values![writing.community, post, member],
    )?;
    let mut reactions = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()?;
    reactions.sort_unstable();
    Ok(reactions)
}

/// Takes back the reactions to a post that is gone, those of at most `members` members. Whether
/// none are left.
pub(super) fn forget(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    members: usize,
) -> Result<bool, Failure> {
    let limit = i64::try_from(members).unwrap_or(i64::MAX);
    let rows = writing.conn.query(
        "SELECT DISTINCT member FROM reaction WHERE community = $1 AND post = $2 LIMIT $3",
        values![writing.community, post, limit],
    )?;
    for row in &rows {
        let member: MemberId = row.get(0)?;
        writing.conn.execute(
            "DELETE FROM reaction WHERE community = $1 AND post = $2 AND member = $3",
            values![writing.community, post, member],
        )?;
        writing.gone(permit, Stream::Member(member), &EntityKind::MyReactions, post.0)?;
    }
    if rows.len() < members {
        writing.conn.execute(
            "DELETE FROM reaction_count WHERE community = $1 AND post = $2",
            values![writing.community, post],
        )?;
    }
    Ok(rows.len() < members)
}

/// Takes back what one member left on a post, without telling their inbox: it is going as well.
pub(super) fn forget_of(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    member: MemberId,
) -> Result<(), Failure> {
    for reaction in own(writing, post, member)? {
        count(writing, &Reacting { post, reaction, on: false })?;
    }
    writing.conn.execute(
        "DELETE FROM reaction WHERE community = $1 AND post = $2 AND member = $3",
        values![writing.community, post, member],
    )?;
    match post_row::find(writing.conn, writing.community, post)? {
        Some(post) => post_row::put_counts(writing, permit, &post),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_reaction;

    #[test]
    fn a_reaction_is_an_emoji_and_not_a_word() {
        for emoji in ["👍", "🎉", "❤️", "👩‍👩‍👧", "👍🏽", "🇯🇵", "1️⃣"] {
            assert!(is_reaction(emoji), "{emoji}");
        }
        for other in ["", "a", "ok", "良", "い い", ":+1:", "<b>", "👍 ", "\u{7}", "👍👍👍👍👍👍👍👍👍"]
        {
            assert!(!is_reaction(other), "{other}");
        }
    }
}
