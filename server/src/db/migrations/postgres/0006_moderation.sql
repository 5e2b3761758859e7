-- Moderation: rules, reports, what is hidden, why somebody is shut out; blocks and mutes.

-- The rules of a community that has set its own, as JSON in the form of the wire.
CREATE TABLE community_rules (
    community UUID NOT NULL PRIMARY KEY,
    rules TEXT NOT NULL,
    text_by UUID NOT NULL,
    set_us BIGINT NOT NULL
);

-- Reports. `body` is what lies at the desk, in the form of the wire: it does not say who reported.
CREATE TABLE report (
    community UUID NOT NULL,
    id UUID NOT NULL,
    -- None once nothing may lead to them any more.
    reporter UUID,
    desk BYTEA NOT NULL,
    subject UUID NOT NULL,
    author UUID NOT NULL,
    state TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX report_of_subject ON report (community, subject, desk);
CREATE INDEX report_by_reporter ON report (community, reporter, at_us);
CREATE INDEX report_by_author ON report (community, author);

-- What was hidden, with its text and mentions, which are nowhere else until it is shown again. A row stays after
-- that, without them, so that what inboxes and desks were told can be taken back with the post.
CREATE TABLE hidden (
    community UUID NOT NULL,
    id UUID NOT NULL,
    author UUID NOT NULL,
    desk BYTEA NOT NULL,
    appeal_desk BYTEA,
    -- Who hid it; none once they were erased.
    hidden_by UUID,
    -- The stub, in the form of the wire; none once it is shown again.
    stub TEXT,
    text TEXT NOT NULL,
    mentions BYTEA NOT NULL,
    -- The author's appeal, in the form of the wire.
    appeal TEXT,
    PRIMARY KEY (community, id)
);

-- Why and until when a member is shut out, or why their membership was ended.
CREATE TABLE standing_reason (
    community UUID NOT NULL,
    member UUID NOT NULL,
    standing TEXT NOT NULL,
    until_us BIGINT,
    reason TEXT NOT NULL,
    decided_by UUID,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, member)
);
CREATE INDEX standing_reason_until ON standing_reason (community, until_us) WHERE until_us IS NOT NULL;

ALTER TABLE member ADD COLUMN supporter BIGINT NOT NULL DEFAULT 0;
ALTER TABLE group_ ADD COLUMN closed_to_staff BIGINT NOT NULL DEFAULT 0;

CREATE TABLE block (
    community UUID NOT NULL,
    blocker UUID NOT NULL,
    blocked UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, blocker, blocked)
);
CREATE INDEX block_of_blocked ON block (community, blocked, blocker);

CREATE TABLE mute (
    community UUID NOT NULL,
    member UUID NOT NULL,
    muted UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, member, muted)
);
