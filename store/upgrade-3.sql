-- From version 2 to 3: a quarter less bytes for an address. Domains are kept
-- once; of an event's time only what its id does not say; what changes have in
-- common in turns; and a suppression leads to its latest change instead of
-- repeating it. What each table means is told in schema.sql. Foreign keys are
-- off meanwhile, and checked at the end (db_upgrade.c).

DROP VIEW suppressed;
DROP VIEW held;
DROP TRIGGER changes_are_not_changed;
DROP TRIGGER changes_are_not_deleted;

CREATE TABLE domains (
	id     INTEGER PRIMARY KEY,
	domain TEXT NOT NULL UNIQUE
);
INSERT INTO domains (id, domain) VALUES (0, '');
CREATE TABLE new_addresses (
	id        INTEGER PRIMARY KEY,
	domain_id INTEGER NOT NULL REFERENCES domains(id),
	local     TEXT NOT NULL,
	seen      TEXT,
	UNIQUE (domain_id, local)
);
CREATE TABLE new_events (
	id         INTEGER PRIMARY KEY,
	address_id INTEGER REFERENCES addresses(id),
	second     INTEGER NOT NULL,
	kind_id    INTEGER NOT NULL REFERENCES kinds(id),
	lag        INTEGER,
	fate       INTEGER NOT NULL
);
CREATE TABLE new_suppressions (
	address_id  INTEGER NOT NULL REFERENCES addresses(id),
	scope       INTEGER NOT NULL REFERENCES labels(id),
	state       INTEGER NOT NULL,
	reason      INTEGER NOT NULL,
	seq         INTEGER NOT NULL,
	expires_at  INTEGER,
	released_at INTEGER,
	incident_id INTEGER,
	PRIMARY KEY (address_id, scope)
) WITHOUT ROWID;
CREATE TABLE turns (
	id        INTEGER PRIMARY KEY,
	scope     INTEGER NOT NULL REFERENCES labels(id),
	old_state INTEGER NOT NULL,
	new_state INTEGER NOT NULL,
	reason    INTEGER NOT NULL,
	cause     INTEGER NOT NULL,
	UNIQUE (scope, old_state, new_state, reason, cause)
);
CREATE TABLE new_changes (
	seq        INTEGER PRIMARY KEY,
	at         INTEGER NOT NULL,
	address_id INTEGER NOT NULL REFERENCES addresses(id),
	turn_id    INTEGER NOT NULL REFERENCES turns(id),
	event_id   INTEGER
);
CREATE TABLE details (
	seq         INTEGER PRIMARY KEY REFERENCES changes(seq),
	prev        INTEGER,
	since       INTEGER,
	expires_at  INTEGER,
	incident_id INTEGER,
	note        TEXT
);

-- rtrim() of all characters but '@' leaves what ends in the last '@'.
INSERT OR IGNORE INTO domains (domain)
SELECT substr(address, length(rtrim(address, replace(address, '@', ''))) + 1)
FROM addresses WHERE instr(address, '@') > 0 ORDER BY id;
INSERT INTO new_addresses
SELECT a.id, d.id, CASE d.id WHEN 0 THEN a.address ELSE substr(a.address, 1,
	length(a.address) - length(d.domain) - 1) END, a.seen
FROM addresses a JOIN domains d ON d.domain = CASE
	WHEN instr(a.address, '@') = 0 THEN '' ELSE substr(a.address,
	length(rtrim(a.address, replace(a.address, '@', ''))) + 1) END
ORDER BY a.id;

INSERT INTO new_events SELECT id, address_id, at - (id >> 32) * 86400, kind_id,
	at - sent_at, fate FROM events ORDER BY id;

INSERT OR IGNORE INTO turns (scope, old_state, new_state, reason, cause)
SELECT scope, old_state, new_state, reason, cause FROM changes ORDER BY seq;
INSERT INTO new_changes SELECT c.seq, c.at, c.address_id, t.id, c.event_id
FROM changes c JOIN turns t ON t.scope = c.scope
	AND t.old_state = c.old_state AND t.new_state = c.new_state
	AND t.reason = c.reason AND t.cause = c.cause ORDER BY c.seq;

INSERT INTO new_suppressions
SELECT s.address_id, s.scope, s.state, s.reason, max(c.seq), s.expires_at,
	s.released_at, s.incident_id
