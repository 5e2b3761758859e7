-- Why a post or comment was hidden, in the form of the wire; its text is empty then.
ALTER TABLE post ADD COLUMN hidden TEXT;
ALTER TABLE comment ADD COLUMN hidden TEXT;
-- Whether a member is a supporter.
ALTER TABLE member ADD COLUMN supporter INTEGER NOT NULL DEFAULT 0;
