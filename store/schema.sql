-- bouncewatch: the schema, version 6 (PRAGMA user_version). These are on-disk
-- decisions; a change is a new version and an upgrade step (upgrade-N.sql).
--
-- Times are Unix seconds (UTC); days are days since 1970-01-01 (UTC).
-- class and reason are the numbers of parsers/words.def, spelled out in the
-- table words for foreign readers. SQLite stores the numbers 0 and 1 in no
-- bytes at all: the common case of a column is one of them where possible. An
-- address with its first event takes about 175 bytes, a later event about 75
-- (`make bench` tells); most of the ways below that are not the shortest for
-- the reader were taken for that.

-- The words behind the numbers; brought up to date by db_words.c at each open
-- for writing.
CREATE TABLE words (
	kind   TEXT NOT NULL,    -- 'class', 'reason', 'fate', 'state', 'cause',
	                         -- 'origin', 'incident-kind', 'incident-cause',
	                         -- 'incident-state'
	number INTEGER NOT NULL,
	word   TEXT NOT NULL,
	PRIMARY KEY (kind, number)
) WITHOUT ROWID;

-- Strings that come again and again: providers, streams, accounts, rules,
-- scopes. At most 255 bytes; what is longer is cut. Never deleted.
CREATE TABLE labels (
	id    INTEGER PRIMARY KEY,
	label TEXT NOT NULL UNIQUE
);
INSERT INTO labels (id, label) VALUES (0, ''), (1, '*');

-- A folder as the server names it. A new UIDVALIDITY is a new row: UIDs of
-- the old one mean nothing any more (RFC 3501 2.3.1.1).
CREATE TABLE mailboxes (
	id          INTEGER PRIMARY KEY,
	account     TEXT NOT NULL,
	folder      TEXT NOT NULL,
	uidvalidity INTEGER NOT NULL,
	last_uid    INTEGER NOT NULL DEFAULT 0, -- the cursor: all up to it is here
	seen_at     INTEGER,                    -- last complete look
	UNIQUE (account, folder, uidvalidity)
);

-- One row for each mail of a mailbox: the first idempotency key. recorded
-- becomes done when the server has been told (moved, flagged); what is still
-- recorded at a start is told again.
CREATE TABLE uids (
	mailbox_id INTEGER NOT NULL REFERENCES mailboxes(id),
	uid        INTEGER NOT NULL,
	state      INTEGER NOT NULL, -- 0 recorded, 1 done, 2 copied, 3 gone,
	                             -- 4 quarantined (could not be fetched)
	class      INTEGER NOT NULL, -- of the mail as a whole: decides the action
	PRIMARY KEY (mailbox_id, uid)
) WITHOUT ROWID;
CREATE INDEX uids_recorded ON uids (mailbox_id, uid) WHERE state IN (0, 2);
CREATE INDEX uids_given_up ON uids (mailbox_id, uid) WHERE state = 4;

-- One row for each mail, wherever it was read: the second idempotency key.
-- The day leads, so that inserts stay in one place of the tree; it is the day
-- of the mail's own Date header, so that it is the same for each copy.
CREATE TABLE messages (
	day    INTEGER NOT NULL, -- of the Date header; 0 without one
	digest BLOB NOT NULL,    -- 16 bytes of SHA-256, see daemon/ingest.c
	class  INTEGER NOT NULL,
	PRIMARY KEY (day, digest)
) WITHOUT ROWID;

-- The domains of addresses, as the canonical key has them; 0 is none: what has
-- no domain, and purged addresses. Never deleted.
CREATE TABLE domains (
	id     INTEGER PRIMARY KEY,
	domain TEXT NOT NULL UNIQUE
);
INSERT INTO domains (id, domain) VALUES (0, '');

-- Every address with an event or a suppression: a canonical key (parsers/
-- address.h) is local || '@' || domain. Of a purged one only a hash remains:
-- domain_id 0 and local 'sha256:' with the key's SHA-256 in lower-case
-- hexadecimal, by which it is found again.
CREATE TABLE addresses (
	id        INTEGER PRIMARY KEY,
	domain_id INTEGER NOT NULL REFERENCES domains(id),
	local     TEXT NOT NULL,
	seen      TEXT, -- as first seen, where that differs
	UNIQUE (domain_id, local)
);

