//! Every limit on what comes from outside, each once. Both sides read them here.
//!
//! Lengths of text count Unicode scalar values, sizes count bytes, ages count seconds.

/// Characters in a post's text.
pub const POST_CHARS: usize = 20_000;
/// Characters in a comment's text.
pub const COMMENT_CHARS: usize = 4_000;
/// Characters in a family or given name.
pub const NAME_CHARS: usize = 60;
/// Characters in a profile field's value.
pub const PROFILE_FIELD_CHARS: usize = 1_000;
/// Characters in a group's name.
pub const GROUP_NAME_CHARS: usize = 80;
/// Characters in a group's description, a note with a request, or an invitation's note.
pub const NOTE_CHARS: usize = 1_000;
/// Members mentioned in one post or comment.
pub const MENTIONS: usize = 20;
/// Different reactions one member may leave on one post.
pub const REACTIONS_PER_MEMBER: usize = 8;
/// Bytes in one reaction (an emoji with its modifiers).
pub const REACTION_BYTES: usize = 32;
/// Characters in the words that welcome whoever joins.
pub const WELCOME_CHARS: usize = 2_000;
/// Options of a poll, at least.
pub const POLL_OPTIONS_MIN: usize = 2;
/// Options of a poll, at most.
pub const POLL_OPTIONS: usize = 10;
/// Characters in an option of a poll.
pub const POLL_OPTION_CHARS: usize = 100;
/// Voters from whom on a poll's numbers per option are shown.
pub const POLL_VOTERS_SHOWN: i64 = 5;
/// Characters in a message.
pub const MESSAGE_CHARS: usize = 4_000;
/// Characters in a conversation's title.
pub const CONVERSATION_TITLE_CHARS: usize = 80;
/// Members of one conversation, those who left it counted too.
pub const CONVERSATION_MEMBERS: usize = 50;
/// Messages that reach somebody who was asked to take part and has not answered.
pub const REQUEST_MESSAGES: i64 = 3;
/// Members whom one member may ask to take part, in [`REQUESTS_WITHIN_SECONDS`].
pub const REQUESTS: i64 = 20;
/// How long a request counts against [`REQUESTS`].
pub const REQUESTS_WITHIN_SECONDS: i64 = 24 * 3600;
/// Messages beside a reported one that whoever reports may show with it.
pub const REPORTED_AROUND: usize = 5;
/// Pinned posts in one stream.
pub const PINS: usize = 5;
/// Attachments on one post or comment.
pub const ATTACHMENTS: usize = 8;
/// Characters in an attachment's alternative text.
pub const ALT_CHARS: usize = 1_000;
/// Characters in an e-mail address (RFC 5321, 4.5.3.1.3).
pub const ADDRESS_CHARS: usize = 254;
/// Characters in a device's name.
pub const DEVICE_NAME_CHARS: usize = 80;
/// Rules of one community.
pub const RULES: usize = 30;
/// Characters in one rule, in one language.
pub const RULE_CHARS: usize = 500;
/// Reports that one member may make in 24 hours.
pub const REPORTS_A_DAY: i64 = 20;
/// Members that one member may have blocked, and as many muted.
pub const BLOCKS: i64 = 500;
/// Characters in a search.
pub const SEARCH_CHARS: usize = 200;

/// Bytes in the body of `POST /v1/sync`.
pub const SYNC_BODY_BYTES: usize = 2 * 1024 * 1024;
/// Bytes in any other request body.
pub const BODY_BYTES: usize = 64 * 1024;
/// Bytes in one mutation's operation.
pub const OPERATION_BYTES: usize = 256 * 1024;
/// Bytes in a file that a phone uploads.
pub const UPLOAD_BYTES: u64 = 20 * 1024 * 1024;
/// Bytes in one piece of an upload.
pub const PIECE_BYTES: usize = 1024 * 1024;
/// Bytes that one member may upload in 24 hours, tries that came to nothing included.
pub const UPLOAD_BYTES_PER_DAY: u64 = 300 * 1024 * 1024;
/// Uploads that one member may begin in 24 hours.
pub const UPLOADS_PER_DAY: i64 = 300;
/// Pixels in an image that the server looks at: a little more than a camera of 50 megapixels makes.
pub const IMAGE_PIXELS: u64 = 52_000_000;
/// Pixels on the longer side of an image as the server keeps it; a larger one is made smaller.
pub const IMAGE_EDGE: u32 = 4_096;
/// Pixels on the longer side of a thumbnail.
pub const THUMB_EDGE: u32 = 480;
/// Pages in a PDF.
pub const PDF_PAGES: usize = 500;
/// Objects in a PDF.
pub const PDF_OBJECTS: usize = 200_000;
/// Mutations in one request.
pub const MUTATIONS_PER_REQUEST: usize = 250;
/// Mutation ids whose results one request asks for.
pub const RESULTS_PER_REQUEST: usize = 2_000;
/// Streams named in one request.
pub const STREAMS_PER_REQUEST: usize = 500;
/// Posts that one request asks for by their ids.
pub const POSTS_PER_REQUEST: usize = 50;
/// Changes that one request may write; what does not fit stays undecided and is sent again.
pub const CHANGES_WRITTEN_PER_REQUEST: usize = 1_000;
/// How much a phone is sent at once; see [`portions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portions {
    /// Changes in one batch or page.
    pub changes: usize,
    /// Posts on the first page of a stream's first sync.
    pub first_posts: usize,
    /// A stream with at most so many entities comes in one page.
    pub whole_stream: usize,
    /// Posts of one feed after which its first sync ends.
    pub floor_posts: usize,
}

