-- Files that posts and comments show. What was uploaded is in the media store; here is what is known of it.

CREATE TABLE attachment (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    uploader BLOB NOT NULL,
    -- receiving, ready, refused or cancelled
    state TEXT NOT NULL,
    total INTEGER NOT NULL,
    received INTEGER NOT NULL,
    code TEXT,
    kind TEXT,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    pages INTEGER,
    bytes INTEGER NOT NULL DEFAULT 0,
    tint TEXT,
    media_type TEXT,
    -- SHA-256 of what the server made: the names of the stored files.
    file BLOB,
    thumb BLOB,
    -- What shows it: a post, or a comment on that post.
    post BLOB,
    comment BLOB,
    begun_us INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT;
CREATE INDEX attachment_shown ON attachment (community, post, comment) WHERE post IS NOT NULL;
CREATE INDEX attachment_uploader ON attachment (community, uploader, begun_us);
CREATE INDEX attachment_unused ON attachment (community, begun_us) WHERE post IS NULL;
CREATE INDEX attachment_file ON attachment (community, file) WHERE file IS NOT NULL;
CREATE INDEX attachment_thumb ON attachment (community, thumb) WHERE thumb IS NOT NULL;

-- Pieces of uploads that are not finished.
CREATE TABLE attachment_piece (
    community BLOB NOT NULL,
    attachment BLOB NOT NULL,
    start INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (community, attachment, start)
) STRICT;

-- Objects of the media store that nothing needs any more. `taken_us`: since when somebody is removing it.
-- `until_us`: when to look at one that was about to be written.
CREATE TABLE media_leftover (
    community BLOB NOT NULL,
    name TEXT NOT NULL,
    taken_us INTEGER,
    until_us INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (community, name)
) STRICT;

-- What they show, as their streams carry it; none where they show nothing.
ALTER TABLE post ADD COLUMN attachments TEXT;
ALTER TABLE comment ADD COLUMN attachments TEXT;
