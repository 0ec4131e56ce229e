-- What is built from the journal behind recording. All of it is derived: to build
-- it anew, empty a follower's tables and delete its rows here.

CREATE TABLE journal_followers (
    organization integer NOT NULL,
    follower     text NOT NULL,
    sequence     bigint NOT NULL,            -- the last journal entry it has taken in
    PRIMARY KEY (organization, follower)
) WITH (fillfactor = 50);                    -- room to move on within the page
COMMENT ON TABLE journal_followers IS 'How far each follower has come in the journal of each organization; no row: not begun.';

-- The index behind the filter "text": the journal cut into blocks of 4,096 events,
-- and for each block which of its events have which three bytes in their texts.
-- Blocks are written once, whole, and never changed.
CREATE TABLE text_blocks (
    organization integer NOT NULL,
    block        integer NOT NULL,           -- its first event has the sequence block * 4096 + 1
    first_event  uuid NOT NULL,              -- the smallest and the greatest id in it
    last_event   uuid NOT NULL,
    PRIMARY KEY (organization, block)
);
CREATE TABLE text_grams (
    organization integer NOT NULL,
    block        integer NOT NULL,
    bucket       smallint NOT NULL,          -- of those that gram.bucket puts together
    grams        bytea NOT NULL,             -- gramBucket
    PRIMARY KEY (organization, block, bucket)
) WITH (toast_tuple_target = 8160);          -- a bucket is read whole and has nothing left to compress
ALTER TABLE text_grams ALTER COLUMN grams SET STORAGE EXTERNAL;
