-- Several addresses, ways in beside the mailed code, notices, recovery of a membership, and the end
-- of an account.

-- Mail domains of the former employer, lower case, with a space between.
ALTER TABLE community ADD COLUMN employer_domains TEXT NOT NULL DEFAULT '';

-- Calls of an account that were done: a repeat changes nothing.
CREATE TABLE account_call (
    account UUID NOT NULL,
    id UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (account, id)
);
CREATE INDEX account_call_by_age ON account_call (at_us);

-- An address that an account wants to add, with the code that was mailed to it.
CREATE TABLE address_attempt (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL,
    secret_hash BYTEA NOT NULL,
    address TEXT NOT NULL,
    replaces TEXT,
    code_salt BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    -- 'added', or the code of why not, once the mailed code was spent.
    outcome TEXT
);
CREATE INDEX address_attempt_by_expiry ON address_attempt (expires_us);

-- A new device that waits to be approved by one that is signed in.
CREATE TABLE approval (
    id UUID NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL,
    device UUID NOT NULL,
    device_name TEXT NOT NULL,
    -- A hash of the network that it asks from, with the attempt's id.
    network BYTEA,
    nonce BYTEA NOT NULL,
    asked_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    account UUID,
    token_hash BYTEA
);
CREATE INDEX approval_by_expiry ON approval (expires_us);

-- The printed code of an account, by the hash of the part that it is found by. Used once, by one attempt.
CREATE TABLE recovery_code (
    handle_hash BYTEA NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES account (id),
    salt BYTEA NOT NULL,
    secret_hash BYTEA NOT NULL,
    nonce BYTEA NOT NULL,
    made_us BIGINT NOT NULL,
    attempt UUID,
    token_hash BYTEA,
    spent_us BIGINT
);
CREATE UNIQUE INDEX recovery_code_by_account ON recovery_code (account);

-- What an account's devices are told, but for the one that did it, until each has shown it.
CREATE TABLE account_notice (
    account UUID NOT NULL,
    id UUID NOT NULL,
    at_us BIGINT NOT NULL,
    event TEXT NOT NULL,
    by_device UUID,
    PRIMARY KEY (account, id)
);
CREATE INDEX account_notice_by_age ON account_notice (at_us);
CREATE TABLE notice_seen (
    account UUID NOT NULL,
    device UUID NOT NULL,
    notice UUID NOT NULL,
    PRIMARY KEY (account, device, notice)
);

-- Somebody's wish to have a membership back, asked for by an account that is not in the community.
CREATE TABLE recovery (
    community UUID NOT NULL,
    id UUID NOT NULL,
    account UUID NOT NULL,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    note TEXT NOT NULL,
    member UUID,
    proved BIGINT NOT NULL,
    state TEXT NOT NULL,
    asked_us BIGINT NOT NULL,
    until_us BIGINT,
    PRIMARY KEY (community, id)
);
CREATE INDEX recovery_by_state ON recovery (community, state, asked_us);

CREATE TABLE recovery_vouch (
    community UUID NOT NULL,
    recovery UUID NOT NULL,
    voucher UUID NOT NULL,
    member UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, recovery, voucher)
);

-- Where the recoveries are that an account has asked for.
CREATE TABLE recovery_lookup (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL,
    community UUID NOT NULL
);
CREATE INDEX recovery_lookup_by_account ON recovery_lookup (account);

-- Recoveries that wait, with the hash of the code in a mail that stops each, until they are done.
CREATE TABLE recovery_stop (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    community UUID NOT NULL,
    recovery UUID NOT NULL,
    until_us BIGINT NOT NULL
);
CREATE INDEX recovery_stop_by_time ON recovery_stop (until_us);

-- Accounts that are being deleted, and those that were: the id alone stays.
CREATE TABLE account_deletion (
    account UUID NOT NULL PRIMARY KEY,
    id UUID NOT NULL,
    session BYTEA NOT NULL,
    written TEXT NOT NULL,
    asked_us BIGINT NOT NULL,
    done_us BIGINT
);
