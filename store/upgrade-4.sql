-- From version 3 to 4: when addresses were mailed, and what could not be done,
-- for the report. What each table means is told in schema.sql.

CREATE TABLE mailed (
	key      BLOB PRIMARY KEY,
	first    INTEGER NOT NULL,
	previous INTEGER NOT NULL,
	last     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE troubles (
	id       INTEGER PRIMARY KEY,
	what     TEXT NOT NULL,
	detail   TEXT NOT NULL,
	began_at INTEGER NOT NULL,
	ended_at INTEGER,
	times    INTEGER NOT NULL
);
CREATE INDEX troubles_time ON troubles (began_at);
CREATE INDEX uids_given_up ON uids (mailbox_id, uid) WHERE state = 4;
