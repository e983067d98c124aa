#!/bin/sh
# The most memory that `import` of a list and `suppress --file` take, for files
# that mean harm and for long ones: at most 32 MiB, whatever they are; and none
# of them brings the program down. A dry run remembers what it would have done:
# at most 24 bytes an address more.
#
# Shown to fail: JSON_VALUE_MAX at 1 GiB took 124 MiB for the long value;
# without env_forget() in take_rows() of list.c 36 MiB, and most rows were lost.
. "$(dirname "$0")/lib.sh"
need "$B/bouncewatch" "$B/hostile/peak"
limit=32768
mb=60 rows=200000
[ -z "$LONG" ] || mb=200 rows=1000000
export BOUNCEWATCH_CONFIG="$work/none.yaml"
printf 'database: %s/test.db\norigin: { require: none }\n' "$work" \
	>"$BOUNCEWATCH_CONFIG"

{
	printf '[{"email":"'
	yes 'a long value ' | tr -d '\n' | head -c ${mb}000000
	printf '"}]'
} >"$work/value.json"
yes '[' | tr -d '\n' | head -c ${mb}000000 >"$work/deep.json"
yes '{"a":' | tr -d '\n' | head -c ${mb}000000 >"$work/deep-objects.json"
{
	printf '{"emailAddress":"'
	yes 'x' | tr -d '\n' | head -c ${mb}000000
	printf '","reason":"BOUNCE"}\n'
	printf '{"emailAddress":"a@example.org","reason":"BOUNCE"}\n'
} >"$work/line.jsonl"
{
	printf 'address,code,error\n"'
	yes 'never closed' | head -c ${mb}000000
} >"$work/quote.csv"
yes 'x' | tr -d '\n' | head -c ${mb}000000 >"$work/line.txt"
head -c ${mb}000000 /dev/zero >"$work/zero.txt"
{
	printf '{"Suppressions":['
	seq -f '{"EmailAddress":"u%.0f@example.org","SuppressionReason":"HardBounce"},' \
		$rows | tr -d '\n'
	printf '{"EmailAddress":"z@example.org","SuppressionReason":"HardBounce"}]}'
} >"$work/long.json"
{
	echo 'address,code,error'
	seq -f 'v%.0f@example.org,550,5.1.1 that mailbox is gone: user unknown' \
		$rows
} >"$work/long.csv"
seq -f 'w%.0f@example.org' $rows >"$work/long.txt"

failed=0
tell() {
	echo "$*"
	failed=1
}

# try NAME ENDS ARGUMENT...: as it ends, and what it takes
try() {
	name=$1 ends=$2
	shift 2
	kib=$("$B/hostile/peak" sh -c '
		s=0
		"$@" >"$0.out" 2>"$0.err" || s=$?
		echo $s >"$0.status"' "$work/try" "$B/bouncewatch" "$@")
	got=$(cat "$work/try.status")
	echo "# note: $name: $kib KiB"
	[ "$got" = "$ends" ] || tell "$name: ended with $got, not $ends: $(
		tail -3 "$work/try.err" | cut -c 1-200)"
	[ "$kib" -le $limit ] || tell "$name: $kib KiB, limit $limit"
}

for f in value.json deep.json deep-objects.json quote.csv line.txt zero.txt; do
	try "$f" 65 import --yes "$work/$f"
done
try "line.jsonl" 65 import --yes ses "$work/line.jsonl"
for f in line.txt zero.txt; do
	try "suppress $f" 65 suppress --reason=x --file="$work/$f"
done
limit=$((32768 + rows * 24 / 1024))
try "a dry run of $rows" 0 import "$work/long.json"
limit=32768
try "long.json" 0 import --yes "$work/long.json"
try "long.csv" 0 import --yes "$work/long.csv"
try "suppress long.txt" 0 suppress --reason=x --file="$work/long.txt"
n=$("$B/bouncewatch" export plain 2>/dev/null | grep -c .)
[ "$n" -eq $((3 * rows + 2)) ] ||
	tell "of $((3 * rows + 2)) addresses $n are suppressed"
exit $failed
