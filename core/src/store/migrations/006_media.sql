-- What posts and comments show, as their stream carries it.
ALTER TABLE post ADD COLUMN attachments TEXT;
ALTER TABLE comment ADD COLUMN attachments TEXT;

-- Files that the member picked, until the server has them and what shows them.
CREATE TABLE picked (
    id BLOB NOT NULL PRIMARY KEY,
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    sent INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    -- Whether it may be uploaded on a network that costs money by the byte.
    on_metered INTEGER NOT NULL,
    picked_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE picked_part (
    local INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    start INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (id, start)
) STRICT;

-- Fetched files, to be seen offline: each with the copy and the post that show it, and gone with them.
CREATE TABLE media_kept (
    local INTEGER PRIMARY KEY,
    copy INTEGER NOT NULL,
    post BLOB NOT NULL,
    id BLOB NOT NULL,
    size TEXT NOT NULL,
    length INTEGER NOT NULL,
    used_us INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (copy, id, size)
) STRICT;
CREATE INDEX media_kept_post ON media_kept (copy, post);
CREATE INDEX media_kept_used ON media_kept (used_us);
