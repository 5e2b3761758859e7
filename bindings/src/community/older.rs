//! What a phone fetches beyond what it holds: older posts, and older hits of a search.

use super::Community;
use crate::{Cancel, EnishiError, cancel};
use enishi_core::feed::{SearchHits, Selection};
use enishi_protocol::{Position, Stream};
use std::sync::Arc;

#[uniffi::export]
impl Community {
    /// Fetches older posts of a feed, those before `before`, which windows and posts then show. Where
    /// the phone holds them already nothing happens.
    ///
    /// # Errors
    /// `Offline` where the server cannot be reached now, `SignedOut`, `StorageFull`, `Cancelled`; then
    /// everything is as it was.
    #[uniffi::method(default(cancel = None))]
    pub async fn older(
        &self,
        stream: Stream,
        before: Position,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<(), EnishiError> {
        let cancel = cancel::token(cancel);
        self.ask(|community| async move { community.older(stream, before, &cancel).await }).await
    }

    /// Asks the server for hits before `before`: what a search, here or on the server, gave as
    /// `ended`. `hits_with_older` puts them together.
    ///
    /// # Errors
    /// `TextTooLong` for a query beyond its limit, `Offline` where the server cannot be reached now,
    /// `SignedOut`, `Cancelled`.
    #[uniffi::method(default(cancel = None))]
    pub async fn search_older(
        &self,
        selection: Selection,
        query: String,
        before: Position,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<SearchHits, EnishiError> {
        let cancel = cancel::token(cancel);
        self.ask(|community| async move { community.search_older(selection, &query, before, &cancel).await }).await
    }
}
