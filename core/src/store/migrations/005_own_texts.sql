-- What this member wrote, so that what was said to it is found without looking through everything.
ALTER TABLE post ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
UPDATE post SET own = 1 WHERE author IN (SELECT member FROM community);
UPDATE comment SET own = 1 WHERE author IN (SELECT member FROM community);
CREATE INDEX post_own ON post (place) WHERE own;
CREATE INDEX comment_own ON comment (copy, id) WHERE own;
CREATE INDEX post_announcement ON post (place) WHERE kind = 'announcement';
