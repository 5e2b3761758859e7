-- Polls: the definition is the post's, in JSON; what each member chose is read by nobody but the server.

ALTER TABLE post ADD COLUMN poll TEXT;

CREATE TABLE poll_vote (
    community BLOB NOT NULL,
    post BLOB NOT NULL,
    member BLOB NOT NULL,
    -- The numbers of the options, in JSON.
    choices TEXT NOT NULL,
    PRIMARY KEY (community, post, member)
) STRICT, WITHOUT ROWID;

CREATE INDEX poll_vote_member ON poll_vote (community, member, post);

-- Members per option, so that a vote costs the same however many have voted; option -1 counts voters.
CREATE TABLE poll_count (
    community BLOB NOT NULL,
    post BLOB NOT NULL,
    choice INTEGER NOT NULL,
    members INTEGER NOT NULL,
    PRIMARY KEY (community, post, choice)
) STRICT, WITHOUT ROWID;
