//! One SQL text for two engines.
//!
//! Features write portable SQL with `$1` parameters against [`Connection`]: ids are 16-byte UUIDs,
//! times integer microseconds UTC, truth values the integers 0 and 1. What really differs between
//! the engines (full-text search, NOTIFY, locks, row-level security) sits in one file per engine.
//! A connection here is always inside a transaction: features never begin or end one.

mod database;
pub mod fulltext;
mod keyed;
mod late;
mod migrate;
mod postgres;
mod sqlite;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod waiting;

pub use database::{Database, Scope};
pub use keyed::Keyed;
pub use postgres::Listener;
pub use sqlite::SqliteConnection;

use crate::sealing::MessageKey;
use enishi_protocol::{Era, Stream};
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// Why the database did not do as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// No space is left on the device; nothing was written.
    #[error("the storage is full")]
    Full,
    /// The database is busy or unreachable; the same work may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A unique or foreign key forbids the row.
    #[error("a constraint forbids it: {0}")]
    Constraint(String),
    /// Anything else: a defect of ours, or of the database.
    #[error("the database failed: {0}")]
    Failed(String),
    /// A newer build has migrated this database; this one would not understand it.
    #[error("the database is at migration {found}, this build knows only {known}: run the newer build")]
    Newer {
        /// The newest migration in the database.
        found: i64,
        /// The newest migration of this build.
        known: i64,
    },
    /// A value is not of the type that the query's reader expects.
    #[error("column {column} is not of the type {expected}")]
    Type {
        /// Which column of the row, from 0.
        column: usize,
        /// What was expected.
        expected: &'static str,
    },
}

/// What a feature gives to and takes from SQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A number, a time in microseconds, or a truth value (0, 1).
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An id.
    Id(Uuid),
}

/// Which engine a connection belongs to, for the few texts that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// A connection inside a transaction.
///
/// Calls block; on PostgreSQL they are made from a thread that may.
pub trait Connection {
    /// Which engine this is.
    fn engine(&self) -> Engine;

    /// Runs a statement and returns how many rows it changed.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError>;

    /// Runs a query and returns its rows.
    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError>;

    /// Runs a statement now or, where it is cheaper with all others of the transaction, once that is about to be
    /// committed: for what nothing in the same transaction reads. It is undone with the step that it belongs to.
    fn execute_late(&mut self, sql: &'static str, values: &[Value]) -> Result<(), DbError> {
        self.execute(sql, values).map(drop)
    }

    /// Begins a step: a part of the transaction that can be undone. Steps lie within each other.
    fn begin_step(&mut self) -> Result<(), DbError> {
        self.execute("SAVEPOINT step", &[]).map(drop)
    }

    /// Ends the step that was begun last, and keeps what it wrote.
    fn keep_step(&mut self) -> Result<(), DbError> {
        self.execute("RELEASE SAVEPOINT step", &[]).map(drop)
    }

    /// Ends the step that was begun last, and undoes what it wrote.
    fn undo_step(&mut self) -> Result<(), DbError> {
        self.execute("ROLLBACK TO SAVEPOINT step", &[])?;
        self.execute("RELEASE SAVEPOINT step", &[]).map(drop)
    }

    /// The key under which the sealed columns of this database lie; none where it was opened without.
    fn message_key(&self) -> Option<Arc<MessageKey>> {
        None
    }

    /// The first row of a query, if there is one.
    fn first(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DbError> {
        Ok(self.query(sql, values)?.into_iter().next())
    }
}

/// Does `work` whole or not at all: where it fails, what it wrote is undone and the transaction goes
/// on. Without this a statement that fails spoils the whole transaction on PostgreSQL.
///
/// # Errors
/// Those of `work`, or that the database could not undo it.
pub fn step<T, E: From<DbError>>(
    conn: &mut dyn Connection,
    work: impl FnOnce(&mut dyn Connection) -> Result<T, E>,
) -> Result<T, E> {
    conn.begin_step()?;
    let result = work(conn);
    if result.is_err() {
        // Where the engine has ended the whole transaction by itself (a full disk) there is nothing to
        // undo any more, and the first error is the one that says why.
        drop(conn.undo_step());
        return result;
    }
    conn.keep_step()?;
    result
}

/// A row, read by column number.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// Reads a column; see the implementations of [`FromValue`].
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, DbError> {
        let value = self.0.get(column).unwrap_or(&Value::Null);
        T::from_value(value).ok_or(DbError::Type { column, expected: std::any::type_name::<T>() })
    }
}

