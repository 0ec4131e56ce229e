-- What is built from the journal behind recording; the twin of Postgres.

CREATE TABLE journal_followers (
    organization integer NOT NULL,
    follower     text NOT NULL,
    sequence     integer NOT NULL,
    PRIMARY KEY (organization, follower)
) WITHOUT ROWID;
