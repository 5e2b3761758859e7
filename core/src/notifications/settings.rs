//! What this member wishes to hear of, with what waits laid over it.

use crate::{
    error::StoreError,
    store::{Store, view::View},
};
use enishi_protocol::{CommunityId, Operation, notifications::NotificationSettings};

/// What this member wishes to hear of, and when.
pub fn settings(store: &Store, community: CommunityId) -> Result<NotificationSettings, StoreError> {
    store.view(community, of)
}

pub(super) fn of(view: &View<'_>) -> Result<NotificationSettings, StoreError> {
    let held: Option<NotificationSettings> = view.entity(view.inbox(), "notification_settings", view.member.0)?;
    let mut settings = held.unwrap_or_default();
    for (_, operation) in view.shown_operations() {
        if let Operation::SetNotifications(setting) = operation {
            settings.set(setting);
        }
    }
    Ok(settings)
}