FROM suppressions s JOIN changes c ON c.address_id = s.address_id
	AND c.scope = s.scope
GROUP BY s.address_id, s.scope ORDER BY s.address_id, s.scope;

INSERT INTO details
SELECT * FROM (SELECT c.seq, lag(c.seq) OVER (PARTITION BY c.address_id, c.scope
		ORDER BY c.seq) AS prev,
		nullif(s.since, coalesce(e.at, c.at)) AS since,
		c.expires_at, c.incident_id, c.note
	FROM changes c LEFT JOIN events e ON e.id = c.event_id
	LEFT JOIN new_suppressions n ON n.seq = c.seq
	LEFT JOIN suppressions s ON s.address_id = n.address_id
		AND s.scope = n.scope)
WHERE prev IS NOT NULL OR since IS NOT NULL OR expires_at IS NOT NULL
	OR incident_id IS NOT NULL OR note IS NOT NULL ORDER BY seq;

DROP TABLE suppressions;
DROP TABLE changes;
DROP TABLE events;
DROP TABLE addresses;
ALTER TABLE new_addresses RENAME TO addresses;
ALTER TABLE new_events RENAME TO events;
ALTER TABLE new_suppressions RENAME TO suppressions;
ALTER TABLE new_changes RENAME TO changes;

CREATE INDEX events_address ON events (address_id)
	WHERE address_id IS NOT NULL;
CREATE INDEX suppressions_expiry ON suppressions (expires_at)
	WHERE expires_at IS NOT NULL;
CREATE INDEX suppressions_incident ON suppressions (incident_id)
	WHERE incident_id IS NOT NULL;
CREATE TRIGGER changes_are_not_changed BEFORE UPDATE ON changes
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER changes_are_not_deleted BEFORE DELETE ON changes
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER details_are_not_changed BEFORE UPDATE ON details
WHEN NOT (new.seq = old.seq AND new.prev IS old.prev
	AND new.since IS old.since AND new.expires_at IS old.expires_at
	AND new.incident_id IS old.incident_id AND new.note IS NULL)
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER details_are_not_deleted BEFORE DELETE ON details
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;

CREATE VIEW suppressed (address, scope, reason, since, expires, local,
	domain) AS
SELECT a.local || '@' || d.domain, l.label, w.word,
	strftime('%Y-%m-%dT%H:%M:%SZ', coalesce(n.since,
		(e.id >> 32) * 86400 + e.second, c.at), 'unixepoch'),
	strftime('%Y-%m-%dT%H:%M:%SZ', s.expires_at, 'unixepoch'),
	a.local, d.domain
FROM domains d
JOIN addresses a ON a.domain_id = d.id
JOIN suppressions s ON s.address_id = a.id
LEFT JOIN labels l ON l.id = s.scope
LEFT JOIN words w ON w.kind = 'reason' AND w.number = s.reason
LEFT JOIN changes c ON c.seq = s.seq
LEFT JOIN details n ON n.seq = s.seq
LEFT JOIN events e ON e.id = c.event_id
WHERE d.id > 0 AND s.state = 1 AND (s.expires_at IS NULL
	OR s.expires_at > CAST(strftime('%s', 'now') AS INTEGER));

CREATE VIEW held (address, scope, reason, since, until, incident, local,
	domain) AS
SELECT a.local || '@' || d.domain, l.label, w.word,
	strftime('%Y-%m-%dT%H:%M:%SZ', coalesce(n.since,
		(e.id >> 32) * 86400 + e.second, c.at), 'unixepoch'),
	strftime('%Y-%m-%dT%H:%M:%SZ', s.expires_at, 'unixepoch'),
	s.incident_id, a.local, d.domain
FROM domains d
JOIN addresses a ON a.domain_id = d.id
JOIN suppressions s ON s.address_id = a.id
LEFT JOIN labels l ON l.id = s.scope
LEFT JOIN words w ON w.kind = 'reason' AND w.number = s.reason
LEFT JOIN changes c ON c.seq = s.seq
LEFT JOIN details n ON n.seq = s.seq
LEFT JOIN events e ON e.id = c.event_id
WHERE d.id > 0 AND s.state = 2 AND (s.expires_at IS NULL
	OR s.expires_at > CAST(strftime('%s', 'now') AS INTEGER));
