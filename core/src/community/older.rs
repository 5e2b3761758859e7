//! What a phone fetches beyond what it holds, through the handle: older posts, and older hits of a search.

use super::Community;
use crate::{
    error::Error,
    feed::{self, SearchHits, Selection},
    store::OlderTaken,
    sync::engine::Reach,
    transport::api::escaped,
};
use enishi_protocol::{
    ErrorCode, Position, Stream,
    limits::{OLDER_POSTS, SEARCH_CHARS},
    older::{OlderHits, OlderPosts},
};
use tokio_util::sync::CancellationToken;

/// How often older posts are asked for again where the phone has moved on meanwhile.
const TRIES: usize = 3;

impl Community {
    /// Fetches older posts of a feed, those before `before`, which windows and posts then show. Where
    /// the phone holds them already nothing happens.
    ///
    /// # Errors
    /// [`Error::Offline`] where the server cannot be reached now, [`Error::SignedOut`],
    /// [`Error::StorageFull`], [`Error::Cancelled`]; then everything is as it was.
    pub async fn older(&self, stream: Stream, before: Position, cancel: &CancellationToken) -> Result<(), Error> {
        cancel.run_until_cancelled(self.fetch_older(stream, before)).await.unwrap_or(Err(Error::Cancelled))
    }

    async fn fetch_older(&self, stream: Stream, before: Position) -> Result<(), Error> {
        for _ in 0..TRIES {
            let Some(before) = self.store().older_from(self.id(), stream, before)? else { return Ok(()) };
            let path = format!("/v1/communities/{}/feed?stream={stream}&before={before}", self.id());
            let answer: OlderPosts = self.ask(path).await?;
            match self.0.local.take_older(stream, before, &answer, OLDER_POSTS)? {
                OlderTaken::Yes => {
                    self.changed();
                    return Ok(());
                }
                OlderTaken::None => return Ok(()),
                OlderTaken::Late => {}
                OlderTaken::Other => self.0.driver.sync_now().await?,
            }
        }
        Err(Error::Offline)
    }

    /// Asks the server for hits before `before`: what a search, here or on the server, gave as
    /// [`SearchHits::ended`]. [`SearchHits::with_older`] puts them together.
    ///
    /// # Errors
    /// [`ErrorCode::TextTooLong`] for a query beyond its limit, [`Error::Offline`] where the server
    /// cannot be reached now, [`Error::SignedOut`], [`Error::Cancelled`].
    pub async fn search_older(
        &self,
        selection: Selection,
        query: &str,
        before: Position,
        cancel: &CancellationToken,
    ) -> Result<SearchHits, Error> {
        if query.chars().count() > SEARCH_CHARS {
            return Err(ErrorCode::TextTooLong.into());
        }
        let path = format!("/v1/communities/{}/search?q={}&before={before}", self.id(), escaped(query));
        let asked = cancel.run_until_cancelled(self.ask::<OlderHits>(path)).await;
        let answer = asked.unwrap_or(Err(Error::Cancelled))?;
        Ok(feed::older_hits(self.store(), self.id(), selection, &answer)?)
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, path: String) -> Result<T, Error> {
        if !self.is_online() {
            return Err(Error::Offline);
        }
        let (api, token) = self.calls()?;
        Ok(api.get(&token, path).await?)
    }

    /// Whether the server is believed to be within reach.
    pub(super) fn is_online(&self) -> bool {
        self.status().reach == Reach::Online
    }
}
