//! Notifications through the handle.

use super::Community;
use crate::{
    error::Error,
    notifications::{self, Notifications, commands},
    observe::{self, Subscription},
};
use enishi_protocol::{
    GroupId, MutationId, Version,
    notifications::{Level, NotificationKind, NotificationSetting, NotificationSettings, QuietHours},
};
use std::time::Duration;

impl Community {
    /// The newest `limit` notifications, made from what this phone holds.
    pub fn notifications(&self, limit: usize) -> Result<Notifications, Error> {
        Ok(notifications::notifications(self.store(), self.id(), limit, self.0.surroundings.now_us())?)
    }

    /// Follows the newest `limit` notifications, also over the end of quiet hours. Must be called
    /// within a Tokio runtime.
    pub fn follow_notifications(&self, limit: usize) -> Result<Subscription<Notifications>, Error> {
        let (store, id) = (self.store().clone(), self.id());
        let (clock, later) = (self.0.surroundings.clone(), self.0.surroundings.clone());
        let query = move || notifications::notifications(&store, id, limit, clock.now_us());
        let again = move |held: &Notifications| {
            let wait = held.quiet_until_us?.saturating_sub(later.now_us()).max(0);
            // A clock that is a little early must not make it ask in circles.
            Some(Duration::from_micros(wait.unsigned_abs()) + Duration::from_secs(1))
        };
        Ok(observe::follow_in_time(self.follow_changes(), query, again)?)
    }

    /// Marks every notification up to a place as looked at, on all devices.
    pub fn read_notifications(&self, up_to: Version) -> Result<(), Error> {
        if let Some(wish) = commands::read(self.store(), self.id(), up_to)? {
            self.wish(wish)?;
        }
        Ok(())
    }

    /// What this member wishes to hear of, and when.
    pub fn notification_settings(&self) -> Result<NotificationSettings, Error> {
        Ok(notifications::settings(self.store(), self.id())?)
    }

    /// Says how much of one kind one wishes to hear.
    pub fn set_notifications(&self, kind: NotificationKind, level: Level) -> Result<MutationId, Error> {
        self.wish(commands::set(NotificationSetting::Kind { kind, level })?)
    }

    /// Says how much from one group one wishes to hear.
    pub fn set_group_notifications(&self, group: GroupId, level: Level) -> Result<MutationId, Error> {
        self.wish(commands::set(NotificationSetting::Group { group, level })?)
    }

    /// Says in which hours the phone keeps quiet; none for never. To be said again where the member's
    /// clock is set to another zone.
    pub fn set_quiet_hours(&self, hours: Option<QuietHours>) -> Result<MutationId, Error> {
        self.wish(commands::set(NotificationSetting::Quiet { hours })?)
    }
}
