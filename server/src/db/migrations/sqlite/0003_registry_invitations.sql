-- The registry of leavers, and the invitations that bring them in.

CREATE TABLE entry (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    employee_number TEXT,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    kana TEXT NOT NULL,
    former_family TEXT NOT NULL,
    birth_date TEXT,
    joined_date TEXT,
    left_date TEXT NOT NULL,
    reason TEXT NOT NULL,
    department TEXT NOT NULL,
    title TEXT NOT NULL,
    employment TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    remarks TEXT NOT NULL,
    -- The folded full name, as entries are matched by it.
    name_key TEXT NOT NULL,
    member BLOB,
    changed_us INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_by_number ON entry (community, employee_number) WHERE employee_number IS NOT NULL;
CREATE INDEX entry_by_name ON entry (community, name_key, birth_date);

CREATE TABLE invitation (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    inviter BLOB NOT NULL,
    entry BLOB,
    affiliation TEXT NOT NULL,
    note TEXT NOT NULL,
    uses INTEGER NOT NULL,
    used INTEGER NOT NULL,
    wrong INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    revoked_us INTEGER,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

-- Facts that did not match, by a hash: the same one sent again is not another guess.
CREATE TABLE wrong_fact (
    community BLOB NOT NULL,
    invitation BLOB NOT NULL,
    account BLOB NOT NULL,
    fact_hash BLOB NOT NULL,
    -- The acceptance that it came with first: a repeat of that one gets the same answer.
    acceptance BLOB NOT NULL,
    PRIMARY KEY (community, invitation, account, fact_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE acceptance (
    community BLOB NOT NULL,
    account BLOB NOT NULL,
    id BLOB NOT NULL,
    invitation BLOB NOT NULL,
    member BLOB NOT NULL,
    waiting INTEGER NOT NULL,
    entry BLOB,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX acceptance_by_member ON acceptance (community, member);
