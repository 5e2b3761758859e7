-- The full-text indexes in the order of positions instead of copies, so that one question over all feeds ends with the
-- newest hits. Both are filled anew, behind: until then what waits is looked through one by one.
DROP TABLE post_search;
CREATE VIRTUAL TABLE post_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'ascii'
);
-- Not the older posts, whose places are negative, and not those on their way between feeds, which lie above all copies.
INSERT OR IGNORE INTO to_index (place) SELECT place FROM post WHERE place BETWEEN 0 AND (1 << 62) - 1;

DROP TABLE message_search;
CREATE VIRTUAL TABLE message_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'ascii'
);
INSERT OR IGNORE INTO message_to_index (place) SELECT place FROM message WHERE place BETWEEN 0 AND (1 << 62) - 1;
