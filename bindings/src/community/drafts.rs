//! What a member has begun to write.

use super::Community;
use crate::EnishiError;

#[uniffi::export]
impl Community {
    /// Keeps what a member has written so far for a place that the app names; an empty text forgets it.
    pub async fn keep_draft(&self, place: String, text: String) -> Result<(), EnishiError> {
        self.look(move |community| community.keep_draft(&place, &text)).await
    }

    /// What a member has written so far for a place; none where that is nothing.
    pub async fn draft(&self, place: String) -> Result<Option<String>, EnishiError> {
        self.look(move |community| community.draft(&place)).await
    }
}
