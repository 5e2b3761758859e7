-- What a member has begun to write, by the place that it is for. Nobody else ever sees it.
CREATE TABLE draft (
    community BLOB NOT NULL,
    place TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (community, place)
) STRICT, WITHOUT ROWID;
