-- One person on one server, over all communities: the only data without a community.

CREATE TABLE account (
    id UUID NOT NULL PRIMARY KEY,
    language TEXT NOT NULL,
    created_us BIGINT NOT NULL
);

-- Folded (trimmed, NFKC, lower case), as an address is compared.
CREATE TABLE address (
    address TEXT NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES account (id),
    added_us BIGINT NOT NULL
);
CREATE INDEX address_by_account ON address (account);

-- Which community an account is in, and as whom. What it is there stands with the community.
CREATE TABLE account_membership (
    account UUID NOT NULL REFERENCES account (id),
    community UUID NOT NULL,
    member UUID NOT NULL,
    PRIMARY KEY (account, community)
);

CREATE TABLE device (
    account UUID NOT NULL REFERENCES account (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    PRIMARY KEY (account, id)
);

-- Known by the SHA-256 of its token. A session that ended stays as a proof of an earlier sign-in.
CREATE TABLE session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES account (id),
    device UUID NOT NULL,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    ended_us BIGINT
);
CREATE INDEX session_by_device ON session (account, device);

CREATE TABLE sign_in_attempt (
    id UUID NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    code_salt BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    nonce BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    token_hash BYTEA
);
CREATE INDEX sign_in_attempt_by_expiry ON sign_in_attempt (expires_us);

-- Tries counted per subject (known by a hash) and hour, for every process.
CREATE TABLE try_count (
    subject BYTEA NOT NULL,
    hour BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (subject, hour)
);

-- Mail on its way. A row is taken by moving `due_us` on, and deleted once the mail is handed over.
CREATE TABLE mail (
    id UUID NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    message TEXT NOT NULL,
    tries BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);
CREATE INDEX mail_by_due ON mail (due_us);

-- Which community an invitation's code belongs to: read before anybody is a member.
CREATE TABLE invitation_lookup (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    community UUID NOT NULL,
    invitation UUID NOT NULL
);
