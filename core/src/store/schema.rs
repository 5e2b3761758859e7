//! The numbered migrations of the local store. One is never edited after it has landed.

use crate::error::StoreError;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/001_mirror_and_outbox.sql")),
    M::up(include_str!("migrations/002_older_posts.sql")),
    M::up(include_str!("migrations/003_fields.sql")),
    M::up(include_str!("migrations/004_polls.sql")),
    M::up(include_str!("migrations/005_own_texts.sql")),
    M::up(include_str!("migrations/008_moderation.sql")),
    M::up(include_str!("migrations/006_media.sql")),
    M::up(include_str!("migrations/009_messages.sql")),
    M::up(include_str!("migrations/010_search_in_order.sql")),
    M::up(include_str!("migrations/011_outbox_counts.sql")),
    M::up(include_str!("migrations/012_drafts.sql")),
];

/// Brings the schema up to date.
///
/// # Errors
/// Where the file is damaged, full, or written by a newer version of the app.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(STEPS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        error => StoreError::Migration(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema_of(connection: &Connection) -> Vec<(String, String)> {
        let mut statement = connection
            .prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
            .expect("reads the schema");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("queries");
        rows.collect::<Result<_, _>>().expect("rows")
    }

    #[test]
    fn a_fresh_schema_equals_one_migrated_step_by_step() {
        let mut fresh = Connection::open_in_memory().expect("opens");
        migrate(&mut fresh).expect("migrates");
        let mut stepped = Connection::open_in_memory().expect("opens");
        for version in 1..=STEPS.len() {
            Migrations::from_slice(STEPS).to_version(&mut stepped, version).expect("one step");
        }
        migrate(&mut stepped).expect("nothing left to do");
        assert_eq!(schema_of(&fresh), schema_of(&stepped));
        assert!(schema_of(&fresh).len() > 10);
    }

    #[test]
    fn what_was_indexed_by_copy_waits_to_be_indexed_by_position() {
        let mut connection = Connection::open_in_memory().expect("opens");
        Migrations::from_slice(STEPS).to_version(&mut connection, 8).expect("as it was");
        // In a copy, below a copy's floor, and on its way between feeds.
        for place in [(3_i64 << 40) + 5, (!3_i64 << 40) + 4, (((1_i64 << 22) + 1) << 40) + 6] {
            let sql = "INSERT INTO post (place, id, version, author, kind, text, text_by, created_us, pinned)
                VALUES (?1, x'', 1, x'', 'text', 'hello', x'', 0, 0)";
            connection.execute(sql, [place]).expect("holds a post");
        }
        let indexed = "INSERT INTO post_search (rowid, text) SELECT place, text FROM post WHERE place > 0";
        connection.execute(indexed, []).expect("indexes");
        migrate(&mut connection).expect("migrates");
        let mut statement = connection.prepare("SELECT place FROM to_index").expect("reads");
        let waiting = statement.query_map([], |row| row.get(0)).expect("reads").collect::<Result<Vec<i64>, _>>();
        assert_eq!(waiting.expect("reads"), [(3_i64 << 40) + 5]);
        let left: i64 =
            connection.query_row("SELECT count(*) FROM post_search_docsize", [], |row| row.get(0)).expect("counts");
        assert_eq!(left, 0);
    }

    #[test]
    fn a_database_of_a_newer_app_is_refused_and_left_as_it_is() {
        let mut connection = Connection::open_in_memory().expect("opens");
        migrate(&mut connection).expect("migrates");
        connection.pragma_update(None, "user_version", 999).expect("pretends");
        assert!(matches!(migrate(&mut connection), Err(StoreError::Migration(_))));
        assert!(schema_of(&connection).len() > 10);
    }
}
