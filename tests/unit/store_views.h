/*
 * What the schema keeps apart to save bytes, put together for those who ask in
 * a test: people (addresses), log (changes), standings (suppressions) and
 * happened (events), as temporary views of a connection.
 */
#ifndef STORE_VIEWS_H
#define STORE_VIEWS_H

static const char store_views[] =
	"CREATE TEMP VIEW people AS SELECT a.id, CASE d.id WHEN 0 THEN a.local"
	" ELSE a.local || '@' || d.domain END AS address, a.seen"
	" FROM addresses a JOIN domains d ON d.id = a.domain_id;"
	"CREATE TEMP VIEW log AS SELECT c.seq, c.at, c.address_id, t.scope,"
	" t.old_state, t.new_state, t.reason, t.cause, c.event_id,"
	" n.expires_at, n.note, n.incident_id, n.prev, coalesce(n.since,"
	" (e.id >> 32) * 86400 + e.second, c.at) AS since FROM changes c"
	" JOIN turns t ON t.id = c.turn_id LEFT JOIN details n ON n.seq = c.seq"
	" LEFT JOIN events e ON e.id = c.event_id;"
	"CREATE TEMP VIEW standings AS SELECT s.*, l.cause, l.since,"
	" l.event_id FROM suppressions s JOIN log l ON l.seq = s.seq;"
	"CREATE TEMP VIEW happened AS SELECT e.*, (e.id >> 32) * 86400 +"
	" e.second AS at, (e.id >> 32) * 86400 + e.second - e.lag AS sent_at"
	" FROM events e";

#endif
