#!/bin/sh
# How long `report --typos` takes where 200,000 domains fail, in seconds of a
# processor, the least of three: others are at work, too. Some hundreds look
# mistyped; half of all are near a provider's name, so that more than a hash is
# looked at.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
for f in "$B/bouncewatch" "$B/bench/stopwatch"; do
	[ -x "$f" ] || {
		echo "1..0 # SKIP '$f' is not there: run 'make all tools'"
		exit 0
	}
done
work=$(mktemp -d "$B/bench/typos.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export LC_ALL=C BOUNCEWATCH_CONFIG="$work/conf.yaml"
printf 'database: %s/db\nown: ["*@news.example.com"]\n' "$(realpath "$work")" \
	>"$work/conf.yaml"
"$B/bouncewatch" suppress --reason=r a@example.org >/dev/null || exit 1
sqlite3 "$work/db" <<'END' || exit 1
PRAGMA foreign_keys = OFF;
BEGIN;
INSERT INTO kinds (id, class, reason, status, smtp, flags, origin, provider,
	stream, account, rule) VALUES (1000, 1, 2, 0, 0, 0, 1, 0, 0, 0, 0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
	WHERE i < 200000)
INSERT INTO domains (id, domain) SELECT 1000 + i, CASE
	WHEN i % 100 = 0 THEN 'sbc' || char(97 + i / 100 % 26) || 'lob'
		|| char(97 + i / 2600 % 26) || 'l.net' || ifnull(nullif('.com'
		|| substr('x', 1, i / 67600), '.com'), '')
	WHEN i % 2 = 0 THEN 'hotm' || printf('%x', i * 7919) || '.com'
	ELSE 'company-' || i || '.example' END
	FROM n WHERE true ON CONFLICT DO NOTHING;
INSERT INTO addresses (id, domain_id, local)
	SELECT id + 1000000, id, 'anna' FROM domains WHERE id > 1000;
INSERT INTO events (id, address_id, second, kind_id, lag, fate)
	SELECT ((strftime('%s', 'now') / 86400 - 1) << 32) + id, id + 1000000,
	5, 1000, NULL, 0 FROM domains WHERE id > 1000;
COMMIT;
END
n=$(sqlite3 "$work/db" 'SELECT count(*) FROM domains WHERE id > 1000')
found=$("$B/bouncewatch" report --typos=csv | wc -l)
echo 1..2
if [ "$n" -gt 195000 ] && [ "$found" -gt 500 ]; then
	echo "ok 1 - $n domains, $((found - 1)) of them look mistyped"
else
	echo "not ok 1 - $n domains, $((found - 1)) of them look mistyped"
fi
for _ in 1 2 3; do
	"$B/bench/stopwatch" -w "$B/bouncewatch" report --typos=csv
done | sort -k3 -n | awk -v n="$n" 'NR == 1 {
	printf "%sok 2 - %d failing domains looked at: %.2f s (at most 1), " \
		"%d KiB\n", ($3 > 1 ? "not " : ""), n, $3, $2
	printf "# note: %d failing domains looked at in %.2f s, %d KiB\n",
		n, $3, $2
	exit $3 > 1
}'
