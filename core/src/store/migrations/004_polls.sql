-- Polls in JSON: what a post asks, and how many chose what.
ALTER TABLE post ADD COLUMN poll TEXT;
ALTER TABLE counts ADD COLUMN poll TEXT;
