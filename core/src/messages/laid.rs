//! Laying the outbox over a conversation: what the member did shows at once.

use super::{ParticipantView, list::name_of};
use crate::{
    error::StoreError,
    feed::{Delivery, stub::member},
    store::{
        values::{first, id, id_or_none},
        view::View,
    },
    sync::replica::{State, Waiting},
};
use enishi_protocol::{
    ConversationId, MemberId, MutationId, Operation, Position, Stream, Version,
    membership::Role,
    messages::{Conversation, ConversationMark, ConversationStart, Participation},
};
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

/// Whether a mutation's effect is not in a row of the inbox yet, and is to be laid over it.
pub(super) fn lays_over(view: &View<'_>, waiting: &Waiting, row: (Version, Option<MutationId>)) -> bool {
    match &waiting.state {
        State::Waiting => row.1 != Some(waiting.id),
        State::Accepted { streams, .. } => {
            streams.get(&Stream::Member(view.member)).is_some_and(|written| row.0 < *written)
        }
        State::Attention(_) => false,
    }
}

pub(super) fn delivery(waiting: &Waiting) -> Delivery {
    match waiting.state {
        State::Waiting => Delivery::Pending,
        State::Accepted { .. } => Delivery::Sent,
        State::Attention(code) => Delivery::NeedsAttention(code),
    }
}

/// A conversation with everything laid over it.
#[derive(Clone, Debug)]
pub(super) struct Laid {
    pub(super) id: ConversationId,
    pub(super) pair: bool,
    pub(super) title: Option<String>,
    pub(super) participants: Vec<ParticipantView>,
    pub(super) asked_by: Option<MemberId>,
    pub(super) since: Position,
    pub(super) mark: ConversationMark,
    pub(super) delivery: Delivery,
    /// Whether the server has it.
    pub(super) confirmed: bool,
}