-- What can be said of an event apart from whom it hit and when. A few hundred
-- of these serve millions of events: half the bytes of a row each, and one
-- check of foreign keys instead of five. Never deleted.
CREATE TABLE kinds (
	id       INTEGER PRIMARY KEY,
	class    INTEGER NOT NULL,
	reason   INTEGER NOT NULL,
	status   INTEGER NOT NULL, -- class * 1000000 + subject * 1000 + detail,
	                           -- 0: none stated
	smtp     INTEGER NOT NULL, -- last reply code, 0: none stated
	flags    INTEGER NOT NULL, -- 1 forwarded, 2 weak, 4 stale, 8 own; why
	                           -- unverified: 16 nothing of our mail came
	                           -- back, 32 it went to another recipient
	origin   INTEGER NOT NULL, -- 0 unverified, 1 matched, 2 signed
	provider INTEGER NOT NULL REFERENCES labels(id), -- these four: 0 for none
	stream   INTEGER NOT NULL REFERENCES labels(id),
	account  INTEGER NOT NULL REFERENCES labels(id),
	rule     INTEGER NOT NULL REFERENCES labels(id),
	UNIQUE (class, reason, status, smtp, flags, origin, provider, stream,
		account, rule)
);

-- What happened to an address, one row for each verdict. The id is
-- (event day << 32) + a number within the day: events of one time lie
-- together, new ones are appended, a range of time is a range of ids. An id
-- stays in the change log, so it is never given away again. The event time is
-- (id >> 32) * 86400 + second.
CREATE TABLE events (
	id         INTEGER PRIMARY KEY,
	address_id INTEGER REFERENCES addresses(id), -- NULL: not known
	second     INTEGER NOT NULL,                 -- of the day
	kind_id    INTEGER NOT NULL REFERENCES kinds(id),
	lag        INTEGER,          -- event time less when the original was
	                             -- sent; NULL: that is not known
	fate       INTEGER NOT NULL  -- what policy said of it then
);
-- (and by id, as all indexes are)
CREATE INDEX events_address ON events (address_id)
	WHERE address_id IS NOT NULL;

-- The decisive lines, kept for the configured time (retain) and then dropped.
-- body is a format byte (0: as it is, 1: raw deflate, RFC 1951, with the
-- dictionary of evidence_words.h) and then: where the mail was read, NUL, the
-- lines.
CREATE TABLE evidence (
	event_id INTEGER PRIMARY KEY REFERENCES events(id),
	body     BLOB NOT NULL
);

-- Counts that outlive evidence and events, for baselines and reports.
CREATE TABLE daily (
	day      INTEGER NOT NULL, -- event day
	class    INTEGER NOT NULL,
	reason   INTEGER NOT NULL,
	provider INTEGER NOT NULL REFERENCES labels(id), -- 0 for none
	stream   INTEGER NOT NULL REFERENCES labels(id), -- 0 for none
	origin   INTEGER NOT NULL, -- as in kinds
	n        INTEGER NOT NULL,
	PRIMARY KEY (day, class, reason, provider, stream, origin)
) WITHOUT ROWID;

-- What holds for an address. No row, or state 0: nothing does (any more). Why,
-- and since when, is told by its latest row of the change log.
CREATE TABLE suppressions (
	address_id  INTEGER NOT NULL REFERENCES addresses(id),
	scope       INTEGER NOT NULL REFERENCES labels(id), -- '*', account, stream
	state       INTEGER NOT NULL, -- 0 none, 1 suppressed, 2 held, 3 probation,
	                              -- 4 released
	reason      INTEGER NOT NULL,
	seq         INTEGER NOT NULL, -- of changes: the latest of this address and
	                              -- scope
	expires_at  INTEGER,          -- NULL: no expiry; of a held one: when it
	                              -- goes on probation
	released_at INTEGER,          -- the latest release by hand: only what was
	                              -- sent after it counts
	incident_id INTEGER,          -- what holds or held it, NULL: no incident
	                              -- (held without one: the address is engaged)
	PRIMARY KEY (address_id, scope)
) WITHOUT ROWID;
CREATE INDEX suppressions_expiry ON suppressions (expires_at)
	WHERE expires_at IS NOT NULL;
CREATE INDEX suppressions_incident ON suppressions (incident_id)
	WHERE incident_id IS NOT NULL;

