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
        e.event_name, e.object_type, e.object_id, e.object_name, e.address, e.actor, e.section
    FROM public.events e, LATERAL (SELECT
        ('x' || substr(replace(e.id::text, '-', ''), 1, 12))::bit(48)::bigint AS millis,
        ('x' || substr(replace(e.id::text, '-', ''), 14, 3))::bit(12)::integer AS micros) AS i;
INSERT INTO changes (property, before, after, event_changes)
    SELECT c.change ->> 'property', (c.change -> 'before')::text, (c.change -> 'after')::text, n.number
    FROM (SELECT row_number() OVER (ORDER BY id) AS number, changes FROM public.events) AS n,
        json_array_elements(n.changes) WITH ORDINALITY AS c (change, place)
    ORDER BY n.number, c.place;
ANALYZE actors; ANALYZE sections; ANALYZE events; ANALYZE changes;
