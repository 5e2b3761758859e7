//! A connection that knows under which key the sealed columns lie.

use super::{Connection, DbError, Engine, Row, Value};
use crate::sealing::MessageKey;
use std::sync::Arc;

/// A connection with the message key.
pub struct Keyed<'c> {
    conn: &'c mut dyn Connection,
    key: Arc<MessageKey>,
}

impl<'c> Keyed<'c> {
    /// Gives a connection the key.
    pub fn new(conn: &'c mut dyn Connection, key: Arc<MessageKey>) -> Self {
        Self { conn, key }
    }
}

impl Connection for Keyed<'_> {
    fn engine(&self) -> Engine {
        self.conn.engine()
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        self.conn.execute(sql, values)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        self.conn.query(sql, values)
    }

    fn first(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DbError> {
        self.conn.first(sql, values)
    }

    fn execute_late(&mut self, sql: &'static str, values: &[Value]) -> Result<(), DbError> {
        self.conn.execute_late(sql, values)
    }

    fn begin_step(&mut self) -> Result<(), DbError> {
        self.conn.begin_step()
    }

    fn keep_step(&mut self) -> Result<(), DbError> {
        self.conn.keep_step()
    }

    fn undo_step(&mut self) -> Result<(), DbError> {
        self.conn.undo_step()
    }

    fn message_key(&self) -> Option<Arc<MessageKey>> {
        Some(Arc::clone(&self.key))
    }
}
