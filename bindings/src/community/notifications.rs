//! Notifications and what one wishes to hear of.

use super::Community;
use crate::EnishiError;
use crate::work::count;
use enishi_core::Community as Core;
use enishi_core::notifications::Notifications;
use enishi_protocol::notifications::{Level, NotificationKind, NotificationSettings, QuietHours};
use enishi_protocol::{GroupId, MutationId, Version};

#[uniffi::export]
impl Community {
    /// The newest `limit` notifications, made from what this phone holds.
    pub async fn notifications(&self, limit: u32) -> Result<Notifications, EnishiError> {
        self.look(move |community| community.notifications(count(limit))).await
    }

    /// Marks every notification up to a place as looked at, on all devices.
    pub async fn read_notifications(&self, up_to: Version) -> Result<(), EnishiError> {
        self.look(move |community| community.read_notifications(up_to)).await
    }

    /// What this member wishes to hear of, and when.
    pub async fn notification_settings(&self) -> Result<NotificationSettings, EnishiError> {
        self.look(Core::notification_settings).await
    }

    /// Says how much of one kind one wishes to hear.
    pub async fn set_notifications(&self, kind: NotificationKind, level: Level) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_notifications(kind, level)).await
    }

    /// Says how much from one group one wishes to hear.
    pub async fn set_group_notifications(&self, group: GroupId, level: Level) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_group_notifications(group, level)).await
    }

    /// Says in which hours the phone keeps quiet; none for never. To be said again where the member's
    /// clock is set to another zone.
    pub async fn set_quiet_hours(&self, hours: Option<QuietHours>) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_quiet_hours(hours)).await
    }
}
