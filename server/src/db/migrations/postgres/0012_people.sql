-- What members choose for themselves: what to hear of, what to allow; and the words that welcome them.

CREATE TABLE notification_setting (
    community UUID NOT NULL,
    member UUID NOT NULL,
    -- In JSON, as the inbox has it.
    settings TEXT NOT NULL,
    PRIMARY KEY (community, member)
);

CREATE TABLE notification_mark (
    community UUID NOT NULL,
    member UUID NOT NULL,
    up_to BIGINT NOT NULL,
    PRIMARY KEY (community, member)
);

-- What each member was told when they consented, and when they took it back. Rows are never changed but to end.
CREATE TABLE consent (
    community UUID NOT NULL,
    member UUID NOT NULL,
    id UUID NOT NULL,
    purpose TEXT NOT NULL,
    version BIGINT NOT NULL,
    language TEXT NOT NULL,
    given_us BIGINT NOT NULL,
    withdrawn_us BIGINT,
    PRIMARY KEY (community, member, id)
);
CREATE UNIQUE INDEX consent_in_force ON consent (community, purpose, member) WHERE withdrawn_us IS NULL;

-- The words that welcome whoever joins.
ALTER TABLE community ADD COLUMN welcome TEXT;

-- Who runs the community.
CREATE INDEX member_role ON member (community, role);

-- Who was in the same department.
CREATE INDEX profile_field_value ON profile_field (community, field, value);
