-- The numbers of some agents' activity in a range, as somebody would write them who knows the tables: windows over the agents' events and
-- over the last status and capacity before the range. $1 agents, $2 organization, $3 and $4 ids that bound the range, $5 and $6 the same as
-- seconds since 1970, $7 time zone. Letters in details: s is the status, p the capacity, b what was before and a after, n name, t type or total, u used, c cause.
-- Numbers of enumerations: action 13 is ASSIGN, types 1, 3 and 4 are AVAILABLE, UNAVAILABLE and OFFLINE, cause 1 is MANUAL.
WITH event AS (
    SELECT agent.id AS agent, e.id, e.action, e.details, e.id >= $3 AS inside,
        greatest(('x' || left(replace(e.id::text, '-', ''), 12))::bit(48)::bigint / 1000, $5::bigint) AS at
    FROM unnest($1::int[]) AS agent (id) CROSS JOIN LATERAL (
        (SELECT id, action, details FROM events
        WHERE organization = $2 AND about_actor = agent.id AND status_to IS NOT NULL AND id < $3 ORDER BY id DESC LIMIT 1)
        UNION ALL
        (SELECT id, action, details FROM events
        WHERE organization = $2 AND about_actor = agent.id AND capacity_to IS NOT NULL AND id < $3 ORDER BY id DESC LIMIT 1)
        UNION ALL
        SELECT id, action, details FROM events
        WHERE organization = $2 AND about_actor = agent.id AND category = 6 AND id >= $3 AND id < $4
    ) AS e
), said AS (
    SELECT agent, id, at, inside, action,
        d.s -> 'a' ->> 'n' AS status, (d.s -> 'a' ->> 't')::int AS type,
        (d.s -> 'b' ->> 't')::int AS type_before, (d.s ->> 'c')::int AS cause,
        (d.p -> 'a' ->> 'u')::int AS used, (d.p -> 'a' ->> 't')::int AS total,
        (d.p -> 'b' ->> 'u')::int AS used_before, (d.p -> 'b' ->> 't')::int AS total_before
    FROM event CROSS JOIN LATERAL json_to_record(details) AS d (s json, p json)
), change AS (
    SELECT *, lead(at, 1, $6::bigint) OVER w AS until, lag(status) OVER w AS status_before
    FROM said WHERE status IS NOT NULL WINDOW w AS (PARTITION BY agent ORDER BY id)
), counted AS (
    SELECT *, lead(at, 1, $6::bigint) OVER w AS until, count(status) OVER w AS statuses, count(used) OVER w AS capacities
    FROM said WINDOW w AS (PARTITION BY agent ORDER BY id)
), state AS (
    SELECT agent, until - at AS seconds,
        first_value(type) OVER (PARTITION BY agent, statuses ORDER BY id) AS type,
        first_value(used) OVER (PARTITION BY agent, capacities ORDER BY id) AS used,
        first_value(total) OVER (PARTITION BY agent, capacities ORDER BY id) AS total
    FROM counted
), day AS (
    SELECT on_day::date AS day,
        extract(epoch FROM on_day AT TIME ZONE $7)::bigint AS begins,
        extract(epoch FROM (on_day + interval '1 day') AT TIME ZONE $7)::bigint AS ends
    FROM generate_series(to_timestamp($5) AT TIME ZONE $7, to_timestamp($6 - 1) AT TIME ZONE $7, interval '1 day') AS on_day
)
SELECT agent, 'seconds ' || status AS what, sum(until - at)::bigint AS number FROM change GROUP BY agent, status
UNION ALL SELECT agent, 'times ' || status, count(*) FILTER (WHERE status IS DISTINCT FROM status_before) FROM change GROUP BY agent, status
UNION ALL SELECT agent, 'logged in', sum(until - at) FILTER (WHERE type <> 4) FROM change GROUP BY agent
UNION ALL SELECT agent, 'sessions', count(*) FILTER (WHERE type <> 4 AND coalesce(status_before, 'Offline') = 'Offline') FROM change GROUP BY agent
UNION ALL SELECT agent, 'lapses', count(*) FILTER (WHERE inside AND type_before = 1 AND type = 3 AND cause <> 1) FROM change GROUP BY agent
UNION ALL SELECT agent, 'at or over capacity', sum(seconds) FILTER (WHERE type IS DISTINCT FROM 4 AND used > 0 AND used >= total) FROM state GROUP BY agent
UNION ALL SELECT agent, 'over capacity', sum(seconds) FILTER (WHERE type IS DISTINCT FROM 4 AND used > total) FROM state GROUP BY agent
UNION ALL SELECT agent, 'assignments', count(*) FILTER (WHERE inside AND action = 13) FROM said GROUP BY agent
UNION ALL SELECT agent, 'crossings', count(*) FILTER (WHERE inside AND (used > total) <> (used_before > total_before)) FROM said GROUP BY agent
UNION ALL SELECT agent, 'day ' || day,
    coalesce(sum(least(until, ends) - greatest(at, begins)) FILTER (WHERE type <> 4 AND at < ends AND until > begins), 0)
    FROM change CROSS JOIN day GROUP BY agent, day
