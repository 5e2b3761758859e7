-- How far down a copy's feed is held without a gap. Below `floor` the mirror has single posts only. Older ones that
-- were fetched lie in the mirror's tables under the bitwise complement of the copy's local number: every post
-- of the feed with `low <= position < high`. `fetched` grows with each fetch.
CREATE TABLE extent (
    copy INTEGER PRIMARY KEY,
    floor INTEGER NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    fetched INTEGER NOT NULL
) STRICT;

-- What came to a copy with a floor without the post that it hangs on: that one may still come, or be below the floor.
CREATE TABLE loose (
    copy INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    post BLOB NOT NULL,
    PRIMARY KEY (copy, kind, id)
) STRICT, WITHOUT ROWID;
