-- Conversations and messages. What members write to each other lies sealed: titles, texts, and the
-- changes in their inboxes.

-- Tells the message key of this database from others. The key itself lies outside of it.
CREATE TABLE message_key (
    only_one INTEGER NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT;

CREATE TABLE conversation (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    pair INTEGER NOT NULL,
    title BLOB,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT;

-- The key of each conversation, wrapped by the message key; gone with the last who holds the conversation.
CREATE TABLE conversation_key (
    community BLOB NOT NULL,
    conversation BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (community, conversation)
) STRICT;

-- Who is or was in a conversation. `received` counts messages that came before an answer to a request.
CREATE TABLE participant (
    community BLOB NOT NULL,
    conversation BLOB NOT NULL,
    member BLOB NOT NULL,
    standing TEXT NOT NULL,
    since INTEGER NOT NULL,
    added_by BLOB NOT NULL,
    asked_us INTEGER,
    received INTEGER NOT NULL DEFAULT 0,
    read_to INTEGER NOT NULL DEFAULT 0,
    muted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (community, conversation, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_member ON participant (community, member, standing, conversation);
CREATE INDEX participant_asked ON participant (community, added_by, asked_us) WHERE asked_us IS NOT NULL;

CREATE TABLE message (
    community BLOB NOT NULL,
    id BLOB NOT NULL,
    conversation BLOB NOT NULL,
    position INTEGER NOT NULL,
    author BLOB NOT NULL,
    text BLOB NOT NULL,
    text_by BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    edited_us INTEGER,
    PRIMARY KEY (community, id)
) STRICT;
CREATE INDEX message_conversation ON message (community, conversation, position);
CREATE INDEX message_author ON message (community, author);

-- Messages that were taken and did not arrive at a member, who declined or is behind a block.
CREATE TABLE message_withheld (
    community BLOB NOT NULL,
    message BLOB NOT NULL,
    member BLOB NOT NULL,
    conversation BLOB NOT NULL,
    PRIMARY KEY (community, message, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_withheld_member ON message_withheld (community, conversation, member);

-- Who may begin a conversation with a member, where they have said so.
CREATE TABLE messaging (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    accepts TEXT NOT NULL,
    PRIMARY KEY (community, member)
) STRICT;

-- Members who are to be taken out of every conversation: their membership has ended.
CREATE TABLE conversation_leaver (
    community BLOB NOT NULL,
    member BLOB NOT NULL,
    PRIMARY KEY (community, member)
) STRICT, WITHOUT ROWID;

-- Inboxes from which messages of a conversation are still to be taken, and the position up to which they are.
CREATE TABLE conversation_leftover (
    community BLOB NOT NULL,
    conversation BLOB NOT NULL,
    member BLOB NOT NULL,
    taken INTEGER NOT NULL,
    PRIMARY KEY (community, conversation, member)
) STRICT, WITHOUT ROWID;
