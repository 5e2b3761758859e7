//! The first screen after joining: people whom one may know, who runs this and why, and one thing to do.
//!
//! It is made from whatever is here. The first page of a first sync has what it needs, so it waits for
//! no history; nothing in it asks for the network.

mod people;
mod step;
#[cfg(test)]
mod tests;

pub use people::Acquaintance;
pub use step::FirstStep;

use crate::{
    error::StoreError,
    membership::{MemberView, active, own_fields},
    store::{Store, view::View},
};
use enishi_protocol::{CommunityId, membership::Role, welcome::Welcome};

/// The first screen after joining.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WelcomeView {
    /// What those who run the community say, where they say something.
    pub text: Option<String>,
    /// Who runs it: owners, then admins.
    pub runs: Vec<MemberView>,
    /// People whom this member may know, the likeliest first.
    pub people: Vec<Acquaintance>,
    /// One thing to do; none where all of it is done.
    pub to_do: Option<FirstStep>,
}

/// The first screen after joining, from what is here now.
pub fn welcome(store: &Store, community: CommunityId) -> Result<WelcomeView, StoreError> {
    store.view(community, |view| {
        let text: Option<Welcome> = view.entity(view.commons(), "welcome", community.0)?;
        let (own, _) = own_fields(view)?;
        let all = active(view)?;
        let people = people::known(view.member, &own, &all);
        let to_do = step::first(view, &own, &people, &all)?;
        Ok(WelcomeView { text: text.map(|welcome| welcome.text), runs: runs(view, &all), people, to_do })
    })
}

fn runs(view: &View<'_>, all: &[MemberView]) -> Vec<MemberView> {
    let mut runs: Vec<_> = all
        .iter()
        .filter(|member| matches!(member.role, Role::Owner | Role::Admin) && member.id != view.member)
        .cloned()
        .collect();
    runs.sort_by_key(|member| (member.role, member.joined_us, member.id));
    runs
}
