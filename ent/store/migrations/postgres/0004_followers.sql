-- What is built from the journal behind recording. All of it is derived: to build
-- it anew, empty a follower's tables and delete its rows here.

CREATE TABLE journal_followers (
    organization integer NOT NULL,
    follower     text NOT NULL,
    sequence     bigint NOT NULL,            -- the last journal entry it has taken in
    PRIMARY KEY (organization, follower)
) WITH (fillfactor = 50);                    -- room to move on within the page
COMMENT ON TABLE journal_followers IS 'How far each follower has come in the journal of each organization; no row: not begun.';
