//! Drafts through the handle.

use super::Community;
use crate::error::Error;

impl Community {
    /// Keeps what a member has written so far for a place that the app names, such as the composer of a group; an empty text
    /// forgets it. Over the limit of what can be sent nothing is cut off: it is refused when it is sent.
    pub fn keep_draft(&self, place: &str, text: &str) -> Result<(), Error> {
        Ok(self.store().keep_draft(self.id(), place, text)?)
    }

    /// What a member has written so far for a place; none where that is nothing.
    pub fn draft(&self, place: &str) -> Result<Option<String>, Error> {
        Ok(self.store().draft(self.id(), place)?)
    }
}
