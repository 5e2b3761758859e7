-- Whom the server writes to who is no member, what became of it, and who is never written to.

-- With it addresses are hashed that must not be written to. Made with the first of them.
ALTER TABLE community ADD COLUMN suppression_key BLOB;

-- Addresses and registry entries that get no mail, each as a keyed hash: so the list outlives what it is about.
CREATE TABLE suppressed (
    community BLOB NOT NULL,
    mark BLOB NOT NULL,
    -- The entry that it was noted for, where it was for one.
    entry BLOB,
    reason TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, mark)
) STRICT, WITHOUT ROWID;
CREATE INDEX suppressed_entry ON suppressed (community, entry);

-- What was sent to the people of the registry: of each kind one for an entry and one for an address, ever.
CREATE TABLE entry_mail (
    community BLOB NOT NULL,
    entry BLOB NOT NULL,
    -- invitation, reminder or letter.
    kind TEXT NOT NULL,
    -- The address as a keyed hash; none for a letter.
    mark BLOB,
    invitation BLOB NOT NULL,
    language TEXT NOT NULL,
    -- queued, sending, sent or withheld.
    state TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, entry, kind)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_mail_mark ON entry_mail (community, kind, mark);

-- Whose invitation can be declined by which code: read before anybody is a member, and good for ever.
CREATE TABLE decline_lookup (
    code_hash BLOB NOT NULL PRIMARY KEY,
    community BLOB NOT NULL,
    entry BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A mail to the known address of a registry entry: whose it is is looked at once more before it goes out.
ALTER TABLE mail ADD COLUMN of_community BLOB;
ALTER TABLE mail ADD COLUMN of_entry BLOB;

-- Invitations that were mailed or printed by the thousand are not in the inbox of whoever had them made.
ALTER TABLE invitation ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
CREATE INDEX invitation_entry ON invitation (community, entry);
