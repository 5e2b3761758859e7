-- Moderation: rules, reports, what is hidden, why somebody is shut out; blocks and mutes.

-- The rules of a community that has set its own, as JSON in the form of the wire.
CREATE TABLE community_rules (
    community BLOB NOT NULL PRIMARY KEY,
    rules TEXT NOT NULL,
    text_by BLOB NOT NULL,
    set_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reports. `body` is what lies at the desk, in the form of the wire: it does not say who reported.
CREATE TABLE report (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    -- None once nothing may lead to them any more.
    reporter BLOB,
    desk BLOB NOT NULL,
    subject BLOB NOT NULL,
    author BLOB NOT NULL,
    state TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_of_subject ON report (community, subject, desk);
CREATE INDEX report_by_reporter ON report (community, reporter, at_us);
CREATE INDEX report_by_author ON report (community, author);

-- What was hidden, with its text and mentions, which are nowhere else until it is shown again. A row stays after
-- that, without them, so that what inboxes and desks were told can be taken back with the post.
CREATE TABLE hidden (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    author BLOB NOT NULL,
    desk BLOB NOT NULL,
    appeal_desk BLOB,
    -- Who hid it; none once they were erased.
    hidden_by BLOB,
    -- The stub, in the form of the wire; none once it is shown again.
    stub TEXT,
    text TEXT NOT NULL,
    mentions BLOB NOT NULL,
    -- The author's appeal, in the form of the wire.
    appeal TEXT,
    PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

-- Why and until when a member is shut out, or why their membership was ended.
CREATE TABLE standing_reason (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    standing TEXT NOT NULL,
    until_us INTEGER,
    reason TEXT NOT NULL,
    decided_by BLOB,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_reason_until ON standing_reason (community, until_us) WHERE until_us IS NOT NULL;

ALTER TABLE member ADD COLUMN supporter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_ ADD COLUMN closed_to_staff INTEGER NOT NULL DEFAULT 0;

CREATE TABLE block (
    community BLOB NOT NULL,
    blocker BLOB NOT NULL,
    blocked BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, blocker, blocked)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_of_blocked ON block (community, blocked, blocker);

CREATE TABLE mute (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    muted BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, member, muted)
) STRICT, WITHOUT ROWID;