-- What a change is apart from whom and when: a few hundred of these serve
-- millions of changes. Never deleted.
CREATE TABLE turns (
	id        INTEGER PRIMARY KEY,
	scope     INTEGER NOT NULL REFERENCES labels(id),
	old_state INTEGER NOT NULL, -- 0: none
	new_state INTEGER NOT NULL, -- the same: reason, since or expiry changed
	reason    INTEGER NOT NULL,
	cause     INTEGER NOT NULL, -- 1 policy, 2 hand, 3 import, 4 incident,
	                            -- 5 expiry
	UNIQUE (scope, old_state, new_state, reason, cause)
);

-- Every change of a suppression, append-only: delta exports, audit and undo.
-- The new state can be rebuilt from its row alone (with its turn and details).
-- No seq is used twice, because no row is ever deleted. It holds since its
-- details' `since`, else since the time of its event, else since `at`.
CREATE TABLE changes (
	seq        INTEGER PRIMARY KEY,
	at         INTEGER NOT NULL, -- when it was committed
	address_id INTEGER NOT NULL REFERENCES addresses(id),
	turn_id    INTEGER NOT NULL REFERENCES turns(id),
	event_id   INTEGER           -- the event that decided
);

-- What most changes do not have. prev leads from the latest change of an
-- address in a scope (suppressions.seq) back to the first.
CREATE TABLE details (
	seq         INTEGER PRIMARY KEY REFERENCES changes(seq),
	prev        INTEGER, -- the change before of this address and scope
	since       INTEGER, -- where it is not the time of the event, or `at`
	expires_at  INTEGER,
	incident_id INTEGER, -- NULL: no incident
	note        TEXT     -- by hand: who, and the reason given
);
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

-- Times in which a bucket answered "no such address" far too often. Hard and
-- soft bounces of the bucket (a provider or a domain) with an event time in
-- [from_at, to_at) are held instead of suppressed.
CREATE TABLE incidents (
	id        INTEGER PRIMARY KEY,
	kind      INTEGER NOT NULL, -- 1 provider, 2 domain; these two alert only
	                            -- and hold nothing: 3 stream, 4 all
	name      TEXT NOT NULL,    -- of the bucket; '' for all
	cause     INTEGER NOT NULL, -- 1 detected, 2 marked by hand, 3 known outage
	state     INTEGER NOT NULL, -- 1 open, 2 closed, 3 confirmed, 4 released,
	                            -- 5 import (the last three hold nothing)
	from_at   INTEGER NOT NULL, -- event time of the first bounce in it
	to_at     INTEGER,          -- NULL while open
	opened_at INTEGER NOT NULL, -- when we saw it
	closed_at INTEGER,          -- when it was seen to be over
	events    INTEGER NOT NULL DEFAULT 0, -- bounces counted in it
	engaged   INTEGER NOT NULL DEFAULT 0, -- of them by engaged addresses
	usual     REAL NOT NULL DEFAULT 0,    -- what was to be expected in its time
	match     TEXT,             -- only bounces whose rule or evidence it fits
	                            -- (a glob); NULL: all of the bucket
	note      TEXT,             -- by hand: who, and why
	alerted   INTEGER NOT NULL DEFAULT 0  -- bits: 1 its opening, 2 its close
);
CREATE INDEX incidents_time ON incidents (from_at);

-- Address-gone bounces (hard; not our own, not stale, of a sufficient origin;
-- the first of its address in 60 days) by bucket and hour of event time: what
-- the guard judges by. Kept for 75 days.
CREATE TABLE hours (
	kind    INTEGER NOT NULL, -- as in incidents
	name    TEXT NOT NULL,
	hour    INTEGER NOT NULL, -- hours since 1970-01-01
	n       INTEGER NOT NULL,
	engaged INTEGER NOT NULL, -- of them by engaged addresses
	PRIMARY KEY (kind, name, hour)
) WITHOUT ROWID;

-- Addresses that opened or clicked, and when they last did.
CREATE TABLE engaged (
	address_id INTEGER PRIMARY KEY REFERENCES addresses(id),
	at         INTEGER NOT NULL
);

