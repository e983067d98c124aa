-- bouncewatch: the schema, version 1 (PRAGMA user_version). These are on-disk
-- decisions; a change is a new version and an upgrade step in db_upgrade.c.
--
-- Times are Unix seconds (UTC); days are days since 1970-01-01 (UTC).
-- class and reason are the numbers of parsers/words.def, spelled out in the
-- table words for foreign readers. SQLite stores the numbers 0 and 1 in no
-- bytes at all: the common case of a column is one of them where possible.

-- The words behind the numbers; brought up to date by db_words.c at each open
-- for writing.
CREATE TABLE words (
	kind   TEXT NOT NULL,    -- 'class', 'reason', 'fate', 'state', 'cause',
	                         -- 'origin'
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

-- One row for each mail, wherever it was read: the second idempotency key.
-- The day leads, so that inserts stay in one place of the tree; it is the day
-- of the mail's own Date header, so that it is the same for each copy.
CREATE TABLE messages (
	day    INTEGER NOT NULL, -- of the Date header; 0 without one
	digest BLOB NOT NULL,    -- 16 bytes of SHA-256, see daemon/ingest.c
	class  INTEGER NOT NULL,
	PRIMARY KEY (day, digest)
) WITHOUT ROWID;

-- Every address with an event or a suppression.
CREATE TABLE addresses (
	id      INTEGER PRIMARY KEY,
	address TEXT NOT NULL UNIQUE, -- canonical key (parsers/address.h)
	seen    TEXT                  -- as first seen, where that differs
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
	flags    INTEGER NOT NULL, -- 1 forwarded, 2 weak, 4 stale, 8 own
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
-- stays in the change log, so it is never given away again.
CREATE TABLE events (
	id         INTEGER PRIMARY KEY,
	address_id INTEGER REFERENCES addresses(id), -- NULL: not known
	at         INTEGER NOT NULL,                 -- event time
	kind_id    INTEGER NOT NULL REFERENCES kinds(id),
	sent_at    INTEGER,                          -- when the original was sent
	fate       INTEGER NOT NULL                  -- what policy said of it then
);
CREATE INDEX events_address ON events (address_id, id)
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
	n        INTEGER NOT NULL,
	PRIMARY KEY (day, class, reason, provider, stream)
) WITHOUT ROWID;

-- What holds for an address. No row, or state 0: nothing does (any more).
CREATE TABLE suppressions (
	address_id  INTEGER NOT NULL REFERENCES addresses(id),
	scope       INTEGER NOT NULL REFERENCES labels(id), -- '*', account, stream
	state       INTEGER NOT NULL, -- 0 none, 1 suppressed, 2 held, 3 probation,
	                              -- 4 released
	reason      INTEGER NOT NULL,
	cause       INTEGER NOT NULL, -- 1 policy, 2 hand, 3 import, 4 incident,
	                              -- 5 expiry
	since       INTEGER NOT NULL, -- event time of what decided
	expires_at  INTEGER,          -- NULL: no expiry
	event_id    INTEGER,          -- the event that decided
	released_at INTEGER,          -- the latest release by hand: only what was
	                              -- sent after it counts
	PRIMARY KEY (address_id, scope)
) WITHOUT ROWID;
CREATE INDEX suppressions_expiry ON suppressions (expires_at)
	WHERE expires_at IS NOT NULL;

-- Every change of a suppression, append-only: delta exports, audit and undo.
-- The new state can be rebuilt from its row alone. No seq is used twice,
-- because no row is ever deleted.
CREATE TABLE changes (
	seq        INTEGER PRIMARY KEY,
	at         INTEGER NOT NULL, -- when it was committed
	address_id INTEGER NOT NULL REFERENCES addresses(id),
	scope      INTEGER NOT NULL REFERENCES labels(id),
	old_state  INTEGER NOT NULL, -- 0: none
	new_state  INTEGER NOT NULL, -- the same: reason, since or expiry changed
	reason     INTEGER NOT NULL,
	cause      INTEGER NOT NULL,
	event_id   INTEGER,          -- the event that decided; its time is since
	expires_at INTEGER,
	note       TEXT              -- by hand: who, and the reason given
);
CREATE INDEX changes_address ON changes (address_id);
CREATE TRIGGER changes_are_not_changed BEFORE UPDATE ON changes
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER changes_are_not_deleted BEFORE DELETE ON changes
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;

-- What the daemon is doing, for `status`: it tells, others read.
CREATE TABLE status (
	name  TEXT PRIMARY KEY, -- 'daemon.started_at', 'mailbox.news/INBOX.state'
	value TEXT NOT NULL,
	at    INTEGER NOT NULL
) WITHOUT ROWID;

-- Public (bouncewatch-database(5)): what may not be mailed now. Works as a
-- Postfix sqlite_table(5) lookup; scope '*' holds for every mail. Written so
-- that SQLite 3.8 can read it, too.
CREATE VIEW suppressed (address, scope, reason, since, expires) AS
SELECT a.address, l.label, w.word,
	strftime('%Y-%m-%dT%H:%M:%SZ', s.since, 'unixepoch'),
	strftime('%Y-%m-%dT%H:%M:%SZ', s.expires_at, 'unixepoch')
FROM addresses a
JOIN suppressions s ON s.address_id = a.id
JOIN labels l ON l.id = s.scope
JOIN words w ON w.kind = 'reason' AND w.number = s.reason
WHERE s.state = 1 AND (s.expires_at IS NULL
	OR s.expires_at > CAST(strftime('%s', 'now') AS INTEGER));
