-- What was erased, as the list that is kept apart tells it, and whether the list has it already.
-- Rows of before are of posts or comments; either is found under the id.
ALTER TABLE erased ADD COLUMN kind TEXT NOT NULL DEFAULT 'post';
-- Days since 1970 UTC.
ALTER TABLE erased ADD COLUMN day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE erased ADD COLUMN listed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX erased_unlisted ON erased (community, id) WHERE listed = 0;

-- Which list this database belongs to: one row, with a random id that heads the list's file.
CREATE TABLE erasure_list (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    id UUID NOT NULL
);

-- Members whose erasure has begun: what of them is still here. `after_group` is the last group gone through.
CREATE TABLE member_leftover (
    community UUID NOT NULL,
    member UUID NOT NULL,
    after_group UUID,
    PRIMARY KEY (community, member)
);

-- Accounts whose membership was erased, so that their phones are told that it is over; kept like tombstones.
CREATE TABLE ended_membership (
    community UUID NOT NULL,
    account UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, account)
);

-- Groups that are still to be told that somebody is in them no longer.
CREATE TABLE group_leftover (
    community UUID NOT NULL,
    member UUID NOT NULL,
    group_id UUID NOT NULL,
    PRIMARY KEY (community, member, group_id)
);

-- What is still to be taken out of a stream.
CREATE TABLE stream_leftover (
    community UUID NOT NULL,
    stream BYTEA NOT NULL,
    kind TEXT NOT NULL,
    id UUID NOT NULL,
    PRIMARY KEY (community, stream, kind, id)
);

-- By which all that is somebody's is found.
CREATE INDEX post_author ON post (community, author);
CREATE INDEX comment_author ON comment (community, author);
CREATE INDEX reaction_by_member ON reaction (community, member, post);
CREATE INDEX bookmark_by_member ON bookmark (community, member);
CREATE INDEX group_invitation_by_member ON group_invitation (community, member);
CREATE INDEX invitation_by_inviter ON invitation (community, inviter);
CREATE INDEX entry_by_member ON entry (community, member) WHERE member IS NOT NULL;
