-- Recording in one round trip: the function locks the organizations, settles keys,
-- and writes each group whole or not at all. It runs in autocommit; when the caller
-- has its answer to the end, what it wrote is durable.
--
-- The functions run with the rights of the tables' owner, so that the role of
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

-- The arguments are rows: one array of them takes less than one array for each
-- column. "grp" is the position of the row's group, from 1. An actor, profile,
-- section, property or shared text is named by its id where the caller knows that,
-- else by its position in the array of its kind, from 1, with a minus sign. Instants are Unix
-- microseconds.

CREATE TYPE daybook_record_v1_group AS (
    token          bigint,
    events         integer,
    known_sequence bigint,   -- the end of the last group the caller knows of, in whose journal ids hold; NULL: none
    known_token    bigint,
    latest         boolean   -- the names are the latest of their actors, if nobody has recorded since that entry
);
CREATE TYPE daybook_record_v1_actor AS (  -- with what the group says of it last
    grp integer, kind smallint, external_id text, name text, email text, name_folded text
);
CREATE TYPE daybook_record_v1_latest AS ( -- the same of actors whose id is known
    grp integer, id integer, name text, email text, name_folded text
);
CREATE TYPE daybook_record_v1_profile AS (
    grp integer, actor integer, name text, email text, name_folded text, digest bytea
);
CREATE TYPE daybook_record_v1_section AS ( -- also where the id is known, and a category may be missing
    grp integer, id integer, key text, name text, categories integer
);
CREATE TYPE daybook_record_v1_property AS (
    grp integer, key text
);
CREATE TYPE daybook_record_v1_text AS (    -- of shared_texts
    grp integer, digest bytea, text text
);
CREATE TYPE daybook_record_v1_pair AS (    -- of section_properties that may be missing
    grp integer, section integer, property integer
);
CREATE TYPE daybook_record_v1_event AS (
    grp               integer,
    place             integer,  -- in its group, from 1
    occurred_at       bigint,   -- NULL: now
    actor             integer,
    profile           integer,
    behalf_actor      integer,
    behalf_profile    integer,
    about_actor       integer,
    about_profile     integer,
    section           integer,
    event_name        integer,
    user_agent        integer,
    caused_by         uuid,
    cause_place       integer,  -- of the causing event, where it is in the same group
    cause_occurred_at bigint,
    key_hash          bytea,
    fingerprint       bytea,
    content_root      bytea,
    category          smallint, -- the columns of the table from here on
    action            smallint,
    object_key        bigint,
    object_type       text,
    object_id         text,
    object_name       text,
    subject_key       bigint,
    address           text,
    address_key       bytea,
    correlation_id    text,
    outcome           smallint,
    settings_area     smallint,
    seat_kinds        smallint,
    status_from       smallint,
    status_to         smallint,
    status_cause      smallint,
    capacity_from     smallint,
    capacity_to       smallint,
    work_session      text,
    changes           json,
    details           json,
    metadata          json,
    search_text       text,
    seed              bytea
);
CREATE TYPE daybook_record_v1_change AS (  -- property_changes; the first three tell the event
    grp integer, place integer, occurred_at bigint,
    property integer, ordinal smallint, change smallint, after bigint, before bigint
);
CREATE TYPE daybook_record_v1_merge AS (   -- merge_sources
    grp integer, place integer, occurred_at bigint, object_key bigint
);

-- Several groups are of different organizations. None waits for another's
-- organization: one that somebody else has locked is answered busy, and tried
-- again in a call of its own, which waits.
CREATE FUNCTION daybook_record_v1(
    p_organization integer[],       -- of each group
    p_group daybook_record_v1_group[],
    p_event daybook_record_v1_event[],
    p_keyed boolean,                -- some event has a key
    p_change daybook_record_v1_change[], -- from here on NULL stands for no rows
    p_latest daybook_record_v1_latest[],
    p_actor daybook_record_v1_actor[],
    p_profile daybook_record_v1_profile[],
    p_section daybook_record_v1_section[],
    p_property daybook_record_v1_property[],
    p_text daybook_record_v1_text[],
    p_pair daybook_record_v1_pair[],
    p_merge daybook_record_v1_merge[],
    OUT r_outcome text[],           -- of each group
    OUT r_first_sequence bigint[],  -- 0 where nothing was written
    OUT r_recorded_at bigint[],
    OUT r_found_group integer[],    -- keys that were recorded before
    OUT r_found_place integer[],
    OUT r_found_event uuid[],
    OUT r_found_fingerprint bytea[],
    OUT r_actor_id integer[],       -- of p_actor and so on; 0 where the group was not written
    OUT r_profile_id integer[],
    OUT r_section_id integer[],
    OUT r_property_id integer[],
    OUT r_text_id integer[]
) LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    v_locked integer[];
    v_recorded_at timestamptz[];
    v_latest boolean[];
    v_group integer;
