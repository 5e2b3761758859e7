//! Communities, their members, and profiles in parts by audience.

use crate::ids::MemberId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:tt),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name on the wire and in the database.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The one of that name.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}
pub(crate) use words;

words! {
    /// Chooses words and the joining policy, never a code path of its own.
    CommunityKind {
        /// A company and the people who left it.
        Company = "company",
        /// A university's alumni (校友会).
        University = "university",
        /// A circle, for instance of executives.
        Circle = "circle",
    }

    /// What a member may do in a community.
    Role {
        /// Answers for the community; may do everything.
        Owner = "owner",
        /// Runs it: registry, invitations, members.
        Admin = "admin",
        /// Keeps it safe: announcements, pins, requests to join.
        Moderator = "moderator",
        /// Takes part.
        Member = "member",
    }

    /// How a member belongs to the company.
    Affiliation {
        /// Left.
        Alumnus = "alumnus",
        /// Still there.
        Employee = "employee",
    }

    /// Whether a member takes part at present.
    Standing {
        /// Takes part.
        Active = "active",
        /// Waits until somebody on duty has decided.
        Waiting = "waiting",
        /// Shut out for a time.
        Suspended = "suspended",
        /// Left, or was removed.
        Ended = "ended",
    }

    /// Who may see a profile field.
    Audience {
        /// Every member of the community.
        Everyone = "everyone",
        /// Members of a group that one is in.
        Groups = "groups",
        /// The people who run the community.
        Hr = "hr",
        /// Oneself.
        Nobody = "nobody",
    }

    /// A field of a profile.
    ProfileField {
        /// 所属: the last department.
        Department = "department",
        /// 入社年: the year of joining the company.
        JoinedYear = "joined_year",
        /// 退職年: the year of leaving it.
        LeftYear = "left_year",
        /// What one did there.
        Title = "title",
        /// Where one works now.
        Employer = "employer",
        /// Where one lives.
        Location = "location",
        /// What others may ask one about.
        Expertise = "expertise",
        /// A few words about oneself.
        About = "about",
        /// 旧姓: a former family name, so that former colleagues find one.
        FormerName = "former_name",
        /// How to reach one outside the community.
        Contact = "contact",
    }
}

/// A person's name in one community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PersonName {
    /// 姓
    pub family: String,
    /// 名; may be empty.
    #[serde(default)]
    pub given: String,
}

impl PersonName {
    /// 姓 名, as Japanese and this product write it.
    pub fn full(&self) -> String {
        if self.given.is_empty() { self.family.clone() } else { format!("{} {}", self.family, self.given) }
    }
}

/// A community as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Community {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: CommunityKind,
}

/// A member as everyone in the community may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    /// The name here.
    pub name: PersonName,
    /// What they may do.
    pub role: Role,
    /// How they belong.
    pub affiliation: Affiliation,
    /// Whether they take part. Posts of a member who ended stay under their name.
    pub standing: Standing,
    /// When they joined, in microseconds since 1970 UTC.
    pub joined_us: i64,
    /// Whether they are a supporter: a member who welcomes newcomers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supporter: bool,
}

/// The part of a profile that one stream may read; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Profile {
    /// Values of the fields shown here.
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub fields: BTreeMap<ProfileField, String>,
}

/// A member's own profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnProfile {
    /// Every field that has a value.
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, OwnField>))]
    pub fields: BTreeMap<ProfileField, OwnField>,
}

/// A profile field with who may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnField {
    /// What it says.
    pub value: String,
    /// Who may see it.
    pub audience: Audience,
}

/// Sets one profile field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileSetting {
    /// Which field.
    pub field: ProfileField,
    /// At most [`crate::limits::PROFILE_FIELD_CHARS`] characters; none empties the field.
    pub value: Option<String>,
    /// Who may see it.
    pub audience: Audience,
}

/// A membership of the account that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Membership {
    /// The community.
    pub community: crate::CommunityId,
    /// The person in it.
    pub member: MemberId,
    /// The community's name, to show before anything is synced.
    pub name: String,
    /// What the community is.
    pub kind: CommunityKind,
    /// Whether the member takes part at present.
    pub standing: Standing,
}
