-- Messages of inboxes. `place` is copy << 40 | position: the table is each inbox's messages in order.
CREATE TABLE message (
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    mutation BLOB,
    conversation BLOB NOT NULL,
    author BLOB NOT NULL,
    text TEXT NOT NULL,
    text_by BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    edited_us INTEGER
) STRICT;
CREATE INDEX message_id ON message (id);
CREATE INDEX message_of_conversation ON message (conversation, place);

-- As for posts: text is folded and spaced before it goes in, and the rowid is the message's place.
CREATE VIRTUAL TABLE message_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'ascii'
);
CREATE TABLE message_to_index (place INTEGER PRIMARY KEY) STRICT;