BEGIN
    -- Everything below sees what was committed before the locks were had: each
    -- statement takes a snapshot of its own.
    IF cardinality(p_organization) = 1 THEN
        SELECT array_agg(l.id) INTO v_locked FROM (
            SELECT id FROM organizations WHERE id = p_organization[1] FOR NO KEY UPDATE) AS l;
    ELSE
        SELECT array_agg(l.id) INTO v_locked FROM (
            SELECT id FROM organizations WHERE id = ANY (p_organization) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) AS l;
    END IF;

    SELECT array_agg(s.outcome), array_agg(CASE WHEN s.outcome = 'written' THEN s.head + 1 ELSE 0 END),
        array_agg(s.recorded_at), array_agg((extract(epoch FROM s.recorded_at) * 1000000)::bigint), array_agg(s.latest)
    INTO r_outcome, r_first_sequence, v_recorded_at, r_recorded_at, v_latest
    FROM (
        SELECT coalesce(j.sequence, 0) AS head,
            greatest(clock_timestamp(), j.recorded_at) AS recorded_at, -- should the clock have gone back
            g.latest AND coalesce(j.sequence = g.known_sequence AND j.token = g.known_token, false) AS latest,
            CASE
                WHEN v_locked IS NULL OR p_organization[g.ordinality] <> ALL (v_locked) THEN
                    CASE WHEN (SELECT true FROM organizations o WHERE o.id = p_organization[g.ordinality])
                        THEN 'busy' ELSE 'no organization' END
                WHEN (SELECT true FROM abandoned_groups a WHERE a.organization = p_organization[g.ordinality] AND a.token = g.token)
                    THEN 'abandoned'
                WHEN g.known_sequence IS NOT NULL AND (SELECT k.token FROM journal k
                    WHERE k.organization = p_organization[g.ordinality] AND k.sequence = g.known_sequence) IS DISTINCT FROM g.known_token
                    THEN 'other history'
                WHEN coalesce(j.sequence, 0) + g.events >= 1::bigint << 40 OR p_organization[g.ordinality] >= 1 << 22
                    THEN 'full'
                ELSE 'written'
            END AS outcome
        FROM unnest(p_group) WITH ORDINALITY AS g
        LEFT JOIN LATERAL (SELECT h.sequence, h.token, h.recorded_at FROM journal h
            WHERE h.organization = p_organization[g.ordinality] ORDER BY h.sequence DESC LIMIT 1) AS j ON true
        ORDER BY g.ordinality) AS s;

    IF p_keyed THEN
        SELECT array_agg(k.grp), array_agg(k.place), array_agg(k.event), array_agg(k.fingerprint)
        INTO r_found_group, r_found_place, r_found_event, r_found_fingerprint
        FROM (SELECT e.grp, e.place, i.event, i.fingerprint
            FROM unnest(p_event) AS e
            JOIN idempotency_keys i ON i.organization = p_organization[e.grp] AND i.key_hash = e.key_hash
            WHERE r_first_sequence[e.grp] > 0) AS k;
        FOREACH v_group IN ARRAY coalesce(r_found_group, '{}') LOOP
            r_outcome[v_group] := 'found';
            r_first_sequence[v_group] := 0;
        END LOOP;
    END IF;
    IF array_position(r_outcome, 'written') IS NULL THEN
        RETURN;
    END IF;

    -- Nobody else adds rows of these organizations meanwhile, so none is in the way
    -- of an insert, and no number is used up in vain.
    IF p_actor IS NOT NULL THEN
        INSERT INTO actors (organization, kind, external_id, name, email, name_folded)
        SELECT p_organization[a.grp], a.kind, a.external_id, a.name, a.email, a.name_folded
        FROM unnest(p_actor) WITH ORDINALITY AS a
        WHERE r_first_sequence[a.grp] > 0 AND NOT EXISTS (SELECT 1 FROM actors o
            WHERE o.organization = p_organization[a.grp] AND o.external_id = a.external_id AND o.kind = a.kind)
        ORDER BY a.ordinality;
        SELECT array_agg(i.id) INTO r_actor_id FROM (
            SELECT CASE WHEN r_first_sequence[a.grp] = 0 THEN 0 ELSE o.id END AS id
            FROM unnest(p_actor) WITH ORDINALITY AS a
            LEFT JOIN actors o ON o.organization = p_organization[a.grp] AND o.external_id = a.external_id AND o.kind = a.kind
            ORDER BY a.ordinality) AS i;
    END IF;
    IF false = ANY (v_latest) THEN
        UPDATE actors o
        SET name = coalesce(a.name, o.name), email = coalesce(a.email, o.email), name_folded = coalesce(a.name_folded, o.name_folded)
        FROM (
            SELECT l.grp, l.id, l.name, l.email, l.name_folded FROM unnest(p_latest) AS l
            UNION ALL
            SELECT n.grp, r_actor_id[n.ordinality], n.name, n.email, n.name_folded FROM unnest(p_actor) WITH ORDINALITY AS n) AS a
        WHERE o.id = a.id AND NOT v_latest[a.grp] AND r_first_sequence[a.grp] > 0
            AND (o.name IS DISTINCT FROM coalesce(a.name, o.name) OR o.email IS DISTINCT FROM coalesce(a.email, o.email));
    END IF;

    IF p_profile IS NOT NULL THEN
        INSERT INTO actor_profiles (organization, actor, name, email, name_folded, digest)
        SELECT p_organization[p.grp], CASE WHEN p.actor > 0 THEN p.actor ELSE r_actor_id[-p.actor] END,
            p.name, p.email, p.name_folded, p.digest
        FROM unnest(p_profile) WITH ORDINALITY AS p
        WHERE r_first_sequence[p.grp] > 0 AND NOT EXISTS (SELECT 1 FROM actor_profiles o
            WHERE o.actor = CASE WHEN p.actor > 0 THEN p.actor ELSE r_actor_id[-p.actor] END AND o.digest = p.digest)
        ORDER BY p.ordinality;
        SELECT array_agg(i.id) INTO r_profile_id FROM (
            SELECT CASE WHEN r_first_sequence[p.grp] = 0 THEN 0 ELSE o.id END AS id
            FROM unnest(p_profile) WITH ORDINALITY AS p
            LEFT JOIN actor_profiles o
                ON o.actor = CASE WHEN p.actor > 0 THEN p.actor ELSE r_actor_id[-p.actor] END AND o.digest = p.digest
            ORDER BY p.ordinality) AS i;
    END IF;

    IF p_section IS NOT NULL THEN
        INSERT INTO sections (organization, key, name, categories)
        SELECT p_organization[s.grp], s.key, s.name, s.categories
        FROM unnest(p_section) WITH ORDINALITY AS s
        WHERE s.id IS NULL AND r_first_sequence[s.grp] > 0 AND NOT EXISTS (SELECT 1 FROM sections o
            WHERE o.organization = p_organization[s.grp] AND o.key = s.key)
        ORDER BY s.ordinality;
        SELECT array_agg(i.id) INTO r_section_id FROM (
            SELECT CASE WHEN r_first_sequence[s.grp] = 0 THEN 0 ELSE o.id END AS id
            FROM unnest(p_section) WITH ORDINALITY AS s
            LEFT JOIN sections o ON o.organization = p_organization[s.grp] AND o.key = s.key
            ORDER BY s.ordinality) AS i;
        UPDATE sections o SET categories = o.categories | s.categories
        FROM unnest(p_section) WITH ORDINALITY AS s
        WHERE o.id = r_section_id[s.ordinality] AND o.categories & s.categories <> s.categories;
    END IF;

    IF p_property IS NOT NULL THEN
        INSERT INTO properties (organization, key)
        SELECT p_organization[p.grp], p.key
        FROM unnest(p_property) WITH ORDINALITY AS p
        WHERE r_first_sequence[p.grp] > 0 AND NOT EXISTS (SELECT 1 FROM properties o
            WHERE o.organization = p_organization[p.grp] AND o.key = p.key)
        ORDER BY p.ordinality;
        SELECT array_agg(i.id) INTO r_property_id FROM (
            SELECT CASE WHEN r_first_sequence[p.grp] = 0 THEN 0 ELSE o.id END AS id
            FROM unnest(p_property) WITH ORDINALITY AS p
            LEFT JOIN properties o ON o.organization = p_organization[p.grp] AND o.key = p.key
            ORDER BY p.ordinality) AS i;
    END IF;
    IF p_pair IS NOT NULL THEN
        INSERT INTO section_properties (section, property)
        SELECT CASE WHEN p.section > 0 THEN p.section ELSE r_section_id[-p.section] END,
            CASE WHEN p.property > 0 THEN p.property ELSE r_property_id[-p.property] END
        FROM unnest(p_pair) AS p
        WHERE r_first_sequence[p.grp] > 0
        ON CONFLICT DO NOTHING;
    END IF;

    IF p_text IS NOT NULL THEN
        INSERT INTO shared_texts (organization, digest, text)
        SELECT p_organization[t.grp], t.digest, t.text
        FROM unnest(p_text) WITH ORDINALITY AS t
        WHERE r_first_sequence[t.grp] > 0 AND NOT EXISTS (SELECT 1 FROM shared_texts o
            WHERE o.organization = p_organization[t.grp] AND o.digest = t.digest)
        ORDER BY t.ordinality;
        SELECT array_agg(i.id) INTO r_text_id FROM (
            SELECT CASE WHEN r_first_sequence[t.grp] = 0 THEN 0 ELSE o.id END AS id
            FROM unnest(p_text) WITH ORDINALITY AS t
            LEFT JOIN shared_texts o ON o.organization = p_organization[t.grp] AND o.digest = t.digest
            ORDER BY t.ordinality) AS i;
    END IF;

    WITH e AS MATERIALIZED (
        SELECT *,
            p_organization[grp] AS organization,
            r_first_sequence[grp] + place - 1 AS sequence,
            daybook_event_id_v1(coalesce(occurred_at, r_recorded_at[grp]), r_first_sequence[grp] + place - 1, p_organization[grp]) AS id,
            CASE WHEN cause_place IS NULL THEN caused_by ELSE daybook_event_id_v1(
                coalesce(cause_occurred_at, r_recorded_at[grp]), r_first_sequence[grp] + cause_place - 1, p_organization[grp]) END AS cause
        FROM unnest(p_event)
        WHERE r_first_sequence[grp] > 0
    ), add_events AS (
        INSERT INTO events (id, organization, recorded_at,
            actor, profile,
            behalf_actor, behalf_profile,
            about_actor, about_profile,
            section, event_name, user_agent, caused_by,
            category, action, object_key, object_type, object_id, object_name, subject_key,
            address, address_key, correlation_id, outcome, settings_area, seat_kinds,
            status_from, status_to, status_cause, capacity_from, capacity_to, work_session,
            changes, details, metadata, search_text, seed)
        SELECT id, organization, v_recorded_at[grp],
            CASE WHEN actor > 0 THEN actor ELSE r_actor_id[-actor] END,
            CASE WHEN profile > 0 THEN profile ELSE r_profile_id[-profile] END,
            CASE WHEN behalf_actor > 0 THEN behalf_actor ELSE r_actor_id[-behalf_actor] END,
            CASE WHEN behalf_profile > 0 THEN behalf_profile ELSE r_profile_id[-behalf_profile] END,
            CASE WHEN about_actor > 0 THEN about_actor ELSE r_actor_id[-about_actor] END,
            CASE WHEN about_profile > 0 THEN about_profile ELSE r_profile_id[-about_profile] END,
            CASE WHEN section > 0 THEN section ELSE r_section_id[-section] END,
            CASE WHEN event_name > 0 THEN event_name ELSE r_text_id[-event_name] END,
            CASE WHEN user_agent > 0 THEN user_agent ELSE r_text_id[-user_agent] END, cause,
            category, action, object_key, object_type, object_id, object_name, subject_key,
            address, address_key, correlation_id, outcome, settings_area, seat_kinds,
            status_from, status_to, status_cause, capacity_from, capacity_to, work_session,
            changes, details, metadata, search_text, seed
        FROM e
    ), add_changes AS (
        INSERT INTO property_changes (property, event, ordinal, change, after, before)
        SELECT CASE WHEN property > 0 THEN property ELSE r_property_id[-property] END,
            daybook_event_id_v1(coalesce(occurred_at, r_recorded_at[grp]), r_first_sequence[grp] + place - 1, p_organization[grp]),
            ordinal, change, after, before
        FROM unnest(p_change)
        WHERE r_first_sequence[grp] > 0
    ), add_keys AS (
        INSERT INTO idempotency_keys (organization, key_hash, fingerprint, event)
        SELECT organization, key_hash, fingerprint, id
        FROM e
        WHERE key_hash IS NOT NULL
    )
    INSERT INTO journal (organization, sequence, recorded_at, token, event_ids, digests)
    SELECT organization, max(sequence), v_recorded_at[grp], p_group[grp].token,
        string_agg(uuid_send(id), '' ORDER BY place),
        string_agg(sha256('\x01'::bytea || int4send(organization) || int8send(sequence) || int8send(r_recorded_at[grp]) -- audit.Digest
            || uuid_send(id)
            || uuid_send(coalesce(cause, '00000000-0000-0000-0000-000000000000'))
            || content_root), '' ORDER BY place)
    FROM e
    GROUP BY organization, grp, (place - 1) / 16;

    IF p_merge IS NOT NULL THEN
        INSERT INTO merge_sources (organization, object_key, event)
        SELECT p_organization[grp], object_key,
            daybook_event_id_v1(coalesce(occurred_at, r_recorded_at[grp]), r_first_sequence[grp] + place - 1, p_organization[grp])
        FROM unnest(p_merge)
        WHERE r_first_sequence[grp] > 0;
    END IF;
