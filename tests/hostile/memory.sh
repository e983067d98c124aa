#!/bin/sh
# The most memory that `parse` takes, for a mail of 200 MB, one with a line of
# 200 MB, one with a header of 100 MB, one with a million recipients, and (long
# form) 50 MB of base64 and of quoted-printable, 400,000 headers, 100,000 parts
# and every hostile mail; from a file and from a pipe: at most 32 MiB.
#
# Shown to fail: with LIMIT_DEFAULT of parsers/arena.c at 64 MiB and
# RFC2045_TEXT_MAX at 16 MiB, 1 of 470 hostile mails took more.
. "$(dirname "$0")/lib.sh"
need "$B/bouncewatch" "$B/hostile/peak"
limit=32768
bounce='Return-Path: <>
From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender'

{
	printf '%s\n\n' "$bounce"
	yes 'The mail to <gone@example.org> could not be delivered.' |
		head -c 200000000
} >"$work/mail-200mb"
{
	printf '%s\nX-Header: ' "$bounce"
	yes ' a long line of a very long header,' | head -c 100000000
	printf '\n\nbody\n'
} >"$work/header-100mb"
{
	printf '%s\nContent-Type: multipart/report; boundary=b\n\n--b\n' \
		"$bounce"
	printf 'Content-Type: message/delivery-status\n\n'
	seq -f 'Final-Recipient: rfc822; u%.0f@example.org
Action: failed
Status: 5.1.1
' 1000000
	printf '\n--b--\n'
} >"$work/recipients-1e6"
{
	printf '%s\nTo: ' "$bounce"
	seq -f 'u%.0f@example.org,' 1000000
	printf '\n\nbody\n'
} >"$work/to-1e6"
{
	printf '%s\n\n' "$bounce"
	yes 'a line without an end ' | tr -d '\n' | head -c 200000000
} >"$work/line-200mb"
if [ -n "$LONG" ]; then
	for encoding in base64 quoted-printable; do
		{
			printf '%s\nContent-Transfer-Encoding: %s\n\n' \
				"$bounce" $encoding
			yes YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo= |
				head -c 50000000
		} >"$work/$encoding-50mb"
	done
	{
		seq -f 'X-Header-%.0f: value' 400000
		printf '%s\n\nbody\n' "$bounce"
	} >"$work/headers-4e5"
	{
		printf '%s\nContent-Type: multipart/mixed; boundary=b\n\n' \
			"$bounce"
		yes -- '--b
Content-Type: text/plain

text' | head -n 400000
	} >"$work/parts-1e5"
	python3 $here/generate.py "$work/cases"
fi

peak() {
	"$B/hostile/peak" "$B/bouncewatch" parse --format=jsonl "$@"
}

for f in "$work"/*-* "$work"/cases/*.eml; do
	[ -f "$f" ] || continue
	printf '%s\t%s\n' "$(peak "$f")" "${f##*/}"
	case $f in
	*.eml) ;;
	*) printf '%s\t%s\n' "$(head -c 3000000 "$f" | peak -)" \
		"${f##*/}-piped" ;;
	esac
done | awk -v limit=$limit '
{ sub(/\.eml$/, "", $2) }
$1 !~ /^[0-9]+$/ { print "it did not end well: " $0; over++; next }
$1 > most { most = $1; name = $2 }
$1 > limit || NR <= 10 { printf "%8.1f MiB  %s\n", $1 / 1024, $2 }
$1 > limit { over++ }
END {
	printf "# note: the most memory, of %d mails: %.1f MiB (%s) of %d\n",
		NR, most / 1024, name, limit / 1024
	exit over > 0 || NR < 10
}'
