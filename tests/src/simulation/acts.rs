//! What may happen in a simulation. Numbers are taken modulo what there is to choose from, so that a
//! schedule stays meaningful while it is shrunk.

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Act {
    /// A member does something on a phone. `held`: it waits for an upload.
    Write {
        /// Which phone.
        phone: usize,
        /// What.
        wish: Wish,
        /// Whether it waits for an upload first.
        held: bool,
    },
    /// A phone sends a request. It leaves out the first `skip` waiting mutations, as if another
    /// request carried them.
    Send {
        /// Which phone.
        phone: usize,
        /// How many it leaves out.
        skip: usize,
        /// Whether it asks for pages of first syncs besides changes.
        pages: bool,
    },
    /// A phone opens a live connection.
    Open {
        /// Which phone.
        phone: usize,
    },
    /// A message arrives; with `again` it stays on its way and arrives once more.
    Deliver {
        /// Which message.
        at: usize,
        /// Whether it is repeated.
        again: bool,
    },
    /// A message is lost.
    Lose {
        /// Which message.
        at: usize,
    },
    /// Uploads of a phone finish.
    Release {
        /// Which phone.
        phone: usize,
    },
    /// A phone's process dies; the disk keeps what was flushed and some of the rest.
    Crash {
        /// Which phone.
        phone: usize,
        /// How much of the rest.
        at: usize,
    },
    /// The server's process starts anew: live connections are gone.
    Restart,
    /// Time passes: results and tombstones from before are forgotten.
    Expire,
    /// The database is backed up.
    Backup,
    /// The backup is restored, if there is one.
    Restore,
    /// A post is erased for good.
    Erase {
        /// Which post.
        post: usize,
    },
    /// A phone's clock is set: so many hours from the right time.
    Clock {
        /// Which phone.
        phone: usize,
        /// How many hours it is ahead.
        hours: i64,
    },
    /// The member signs in again on a phone, as a new device.
    SignIn {
        /// Which phone.
        phone: usize,
    },
    /// The member gives up something in needs attention.
    Discard {
        /// Which phone.
        phone: usize,
        /// Which of them.
        at: usize,
    },
}

/// What a member wishes to do.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Write a post in a feed that the phone holds.
    Post {
        /// Which feed.
        feed: usize,
    },
    /// Join a group.
    Join {
        /// Which group.
        group: usize,
    },
    /// Leave a group.
    Leave {
        /// Which group.
        group: usize,
    },
    /// Choose who may see a profile field.
    Audience {
        /// Which audience.
        audience: usize,
    },
    /// Block a member, or end the block.
    Block {
        /// Whom.
        member: usize,
        /// Whether there shall be a block.
        on: bool,
    },
    /// Comment on a post that the phone shows.
    Comment {
        /// Which post.
        post: usize,
    },
    /// Edit a post of one's own.
    Edit {
        /// Which post.
        post: usize,
    },
    /// React, or take a reaction back.
    React {
        /// Which post.
        post: usize,
        /// Whether it shall be there.
        on: bool,
    },
    /// Vote in a post's poll, or take the vote back.
    Vote {
        /// Which post.
        post: usize,
        /// Which of its options; beyond them, none.
        choice: usize,
    },
    /// Delete a post.
    Delete {
        /// Which post.
        post: usize,
    },
    /// Move a post to another feed.
    Move {
        /// Which post.
        post: usize,
        /// Which feed: the community's or a group's.
        feed: usize,
    },
    /// Move a read mark forward.
    Read {
        /// Which feed.
        feed: usize,
    },
}
