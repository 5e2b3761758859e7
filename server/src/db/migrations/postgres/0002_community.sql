-- Communities, their members and feeds, and the changes that streams carry.
-- Every key leads with the community, so that the schema can be distributed by tenant.

CREATE TABLE community (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    era UUID NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    horizon BIGINT NOT NULL DEFAULT 0,
    grants BIGINT NOT NULL DEFAULT 0,
    fact TEXT,
    created_us BIGINT NOT NULL
);

CREATE TABLE member (
    community UUID NOT NULL,
    id UUID NOT NULL,
    account UUID NOT NULL,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    role TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    standing TEXT NOT NULL,
    joined_us BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX member_account ON member (community, account);

-- Who may read which stream, since which version.
CREATE TABLE stream_grant (
    community UUID NOT NULL,
    member UUID NOT NULL,
    stream BYTEA NOT NULL,
    granted BIGINT NOT NULL,
    PRIMARY KEY (community, member, stream)
);
CREATE INDEX stream_grant_stream ON stream_grant (community, stream, member);

CREATE TABLE profile_field (
    community UUID NOT NULL,
    member UUID NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (community, member, field)
);

CREATE TABLE group_ (
    community UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    joining TEXT NOT NULL,
    secret BIGINT NOT NULL,
    members BIGINT NOT NULL DEFAULT 0,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);

CREATE TABLE group_member (
    community UUID NOT NULL,
    group_id UUID NOT NULL,
    member UUID NOT NULL,
    keeper BIGINT NOT NULL,
    joined_us BIGINT NOT NULL,
    PRIMARY KEY (community, group_id, member)
);
CREATE INDEX group_member_member ON group_member (community, member, group_id);

CREATE TABLE group_invitation (
    community UUID NOT NULL,
    group_id UUID NOT NULL,
    member UUID NOT NULL,
    invited_by UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, group_id, member)
);

-- Wishes to join that somebody on a desk decides; without a group, to join the community.
CREATE TABLE join_request (
    community UUID NOT NULL,
    id UUID NOT NULL,
    group_id UUID,
    member UUID NOT NULL,
    invited_by UUID,
    note TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX join_request_member ON join_request (community, member, group_id);

CREATE TABLE post (
    community UUID NOT NULL,
    id UUID NOT NULL,
    stream BYTEA NOT NULL,
    position BIGINT NOT NULL,
    author UUID NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    text_by UUID NOT NULL,
    mentions BYTEA NOT NULL,
    pinned BIGINT NOT NULL DEFAULT 0,
    comments BIGINT NOT NULL DEFAULT 0,
    created_us BIGINT NOT NULL,
    edited_us BIGINT,
    PRIMARY KEY (community, id)
);
CREATE INDEX post_feed ON post (community, stream, position);
CREATE INDEX post_pinned ON post (community, stream) WHERE pinned = 1;

CREATE TABLE comment (
    community UUID NOT NULL,
    id UUID NOT NULL,
    post UUID NOT NULL,
    reply_to UUID,
    position BIGINT NOT NULL,
    author UUID NOT NULL,
    text TEXT NOT NULL,
    text_by UUID NOT NULL,
    mentions BYTEA NOT NULL,
    created_us BIGINT NOT NULL,
    edited_us BIGINT,
    PRIMARY KEY (community, id)
);
CREATE INDEX comment_post ON comment (community, post, position);

-- Texts of posts and comments before they were edited.
CREATE TABLE earlier_text (
    community UUID NOT NULL,
    of_id UUID NOT NULL,
    until BIGINT NOT NULL,
    until_us BIGINT NOT NULL,
    text_by UUID NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (community, of_id, until)
);

CREATE TABLE reaction (
    community UUID NOT NULL,
    post UUID NOT NULL,
    reaction TEXT NOT NULL,
    member UUID NOT NULL,
    PRIMARY KEY (community, post, reaction, member)
);
CREATE INDEX reaction_member ON reaction (community, post, member);

CREATE TABLE reaction_count (
    community UUID NOT NULL,
    post UUID NOT NULL,
    reaction TEXT NOT NULL,
    members BIGINT NOT NULL,
    PRIMARY KEY (community, post, reaction)
);

-- What hung on a post that was deleted or moved away, and is still to be taken out of this stream.
CREATE TABLE post_leftover (
    community UUID NOT NULL,
    post UUID NOT NULL,
    stream BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (community, post, stream)
);

-- Comments that were deleted, whose replies are still to be taken away.
CREATE TABLE comment_leftover (
    community UUID NOT NULL,
    comment UUID NOT NULL,
    post UUID NOT NULL,
    PRIMARY KEY (community, comment)
);

CREATE TABLE bookmark (
    community UUID NOT NULL,
    post UUID NOT NULL,
    member UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, post, member)
);

CREATE TABLE read_mark (
    community UUID NOT NULL,
    member UUID NOT NULL,
    stream BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (community, member, stream)
);

-- What was decided, so that a repeat gets the same answer.
CREATE TABLE mutation_result (
    community UUID NOT NULL,
    member UUID NOT NULL,
    mutation UUID NOT NULL,
    version BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    code TEXT,
    streams TEXT NOT NULL,
    PRIMARY KEY (community, member, mutation)
);
CREATE INDEX mutation_result_age ON mutation_result (community, at_us, version);

-- Mutations that failed inside the server, and how often.
CREATE TABLE mutation_failure (
    community UUID NOT NULL,
    member UUID NOT NULL,
    mutation UUID NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (community, member, mutation)
);

-- Ids that were erased, which nobody may bring back.
CREATE TABLE erased (
    community UUID NOT NULL,
    id UUID NOT NULL,
    PRIMARY KEY (community, id)
);

-- What each stream carries: the latest change of each entity, ready to send. Without a body it is
-- gone. The position is that of the post which a change hangs on.
CREATE TABLE change (
    community UUID NOT NULL,
    stream BYTEA NOT NULL,
    kind TEXT NOT NULL,
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT,
    mutation UUID,
    at_us BIGINT NOT NULL,
    body BYTEA,
    PRIMARY KEY (community, stream, kind, id)
);
CREATE UNIQUE INDEX change_version ON change (community, stream, version);
CREATE UNIQUE INDEX change_order ON change (community, version);
CREATE INDEX change_feed ON change (community, stream, position, version) WHERE position IS NOT NULL AND body IS NOT NULL;
CREATE INDEX change_other ON change (community, stream, version) WHERE position IS NULL AND body IS NOT NULL;
CREATE INDEX change_gone ON change (community, at_us, version) WHERE body IS NULL;

-- Full-text search.
CREATE TABLE search_text (
    community UUID NOT NULL,
    id UUID NOT NULL,
    post UUID NOT NULL,
    stream BYTEA NOT NULL,
    position BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX search_text_post ON search_text (community, post);
CREATE INDEX search_text_words ON search_text USING gin (words);
