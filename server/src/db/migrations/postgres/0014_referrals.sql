-- Who brought whom, and who vouches for whoever wishes to join.

CREATE TABLE referral (
    community UUID NOT NULL,
    -- Who came in, or waits.
    member UUID NOT NULL,
    inviter UUID NOT NULL,
    invitation UUID NOT NULL,
    -- What the one who came in agrees to: that the inviter is told, that the company is.
    to_inviter BIGINT NOT NULL,
    to_company BIGINT NOT NULL,
    PRIMARY KEY (community, member)
);
CREATE INDEX referral_inviter ON referral (community, inviter, member);
CREATE INDEX referral_invitation ON referral (community, invitation, member);

-- Whether the inviter agrees that the company is told whom this invitation brought.
ALTER TABLE invitation ADD COLUMN to_company BIGINT NOT NULL DEFAULT 0;

-- How many members must vouch where nobody proves who they are; what the kind says where there is none.
ALTER TABLE community ADD COLUMN vouches BIGINT;

CREATE TABLE join_vouch (
    community UUID NOT NULL,
    request UUID NOT NULL,
    member UUID NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (community, request, member)
);
CREATE INDEX join_vouch_member ON join_vouch (community, member);
