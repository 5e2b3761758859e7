-- Conversations and messages. What members write to each other lies sealed: titles, texts, and the
-- changes in their inboxes.

-- Tells the message key of this database from others. The key itself lies outside of it.
CREATE TABLE message_key (
    only_one BIGINT NOT NULL PRIMARY KEY,
    proof BYTEA NOT NULL
);

CREATE TABLE conversation (
    community UUID NOT NULL,
    id UUID NOT NULL,
    pair BIGINT NOT NULL,
    title BYTEA,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);

-- The key of each conversation, wrapped by the message key; gone with the last who holds the conversation.
CREATE TABLE conversation_key (
    community UUID NOT NULL,
    conversation UUID NOT NULL,
    wrapped BYTEA NOT NULL,
    PRIMARY KEY (community, conversation)
);

-- Who is or was in a conversation. `received` counts messages that came before an answer to a request.
CREATE TABLE participant (
    community UUID NOT NULL,
    conversation UUID NOT NULL,
    member UUID NOT NULL,
    standing TEXT NOT NULL,
    since BIGINT NOT NULL,
    added_by UUID NOT NULL,
    asked_us BIGINT,
    received BIGINT NOT NULL DEFAULT 0,
    read_to BIGINT NOT NULL DEFAULT 0,
    muted BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (community, conversation, member)
);
CREATE INDEX participant_member ON participant (community, member, standing, conversation);
CREATE INDEX participant_asked ON participant (community, added_by, asked_us) WHERE asked_us IS NOT NULL;

CREATE TABLE message (
    community UUID NOT NULL,
    id UUID NOT NULL,
    conversation UUID NOT NULL,
    position BIGINT NOT NULL,
    author UUID NOT NULL,
    text BYTEA NOT NULL,
    text_by UUID NOT NULL,
    created_us BIGINT NOT NULL,
    edited_us BIGINT,
    PRIMARY KEY (community, id)
);
CREATE INDEX message_conversation ON message (community, conversation, position);
CREATE INDEX message_author ON message (community, author);

-- Messages that were taken and did not arrive at a member, who declined or is behind a block.
CREATE TABLE message_withheld (
    community UUID NOT NULL,
    message UUID NOT NULL,
    member UUID NOT NULL,
    conversation UUID NOT NULL,
    PRIMARY KEY (community, message, member)
);
CREATE INDEX message_withheld_member ON message_withheld (community, conversation, member);

-- Who may begin a conversation with a member, where they have said so.
CREATE TABLE messaging (
    community UUID NOT NULL,
    member UUID NOT NULL,
    accepts TEXT NOT NULL,
    PRIMARY KEY (community, member)
);

-- Members who are to be taken out of every conversation: their membership has ended.
CREATE TABLE conversation_leaver (
    community UUID NOT NULL,
    member UUID NOT NULL,
    PRIMARY KEY (community, member)
);

-- Inboxes from which messages of a conversation are still to be taken, and the position up to which they are.
CREATE TABLE conversation_leftover (
    community UUID NOT NULL,
    conversation UUID NOT NULL,
    member UUID NOT NULL,
    taken BIGINT NOT NULL,
    PRIMARY KEY (community, conversation, member)
);