-- How many mails were sent, as somebody told us, in parts and more than once.
-- Names that were not told are ''; ' ': told to be none of those that have one.
CREATE TABLE sent_told (
	day      INTEGER NOT NULL, -- (UTC) since 1970-01-01
	domain   TEXT NOT NULL,
	provider TEXT NOT NULL,    -- '?': told before version 6, not known
	stream   TEXT NOT NULL,
	hour     INTEGER NOT NULL, -- of the day; 24: n is of the day as a whole
	source   INTEGER NOT NULL, -- 0: mails of a log; 1: of a log without
	                           -- Message-IDs; 2: a number; 3: of old days
	                           -- the sum of the numbers of hours
	n        INTEGER NOT NULL,
	PRIMARY KEY (day, domain, provider, stream, hour, source)
) WITHOUT ROWID;

-- The days of which something was told.
CREATE TABLE sent_days (
	day    INTEGER PRIMARY KEY,
	stale  INTEGER NOT NULL, -- 1: `sent` does not yet follow from sent_told
	by_day INTEGER NOT NULL  -- of all mails, those of no known hour
);

-- How many mails were sent, of all that was told (ledger_sent.h): what a rate
-- is made of.
CREATE TABLE sent (
	kind INTEGER NOT NULL, -- as in incidents; 0: those of which
	                       -- nobody told what provider takes them, or to
	                       -- what domain they go, by the name `provider` or
	                       -- `domain`
	name TEXT NOT NULL,
	hour INTEGER NOT NULL, -- since 1970-01-01; mails of which only the day
	                       -- is known are in its first
	n    INTEGER NOT NULL,
	PRIMARY KEY (kind, name, hour)
) WITHOUT ROWID;

-- Which mail went to whom, as the mailer's log told us: evidence that a bounce
-- answers our own mail. key: the first 12 bytes of SHA-256(Message-ID without
-- <>, NUL, canonical recipient); of a mail without one, of its time, recipient
-- and stream.
CREATE TABLE sendlog (
	key BLOB PRIMARY KEY,
	at  INTEGER NOT NULL -- when it was sent
) WITHOUT ROWID;

-- When an address was mailed, as send logs told us (days since 1970-01-01): what
-- the report tells a new list and an old one by. key: the first 8 bytes of
-- SHA-256(canonical recipient). Kept for 800 days after the last mail.
CREATE TABLE mailed (
	key      BLOB PRIMARY KEY,
	first    INTEGER NOT NULL, -- the first mail that we know of
	previous INTEGER NOT NULL, -- the day of a mail before `last`; 0: none
	last     INTEGER NOT NULL
) WITHOUT ROWID;

-- What the daemon could not do, and until when: for the report. `status` has
-- what is wrong now.
CREATE TABLE troubles (
	id       INTEGER PRIMARY KEY,
	what     TEXT NOT NULL,     -- 'mailbox news/INBOX', 'export crm'
	detail   TEXT NOT NULL,     -- what went wrong, the latest of it
	began_at INTEGER NOT NULL,
	ended_at INTEGER,           -- NULL: it lasts
	times    INTEGER NOT NULL   -- how often it failed in that time
);
CREATE INDEX troubles_time ON troubles (began_at);

-- Named delta exports. What a cursor has exported is what was suppressed at its
-- seq of the change log; what follows from there are its adds and removals.
CREATE TABLE cursors (
	name    TEXT PRIMARY KEY,
	seq     INTEGER NOT NULL,
	at      INTEGER NOT NULL, -- when it was moved there
	format  TEXT NOT NULL,
	scope   TEXT NOT NULL,
	options TEXT NOT NULL     -- as the export was asked for; a cursor stays
	                          -- with what it began with
) WITHOUT ROWID;

-- What the daemon is doing, for `status`: it tells, others read.
CREATE TABLE status (
	name  TEXT PRIMARY KEY, -- 'daemon.started_at', 'mailbox.news/INBOX.state'
	value TEXT NOT NULL,
	at    INTEGER NOT NULL
) WITHOUT ROWID;

-- Public (bouncewatch-database(5)): what may not be mailed now. Works as a
-- Postfix sqlite_table(5) lookup by domain and local; scope '*' holds for every
-- mail. Purged addresses are not in it. LEFT JOIN, so that what is not asked
-- for is not looked up; written so that SQLite 3.8 can read it, too.
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

-- Public, too: what is not to be mailed for the time being. It is not
-- suppressed: it may turn out to be alive. Unless confirmed it becomes
-- mailable at `until`. incident is NULL where no incident holds it, but that
-- the address opened or clicked lately.
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
