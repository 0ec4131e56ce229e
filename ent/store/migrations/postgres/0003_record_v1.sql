-- Recording in one round trip: the function locks the organization, settles keys,
-- and writes a whole group or nothing. It runs in autocommit; when the caller
-- has its answer to the end, the group is durable.
--
-- Both functions run with the rights of the tables' owner, so that the role of
-- the servers needs none to write what was recorded. A change of their arguments
-- or meaning is a new version beside the old, which stays for one release.

-- Groups of which a server was told that they are not recorded and never will
-- be: their statement may still be on its way.
CREATE TABLE abandoned_groups (
    organization integer NOT NULL,
    token        bigint NOT NULL,
    PRIMARY KEY (organization, token)
);

-- audit.NewEventID. The greatest numbers turn the sign bits, which is meant.
CREATE FUNCTION daybook_event_id_v1(p_occurred_at bigint, p_sequence bigint, p_organization integer)
RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(
        int8send(((p_occurred_at / 1000) << 16) | (7 << 12) | (p_occurred_at % 1000))
        || int8send((-9223372036854775807 - 1) | (p_sequence << 22) | p_organization), 'hex')::uuid
$$;

-- Arrays of one kind of thing have one length. What an event refers to is given
-- by positions in those arrays, from 1. Ids are given where the caller knows
-- them, and returned for all; they hold only in a journal that has the entry the
-- caller knows of, which one restored or failed over may have lost. Instants are
-- Unix microseconds.
CREATE FUNCTION daybook_record_v1(
    p_organization integer,
    p_token bigint,
    p_known_sequence bigint,        -- the last journal entry the caller knows of; NULL: none
    p_known_token bigint,
    p_actor_id integer[],           -- actors: what the group says of them last
    p_actor_kind smallint[],
    p_actor_external_id text[],
    p_actor_name text[],
    p_actor_email text[],
    p_actor_name_folded text[],
    p_profile_id integer[],
    p_profile_actor integer[],
    p_profile_name text[],
    p_profile_email text[],
    p_profile_name_folded text[],
    p_profile_digest bytea[],
    p_section_id integer[],
    p_section_key text[],
    p_section_name text[],
    p_section_categories integer[],
    p_property_id integer[],
    p_property_key text[],
    p_pair_section integer[],       -- section_properties that may be missing
    p_pair_property integer[],
    p_occurred_at bigint[],         -- events; NULL: now
    p_actor integer[],
    p_profile integer[],
    p_behalf_actor integer[],
    p_behalf_profile integer[],
    p_about_actor integer[],
    p_about_profile integer[],
    p_section integer[],
    p_caused_by uuid[],
    p_cause integer[],              -- position of the causing event in the group
    p_key_hash bytea[],
    p_fingerprint bytea[],
    p_content_root bytea[],
    p_category smallint[],          -- the columns of the table from here on
    p_action smallint[],
    p_event_name text[],
    p_object_key bigint[],
    p_object_type text[],
    p_object_id text[],
    p_object_name text[],
    p_subject_key bigint[],
    p_address text[],
    p_address_key bytea[],
    p_user_agent text[],
    p_correlation_id text[],
    p_outcome smallint[],
    p_settings_area smallint[],
    p_seat_kinds smallint[],
    p_status_from smallint[],
    p_status_to smallint[],
    p_status_cause smallint[],
    p_capacity_from smallint[],
    p_capacity_to smallint[],
    p_work_session text[],
    p_changes json[],
    p_details json[],
    p_metadata json[],
    p_search_text text[],
    p_seed bytea[],
    p_change_event integer[],       -- rows of property_changes
    p_change_property integer[],
    p_change_ordinal smallint[],
    p_change_kind smallint[],
    p_change_number smallint[],
    p_change_before bigint[],
    p_change_after bigint[],
    p_merge_event integer[],        -- rows of merge_sources
    p_merge_object_key bigint[],
    OUT r_found_position integer[], -- keys that were recorded before: nothing was written
    OUT r_found_event uuid[],
    OUT r_found_fingerprint bytea[],
    OUT r_first_sequence bigint,
    OUT r_recorded_at bigint,
    OUT r_event uuid[],
    OUT r_actor_id integer[],
    OUT r_profile_id integer[],
    OUT r_section_id integer[],
    OUT r_property_id integer[]
) LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    v_recorded_at timestamptz;
    v_cause uuid[];
