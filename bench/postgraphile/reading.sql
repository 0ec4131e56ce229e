-- Daybook's tables have no foreign keys; PostGraphile takes them from comments.
COMMENT ON TABLE events IS E'@foreignKey (actor) references actors (id)\n@foreignKey (section) references sections (id)';
