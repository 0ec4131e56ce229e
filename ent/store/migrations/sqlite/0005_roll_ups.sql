-- How many events there are, counted behind recording; the twin of Postgres.

CREATE TABLE event_counts (
    organization integer NOT NULL,
    action       integer NOT NULL,           -- 0: of all actions together
    day          integer NOT NULL,           -- since 1970-01-01, UTC
    category     integer NOT NULL,
    quarters     blob NOT NULL,              -- for each quarter of an hour with events: its number in the day, how many as uvarint
    PRIMARY KEY (organization, action, day, category)
) WITHOUT ROWID;