END
$$;

-- One event whose names are all known, which is what a lone caller records: the
-- same promises as daybook_record_v1 without the sets.
CREATE FUNCTION daybook_record_one_v1(
    p_organization integer,
    p_group daybook_record_v1_group,
    p_event daybook_record_v1_event,        -- place 1, no cause_place, nothing but ids for names
    p_change daybook_record_v1_change[],    -- NULL: none
    p_latest daybook_record_v1_latest[],    -- NULL: none
    OUT r_outcome text,
    OUT r_sequence bigint,
    OUT r_recorded_at bigint,
    OUT r_found_event uuid,                 -- the key was recorded before
    OUT r_found_fingerprint bytea
) LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    v_head bigint;
    v_token bigint;
    v_recorded_at timestamptz;
    v_abandoned boolean;
    v_latest boolean := p_latest IS NULL;
    v_id uuid;
BEGIN
    -- Everything below sees what was committed before the lock was had.
    PERFORM FROM organizations WHERE id = p_organization FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        r_outcome := 'no organization';
        RETURN;
    END IF;
    SELECT j.sequence, j.token, j.recorded_at,
        (SELECT true FROM abandoned_groups a WHERE a.organization = p_organization AND a.token = p_group.token)
    INTO v_head, v_token, v_recorded_at, v_abandoned
    FROM journal j WHERE j.organization = p_organization ORDER BY j.sequence DESC LIMIT 1;
    IF v_head = p_group.known_sequence AND v_token = p_group.known_token THEN
        v_latest := v_latest OR p_group.latest; -- nobody else has recorded
    ELSIF (SELECT k.token FROM journal k
        WHERE k.organization = p_organization AND k.sequence = p_group.known_sequence) IS DISTINCT FROM p_group.known_token THEN
        r_outcome := 'other history';
        RETURN;
    END IF;
    IF v_abandoned THEN
        r_outcome := 'abandoned';
        RETURN;
    END IF;
    IF v_head + 1 >= 1::bigint << 40 OR p_organization >= 1 << 22 THEN
        r_outcome := 'full';
        RETURN;
    END IF;
    IF p_event.key_hash IS NOT NULL THEN
        SELECT i.event, i.fingerprint INTO r_found_event, r_found_fingerprint
        FROM idempotency_keys i WHERE i.organization = p_organization AND i.key_hash = p_event.key_hash;
        IF FOUND THEN
            r_outcome := 'found';
            RETURN;
        END IF;
    END IF;

    IF NOT v_latest THEN
        UPDATE actors o
        SET name = coalesce(l.name, o.name), email = coalesce(l.email, o.email), name_folded = coalesce(l.name_folded, o.name_folded)
        FROM unnest(p_latest) AS l
        WHERE o.id = l.id
            AND (o.name IS DISTINCT FROM coalesce(l.name, o.name) OR o.email IS DISTINCT FROM coalesce(l.email, o.email));
    END IF;

    r_outcome := 'written';
    r_sequence := v_head + 1;
    v_recorded_at := greatest(clock_timestamp(), v_recorded_at); -- should the clock have gone back
    r_recorded_at := (extract(epoch FROM v_recorded_at) * 1000000)::bigint;
    v_id := daybook_event_id_v1(coalesce(p_event.occurred_at, r_recorded_at), r_sequence, p_organization);
    INSERT INTO events (id, organization, recorded_at,
        actor, profile, behalf_actor, behalf_profile, about_actor, about_profile, section, event_name, user_agent, caused_by,
        category, action, object_key, object_type, object_id, object_name, subject_key,
        address, address_key, correlation_id, outcome, settings_area, seat_kinds,
        status_from, status_to, status_cause, capacity_from, capacity_to, work_session,
        changes, details, metadata, search_text, seed)
    VALUES (v_id, p_organization, v_recorded_at,
        p_event.actor, p_event.profile, p_event.behalf_actor, p_event.behalf_profile,
        p_event.about_actor, p_event.about_profile, p_event.section, p_event.event_name, p_event.user_agent, p_event.caused_by,
        p_event.category, p_event.action,
        p_event.object_key, p_event.object_type, p_event.object_id, p_event.object_name, p_event.subject_key,
        p_event.address, p_event.address_key, p_event.correlation_id,
        p_event.outcome, p_event.settings_area, p_event.seat_kinds,
        p_event.status_from, p_event.status_to, p_event.status_cause, p_event.capacity_from, p_event.capacity_to, p_event.work_session,
        p_event.changes, p_event.details, p_event.metadata, p_event.search_text, p_event.seed);
    IF p_change IS NOT NULL THEN
        INSERT INTO property_changes (property, event, ordinal, change, after, before)
        SELECT c.property, v_id, c.ordinal, c.change, c.after, c.before
        FROM unnest(p_change) AS c;
    END IF;
    IF p_event.key_hash IS NOT NULL THEN
        INSERT INTO idempotency_keys (organization, key_hash, fingerprint, event)
        VALUES (p_organization, p_event.key_hash, p_event.fingerprint, v_id);
    END IF;
    INSERT INTO journal (organization, sequence, recorded_at, token, event_ids, digests)
    VALUES (p_organization, r_sequence, v_recorded_at, p_group.token, uuid_send(v_id),
        sha256('\x01'::bytea || int4send(p_organization) || int8send(r_sequence) || int8send(r_recorded_at) -- audit.Digest
            || uuid_send(v_id)
            || uuid_send(coalesce(p_event.caused_by, '00000000-0000-0000-0000-000000000000'))
            || p_event.content_root));
