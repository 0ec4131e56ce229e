-- PostGraphile is told what Daybook's tables do not say: how they refer to each
-- other, that the id alone tells an event, which lets it page by one comparison,
-- the text of an address that is stored as its bytes, that of an event's name, and
-- the type of an object that has the usual one.
CREATE OR REPLACE VIEW shown_events AS
    SELECT id, recorded_at, organization, category, action,
        (SELECT text FROM shared_texts WHERE shared_texts.id = events.event_name) AS event_name, actor, section,
        CASE WHEN object_id IS NOT NULL THEN coalesce(object_type, 'conversation') END AS object_type, object_id, object_name,
        coalesce(address, concat_ws('.',
            get_byte(address_key, 0), get_byte(address_key, 1), get_byte(address_key, 2), get_byte(address_key, 3))) AS ip_address,
        changes
    FROM events;
COMMENT ON TABLE events IS '@omit';
COMMENT ON VIEW shown_events IS
    E'@name events\n@primaryKey id\n@foreignKey (actor) references actors (id)\n@foreignKey (section) references sections (id)';
