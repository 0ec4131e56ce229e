-- The events of Daybook's tables as the tutorial keeps them.
INSERT INTO actors (id, kind, name)
    SELECT id, (ARRAY['USER', 'CUSTOMER', 'WORKFLOW', 'BUSINESS_RULE', 'QUEUE_ROUTER', 'API', 'SYSTEM'])[kind], name FROM public.actors;
INSERT INTO sections (id, key, name) SELECT id, key, name FROM public.sections;
INSERT INTO events (id, organization, occurred_at, category, action, event_name, object_type, object_id, object_name, ip_address, event_actor, event_section)
    SELECT row_number() OVER (ORDER BY e.id), e.organization,
        timestamptz 'epoch' + interval '1 microsecond' * (i.millis * 1000 + i.micros),
        (ARRAY['AUTHORIZATION', 'BILLING', 'CONVERSATION', 'CUSTOMER', 'SETTINGS', 'WORK_SESSION'])[e.category],
        (ARRAY['CREATE', 'UPDATE', 'DELETE', 'MERGE', 'FORWARD', 'LOGIN', 'LOGIN_FAILED', 'LOCKOUT', 'LOGOUT', 'ROUTE', 'OFFER', 'ACCEPT',
            'ASSIGN', 'UNASSIGN', 'REQUEUE', 'AGENT_STATUS_CHANGE', 'AGENT_CAPACITY_CHANGE', 'SURVEY_ANSWER', 'OTHER'])[e.action],
        n.text, CASE WHEN e.object_id IS NOT NULL THEN coalesce(e.object_type, 'conversation') END, e.object_id, e.object_name, coalesce(e.address, concat_ws('.',
            get_byte(e.address_key, 0), get_byte(e.address_key, 1), get_byte(e.address_key, 2), get_byte(e.address_key, 3))), e.actor, e.section
    FROM public.events e LEFT JOIN public.shared_texts n ON n.id = e.event_name, LATERAL (SELECT
        ('x' || substr(replace(e.id::text, '-', ''), 1, 12))::bit(48)::bigint AS millis,
        ('x' || substr(replace(e.id::text, '-', ''), 14, 3))::bit(12)::integer AS micros) AS i;
-- A stored change is an array: the property, a number whose bits say what follows, and that: 1 before, 2 after.
INSERT INTO changes (property, before, after, event_changes)
    SELECT c.change ->> 0,
        CASE WHEN (c.change ->> 1)::integer & 1 > 0 THEN (c.change -> 2)::text ELSE 'null' END,
        CASE WHEN (c.change ->> 1)::integer & 2 > 0 THEN (c.change -> (2 + ((c.change ->> 1)::integer & 1)))::text ELSE 'null' END, n.number
    FROM (SELECT row_number() OVER (ORDER BY id) AS number, changes FROM public.events) AS n,
        json_array_elements(n.changes) WITH ORDINALITY AS c (change, place)
    ORDER BY n.number, c.place;
ANALYZE actors; ANALYZE sections; ANALYZE events; ANALYZE changes;
