-- The hub's database, version 1.
--
-- Instants are milliseconds since 1970 in UTC. Keys are sequential integers wherever a table grows with traffic; the only
-- other unique keys there (inbox.key, outbox.id) begin with something that grows with time, so that they too are written
-- at their end. Tables whose name ends in nothing special belong to the hub and change between versions: query the views,
-- whose names carry their version and whose columns stay.

-- Numbers that must not be counted or derived anew.
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- fence: the last one that was given, for jobs, deliveries and leases together. Were each row to count for itself, a row that
-- is deleted and made anew would give a fence a second time.
INSERT INTO tally (name, value) VALUES ('fence', 0), ('mirrored', 0);

-- Every hint that something changed, with the bytes that said so. A row is handled when no job of its lane is left, or the
-- job's `done` has reached its number; so handling a hint writes nothing here.
CREATE TABLE inbox (
    number INTEGER PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 16),
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 16),
    origin TEXT NOT NULL CHECK (origin IN ('webhook', 'sweep')),
    app TEXT NOT NULL,
    topic TEXT NOT NULL,
    shop_id TEXT,
    lane TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    sent_at INTEGER,
    body BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX inbox_key ON inbox (key);

-- Work that waits, runs or is parked: at most one row a lane, none when all is done.
CREATE TABLE job (
    lane TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    topic TEXT NOT NULL,
    wanted INTEGER NOT NULL,   -- the newest hint
    done INTEGER NOT NULL,     -- hints up to this number are handled
    attempts INTEGER NOT NULL,
    since INTEGER NOT NULL,    -- when the oldest unhandled hint came
    due_at INTEGER,            -- when it may be claimed: its time while it waits, the lease's end while it is held
    fence INTEGER,             -- set while it is held
    newer_since INTEGER,       -- when the first hint came that the holder does not know
    parked_because TEXT,
    CHECK ((due_at IS NULL) = (parked_because IS NOT NULL)),
    CHECK (newer_since IS NULL OR fence IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_due ON job (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX job_parked ON job (since) WHERE due_at IS NULL;

-- What the platform last told us about each entity.
CREATE TABLE mirror (
    number INTEGER PRIMARY KEY,
    shop_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    id TEXT NOT NULL,
    platform_status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
    operation TEXT NOT NULL,   -- where the bytes came from, such as order.get_order_detail@202507
    request_id TEXT NOT NULL,  -- the platform's name for that call
    unified TEXT NOT NULL,     -- one JSON object; a view of `raw`
    raw BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX mirror_entity ON mirror (shop_id, resource, id);
CREATE INDEX mirror_newest ON mirror (resource, updated_at, shop_id, id, platform_status);

CREATE TRIGGER mirror_counted AFTER INSERT ON mirror BEGIN
    UPDATE tally SET value = value + 1 WHERE name = 'mirrored';
END;

-- What the mirror said before: one row for each version that another one replaced.
CREATE TABLE mirror_history (
    number INTEGER PRIMARY KEY,
    mirror INTEGER NOT NULL,   -- mirror.number
    platform_status TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    operation TEXT NOT NULL,
    request_id TEXT NOT NULL,
    unified TEXT NOT NULL,
    raw BLOB NOT NULL,
    replaced_at INTEGER NOT NULL
) STRICT;

CREATE INDEX mirror_history_entity ON mirror_history (mirror);

-- Where events go. A sink that is gone keeps its number for the history of its deliveries.
CREATE TABLE sink (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    declared INTEGER NOT NULL CHECK (declared IN (0, 1))
) STRICT;

-- Every event, in order.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    shop_id TEXT,
    lane TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    payload BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX outbox_id ON outbox (id);

-- Undelivered events; a delivered one leaves only its attempts.
CREATE TABLE delivery (
    sink INTEGER NOT NULL,      -- sink.number
    lane TEXT NOT NULL,
    event_seq INTEGER NOT NULL, -- outbox.seq
    due_at INTEGER,             -- set on the oldest one of each sink and lane only: the others wait behind it
    fence INTEGER,              -- set while it is held
    attempts INTEGER NOT NULL,
    PRIMARY KEY (sink, lane, event_seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (due_at, event_seq) WHERE due_at IS NOT NULL;

-- Events that no try will bring to their sink.
CREATE TABLE dead_letter (
    event_seq INTEGER NOT NULL,
    sink INTEGER NOT NULL,
    lane TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (event_seq, sink)
) STRICT, WITHOUT ROWID;

-- Every try and its outcome.
CREATE TABLE delivery_attempt (
    event_seq INTEGER NOT NULL,
    sink INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'again', 'dead', 'dropped')),
    at INTEGER,                 -- when it was delivered, or when it goes again
    reason TEXT,
    PRIMARY KEY (event_seq, sink, attempt)
) STRICT, WITHOUT ROWID;

-- How far each sweep has looked.
CREATE TABLE sweep_cursor (
    shop_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (shop_id, resource)
) STRICT, WITHOUT ROWID;

CREATE TABLE sweep_report (
    number INTEGER PRIMARY KEY,
    shop_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    outdated INTEGER NOT NULL,
    finished_at INTEGER NOT NULL
) STRICT;

-- Grants. `tokens` is sealed by the vault and means nothing here.
CREATE TABLE authorization (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    open_id TEXT NOT NULL,
    seller_name TEXT NOT NULL,
    seller_base_region TEXT NOT NULL,
    state TEXT NOT NULL,
    tokens BLOB NOT NULL,
    access_expires_at INTEGER NOT NULL,
    refresh_expires_at INTEGER NOT NULL,
    granted_scopes TEXT NOT NULL, -- a JSON array
    revision INTEGER NOT NULL,
    refresh_started_at INTEGER
) STRICT, WITHOUT ROWID;

-- Connected shops. `cipher` is sealed by the vault.
CREATE TABLE shop (
    id TEXT PRIMARY KEY,
    authorization TEXT NOT NULL,  -- authorization.id
    app TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    seller_type TEXT NOT NULL,
    cipher BLOB NOT NULL,
    state TEXT NOT NULL,
    connected_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Connections under way.
CREATE TABLE connect_intent (
    state_hash BLOB PRIMARY KEY CHECK (length(state_hash) = 32),
    browser_hash BLOB NOT NULL CHECK (length(browser_hash) = 32),
    app TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may do what only one may do.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    fence INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For people and their tools: one row an order, the unified columns still as JSON. Take one with
-- `unified ->> '$.name'`; every column here keeps its name and meaning.
CREATE VIEW orders_v1 AS
SELECT
    id AS order_id,
    shop_id,
    platform_status,
    strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS updated_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', fetched_at / 1000.0, 'unixepoch') AS fetched_at,
    unified,
    CAST(raw AS TEXT) AS raw,
    operation,
    request_id
FROM mirror
WHERE resource = 'order';

-- Every version of every order that the mirror has known; `replaced_at` is empty for the one that holds.
CREATE VIEW order_versions_v1 AS
SELECT
    mirror.id AS order_id,
    mirror.shop_id,
    version.platform_status,
    strftime('%Y-%m-%dT%H:%M:%fZ', version.updated_at / 1000.0, 'unixepoch') AS updated_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', version.fetched_at / 1000.0, 'unixepoch') AS fetched_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', version.replaced_at / 1000.0, 'unixepoch') AS replaced_at,
    version.unified
FROM mirror
JOIN (
    SELECT mirror, platform_status, updated_at, fetched_at, replaced_at, unified FROM mirror_history
    UNION ALL
    SELECT number, platform_status, updated_at, fetched_at, NULL, unified FROM mirror
) AS version ON version.mirror = mirror.number
WHERE mirror.resource = 'order';
