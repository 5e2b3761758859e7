//! How the plain types here cross into Kotlin and Swift: ids as typed text, numbers as they are.

use crate::{
    AccountId, AttachmentId, AttemptId, CommentId, CommunityId, ConversationId, DeviceId, EntryId, GroupId,
    InvitationId, MemberId, MessageId, MutationId, NoticeId, Position, PostId, RecoveryId, ReportId, RequestId,
    Version,
    membership::{OwnField, ProfileField},
    notifications::Level,
};
use std::collections::{BTreeMap, HashMap};
pub use uuid::Uuid;

macro_rules! as_text {
    ($($name:ident),* $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            lower: |id| id.to_string(),
            try_lift: |text| Ok(text.parse()?),
        });
    )*};
}

as_text!(
    AccountId,
    AttachmentId,
    AttemptId,
    CommentId,
    CommunityId,
    ConversationId,
    DeviceId,
    EntryId,
    GroupId,
    InvitationId,
    MemberId,
    MessageId,
    MutationId,
    NoticeId,
    PostId,
    RecoveryId,
    ReportId,
    RequestId,
);

uniffi::custom_type!(Version, i64, { lower: |version| version.0, try_lift: |number| Ok(Version(number)) });
uniffi::custom_type!(Position, i64, { lower: |position| position.0, try_lift: |number| Ok(Position(number)) });
uniffi::custom_type!(Uuid, String, {
    remote,
    lower: |id| id.to_string(),
    try_lift: |text| Ok(text.parse()?),
});

/// Profile fields with what they say.
pub type ProfileTexts = BTreeMap<ProfileField, String>;
/// Profile fields with what they say and who may see it.
pub type OwnFields = BTreeMap<ProfileField, OwnField>;
/// How much of each kind one wishes to hear, by its name.
pub type KindLevels = BTreeMap<String, Level>;
/// How much from each group one wishes to hear.
pub type GroupLevels = BTreeMap<GroupId, Level>;

macro_rules! as_map {
    ($($name:ident = $key:ty, $value:ty;)*) => {$(
        uniffi::custom_type!($name, HashMap<$key, $value>, {
            remote,
            lower: |sorted| sorted.into_iter().collect(),
            try_lift: |map| Ok(map.into_iter().collect()),
        });
    )*};
}

as_map! {
    ProfileTexts = ProfileField, String;
    OwnFields = ProfileField, OwnField;
    KindLevels = String, Level;
    GroupLevels = GroupId, Level;
}
