-- How often anything entered the outbox (`stamp`), and at which stamp something in it last changed or left it
-- (`altered`): so that what was read of it once need not be read again.
CREATE TABLE outbox_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    stamp INTEGER NOT NULL,
    altered INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_state (one, stamp, altered) VALUES (1, 0, 0);
CREATE INDEX outbox_order ON outbox (community, member, place);
