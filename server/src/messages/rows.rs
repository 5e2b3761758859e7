//! Conversations and who is in them, as the database knows them, and what an inbox is told of them.

use crate::{
    db::{Connection, DbError},
    directory::word,
    policy::{Permit, Relation},
    sealing::ConversationKey,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, ConversationId, Entity, ErrorCode, MemberId, Position, Stream,
    membership::{PersonName, Standing},
    messages::{Conversation, Participant, Participation},
};

/// How a member stands in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// Takes part.
    In,
    /// Was asked to, and has not answered.
    Asked,
    /// Said no, which nobody else is told.
    Declined,
    /// Left.
    Left,
}

impl Stands {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Asked => "asked",
            Self::Declined => "declined",
            Self::Left => "left",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::In, Self::Asked, Self::Declined, Self::Left].into_iter().find(|stands| stands.as_str() == name)
    }

    /// Whether the conversation is in their inbox.
    pub(super) fn holds(self) -> bool {
        matches!(self, Self::In | Self::Asked)
    }

    fn as_others_see(self) -> Participation {
        match self {
            Self::In => Participation::In,
            Self::Asked | Self::Declined => Participation::Asked,
            Self::Left => Participation::Left,
        }
    }
}

/// Somebody who is or was in a conversation.
#[derive(Clone, Debug)]
pub(super) struct ParticipantRow {
    pub(super) member: MemberId,
    pub(super) name: PersonName,
    /// Whether they take part in the community.
    pub(super) standing: Standing,
    pub(super) stands: Stands,
    pub(super) since: Position,
    pub(super) added_by: MemberId,
    pub(super) received: i64,
}

/// A conversation.
#[derive(Clone, Debug)]
pub(super) struct ConversationRow {
    pub(super) id: ConversationId,
    pub(super) pair: bool,
    title: Option<Vec<u8>>,
    created_us: i64,
    pub(super) participants: Vec<ParticipantRow>,
}

/// Looks a conversation up.
pub(super) fn find(
    conn: &mut dyn Connection,
    community: CommunityId,
    id: ConversationId,
) -> Result<Option<ConversationRow>, DbError> {
    let sql = "SELECT pair, title, created_us FROM conversation WHERE community = $1 AND id = $2";
    let Some(row) = conn.first(sql, values![community, id])? else { return Ok(None) };
    let participants = conn.query(
        "SELECT p.member, m.family, m.given, m.standing, p.standing, p.since, p.added_by, p.received
         FROM participant p JOIN member m ON m.community = p.community AND m.id = p.member
         WHERE p.community = $1 AND p.conversation = $2
         ORDER BY p.since, CASE WHEN p.added_by = p.member THEN 0 ELSE 1 END, p.member",
        values![community, id],
    )?;
    let participants = participants.iter().map(|row| {
        Ok(ParticipantRow {
            member: row.get(0)?,
            name: PersonName { family: row.get(1)?, given: row.get(2)? },
            standing: word(row, 3, Standing::named)?,
            stands: word(row, 4, Stands::named)?,
            since: row.get(5)?,
            added_by: row.get(6)?,
            received: row.get(7)?,
        })
    });
    let participants = participants.collect::<Result<_, DbError>>()?;
    Ok(Some(ConversationRow { id, pair: row.get(0)?, title: row.get(1)?, created_us: row.get(2)?, participants }))
}

