-- One person on one server, over all communities: the only data without a community.

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    language TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Folded (trimmed, NFKC, lower case), as an address is compared.
CREATE TABLE address (
    address TEXT NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES account (id),
    added_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX address_by_account ON address (account);

-- Which community an account is in, and as whom. What it is there stands with the community.
CREATE TABLE account_membership (
    account BLOB NOT NULL REFERENCES account (id),
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    PRIMARY KEY (account, community)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    account BLOB NOT NULL REFERENCES account (id),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

-- Known by the SHA-256 of its token. A session that ended stays as a proof of an earlier sign-in.
CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES account (id),
    device BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    ended_us INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_device ON session (account, device);

CREATE TABLE sign_in_attempt (
    id BLOB NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    code_salt BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    nonce BLOB NOT NULL,
    tries INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    token_hash BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempt_by_expiry ON sign_in_attempt (expires_us);

-- Tries counted per subject (known by a hash) and hour, for every process.
CREATE TABLE try_count (
    subject BLOB NOT NULL,
    hour INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (subject, hour)
) STRICT, WITHOUT ROWID;

-- Mail on its way. A row is taken by moving `due_us` on, and deleted once the mail is handed over.
CREATE TABLE mail (
    id BLOB NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    message TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_by_due ON mail (due_us);

-- Which community an invitation's code belongs to: read before anybody is a member.
CREATE TABLE invitation_lookup (
    code_hash BLOB NOT NULL PRIMARY KEY,
    community BLOB NOT NULL,
    invitation BLOB NOT NULL
) STRICT, WITHOUT ROWID;
