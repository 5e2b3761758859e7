-- Whom the server writes to who is no member, what became of it, and who is never written to.

-- With it addresses are hashed that must not be written to. Made with the first of them.
ALTER TABLE community ADD COLUMN suppression_key BYTEA;

-- Addresses and registry entries that get no mail, each as a keyed hash: so the list outlives what it is about.
CREATE TABLE suppressed (
    community UUID NOT NULL,
    mark BYTEA NOT NULL,
    -- The entry that it was noted for, where it was for one.
    entry UUID,
    reason TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, mark)
);
CREATE INDEX suppressed_entry ON suppressed (community, entry);

-- What was sent to the people of the registry: of each kind one for an entry and one for an address, ever.
CREATE TABLE entry_mail (
    community UUID NOT NULL,
    entry UUID NOT NULL,
    -- invitation, reminder or letter.
    kind TEXT NOT NULL,
    -- The address as a keyed hash; none for a letter.
    mark BYTEA,
    invitation UUID NOT NULL,
    language TEXT NOT NULL,
    -- queued, sending, sent or withheld.
    state TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, entry, kind)
);
CREATE UNIQUE INDEX entry_mail_mark ON entry_mail (community, kind, mark);

-- Whose invitation can be declined by which code: read before anybody is a member, and good for ever.
CREATE TABLE decline_lookup (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    community UUID NOT NULL,
    entry UUID NOT NULL
);

-- A mail to the known address of a registry entry: whose it is is looked at once more before it goes out.
ALTER TABLE mail ADD COLUMN of_community UUID;
ALTER TABLE mail ADD COLUMN of_entry UUID;

-- Invitations that were mailed or printed by the thousand are not in the inbox of whoever had them made.
ALTER TABLE invitation ADD COLUMN quiet BIGINT NOT NULL DEFAULT 0;
CREATE INDEX invitation_entry ON invitation (community, entry);