END
$$;

-- What a group has in the journal. Behind the organization's lock no attempt is
-- under way; one that has not begun finds itself abandoned.
CREATE FUNCTION daybook_settle_v1(p_organization integer, p_token bigint, p_after bigint)
RETURNS TABLE (r_event uuid, r_sequence bigint, r_recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM 1 FROM organizations WHERE id = p_organization FOR NO KEY UPDATE;
    RETURN QUERY SELECT encode(substr(j.event_ids, 16 * place - 15, 16), 'hex')::uuid,
            j.sequence - length(j.digests) / 32 + place, j.recorded_at
        FROM journal j CROSS JOIN generate_series(1, length(j.digests) / 32) AS place
        WHERE j.organization = p_organization AND j.sequence > p_after AND j.token = p_token
        ORDER BY j.sequence, place;
    IF NOT FOUND THEN
        INSERT INTO abandoned_groups (organization, token) VALUES (p_organization, p_token) ON CONFLICT DO NOTHING;
    END IF;
END
$$;

-- Plans are made once. Whatever is looked up has an index, which a plan made
-- while the tables were small must use too.
ALTER FUNCTION daybook_record_v1 SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION daybook_record_v1 SET enable_seqscan = off;
ALTER FUNCTION daybook_record_v1 SET enable_hashjoin = off;
ALTER FUNCTION daybook_record_v1 SET enable_mergejoin = off;
ALTER FUNCTION daybook_record_one_v1 SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION daybook_record_one_v1 SET enable_seqscan = off;

-- Functions that lend rights must not look for tables where others can put some.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION daybook_record_v1 SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION daybook_record_one_v1 SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION daybook_settle_v1 SET search_path = %I, pg_temp', current_schema());
END
$$;
REVOKE EXECUTE ON FUNCTION daybook_record_v1, daybook_record_one_v1, daybook_settle_v1 FROM PUBLIC;
