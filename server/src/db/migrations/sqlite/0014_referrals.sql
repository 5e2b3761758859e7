-- Who brought whom, and who vouches for whoever wishes to join.

CREATE TABLE referral (
    community BLOB NOT NULL,
    -- Who came in, or waits.
    member BLOB NOT NULL,
    inviter BLOB NOT NULL,
    invitation BLOB NOT NULL,
    -- What the one who came in agrees to: that the inviter is told, that the company is.
    to_inviter INTEGER NOT NULL,
    to_company INTEGER NOT NULL,
    PRIMARY KEY (community, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_inviter ON referral (community, inviter, member);
CREATE INDEX referral_invitation ON referral (community, invitation, member);

-- Whether the inviter agrees that the company is told whom this invitation brought.
ALTER TABLE invitation ADD COLUMN to_company INTEGER NOT NULL DEFAULT 0;

-- How many members must vouch where nobody proves who they are; what the kind says where there is none.
ALTER TABLE community ADD COLUMN vouches INTEGER;

CREATE TABLE join_vouch (
    community BLOB NOT NULL,
    request BLOB NOT NULL,
    member BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (community, request, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX join_vouch_member ON join_vouch (community, member);
