-- The tables of Daybook on SQLite: the twins of those on Postgres, where the
-- columns are explained. Columns declared datetime hold integer Unix
-- microseconds, event ids are blobs of 16 bytes.

CREATE TABLE organizations (
    id         integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    name       text NOT NULL,
    cursor_key blob NOT NULL,
    created_at datetime NOT NULL
);

CREATE UNIQUE INDEX organizations_name ON organizations (name);

CREATE TABLE api_keys (
    id           integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization integer NOT NULL,
    name         text NOT NULL,
    prefix       text NOT NULL,
    hash         blob NOT NULL,
    scopes       integer NOT NULL,
    created_at   datetime NOT NULL,
    expires_at   datetime,
    revoked_at   datetime,
    last_used_at datetime
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CREATE INDEX api_keys_organization ON api_keys (organization);

CREATE TABLE actors (
    id           integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization integer NOT NULL,
    kind         integer NOT NULL,
    external_id  text NOT NULL,
    name         text,
    email        text,
    name_folded  text
);
CREATE INDEX actors_organization ON actors (organization, id);
CREATE INDEX actors_kind ON actors (organization, kind, id);
CREATE UNIQUE INDEX actors_identity ON actors (organization, external_id, kind);

CREATE TABLE actor_profiles (
    id           integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization integer NOT NULL,
    actor        integer NOT NULL,
    name         text,
    email        text,
    name_folded  text,
    digest       blob NOT NULL
);
CREATE INDEX actor_profiles_organization ON actor_profiles (organization);
CREATE UNIQUE INDEX actor_profiles_identity ON actor_profiles (actor, digest);

CREATE TABLE sections (
    id           integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization integer NOT NULL,
    key          text NOT NULL,
    name         text NOT NULL,
    categories   integer NOT NULL
);
CREATE UNIQUE INDEX sections_identity ON sections (organization, key);

CREATE TABLE properties (
    id           integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization integer NOT NULL,
    key          text NOT NULL
);
CREATE UNIQUE INDEX properties_identity ON properties (organization, key);

CREATE TABLE section_properties (
    section  integer NOT NULL,
    property integer NOT NULL,
    PRIMARY KEY (section, property)
) WITHOUT ROWID;

CREATE TABLE shared_texts (
    id           integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization integer NOT NULL,
    digest       blob NOT NULL,
    text         text NOT NULL
);
CREATE UNIQUE INDEX shared_texts_identity ON shared_texts (organization, digest);

CREATE TABLE events (
    organization    integer NOT NULL,
    id              blob NOT NULL,
    recorded_at     datetime NOT NULL,
    category        integer NOT NULL,
    action          integer NOT NULL,
    event_name      integer,
    actor           integer NOT NULL,
    profile         integer NOT NULL,
    behalf_actor    integer,
    behalf_profile  integer,
    about_actor     integer,
    about_profile   integer,
    section         integer NOT NULL,
    object_key      integer,
    object_type     text,
    object_id       text,
    object_name     text,
    subject_key     integer,
    address         text,
    address_key     blob,
    user_agent      integer,
    correlation_id  text,
    caused_by       blob,
    outcome         integer,
    settings_area   integer,
    seat_kinds      integer,
    status_from     integer,
    status_to       integer,
    status_cause    integer,
    capacity_from   integer,
    capacity_to     integer,
    work_session    text,
    changes         text,
    details         text,
    metadata        text,
    search_text     text NOT NULL,
    seed            blob NOT NULL,
    PRIMARY KEY (organization, id, category, action) -- the id alone is unique
);
CREATE INDEX events_category ON events (organization, category, id, action);
CREATE INDEX events_actor    ON events (organization, actor, id, category, action, section);
CREATE INDEX events_section  ON events (organization, section, id, category, action, actor);
CREATE INDEX events_action   ON events (organization, action, id) WHERE action > 2;
CREATE INDEX events_object       ON events (organization, object_key, id) WHERE object_key IS NOT NULL;
CREATE INDEX events_subject      ON events (organization, subject_key, id) WHERE subject_key IS NOT NULL;
CREATE INDEX events_behalf       ON events (organization, behalf_actor, id, category, action) WHERE behalf_actor IS NOT NULL;
CREATE INDEX events_about        ON events (organization, about_actor, id, category, action, status_to, status_cause) WHERE about_actor IS NOT NULL;
CREATE INDEX events_correlation  ON events (organization, correlation_id, id) WHERE correlation_id IS NOT NULL;
CREATE INDEX events_caused_by    ON events (organization, caused_by, id) WHERE caused_by IS NOT NULL;
CREATE INDEX events_work_session ON events (organization, work_session, id) WHERE work_session IS NOT NULL;
CREATE INDEX events_area         ON events (organization, settings_area, id, actor) WHERE settings_area IS NOT NULL;
CREATE INDEX events_outcome      ON events (organization, outcome, id, actor) WHERE outcome IS NOT NULL;
CREATE INDEX events_seats        ON events (organization, seat_kinds, id, actor) WHERE seat_kinds IS NOT NULL;
CREATE INDEX events_status       ON events (organization, status_to, id, status_from, status_cause, actor, about_actor) WHERE status_to IS NOT NULL;
CREATE INDEX events_cause        ON events (organization, status_cause, id, status_from, status_to, actor, about_actor) WHERE status_cause IS NOT NULL;
CREATE INDEX events_capacity     ON events (organization, capacity_to, id, capacity_from, actor, about_actor) WHERE capacity_to IS NOT NULL;
-- The state of an agent when a range of time begins: the last events before it that said so.
CREATE INDEX events_agent_status   ON events (organization, about_actor, id) WHERE status_to IS NOT NULL;
CREATE INDEX events_agent_capacity ON events (organization, about_actor, id) WHERE capacity_to IS NOT NULL;
CREATE INDEX events_sign_in      ON events (organization, address_key, id) WHERE category = 1;

CREATE TABLE property_changes (
    property integer NOT NULL,
    event    blob NOT NULL,
    ordinal  integer NOT NULL,
    change   integer NOT NULL,
    after    integer,
    before   integer,
    PRIMARY KEY (property, event, ordinal)
) WITHOUT ROWID;

CREATE TABLE merge_sources (
    organization integer NOT NULL,
    object_key   integer NOT NULL,
    event        blob NOT NULL,
    PRIMARY KEY (organization, object_key, event)
) WITHOUT ROWID;

CREATE TABLE journal (
    organization integer NOT NULL,
    sequence     integer NOT NULL,
    recorded_at  datetime NOT NULL,
    token        integer NOT NULL,
    event_ids    blob NOT NULL,
    digests      blob NOT NULL,
    PRIMARY KEY (organization, sequence)
) WITHOUT ROWID;
CREATE INDEX journal_marks ON journal (organization, recorded_at, sequence)
    WHERE sequence / 64 <> (sequence - length(digests) / 32) / 64;

CREATE TABLE idempotency_keys (
    organization integer NOT NULL,
    key_hash     blob NOT NULL,
    fingerprint  blob NOT NULL,
    event        blob NOT NULL,
    PRIMARY KEY (organization, key_hash)
) WITHOUT ROWID;
