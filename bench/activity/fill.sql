-- Other events of a year: of 500 other agents, of all categories, one in three of work sessions. $1 is how many, $2 when they begin in
-- milliseconds since 1970, $3 the milliseconds from one to the next.
INSERT INTO events (id, organization, recorded_at, category, action, actor, profile, section, about_actor, about_profile,
    status_to, capacity_to, changes, details, search_text, seed)
SELECT encode(int8send(millis << 16 | 7 << 12) || int8send((-9223372036854775808) | ((1000000 + n) << 22) | 1), 'hex')::uuid,
    1, to_timestamp(millis / 1000.0), category, 2, other, other, 1,
    CASE WHEN category = 6 THEN other END, CASE WHEN category = 6 THEN other END,
    CASE WHEN category = 6 AND n % 4 = 0 THEN 1 END, CASE WHEN category = 6 AND n % 4 <> 0 THEN 2 END,
    '[["status",3,"Open","Done"]]',
    CASE WHEN category = 6 THEN '{"p":{"a":{"u":1,"t":10}}}' ELSE '{}' END::json,
    'conversation ' || n, decode(md5(n::text), 'hex')
FROM (
    SELECT n, $2::bigint + n * $3::bigint AS millis, CASE n % 3 WHEN 0 THEN 6 ELSE 1 + n % 5 END AS category, 1000 + (n * 7919) % 500 AS other
    FROM generate_series(1, $1::bigint) AS n
) AS event