BEGIN
    -- Everything below sees what was committed before the lock was had: each
    -- statement takes a snapshot of its own.
    PERFORM 1 FROM organizations WHERE id = p_organization FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'organization % does not exist', p_organization USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM abandoned_groups WHERE organization = p_organization AND token = p_token) THEN
        RAISE EXCEPTION 'the group was abandoned' USING ERRCODE = 'query_canceled';
    END IF;

    IF p_known_sequence IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal
        WHERE organization = p_organization AND sequence = p_known_sequence AND token = p_known_token) THEN
        RAISE EXCEPTION 'the ids are those of another history' USING ERRCODE = 'DB001';
    END IF;

    SELECT array_agg(k.n ORDER BY k.n), array_agg(j.event ORDER BY k.n), array_agg(j.fingerprint ORDER BY k.n)
    INTO r_found_position, r_found_event, r_found_fingerprint
    FROM unnest(p_key_hash) WITH ORDINALITY AS k (hash, n)
    JOIN journal j ON j.organization = p_organization AND j.key_hash = k.hash;
    IF r_found_position IS NOT NULL THEN
        RETURN;
    END IF;

    SELECT j.sequence + 1, j.recorded_at INTO r_first_sequence, v_recorded_at
    FROM journal j WHERE j.organization = p_organization ORDER BY j.sequence DESC LIMIT 1;
    r_first_sequence := coalesce(r_first_sequence, 1);
    v_recorded_at := greatest(clock_timestamp(), v_recorded_at); -- should the clock have gone back
    r_recorded_at := (extract(epoch FROM v_recorded_at) * 1000000)::bigint;

    IF r_first_sequence + cardinality(p_category) > 1::bigint << 40 OR p_organization >= 1 << 22
        OR 0 > ANY (p_occurred_at) OR 281474976710655999 < ANY (p_occurred_at) THEN
        RAISE EXCEPTION 'out of the range of event ids' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    SELECT array_agg(daybook_event_id_v1(coalesce(e.occurred_at, r_recorded_at), r_first_sequence + e.n - 1, p_organization) ORDER BY e.n)
    INTO r_event
    FROM unnest(p_occurred_at) WITH ORDINALITY AS e (occurred_at, n);
    SELECT array_agg(coalesce(c.event, r_event[c.at]) ORDER BY c.n)
    INTO v_cause
    FROM unnest(p_caused_by, p_cause) WITH ORDINALITY AS c (event, at, n);

    -- Nobody else adds rows of this organization meanwhile, so none is in the way
    -- of an insert, and no number is used up in vain.
    r_actor_id := p_actor_id;
    IF array_position(p_actor_id, NULL) IS NOT NULL THEN
        INSERT INTO actors (organization, kind, external_id, name, email, name_folded)
        SELECT p_organization, a.kind, a.external_id, a.name, a.email, a.name_folded
        FROM unnest(p_actor_id, p_actor_kind, p_actor_external_id, p_actor_name, p_actor_email, p_actor_name_folded)
            WITH ORDINALITY AS a (id, kind, external_id, name, email, name_folded, n)
        WHERE a.id IS NULL AND NOT EXISTS (
            SELECT 1 FROM actors o WHERE o.organization = p_organization AND o.external_id = a.external_id AND o.kind = a.kind)
        ORDER BY a.n;
        SELECT array_agg(coalesce(a.id, o.id) ORDER BY a.n) INTO r_actor_id
        FROM unnest(p_actor_id, p_actor_kind, p_actor_external_id) WITH ORDINALITY AS a (id, kind, external_id, n)
        LEFT JOIN actors o ON a.id IS NULL
            AND o.organization = p_organization AND o.external_id = a.external_id AND o.kind = a.kind;
    END IF;
    UPDATE actors o
    SET name = coalesce(a.name, o.name), email = coalesce(a.email, o.email), name_folded = coalesce(a.name_folded, o.name_folded)
    FROM unnest(r_actor_id, p_actor_name, p_actor_email, p_actor_name_folded) AS a (id, name, email, name_folded)
    WHERE o.id = a.id
        AND (o.name IS DISTINCT FROM coalesce(a.name, o.name) OR o.email IS DISTINCT FROM coalesce(a.email, o.email));

    r_profile_id := p_profile_id;
    IF array_position(p_profile_id, NULL) IS NOT NULL THEN
        INSERT INTO actor_profiles (organization, actor, name, email, name_folded, digest)
        SELECT p_organization, r_actor_id[p.actor], p.name, p.email, p.name_folded, p.digest
        FROM unnest(p_profile_id, p_profile_actor, p_profile_name, p_profile_email, p_profile_name_folded, p_profile_digest)
            WITH ORDINALITY AS p (id, actor, name, email, name_folded, digest, n)
        WHERE p.id IS NULL AND NOT EXISTS (
            SELECT 1 FROM actor_profiles o WHERE o.actor = r_actor_id[p.actor] AND o.digest = p.digest)
        ORDER BY p.n;
        SELECT array_agg(coalesce(p.id, o.id) ORDER BY p.n) INTO r_profile_id
        FROM unnest(p_profile_id, p_profile_actor, p_profile_digest) WITH ORDINALITY AS p (id, actor, digest, n)
        LEFT JOIN actor_profiles o ON p.id IS NULL AND o.actor = r_actor_id[p.actor] AND o.digest = p.digest;
    END IF;

    r_section_id := p_section_id;
    IF array_position(p_section_id, NULL) IS NOT NULL THEN
        INSERT INTO sections (organization, key, name, categories)
        SELECT p_organization, s.key, s.name, s.categories
        FROM unnest(p_section_id, p_section_key, p_section_name, p_section_categories)
            WITH ORDINALITY AS s (id, key, name, categories, n)
        WHERE s.id IS NULL AND NOT EXISTS (
            SELECT 1 FROM sections o WHERE o.organization = p_organization AND o.key = s.key)
        ORDER BY s.n;
        SELECT array_agg(coalesce(s.id, o.id) ORDER BY s.n) INTO r_section_id
        FROM unnest(p_section_id, p_section_key) WITH ORDINALITY AS s (id, key, n)
        LEFT JOIN sections o ON s.id IS NULL AND o.organization = p_organization AND o.key = s.key;
    END IF;
    UPDATE sections o SET categories = o.categories | s.categories
    FROM unnest(r_section_id, p_section_categories) AS s (id, categories)
    WHERE o.id = s.id AND o.categories & s.categories <> s.categories;

    r_property_id := p_property_id;
    IF array_position(p_property_id, NULL) IS NOT NULL THEN
        INSERT INTO properties (organization, key)
        SELECT p_organization, p.key
        FROM unnest(p_property_id, p_property_key) WITH ORDINALITY AS p (id, key, n)
        WHERE p.id IS NULL AND NOT EXISTS (
            SELECT 1 FROM properties o WHERE o.organization = p_organization AND o.key = p.key)
        ORDER BY p.n;
        SELECT array_agg(coalesce(p.id, o.id) ORDER BY p.n) INTO r_property_id
        FROM unnest(p_property_id, p_property_key) WITH ORDINALITY AS p (id, key, n)
        LEFT JOIN properties o ON p.id IS NULL AND o.organization = p_organization AND o.key = p.key;
    END IF;
    INSERT INTO section_properties (section, property)
    SELECT r_section_id[p.section], r_property_id[p.property] FROM unnest(p_pair_section, p_pair_property) AS p (section, property)
    ON CONFLICT DO NOTHING;

    INSERT INTO events (id, organization, sequence, recorded_at, actor, profile, behalf_actor, behalf_profile,
        about_actor, about_profile, section, caused_by,
        category, action, event_name, object_key, object_type, object_id, object_name, subject_key,
        address, address_key, user_agent, correlation_id, outcome, settings_area, seat_kinds,
        status_from, status_to, status_cause, capacity_from, capacity_to, work_session,
        changes, details, metadata, search_text, seed)
    SELECT r_event[e.n], p_organization, r_first_sequence + e.n - 1, v_recorded_at,
        r_actor_id[e.actor], r_profile_id[e.profile], r_actor_id[e.behalf_actor], r_profile_id[e.behalf_profile],
        r_actor_id[e.about_actor], r_profile_id[e.about_profile], r_section_id[e.section], v_cause[e.n],
        e.category, e.action, e.event_name, e.object_key, e.object_type, e.object_id, e.object_name, e.subject_key,
        e.address, e.address_key, e.user_agent, e.correlation_id, e.outcome, e.settings_area, e.seat_kinds,
        e.status_from, e.status_to, e.status_cause, e.capacity_from, e.capacity_to, e.work_session,
        e.changes, e.details, e.metadata, e.search_text, e.seed
    FROM unnest(p_actor, p_profile, p_behalf_actor, p_behalf_profile, p_about_actor, p_about_profile, p_section,
        p_category, p_action, p_event_name, p_object_key, p_object_type, p_object_id, p_object_name, p_subject_key,
        p_address, p_address_key, p_user_agent, p_correlation_id, p_outcome, p_settings_area, p_seat_kinds,
        p_status_from, p_status_to, p_status_cause, p_capacity_from, p_capacity_to, p_work_session,
        p_changes, p_details, p_metadata, p_search_text, p_seed)
    WITH ORDINALITY AS e (actor, profile, behalf_actor, behalf_profile, about_actor, about_profile, section,
        category, action, event_name, object_key, object_type, object_id, object_name, subject_key,
        address, address_key, user_agent, correlation_id, outcome, settings_area, seat_kinds,
        status_from, status_to, status_cause, capacity_from, capacity_to, work_session,
        changes, details, metadata, search_text, seed, n);

    INSERT INTO property_changes (organization, property, event, ordinal, kind, change, before, after)
    SELECT p_organization, r_property_id[c.property], r_event[c.event], c.ordinal, c.kind, c.change, c.before, c.after
    FROM unnest(p_change_event, p_change_property, p_change_ordinal, p_change_kind, p_change_number, p_change_before, p_change_after)
        AS c (event, property, ordinal, kind, change, before, after);

    INSERT INTO merge_sources (organization, object_key, event)
    SELECT p_organization, m.object_key, r_event[m.event]
    FROM unnest(p_merge_event, p_merge_object_key) AS m (event, object_key);

    -- audit.Digest
    INSERT INTO journal (organization, sequence, event, recorded_at, token, key_hash, fingerprint, digest)
    SELECT p_organization, r_first_sequence + j.n - 1, r_event[j.n], v_recorded_at, p_token, j.key_hash, j.fingerprint,
        sha256('\x01'::bytea || int4send(p_organization) || int8send(r_first_sequence + j.n - 1) || int8send(r_recorded_at)
            || uuid_send(r_event[j.n])
            || uuid_send(coalesce(v_cause[j.n], '00000000-0000-0000-0000-000000000000'))
            || j.content_root)
    FROM unnest(p_key_hash, p_fingerprint, p_content_root) WITH ORDINALITY AS j (key_hash, fingerprint, content_root, n);
END
$$;

-- What a group has in the journal. Behind the organization's lock no attempt is
-- under way; one that has not begun finds itself abandoned.
CREATE FUNCTION daybook_settle_v1(p_organization integer, p_token bigint, p_after bigint)
RETURNS TABLE (r_event uuid, r_sequence bigint, r_recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM 1 FROM organizations WHERE id = p_organization FOR NO KEY UPDATE;
    RETURN QUERY SELECT j.event, j.sequence, j.recorded_at FROM journal j
        WHERE j.organization = p_organization AND j.sequence > p_after AND j.token = p_token
        ORDER BY j.sequence;
    IF NOT FOUND THEN
        INSERT INTO abandoned_groups (organization, token) VALUES (p_organization, p_token) ON CONFLICT DO NOTHING;
    END IF;
END
$$;

-- Functions that lend rights must not look for tables where others can put some.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION daybook_record_v1 SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION daybook_settle_v1 SET search_path = %I, pg_temp', current_schema());
END
$$;
REVOKE EXECUTE ON FUNCTION daybook_record_v1, daybook_settle_v1 FROM PUBLIC;
