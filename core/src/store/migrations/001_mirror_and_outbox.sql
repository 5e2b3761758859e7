-- What the phone knows of each community of one account.
CREATE TABLE community (
    local INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    member BLOB NOT NULL,
    session INTEGER NOT NULL,
    era BLOB,
    seen INTEGER NOT NULL,
    next_number INTEGER NOT NULL,
    next_order INTEGER NOT NULL
) STRICT;

-- A copy of a stream. `local` is never used twice, so that rows of a dropped copy can never show up in another.
CREATE TABLE copy (
    local INTEGER PRIMARY KEY AUTOINCREMENT,
    community INTEGER NOT NULL,
    number INTEGER NOT NULL,
    stream TEXT NOT NULL,
    shown INTEGER NOT NULL,
    era BLOB,
    grant_version INTEGER,
    cursor INTEGER,
    place TEXT,
    now INTEGER NOT NULL,
    UNIQUE (community, number)
) STRICT;

-- Grants and duties as an inbox copy gave or took them.
CREATE TABLE granted (
    copy INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    stream TEXT,
    grant_version INTEGER,
    PRIMARY KEY (copy, kind, id)
) STRICT, WITHOUT ROWID;

-- Rows name community and member themselves: each can be salvaged alone, and is never another member's.
CREATE TABLE outbox (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    mutation BLOB NOT NULL,
    place INTEGER NOT NULL,
    parent BLOB,
    held INTEGER NOT NULL,
    since INTEGER,
    state TEXT NOT NULL,
    era BLOB,
    streams TEXT,
    code TEXT,
    size INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (community, member, mutation)
) STRICT;

-- `place` is copy << 40 | position: the table is each copy's feed in order.
CREATE TABLE post (
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    mutation BLOB,
    author BLOB NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    text_by BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    edited_us INTEGER,
    pinned INTEGER NOT NULL,
    mentions TEXT
) STRICT;
CREATE INDEX post_id ON post (id);
CREATE INDEX post_pinned ON post (place) WHERE pinned;

CREATE TABLE comment (
    local INTEGER PRIMARY KEY,
    copy INTEGER NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    mutation BLOB,
    post BLOB NOT NULL,
    reply_to BLOB,
    position INTEGER NOT NULL,
    author BLOB NOT NULL,
    text TEXT NOT NULL,
    text_by BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    edited_us INTEGER,
    mentions TEXT,
    UNIQUE (copy, id)
) STRICT;
CREATE INDEX comment_of_post ON comment (copy, post, position);

CREATE TABLE counts (
    copy INTEGER NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    mutation BLOB,
    comments INTEGER NOT NULL,
    reactions TEXT,
    PRIMARY KEY (copy, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
    copy INTEGER NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    mutation BLOB,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    role TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    standing TEXT NOT NULL,
    joined_us INTEGER NOT NULL,
    PRIMARY KEY (copy, id)
) STRICT, WITHOUT ROWID;

-- Every other kind, as it came; also what claims to be one of the kinds above and cannot be read as such.
CREATE TABLE entity (
    copy INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    mutation BLOB,
    body TEXT NOT NULL,
    PRIMARY KEY (copy, kind, id)
) STRICT, WITHOUT ROWID;

-- What a late page of a first sync must not bring back.
CREATE TABLE tombstone (
    copy INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (copy, kind, id)
) STRICT, WITHOUT ROWID;

-- Text is folded and spaced before it goes in; the rowid is the post's place.
CREATE VIRTUAL TABLE post_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'ascii'
);
CREATE TABLE to_index (place INTEGER PRIMARY KEY) STRICT;

-- Codes of invitations made on this phone; the server knows only their hashes.
CREATE TABLE invitation_code (
    community BLOB NOT NULL,
    invitation BLOB NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (community, invitation)
) STRICT, WITHOUT ROWID;
