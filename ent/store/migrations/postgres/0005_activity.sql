-- What an agent's status and capacity were when a range of time begins: the last
-- events before it that said so.

CREATE INDEX events_status ON events (organization, about_actor, id) WHERE status_to IS NOT NULL;
CREATE INDEX events_capacity ON events (organization, about_actor, id) WHERE capacity_to IS NOT NULL;
