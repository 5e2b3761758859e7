//! How ids and words are written into columns and read back.

use crate::error::StoreError;
use rusqlite::{Row, types::FromSql};
use uuid::Uuid;

/// An id column.
pub(crate) fn id<T: From<Uuid>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get::<_, [u8; 16]>(column).map(|bytes| Uuid::from_bytes(bytes).into())
}

/// An id column that may be empty.
pub(crate) fn id_or_none<T: From<Uuid>>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(|bytes| Uuid::from_bytes(bytes).into()))
}

/// A column of text that names something, read by `read`.
pub(crate) fn named<T>(row: &Row<'_>, column: usize, read: impl FnOnce(&str) -> Option<T>) -> rusqlite::Result<T> {
    let value = row.get_ref(column)?;
    let text = value.as_str().map_err(rusqlite::Error::from)?;
    read(text).ok_or(rusqlite::Error::InvalidColumnType(column, text.to_owned(), value.data_type()))
}

/// A value in JSON, where there is one.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, StoreError> {
    Ok(text.map(serde_json::from_str).transpose()?)
}

/// The first column of the first row, where there is one.
pub(crate) fn first<T: FromSql>(
    connection: &rusqlite::Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Option<T>, StoreError> {
    use rusqlite::OptionalExtension;
    Ok(connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?)
}
