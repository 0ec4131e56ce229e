-- What is built from the journal behind recording; the twin of Postgres.

CREATE TABLE journal_followers (
    organization integer NOT NULL,
    follower     text NOT NULL,
    sequence     integer NOT NULL,
    PRIMARY KEY (organization, follower)
) WITHOUT ROWID;

CREATE TABLE text_blocks (
    organization integer NOT NULL,
    block        integer NOT NULL,
    first_event  blob NOT NULL,
    last_event   blob NOT NULL,
    PRIMARY KEY (organization, block)
) WITHOUT ROWID;
CREATE TABLE text_grams (
    organization integer NOT NULL,
    block        integer NOT NULL,
    bucket       integer NOT NULL,
    grams        blob NOT NULL,
    PRIMARY KEY (organization, block, bucket)
);
