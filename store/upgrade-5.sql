-- From version 4 to 5: the daily counts know the origin, so that what answers no
-- mail of ours can be left out. No event was ever deleted, so they are counted
-- anew.

CREATE TABLE new_daily (
	day      INTEGER NOT NULL,
	class    INTEGER NOT NULL,
	reason   INTEGER NOT NULL,
	provider INTEGER NOT NULL REFERENCES labels(id),
	stream   INTEGER NOT NULL REFERENCES labels(id),
	origin   INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	PRIMARY KEY (day, class, reason, provider, stream, origin)
) WITHOUT ROWID;
INSERT INTO new_daily (day, class, reason, provider, stream, origin, n)
SELECT e.day, k.class, k.reason, k.provider, k.stream, k.origin, sum(e.n)
FROM (SELECT id >> 32 AS day, kind_id, count(*) AS n FROM events
	GROUP BY 1, 2) e
JOIN kinds k ON k.id = e.kind_id
GROUP BY 1, 2, 3, 4, 5, 6;
DROP TABLE daily;
ALTER TABLE new_daily RENAME TO daily;
