//! What a member can do about notifications: look at them, and say what to hear of.

use super::mark;
use crate::{
    error::StoreError,
    store::{Store, Wish},
};
use enishi_protocol::{
    CommunityId, ErrorCode, Operation, Version,
    notifications::{NotificationReading, NotificationSetting},
};

/// Marks everything up to a place as looked at. None where it is already.
pub fn read(store: &Store, community: CommunityId, up_to: Version) -> Result<Option<Wish>, StoreError> {
    store.view(community, |view| {
        let news = mark(view)? < up_to;
        Ok(news.then(|| Wish::free(Operation::ReadNotifications(NotificationReading { up_to }))))
    })
}

/// Says how much of a kind or from a group one wishes to hear, or when the phone keeps quiet.
pub fn set(setting: NotificationSetting) -> Result<Wish, StoreError> {
    if let NotificationSetting::Quiet { hours: Some(hours) } = &setting
        && !hours.is_sound()
    {
        return Err(StoreError::Refused(ErrorCode::Malformed));
    }
    Ok(Wish::free(Operation::SetNotifications(setting)))
}
