-- Communities, their members and feeds, and the changes that streams carry.
-- Every key leads with the community, so that the schema can be distributed by tenant.

CREATE TABLE community (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    era BLOB NOT NULL,
    version INTEGER NOT NULL DEFAULT 0,
    horizon INTEGER NOT NULL DEFAULT 0,
    grants INTEGER NOT NULL DEFAULT 0,
    fact TEXT,
    created_us INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    account BLOB NOT NULL,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    role TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    standing TEXT NOT NULL,
    joined_us INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT;
CREATE UNIQUE INDEX member_account ON member (community, account);

-- Who may read which stream, since which version.
CREATE TABLE stream_grant (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    stream BLOB NOT NULL,
    granted INTEGER NOT NULL,
    PRIMARY KEY (community, member, stream)
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_grant_stream ON stream_grant (community, stream, member);

CREATE TABLE profile_field (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (community, member, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_ (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    joining TEXT NOT NULL,
    secret INTEGER NOT NULL,
    members INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT;

CREATE TABLE group_member (
    community BLOB NOT NULL,
    group_id BLOB NOT NULL,
    member BLOB NOT NULL,
    keeper INTEGER NOT NULL,
    joined_us INTEGER NOT NULL,
    PRIMARY KEY (community, group_id, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_member_member ON group_member (community, member, group_id);

CREATE TABLE group_invitation (
    community BLOB NOT NULL,
    group_id BLOB NOT NULL,
    member BLOB NOT NULL,
    invited_by BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, group_id, member)
) STRICT, WITHOUT ROWID;

-- Wishes to join that somebody on a desk decides; without a group, to join the community.
CREATE TABLE join_request (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    group_id BLOB,
    member BLOB NOT NULL,
    invited_by BLOB,
    note TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT;
CREATE INDEX join_request_member ON join_request (community, member, group_id);

CREATE TABLE post (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    stream BLOB NOT NULL,
    position INTEGER NOT NULL,
    author BLOB NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    text_by BLOB NOT NULL,
    mentions BLOB NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    comments INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL,
    edited_us INTEGER,
    PRIMARY KEY (community, id)
) STRICT;
CREATE INDEX post_feed ON post (community, stream, position);
CREATE INDEX post_pinned ON post (community, stream) WHERE pinned = 1;

CREATE TABLE comment (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    post BLOB NOT NULL,
    reply_to BLOB,
    position INTEGER NOT NULL,
    author BLOB NOT NULL,
    text TEXT NOT NULL,
    text_by BLOB NOT NULL,
    mentions BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    edited_us INTEGER,
    PRIMARY KEY (community, id)
) STRICT;
CREATE INDEX comment_post ON comment (community, post, position);

-- Texts of posts and comments before they were edited.
CREATE TABLE earlier_text (
    community BLOB NOT NULL,
    of_id BLOB NOT NULL,
    until INTEGER NOT NULL,
    until_us INTEGER NOT NULL,
    text_by BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (community, of_id, until)
) STRICT;

CREATE TABLE reaction (
    community BLOB NOT NULL,
    post BLOB NOT NULL,
    reaction TEXT NOT NULL,
    member BLOB NOT NULL,
    PRIMARY KEY (community, post, reaction, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX reaction_member ON reaction (community, post, member);

CREATE TABLE reaction_count (
    community BLOB NOT NULL,
    post BLOB NOT NULL,
    reaction TEXT NOT NULL,
    members INTEGER NOT NULL,
    PRIMARY KEY (community, post, reaction)
) STRICT, WITHOUT ROWID;

-- What hung on a post that was deleted or moved away, and is still to be taken out of this stream.
CREATE TABLE post_leftover (
    community BLOB NOT NULL,
    post BLOB NOT NULL,
    stream BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (community, post, stream)
) STRICT, WITHOUT ROWID;

-- Comments that were deleted, whose replies are still to be taken away.
CREATE TABLE comment_leftover (
    community BLOB NOT NULL,
    comment BLOB NOT NULL,
    post BLOB NOT NULL,
    PRIMARY KEY (community, comment)
) STRICT, WITHOUT ROWID;

CREATE TABLE bookmark (
    community BLOB NOT NULL,
    post BLOB NOT NULL,
    member BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, post, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE read_mark (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    stream BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (community, member, stream)
) STRICT, WITHOUT ROWID;

-- What was decided, so that a repeat gets the same answer.
CREATE TABLE mutation_result (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    mutation BLOB NOT NULL,
    version INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    code TEXT,
    streams TEXT NOT NULL,
    PRIMARY KEY (community, member, mutation)
) STRICT;
CREATE INDEX mutation_result_age ON mutation_result (community, at_us, version);

-- Mutations that failed inside the server, and how often.
CREATE TABLE mutation_failure (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    mutation BLOB NOT NULL,
    failures INTEGER NOT NULL,
    PRIMARY KEY (community, member, mutation)
) STRICT, WITHOUT ROWID;

-- Ids that were erased, which nobody may bring back.
CREATE TABLE erased (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

-- What each stream carries: the latest change of each entity, ready to send. Without a body it is
-- gone. The position is that of the post which a change hangs on.
CREATE TABLE change (
    community BLOB NOT NULL,
    stream BLOB NOT NULL,
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER,
    mutation BLOB,
    at_us INTEGER NOT NULL,
    body BLOB,
    PRIMARY KEY (community, stream, kind, id)
) STRICT;
CREATE UNIQUE INDEX change_version ON change (community, stream, version);
CREATE UNIQUE INDEX change_order ON change (community, version);
CREATE INDEX change_feed ON change (community, stream, position, version) WHERE position IS NOT NULL AND body IS NOT NULL;
CREATE INDEX change_other ON change (community, stream, version) WHERE position IS NULL AND body IS NOT NULL;
CREATE INDEX change_gone ON change (community, at_us, version) WHERE body IS NULL;

-- Full-text search: a row number for each text, and its words under that number.
CREATE TABLE search_text (
    row INTEGER PRIMARY KEY,
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    post BLOB NOT NULL,
    stream BLOB NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_text_id ON search_text (community, id);
CREATE INDEX search_text_post ON search_text (community, post);
CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='', contentless_delete=1, detail=full, tokenize='ascii'
);