/// A Rust type that a column can be read as.
pub trait FromValue: Sized {
    /// The value, where it is of this type.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($type:ty: $pattern:pat => $result:expr),* $(,)?) => {$(
        impl FromValue for $type {
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $pattern => Some($result),
                    _ => None,
                }
            }
        }
    )*};
}

from_value! {
    i64: Value::Int(number) => *number,
    bool: Value::Int(number) => *number != 0,
    String: Value::Text(text) => text.clone(),
    Vec<u8>: Value::Bytes(bytes) => bytes.clone(),
}

impl FromValue for Uuid {
    /// SQLite has no type for ids and gives 16 bytes back.
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Id(id) => Some(*id),
            Value::Bytes(bytes) => Self::from_slice(bytes).ok(),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! into_value {
    ($($type:ty: $name:ident => $value:expr),* $(,)?) => {$(
        impl From<$type> for Value {
            fn from($name: $type) -> Self {
                $value
            }
        }
    )*};
}

into_value! {
    i64: number => Self::Int(number),
    bool: truth => Self::Int(i64::from(truth)),
    String: text => Self::Text(text),
    &str: text => Self::Text(text.to_owned()),
    Vec<u8>: bytes => Self::Bytes(bytes),
    &[u8]: bytes => Self::Bytes(bytes.to_vec()),
    Uuid: id => Self::Id(id),
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids_are_values {
    ($($id:ident),*) => {$(
        impl From<enishi_protocol::$id> for Value {
            fn from(id: enishi_protocol::$id) -> Self {
                Self::Id(id.0)
            }
        }
        impl FromValue for enishi_protocol::$id {
            fn from_value(value: &Value) -> Option<Self> {
                Uuid::from_value(value).map(Self)
            }
        }
    )*};
}
ids_are_values!(
    CommunityId,
    AccountId,
    MemberId,
    DeviceId,
    AttemptId,
    MutationId,
    PostId,
    CommentId,
    GroupId,
    InvitationId,
    RequestId,
    ReportId,
    EntryId,
    NoticeId,
    RecoveryId,
    AttachmentId,
    ConversationId,
    MessageId
);

impl From<Era> for Value {
    fn from(era: Era) -> Self {
        Self::Id(era.0)
    }
}

impl FromValue for Era {
    fn from_value(value: &Value) -> Option<Self> {
        Uuid::from_value(value).map(Self)
    }
}

impl From<Stream> for Value {
    /// One byte for the kind, then the id: short keys, and one kind's streams side by side.
    fn from(stream: Stream) -> Self {
        let (kind, id) = match stream {
            Stream::Community => return Self::Bytes(vec![b'c']),
            Stream::Group(id) => (b'g', id.0),
            Stream::Member(id) => (b'm', id.0),
            Stream::Desk(id) => (b'd', id),
        };
        let mut bytes = Vec::with_capacity(17);
        bytes.push(kind);
        bytes.extend_from_slice(id.as_bytes());
        Self::Bytes(bytes)
    }
}

impl FromValue for Stream {
    fn from_value(value: &Value) -> Option<Self> {
        let Value::Bytes(bytes) = value else { return None };
        let (kind, id) = bytes.split_first()?;
        if *kind == b'c' && id.is_empty() {
            return Some(Self::Community);
        }
        let id = Uuid::from_slice(id).ok()?;
        match kind {
            b'g' => Some(Self::Group(id.into())),
            b'm' => Some(Self::Member(id.into())),
            b'd' => Some(Self::Desk(id)),
            _ => None,
        }
    }
}

macro_rules! numbers_are_values {
    ($($number:ident),*) => {$(
        impl From<enishi_protocol::$number> for Value {
            fn from(number: enishi_protocol::$number) -> Self {
                Self::Int(number.0)
            }
        }
        impl FromValue for enishi_protocol::$number {
            fn from_value(value: &Value) -> Option<Self> {
                i64::from_value(value).map(Self)
            }
        }
    )*};
}
numbers_are_values!(Version, Position, Grant);

/// Builds the parameters of a statement from values of different types.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Value::from($value)),*] };
}
