-- Several addresses, ways in beside the mailed code, notices, recovery of a membership, and the end
-- of an account.

-- Mail domains of the former employer, lower case, with a space between.
ALTER TABLE community ADD COLUMN employer_domains TEXT NOT NULL DEFAULT '';

-- Calls of an account that were done: a repeat changes nothing.
CREATE TABLE account_call (
    account BLOB NOT NULL,
    id BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_call_by_age ON account_call (at_us);

-- An address that an account wants to add, with the code that was mailed to it.
CREATE TABLE address_attempt (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL,
    secret_hash BLOB NOT NULL,
    address TEXT NOT NULL,
    replaces TEXT,
    code_salt BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    tries INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    -- 'added', or the code of why not, once the mailed code was spent.
    outcome TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX address_attempt_by_expiry ON address_attempt (expires_us);

-- A new device that waits to be approved by one that is signed in.
CREATE TABLE approval (
    id BLOB NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    device BLOB NOT NULL,
    device_name TEXT NOT NULL,
    -- A hash of the network that it asks from, with the attempt's id.
    network BLOB,
    nonce BLOB NOT NULL,
    asked_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    account BLOB,
    token_hash BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX approval_by_expiry ON approval (expires_us);

-- The printed code of an account, by the hash of the part that it is found by. Used once, by one attempt.
CREATE TABLE recovery_code (
    handle_hash BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES account (id),
    salt BLOB NOT NULL,
    secret_hash BLOB NOT NULL,
    nonce BLOB NOT NULL,
    made_us INTEGER NOT NULL,
    attempt BLOB,
    token_hash BLOB,
    spent_us INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX recovery_code_by_account ON recovery_code (account);

-- What an account's devices are told, but for the one that did it, until each has shown it.
CREATE TABLE account_notice (
    account BLOB NOT NULL,
    id BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    event TEXT NOT NULL,
    by_device BLOB,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_notice_by_age ON account_notice (at_us);
CREATE TABLE notice_seen (
    account BLOB NOT NULL,
    device BLOB NOT NULL,
    notice BLOB NOT NULL,
    PRIMARY KEY (account, device, notice)
) STRICT, WITHOUT ROWID;

-- Somebody's wish to have a membership back, asked for by an account that is not in the community.
CREATE TABLE recovery (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    account BLOB NOT NULL,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    note TEXT NOT NULL,
    member BLOB,
    proved INTEGER NOT NULL,
    state TEXT NOT NULL,
    asked_us INTEGER NOT NULL,
    until_us INTEGER,
    PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_by_state ON recovery (community, state, asked_us);

CREATE TABLE recovery_vouch (
    community BLOB NOT NULL,
    recovery BLOB NOT NULL,
    voucher BLOB NOT NULL,
    member BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, recovery, voucher)
) STRICT, WITHOUT ROWID;

-- Where the recoveries are that an account has asked for.
CREATE TABLE recovery_lookup (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL,
    community BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_lookup_by_account ON recovery_lookup (account);

-- Recoveries that wait, with the hash of the code in a mail that stops each, until they are done.
CREATE TABLE recovery_stop (
    code_hash BLOB NOT NULL PRIMARY KEY,
    community BLOB NOT NULL,
    recovery BLOB NOT NULL,
    until_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_stop_by_time ON recovery_stop (until_us);

-- Accounts that are being deleted, and those that were: the id alone stays.
CREATE TABLE account_deletion (
    account BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL,
    session BLOB NOT NULL,
    written TEXT NOT NULL,
    asked_us INTEGER NOT NULL,
    done_us INTEGER
) STRICT, WITHOUT ROWID;
