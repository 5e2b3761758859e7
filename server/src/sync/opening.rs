//! Opens what lies sealed in an inbox, on its way to its owner. Nothing else does, but for the messages that
//! such an owner reports.
//!
//! Whoever calls has seen that the reader is granted the stream. What does not open is left out, so
//! that one damaged row costs nobody their whole inbox, and their phones keep what they have of it.

use super::changes::{Of, Ready};
use crate::{db::Connection, messages, sealing::ConversationKey, writing::Failure};
use enishi_protocol::{ConversationId, Stream};
use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
};

/// The rows as their reader may have them.
///
/// # Errors
/// That the database failed, or was opened without the message key.
pub(super) fn opened<'r>(conn: &mut dyn Connection, of: &Of, rows: &'r [Ready]) -> Result<Cow<'r, [Ready]>, Failure> {
    let sealed = rows.iter().any(|row| row.sealed().is_some());
    if !sealed || !matches!(of.stream, Stream::Member(_)) {
        return Ok(Cow::Borrowed(rows));
    }
    let mut keys = BTreeMap::new();
    let mut opened = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(row) = open(conn, of, row, &mut keys)? {
            opened.push(row);
        } else {
            tracing::error!(id = %row.id, version = %row.version, "a sealed change does not open");
        }
    }
    Ok(Cow::Owned(opened))
}

type Keys = BTreeMap<ConversationId, Option<ConversationKey>>;

fn open(conn: &mut dyn Connection, of: &Of, row: &Ready, keys: &mut Keys) -> Result<Option<Ready>, Failure> {
    let Some(sealed) = row.sealed() else { return Ok(Some(row.clone())) };
    let key = match keys.entry(sealed.conversation) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(new) => new.insert(messages::key_of(conn, of.community, sealed.conversation)?),
    };
    let Some(key) = key else { return Ok(None) };
    Ok(sealed.open(key, &row.place(of)).ok().map(|body| row.with_body(body)))
}
