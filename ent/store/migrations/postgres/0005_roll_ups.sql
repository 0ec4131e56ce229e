-- How many events there are, counted behind recording. It is derived: the
-- follower "counts" builds it anew from the journal.

CREATE TABLE event_counts (
    organization integer NOT NULL,
    action       smallint NOT NULL,          -- 0: of all actions together
    day          integer NOT NULL,           -- since 1970-01-01, UTC
    category     smallint NOT NULL,
    quarters     bytea NOT NULL,             -- for each quarter of an hour with events: its number in the day, how many as uvarint
    PRIMARY KEY (organization, action, day, category)
) WITH (fillfactor = 70);                    -- today's rows grow
COMMENT ON TABLE event_counts IS 'Events of each UTC day, category and action by quarters of an hour, which the days of every time zone are made of.';
