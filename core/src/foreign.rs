//! How the plain types here cross into Kotlin and Swift.

use crate::{account::AccountKey, feed::Delivery, transport::Server};
use enishi_protocol::{
    foreign::{OwnFields, ProfileTexts, Uuid},
    membership::ProfileField,
};
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

uniffi::use_remote_type!(enishi_protocol::Uuid);
uniffi::use_remote_type!(enishi_protocol::ProfileTexts);
uniffi::use_remote_type!(enishi_protocol::OwnFields);

uniffi::custom_type!(AccountKey, String, {
    lower: |key| key.to_string(),
    try_lift: |text| Ok(text.parse()?),
});
uniffi::custom_type!(Server, String, {
    lower: |server| server.to_string(),
    try_lift: |text| Ok(text.parse()?),
});
uniffi::custom_type!(usize, u64, {
    remote,
    lower: |count| u64::try_from(count).unwrap_or(u64::MAX),
    try_lift: |count| Ok(usize::try_from(count)?),
});
uniffi::custom_type!(PathBuf, String, {
    remote,
    lower: |path| path.to_string_lossy().into_owned(),
    try_lift: |text| Ok(PathBuf::from(text)),
});

/// Profile fields with how far their latest setting has come.
type Deliveries = BTreeMap<ProfileField, Delivery>;

uniffi::custom_type!(Deliveries, HashMap<ProfileField, Delivery>, {
    remote,
    lower: |sorted| sorted.into_iter().collect(),
    try_lift: |map| Ok(map.into_iter().collect()),
});
