//! What whoever joins reads first: who runs this and why, in the words of those who run it.

use serde::{Deserialize, Serialize};

/// The words that welcome whoever joins. In the community's stream. Id: the community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Welcome {
    /// What they say, plain text.
    pub text: String,
}

/// Sets the words that welcome whoever joins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeSetting {
    /// At most [`crate::limits::WELCOME_CHARS`] characters; none takes them away.
    pub text: Option<String>,
}
