-- The registry of leavers, and the invitations that bring them in.

CREATE TABLE entry (
    community UUID NOT NULL,
    id UUID NOT NULL,
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
    member UUID,
    changed_us BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX entry_by_number ON entry (community, employee_number) WHERE employee_number IS NOT NULL;
CREATE INDEX entry_by_name ON entry (community, name_key, birth_date);

CREATE TABLE invitation (
    community UUID NOT NULL,
    id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    inviter UUID NOT NULL,
    entry UUID,
    affiliation TEXT NOT NULL,
    note TEXT NOT NULL,
    uses BIGINT NOT NULL,
    used BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    revoked_us BIGINT,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);

-- Facts that did not match, by a hash: the same one sent again is not another guess.
CREATE TABLE wrong_fact (
    community UUID NOT NULL,
    invitation UUID NOT NULL,
    account UUID NOT NULL,
    fact_hash BYTEA NOT NULL,
    -- The acceptance that it came with first: a repeat of that one gets the same answer.
    acceptance UUID NOT NULL,
    PRIMARY KEY (community, invitation, account, fact_hash)
);

CREATE TABLE acceptance (
    community UUID NOT NULL,
    account UUID NOT NULL,
    id UUID NOT NULL,
    invitation UUID NOT NULL,
    member UUID NOT NULL,
    waiting BIGINT NOT NULL,
    entry UUID,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, account, id)
);
CREATE INDEX acceptance_by_member ON acceptance (community, member);