/// The ids of all conversations that this member may show.
pub(super) fn ids(view: &View<'_>) -> Result<Vec<ConversationId>, StoreError> {
    let sql = "SELECT id FROM entity WHERE copy = ?1 AND kind = 'conversation'";
    let mut statement = view.connection.prepare_cached(sql)?;
    let rows = statement.query_map([view.inbox()], |row| id(row, 0))?;
    let mut ids = rows.collect::<Result<Vec<ConversationId>, _>>()?;
    for (waiting, operation) in view.shown_operations() {
        if let Operation::StartConversation(start) = operation {
            ids.push(start.conversation(view.member, waiting.id));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// A conversation; none where this phone does not hold it, or has left it.
pub(super) fn find(view: &View<'_>, id: ConversationId) -> Result<Option<Laid>, StoreError> {
    let mut row = (Version(0), None);
    let mut laid = None;
    if let Some((written, conversation)) = mirrored(view, id)? {
        row = written;
        laid = Some(confirmed(view, id, conversation)?);
    }
    for entry in view.overlay.iter() {
        let Some(operation) = &entry.operation else { continue };
        let refused = entry.waiting.needs_attention();
        if let Operation::StartConversation(start) = operation {
            if start.conversation(view.member, entry.waiting.id) == id && !refused {
                lay_start(view, id, &entry.waiting, start, &mut laid)?;
            }
            continue;
        }
        let Some(held) = laid.as_mut().filter(|_| conversation_of(operation) == Some(id)) else { continue };
        if refused {
            held.delivery = delivery(&entry.waiting);
        } else if is_of_mark(operation) {
            lay_mark(&mut held.mark, operation);
        } else if lays_over(view, &entry.waiting, row) {
            if !matches!(operation, Operation::WriteMessage(_)) {
                held.delivery = delivery(&entry.waiting);
            }
            if !lay(view, held, operation)? {
                laid = None;
            }
        }
    }
    Ok(laid.filter(|laid| !is_behind_a_block(view, laid)))
}

/// The conversation of two with somebody behind a block, and a request of theirs, are not there.
fn is_behind_a_block(view: &View<'_>, laid: &Laid) -> bool {
    let with = laid.participants.iter().filter(|participant| laid.pair && !participant.own);
    let mut others = with.map(|participant| participant.member).chain(laid.asked_by);
    others.any(|other| view.unseen.is_behind_a_block(other))
}

type Row = ((Version, Option<MutationId>), Conversation);

fn mirrored(view: &View<'_>, conversation: ConversationId) -> Result<Option<Row>, StoreError> {
    let sql = "SELECT version, mutation, body FROM entity WHERE copy = ?1 AND kind = 'conversation' AND id = ?2";
    let mut statement = view.connection.prepare_cached(sql)?;
    let row = statement
        .query_row(params![view.inbox(), conversation.0.as_bytes()], |row| {
            Ok(((Version(row.get(0)?), id_or_none(row, 1)?), row.get::<_, String>(2)?))
        })
        .optional()?;
    // One that this build cannot read is left out.
    Ok(row.and_then(|(written, body)| Some((written, serde_json::from_str(&body).ok()?))))
}

fn confirmed(view: &View<'_>, id: ConversationId, conversation: Conversation) -> Result<Laid, StoreError> {
    let Conversation { pair, title, participants, asked_by, since, .. } = conversation;
    let mut others = Vec::new();
    for participant in participants {
        let role = member(view, participant.member)?.map_or(Role::Member, |member| member.role);
        // That of two is left out whole.
        if !pair && view.is_unseen(participant.member, role) {
            continue;
        }
        let name = name_of(view, participant.member)?.unwrap_or_else(|| participant.name.full());
        others.push(shown(view, participant.member, name, participant.participation));
    }
    Ok(Laid {
        id,
        pair,
        title,
        participants: others,
        asked_by,
        since,
        mark: view.entity(view.inbox(), "conversation_mark", id.0)?.unwrap_or_default(),
        delivery: Delivery::Sent,
        confirmed: true,
    })
}

fn shown(view: &View<'_>, member: MemberId, name: String, participation: Participation) -> ParticipantView {
    ParticipantView { member, name, own: member == view.member, participation }
}

fn lay_start(
    view: &View<'_>,
    id: ConversationId,
    waiting: &Waiting,
    start: &ConversationStart,
    laid: &mut Option<Laid>,
) -> Result<(), StoreError> {
    if let Some(held) = laid {
        held.asked_by = None;
        return Ok(());
    }
    let mut participants = Vec::new();
    for (number, member) in std::iter::once(&view.member).chain(&start.with).enumerate() {
        let name = name_of(view, *member)?.unwrap_or_default();
        let participation = if number == 0 { Participation::In } else { Participation::Asked };
        participants.push(shown(view, *member, name, participation));
    }
    *laid = Some(Laid {
        id,
        pair: start.with.len() == 1,
        title: start.title.clone(),
        participants,
        asked_by: None,
        since: Position(0),
        mark: ConversationMark::default(),
        delivery: delivery(waiting),
        confirmed: false,
    });
    Ok(())
}

/// The conversation that an operation is about, where it names one.
pub(super) fn conversation_of(operation: &Operation) -> Option<ConversationId> {
    match operation {
        Operation::AddToConversation(adding) => Some(adding.conversation),
        Operation::LeaveConversation(leaving) => Some(leaving.conversation),
        Operation::TitleConversation(titling) => Some(titling.conversation),
        Operation::DecideConversation(decision) => Some(decision.conversation),
        Operation::ReadConversation(reading) => Some(reading.conversation),
        Operation::MuteConversation(muting) => Some(muting.conversation),
        Operation::WriteMessage(writing) => Some(writing.conversation),
        _ => None,
    }
}

fn is_of_mark(operation: &Operation) -> bool {
    matches!(operation, Operation::ReadConversation(_) | Operation::MuteConversation(_))
}

fn lay_mark(mark: &mut ConversationMark, operation: &Operation) {
    match operation {
        Operation::ReadConversation(reading) => mark.read_to = mark.read_to.max(reading.position),
        Operation::MuteConversation(muting) => mark.muted = muting.muted,
        _ => {}
    }
}

/// Lays one wish over a conversation. False where it is left by that.
fn lay(view: &View<'_>, held: &mut Laid, operation: &Operation) -> Result<bool, StoreError> {
    match operation {
        Operation::LeaveConversation(_) => return Ok(false),
        Operation::DecideConversation(decision) if !decision.accept => return Ok(false),
        Operation::DecideConversation(_) | Operation::WriteMessage(_) => held.asked_by = None,
        Operation::TitleConversation(titling) => held.title.clone_from(&titling.title),
        Operation::AddToConversation(adding) => {
            for member in &adding.members {
                let known = held.participants.iter_mut().find(|participant| participant.member == *member);
                match known {
                    Some(known) if known.participation == Participation::Left => {
                        known.participation = Participation::Asked;
                    }
                    Some(_) => {}
                    None => {
                        let name = name_of(view, *member)?.unwrap_or_default();
                        held.participants.push(shown(view, *member, name, Participation::Asked));
                    }
                }
            }
        }
        _ => {}
    }
    Ok(true)
}

/// Whether the mirror has a message.
pub(super) fn is_mirrored(view: &View<'_>, message: Uuid) -> Result<bool, StoreError> {
    let (from, to) = crate::store::mirror::places(view.inbox());
    let sql = "SELECT 1 FROM message WHERE id = ?1 AND place BETWEEN ?2 AND ?3";
    Ok(first::<i64>(view.connection, sql, params![message.as_bytes(), from, to])?.is_some())
}
