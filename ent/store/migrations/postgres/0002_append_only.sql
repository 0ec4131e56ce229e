-- What was recorded stays. Whoever connects, as owner or superuser, by hand or
-- through replication (ENABLE ALWAYS), is refused; the one door is left for
-- retention and erasure, which come as functions of the role daybook_retention.

CREATE FUNCTION daybook_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'daybook_retention' THEN
        RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    RETURN OLD; -- NULL for TRUNCATE, where it is not looked at
END
$$;

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['events', 'shared_texts', 'property_changes', 'merge_sources', 'journal', 'idempotency_keys'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION daybook_refuse_change()', guarded);
        EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse_change()', guarded);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', guarded);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only_truncate', guarded);
    END LOOP;
END
$$;

-- Inserts make rows visible to index-only scans only once they are vacuumed;
-- the default waits for a fifth of the table.
ALTER TABLE events SET (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000);
ALTER TABLE property_changes SET (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000);

-- Likewise statistics, which would wait for a tenth: of an organization that came
-- after them they say that it has nothing.
ALTER TABLE events SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
ALTER TABLE property_changes SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
ALTER TABLE journal SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);