/// Looks up a conversation that there must be.
pub(super) fn found(writing: &mut Writing<'_>, id: ConversationId) -> Result<ConversationRow, Failure> {
    Ok(find(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?)
}

impl ConversationRow {
    /// How a member stands in it; none for one who never was.
    pub(super) fn stands(&self, member: MemberId) -> Option<Stands> {
        self.of(member).map(|participant| participant.stands)
    }

    pub(super) fn of(&self, member: MemberId) -> Option<&ParticipantRow> {
        self.participants.iter().find(|participant| participant.member == member)
    }

    /// Whether anybody has it in their inbox.
    pub(super) fn is_held(&self) -> bool {
        self.participants.iter().any(|participant| participant.stands.holds())
    }

    /// What the conversation, or a message of `author` in it, is to a member.
    pub(super) fn relation(&self, member: MemberId, author: Option<MemberId>) -> Relation {
        let reads = self.stands(member).is_some_and(Stands::holds);
        Relation { reads, author: author == Some(member), ..Relation::NONE }
    }

    fn entity(&self, to: &ParticipantRow, title: Option<String>) -> Entity {
        let participants = self.participants.iter().map(|participant| Participant {
            member: participant.member,
            name: participant.name.clone(),
            participation: participant.stands.as_others_see(),
        });
        Entity::Conversation(Conversation {
            pair: self.pair,
            title,
            participants: participants.collect(),
            asked_by: (to.stands == Stands::Asked).then_some(to.added_by),
            since: to.since,
            created_us: self.created_us,
        })
    }
}

fn about_title(community: &CommunityId, id: &ConversationId) -> [Vec<u8>; 3] {
    [b"title".to_vec(), community.0.as_bytes().to_vec(), id.0.as_bytes().to_vec()]
}

/// Stores a new conversation.
pub(super) fn insert(writing: &mut Writing<'_>, id: ConversationId, pair: bool) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO conversation (community, id, pair, created_us) VALUES ($1, $2, $3, $4)",
        values![writing.community, id, pair, writing.now_us],
    )?;
    Ok(())
}

/// Stores a title, sealed.
pub(super) fn store_title(
    writing: &mut Writing<'_>,
    key: &ConversationKey,
    id: ConversationId,
    title: Option<&str>,
) -> Result<(), Failure> {
    let about = about_title(&writing.community, &id);
    let about = about.each_ref().map(Vec::as_slice);
    let sealed = title.map(|title| key.seal(writing.surroundings, &about, title.as_bytes())).transpose()?;
    let sql = "UPDATE conversation SET title = $3 WHERE community = $1 AND id = $2";
    writing.conn.execute(sql, values![writing.community, id, sealed])?;
    Ok(())
}

/// Opens a conversation's title.
pub(super) fn title(
    writing: &Writing<'_>,
    key: &ConversationKey,
    row: &ConversationRow,
) -> Result<Option<String>, Failure> {
    let about = about_title(&writing.community, &row.id);
    let about = about.each_ref().map(Vec::as_slice);
    let title = row.title.as_ref().map(|sealed| key.open(&about, sealed)).transpose()?;
    Ok(title.map(|title| String::from_utf8_lossy(&title).into_owned()))
}

/// Puts a member into a conversation: `asked` where they have to say yes first.
pub(super) fn put_participant(
    writing: &mut Writing<'_>,
    id: ConversationId,
    member: MemberId,
    added_by: MemberId,
    stands: Stands,
) -> Result<(), Failure> {
    let asked_us = (stands == Stands::Asked).then_some(writing.now_us);
    let since = Position(writing.next_version().0);
    writing.conn.execute(
        "INSERT INTO participant (community, conversation, member, standing, since, added_by, asked_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (community, conversation, member) DO UPDATE SET standing = excluded.standing,
         since = excluded.since, added_by = excluded.added_by, asked_us = excluded.asked_us, received = 0,
         read_to = 0, muted = 0",
        values![writing.community, id, member, stands.as_str(), since, added_by, asked_us],
    )?;
    Ok(())
}

/// Changes how a member stands in a conversation.
pub(super) fn set_stands(
    writing: &mut Writing<'_>,
    id: ConversationId,
    member: MemberId,
    stands: Stands,
) -> Result<(), Failure> {
    writing.conn.execute(
        "UPDATE participant SET standing = $4 WHERE community = $1 AND conversation = $2 AND member = $3",
        values![writing.community, id, member, stands.as_str()],
    )?;
    Ok(())
}

/// Tells everybody in a conversation how it stands now.
pub(super) fn publish(
    writing: &mut Writing<'_>,
    permit: &Permit,
    id: ConversationId,
    key: &ConversationKey,
) -> Result<(), Failure> {
    let row = found(writing, id)?;
    let title = title(writing, key, &row)?;
    for to in row.participants.iter().filter(|participant| participant.stands.holds()) {
        let entity = row.entity(to, title.clone());
        writing.put_sealed(permit, Stream::Member(to.member), id.0, None, &entity, (id, key))?;
    }
    Ok(())
}