const PORTIONS: Portions = Portions { changes: 1_000, first_posts: 50, whole_stream: 300, floor_posts: FLOOR_POSTS };

/// How much a phone is sent at once.
#[cfg(not(feature = "breakable"))]
pub const fn portions() -> Portions {
    PORTIONS
}

#[cfg(feature = "breakable")]
pub use small::{in_portions, portions};

/// A simulation sends little at once, so that its short histories have many pages.
#[cfg(feature = "breakable")]
mod small {
    use super::{PORTIONS, Portions};
    use std::cell::Cell;

    thread_local! {
        static PRESENT: Cell<Portions> = const { Cell::new(PORTIONS) };
    }

    /// How much a phone is sent at once, on this thread.
    pub fn portions() -> Portions {
        PRESENT.get()
    }

    /// From now on sends so much at once, on this thread.
    pub fn in_portions(portions: Portions) {
        PRESENT.set(portions);
    }
}
/// Posts of each feed that a phone holds by default; older ones are fetched as they are scrolled to.
pub const FLOOR_POSTS: usize = 20_000;
/// Older posts of one community, below the floor, that a phone keeps of those it has fetched.
pub const OLDER_POSTS: usize = 2_000;

/// How long results of mutations and tombstones are kept.
pub const RESULTS_KEPT_SECONDS: i64 = 90 * 24 * 3600;
/// How long the server keeps an upload that is not finished, or that nothing shows.
pub const UNUSED_UPLOAD_SECONDS: i64 = 7 * 24 * 3600;
/// On a metered network a phone uploads files up to so many bytes unless it is asked to.
pub const METERED_UPLOAD_BYTES: u64 = 2 * 1024 * 1024;
/// How long a phone keeps a file that was picked and is shown by nothing that was written.
pub const PICKED_SECONDS: i64 = 7 * 24 * 3600;
/// Bytes of fetched files that a phone keeps of one account, so that they can be seen offline.
pub const MEDIA_KEPT_BYTES: u64 = 200 * 1024 * 1024;
/// How long a sign-in code is good.
pub const CODE_SECONDS: i64 = 600;
/// Codes that devices which nobody knows may ask for in a day, for one address: with [`TRIES`] each, fifty guesses
/// in a million.
pub const CODES_A_DAY: i64 = 10;
/// Tries at one sign-in code, and at the fact of one invitation.
pub const TRIES: i64 = 5;
/// How long an invitation is good unless it says otherwise.
pub const INVITATION_DAYS: i64 = 30;
/// The longest validity an invitation may have.
pub const INVITATION_DAYS_MAX: i64 = 366;
/// The longest validity of an invitation whose code is printed: short enough to be guessed for.
pub const INVITATION_PRINTED_DAYS_MAX: i64 = 60;
/// Printed codes that one network may ask for in an hour without meeting one.
pub const PRINTED_MISSES_PER_NETWORK: i64 = 20;
/// Printed codes that all networks together may ask for in an hour without meeting one. Beyond that
/// a network has no second try.
pub const PRINTED_MISSES_IN_ALL: i64 = 2_000;
/// Requests that may wait at once by one invitation that is bound to a registry entry.
pub const INVITATION_REQUESTS: i64 = 5;
/// Members who must vouch in a circle where nobody proves who they are, unless the circle says otherwise.
pub const JOIN_VOUCHES: i64 = 2;
/// The most members that a community may ask to vouch.
pub const JOIN_VOUCHES_MAX: i64 = 20;
/// How long somebody has to be a member before their vouching for a newcomer counts.
pub const JOIN_VOUCHER_SECONDS: i64 = 7 * 24 * 3600;
/// How long somebody who joins in a browser has from the code by mail to the last step.
pub const JOINING_SECONDS: i64 = 3_600;
/// Accounts that one counted invitation may bring in.
pub const INVITATION_USES_MAX: i64 = 500;

/// Addresses that one account may have.
pub const ADDRESSES: usize = 10;
/// How long a new device may be approved by one that is signed in.
pub const APPROVAL_SECONDS: i64 = 300;
/// Characters of a recovery code, the last of them a check.
pub const RECOVERY_CODE_CHARS: usize = 25;
/// How long a supported recovery waits for somebody who stops it.
pub const RECOVERY_WAIT_SECONDS: i64 = 72 * 3600;
/// How long a recovery waits for support.
pub const RECOVERY_ASKED_SECONDS: i64 = 30 * 24 * 3600;
/// Members who must vouch where nobody on duty supports a recovery.
pub const RECOVERY_VOUCHES: i64 = 3;
/// How long somebody has to be a member before their vouching counts.
pub const RECOVERY_VOUCHER_SECONDS: i64 = 7 * 24 * 3600;
/// How long notices about an account are kept.
pub const NOTICES_KEPT_SECONDS: i64 = 90 * 24 * 3600;
/// How long a call outside of sync is recognised as a repeat.
pub const CALLS_KEPT_SECONDS: i64 = 30 * 24 * 3600;
/// Notices that one call says were seen.
pub const NOTICES_PER_REQUEST: usize = 200;
/// Mail domains that a community may name as the former employer's.
pub const EMPLOYER_DOMAINS: usize = 50;
