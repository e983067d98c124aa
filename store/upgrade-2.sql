-- From version 1 to 2: the guard, engaged addresses, send counts and logs, and
-- named exports. What each table means is told in schema.sql.

ALTER TABLE suppressions ADD COLUMN incident_id INTEGER;
ALTER TABLE changes ADD COLUMN incident_id INTEGER;

CREATE INDEX suppressions_incident ON suppressions (incident_id)
	WHERE incident_id IS NOT NULL;

CREATE TABLE incidents (
	id        INTEGER PRIMARY KEY,
	kind      INTEGER NOT NULL,
	name      TEXT NOT NULL,
	cause     INTEGER NOT NULL,
	state     INTEGER NOT NULL,
	from_at   INTEGER NOT NULL,
	to_at     INTEGER,
	opened_at INTEGER NOT NULL,
	closed_at INTEGER,
	events    INTEGER NOT NULL DEFAULT 0,
	engaged   INTEGER NOT NULL DEFAULT 0,
	usual     REAL NOT NULL DEFAULT 0,
	match     TEXT,
	note      TEXT,
	alerted   INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX incidents_time ON incidents (from_at);

CREATE TABLE hours (
	kind    INTEGER NOT NULL,
	name    TEXT NOT NULL,
	hour    INTEGER NOT NULL,
	n       INTEGER NOT NULL,
	engaged INTEGER NOT NULL,
	PRIMARY KEY (kind, name, hour)
) WITHOUT ROWID;

CREATE TABLE engaged (
	address_id INTEGER PRIMARY KEY REFERENCES addresses(id),
	at         INTEGER NOT NULL
);

CREATE TABLE sent (
	kind  INTEGER NOT NULL,
	name  TEXT NOT NULL,
	hour  INTEGER NOT NULL,
	whole INTEGER NOT NULL,
	n     INTEGER NOT NULL,
	PRIMARY KEY (kind, name, hour, whole)
) WITHOUT ROWID;

CREATE TABLE sendlog (
	key BLOB PRIMARY KEY,
	at  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE cursors (
	name    TEXT PRIMARY KEY,
	seq     INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	format  TEXT NOT NULL,
	scope   TEXT NOT NULL,
	options TEXT NOT NULL
) WITHOUT ROWID;

CREATE VIEW held (address, scope, reason, since, until, incident) AS
SELECT a.address, l.label, w.word,
	strftime('%Y-%m-%dT%H:%M:%SZ', s.since, 'unixepoch'),
	strftime('%Y-%m-%dT%H:%M:%SZ', s.expires_at, 'unixepoch'),
	s.incident_id
FROM addresses a
JOIN suppressions s ON s.address_id = a.id
JOIN labels l ON l.id = s.scope
JOIN words w ON w.kind = 'reason' AND w.number = s.reason
WHERE s.state = 2 AND (s.expires_at IS NULL
	OR s.expires_at > CAST(strftime('%s', 'now') AS INTEGER));
