-- From version 5 to 6: how much was sent is kept as it was told, by domain,
-- provider and stream at once, and what counts is made of that. Of what was told
-- of domains the provider is not known ('?'): it counts by its domain only, for
-- its provider has what was told of that.

CREATE TABLE sent_told (
	day      INTEGER NOT NULL,
	domain   TEXT NOT NULL,
	provider TEXT NOT NULL,
	stream   TEXT NOT NULL,
	hour     INTEGER NOT NULL,
	source   INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	PRIMARY KEY (day, domain, provider, stream, hour, source)
) WITHOUT ROWID;
CREATE TABLE sent_days (
	day    INTEGER PRIMARY KEY,
	stale  INTEGER NOT NULL,
	by_day INTEGER NOT NULL
);
INSERT INTO sent_told (day, domain, provider, stream, hour, source, n)
SELECT hour / 24, CASE kind WHEN 2 THEN name ELSE '' END,
	CASE kind WHEN 1 THEN name WHEN 2 THEN '?' ELSE '' END,
	CASE kind WHEN 3 THEN name ELSE '' END,
	CASE whole WHEN 1 THEN 24 ELSE hour % 24 END,
	CASE whole WHEN 0 THEN 0 ELSE 2 END, n
FROM sent;
INSERT INTO sent_days (day, stale, by_day)
SELECT hour / 24, 0, sum(CASE whole WHEN 1 THEN n ELSE 0 END)
FROM sent WHERE kind = 4 GROUP BY hour / 24;

CREATE TABLE new_sent (
	kind INTEGER NOT NULL,
	name TEXT NOT NULL,
	hour INTEGER NOT NULL,
	n    INTEGER NOT NULL,
	PRIMARY KEY (kind, name, hour)
) WITHOUT ROWID;
INSERT INTO new_sent (kind, name, hour, n)
SELECT kind, name, hour, sum(CASE whole
	WHEN 0 THEN n
	WHEN 2 THEN max(0, n - coalesce((SELECT h.n FROM sent h
		WHERE h.kind = sent.kind AND h.name = sent.name
		AND h.hour = sent.hour AND h.whole = 0), 0))
	ELSE max(0, n - coalesce((SELECT sum(m) FROM (SELECT max(h.n) AS m
		FROM sent h WHERE h.kind = sent.kind AND h.name = sent.name
		AND h.hour >= sent.hour AND h.hour < sent.hour + 24
		AND h.whole <> 1 GROUP BY h.hour)), 0)) END)
FROM sent GROUP BY kind, name, hour;
DROP TABLE sent;
ALTER TABLE new_sent RENAME TO sent;
