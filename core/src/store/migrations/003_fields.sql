-- Which fields of typed entities the build knew that fetched a community: a later one fetches it anew.
ALTER TABLE community ADD COLUMN fields INTEGER NOT NULL DEFAULT 0;
