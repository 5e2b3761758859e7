-- Polls: the definition is the post's, in JSON; what each member chose is read by nobody but the server.

ALTER TABLE post ADD COLUMN poll TEXT;

CREATE TABLE poll_vote (
    community UUID NOT NULL,
    post UUID NOT NULL,
    member UUID NOT NULL,
    -- The numbers of the options, in JSON.
    choices TEXT NOT NULL,
    PRIMARY KEY (community, post, member)
);

CREATE INDEX poll_vote_member ON poll_vote (community, member, post);

-- Members per option, so that a vote costs the same however many have voted; option -1 counts voters.
CREATE TABLE poll_count (
    community UUID NOT NULL,
    post UUID NOT NULL,
    choice BIGINT NOT NULL,
    members BIGINT NOT NULL,
    PRIMARY KEY (community, post, choice)
);
