-- What was recorded stays. SQLite has no roles, so the one door for retention and
-- erasure is a row: they set it and unset it in their own transaction.

CREATE TABLE maintenance (
    only integer NOT NULL PRIMARY KEY CHECK (only = 1),
    open integer NOT NULL CHECK (open IN (0, 1))
);
INSERT INTO maintenance (only, open) VALUES (1, 0);

-- The guards against INSERT are for REPLACE: it deletes the old row without
-- firing the DELETE trigger unless recursive_triggers is on, which is a setting
-- of each connection. On events it could also aim at the hidden rowid.
-- They FAIL instead of ABORT, for which SQLite would keep what each insert may
-- have to undo; of a statement of many rows, those before the refused one, which
-- were new, stay.

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'events is append-only: UPDATE is refused'); END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'events is append-only: DELETE is refused'); END;

CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE organization = NEW.organization AND id = NEW.id)
  OR EXISTS (SELECT 1 FROM events WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(FAIL, 'events is append-only: REPLACE is refused'); END;

CREATE TRIGGER shared_texts_no_update BEFORE UPDATE ON shared_texts
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'shared_texts is append-only: UPDATE is refused'); END;

CREATE TRIGGER shared_texts_no_delete BEFORE DELETE ON shared_texts
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'shared_texts is append-only: DELETE is refused'); END;

CREATE TRIGGER shared_texts_no_replace BEFORE INSERT ON shared_texts
WHEN EXISTS (SELECT 1 FROM shared_texts WHERE organization = NEW.organization AND digest = NEW.digest)
  OR EXISTS (SELECT 1 FROM shared_texts WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'shared_texts is append-only: REPLACE is refused'); END;

CREATE TRIGGER property_changes_no_update BEFORE UPDATE ON property_changes
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'property_changes is append-only: UPDATE is refused'); END;

CREATE TRIGGER property_changes_no_delete BEFORE DELETE ON property_changes
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'property_changes is append-only: DELETE is refused'); END;

CREATE TRIGGER property_changes_no_replace BEFORE INSERT ON property_changes
WHEN EXISTS (SELECT 1 FROM property_changes WHERE property = NEW.property AND event = NEW.event AND ordinal = NEW.ordinal)
BEGIN SELECT RAISE(FAIL, 'property_changes is append-only: REPLACE is refused'); END;

CREATE TRIGGER merge_sources_no_update BEFORE UPDATE ON merge_sources
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'merge_sources is append-only: UPDATE is refused'); END;

CREATE TRIGGER merge_sources_no_delete BEFORE DELETE ON merge_sources
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'merge_sources is append-only: DELETE is refused'); END;

CREATE TRIGGER merge_sources_no_replace BEFORE INSERT ON merge_sources
WHEN EXISTS (SELECT 1 FROM merge_sources WHERE organization = NEW.organization AND object_key = NEW.object_key
  AND event = NEW.event)
BEGIN SELECT RAISE(FAIL, 'merge_sources is append-only: REPLACE is refused'); END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'journal is append-only: UPDATE is refused'); END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'journal is append-only: DELETE is refused'); END;

CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE organization = NEW.organization AND sequence = NEW.sequence)
BEGIN SELECT RAISE(FAIL, 'journal is append-only: REPLACE is refused'); END;

CREATE TRIGGER idempotency_keys_no_update BEFORE UPDATE ON idempotency_keys
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'idempotency_keys is append-only: UPDATE is refused'); END;

CREATE TRIGGER idempotency_keys_no_delete BEFORE DELETE ON idempotency_keys
WHEN NOT EXISTS (SELECT 1 FROM maintenance WHERE open = 1)
BEGIN SELECT RAISE(ABORT, 'idempotency_keys is append-only: DELETE is refused'); END;

CREATE TRIGGER idempotency_keys_no_replace BEFORE INSERT ON idempotency_keys
WHEN EXISTS (SELECT 1 FROM idempotency_keys WHERE organization = NEW.organization AND key_hash = NEW.key_hash)
BEGIN SELECT RAISE(FAIL, 'idempotency_keys is append-only: REPLACE is refused'); END;
