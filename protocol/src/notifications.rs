//! Notifications: phones make them from what streams bring; only how far one has looked, what one wishes
//! to hear of, and when, travels.

use crate::{ids::GroupId, membership::words, stream::Version};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What a notification is about. More kinds may come.
    NotificationKind {
        /// Somebody mentioned this member.
        Mention = "mention",
        /// Somebody replied to this member's comment.
        Reply = "reply",
        /// Somebody commented on this member's post.
        Comment = "comment",
        /// Somebody invited this member to a group.
        GroupInvitation = "group_invitation",
        /// Somebody asks to join, at a desk where this member is on duty.
        JoinRequest = "join_request",
        /// This member's own request was decided.
        Decision = "decision",
        /// Those who may announce have something to say to all.
        Announcement = "announcement",
        /// Somebody wrote in a conversation that this member is in.
        Message = "message",
        /// Somebody asks this member to take part in a conversation.
        MessageRequest = "message_request",
    }

    /// How much a member wishes to hear.
    Level {
        /// Listed, and the phone draws attention to it.
        Alert = "alert",
        /// Listed.
        List = "list",
        /// Neither.
        Off = "off",
    }
}

/// Hours in which a phone draws attention to nothing. From a time to the same time is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuietHours {
    /// From this minute of the member's day, 0 to 1439.
    pub from: u16,
    /// Until before this minute of it.
    pub to: u16,
    /// Minutes by which the member's clock is ahead of UTC, -840 to 840.
    pub utc_offset: i16,
}

const DAY: i64 = 24 * 60;
const MINUTE_US: i64 = 60_000_000;

impl QuietHours {
    /// Whether the numbers are in their ranges.
    pub fn is_sound(self) -> bool {
        i64::from(self.from) < DAY && i64::from(self.to) < DAY && (-840..=840).contains(&self.utc_offset)
    }

    /// Until when it is quiet, where it is at `now_us`; both in microseconds since 1970 UTC.
    pub fn until(self, now_us: i64) -> Option<i64> {
        let minutes = now_us.div_euclid(MINUTE_US);
        let of_day = (minutes + i64::from(self.utc_offset)).rem_euclid(DAY);
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        let since = (of_day - from).rem_euclid(DAY);
        let whole = (to - from).rem_euclid(DAY);
        (since < whole).then(|| (minutes + whole - since) * MINUTE_US)
    }
}

/// In an inbox: what a member wishes to hear of. What is not named is [`Level::Alert`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NotificationSettings {
    /// By the name of a [`NotificationKind`], also of one that a newer phone knows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, Level>,
    /// By the group that it comes from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<GroupId, Level>,
    /// When the phone keeps quiet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
}

impl NotificationSettings {
    /// Applies one setting.
    pub fn set(&mut self, setting: &NotificationSetting) {
        match setting {
            NotificationSetting::Kind { kind, level } => name(&mut self.kinds, kind.as_str().to_owned(), *level),
            NotificationSetting::Group { group, level } => name(&mut self.groups, *group, *level),
            NotificationSetting::Quiet { hours } => self.quiet = *hours,
        }
    }

    /// How much one wishes to hear of this kind, from that group where it comes from one: the less of both.
    pub fn level(&self, kind: NotificationKind, group: Option<GroupId>) -> Level {
        let of_kind = self.kinds.get(kind.as_str()).copied().unwrap_or(Level::Alert);
        let of_group = group.and_then(|group| self.groups.get(&group).copied()).unwrap_or(Level::Alert);
        of_kind.max(of_group)
    }
}

fn name<K: Ord>(levels: &mut BTreeMap<K, Level>, key: K, level: Level) {
    if level == Level::Alert {
        levels.remove(&key);
    } else {
        levels.insert(key, level);
    }
}

/// In an inbox: how far a member has looked at notifications. Only grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NotificationMark {
    /// Everything that came at this version or before.
    pub up_to: Version,
}

/// In an inbox: somebody on duty has decided this member's request to join a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Decision {
    /// Which group.
    pub group: GroupId,
    /// Its name then.
    pub name: String,
    /// Let in, or not.
    pub accepted: bool,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// Sets one thing that a member wishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum NotificationSetting {
    /// How much of one kind.
    Kind {
        /// Which kind.
        kind: NotificationKind,
        /// How much.
        level: Level,
    },
    /// How much from one group.
    Group {
        /// Which group, one that this member is in.
        group: GroupId,
        /// How much.
        level: Level,
    },
    /// When the phone keeps quiet; none for never.
    Quiet {
        /// The hours.
        hours: Option<QuietHours>,
    },
}

/// Marks notifications as looked at; a mark behind the present one changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationReading {
    /// Everything that came at this version or before.
    pub up_to: Version,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-04-01 00:00 in Tokyo, in minutes since 1970 UTC.
    const MIDNIGHT: i64 = 1_774_969_200 / 60;

    #[test]
    fn quiet_hours_go_over_midnight_in_the_members_own_day() {
        let night = QuietHours { from: 22 * 60, to: 7 * 60, utc_offset: 9 * 60 };
        let until = |hour: i64, minute: i64| night.until((MIDNIGHT + hour * 60 + minute) * MINUTE_US + 5_000_000);
        assert_eq!(until(21, 59), None);
        assert_eq!(until(22, 0), Some((MIDNIGHT + 31 * 60) * MINUTE_US));
        assert_eq!(until(0, 30), Some((MIDNIGHT + 7 * 60) * MINUTE_US));
        assert_eq!(until(6, 59), Some((MIDNIGHT + 7 * 60) * MINUTE_US));
        assert_eq!(until(7, 0), None);
        let never = QuietHours { from: 60, to: 60, utc_offset: 0 };
        assert!((0..DAY).all(|minute| never.until(minute * MINUTE_US).is_none()));
    }

    #[test]
    fn of_two_levels_the_quieter_one_counts_and_the_usual_one_is_not_kept() {
        let (kind, group) = (NotificationKind::Comment, GroupId(uuid::Uuid::from_u128(7)));
        let mut settings = NotificationSettings::default();
        settings.set(&NotificationSetting::Kind { kind, level: Level::List });
        settings.set(&NotificationSetting::Group { group, level: Level::Off });
        assert_eq!(settings.level(kind, None), Level::List);
        assert_eq!(settings.level(kind, Some(group)), Level::Off);
        assert_eq!(settings.level(NotificationKind::Mention, None), Level::Alert);
        settings.set(&NotificationSetting::Group { group, level: Level::Alert });
        settings.set(&NotificationSetting::Kind { kind, level: Level::Alert });
        assert_eq!(settings, NotificationSettings::default());
    }

    #[test]
    fn settings_with_a_kind_from_the_future_are_read() {
        let settings: NotificationSettings = serde_json::from_str(r#"{"kinds":{"telepathy":"off"}}"#).expect("reads");
        assert_eq!(settings.level(NotificationKind::Mention, None), Level::Alert);
    }
}
