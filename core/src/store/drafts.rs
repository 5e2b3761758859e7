//! What a member has begun to write. It lives only here, encrypted like all else, until it is sent or emptied.

use super::{Flush, Store, values::first};
use crate::error::StoreError;
use enishi_protocol::CommunityId;
use rusqlite::params;

impl Store {
    /// Keeps what has been written so far for a place of the app's own naming; an empty text forgets it.
    ///
    /// It is not flushed: what a power cut may take is the last words, and a phone that writes to its flash for each letter
    /// is not kind to it. A process that is killed loses nothing.
    ///
    /// # Errors
    /// Those of the store; then what was kept before is still there.
    pub(crate) fn keep_draft(&self, community: CommunityId, place: &str, text: &str) -> Result<(), StoreError> {
        self.write(Flush::No, |connection| {
            if text.is_empty() {
                connection
                    .prepare_cached("DELETE FROM draft WHERE community = ?1 AND place = ?2")?
                    .execute(params![community.0.as_bytes(), place])?;
            } else {
                connection
                    .prepare_cached("INSERT OR REPLACE INTO draft (community, place, text) VALUES (?1, ?2, ?3)")?
                    .execute(params![community.0.as_bytes(), place, text])?;
            }
            Ok(())
        })
    }

    /// What has been written so far for a place.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) fn draft(&self, community: CommunityId, place: &str) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT text FROM draft WHERE community = ?1 AND place = ?2";
            first(connection, sql, params![community.0.as_bytes(), place])
        })
    }
}
