-- What members choose for themselves: what to hear of, what to allow; and the words that welcome them.

CREATE TABLE notification_setting (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    -- In JSON, as the inbox has it.
    settings TEXT NOT NULL,
    PRIMARY KEY (community, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE notification_mark (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    up_to INTEGER NOT NULL,
    PRIMARY KEY (community, member)
) STRICT, WITHOUT ROWID;

-- What each member was told when they consented, and when they took it back. Rows are never changed but to end.
CREATE TABLE consent (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    id BLOB NOT NULL,
    purpose TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    given_us INTEGER NOT NULL,
    withdrawn_us INTEGER,
    PRIMARY KEY (community, member, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX consent_in_force ON consent (community, purpose, member) WHERE withdrawn_us IS NULL;

-- The words that welcome whoever joins.
ALTER TABLE community ADD COLUMN welcome TEXT;

-- Who runs the community.
CREATE INDEX member_role ON member (community, role);

-- Who was in the same department.
CREATE INDEX profile_field_value ON profile_field (community, field, value);
