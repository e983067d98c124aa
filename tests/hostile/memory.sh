#!/bin/sh
# The most memory that `parse` takes, for a mail of 200 MB, one with a header
# of 100 MB, one with a million recipients, and (long form) every hostile mail:
# at most 32 MiB.
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
[ -z "$LONG" ] || python3 $here/generate.py "$work/cases"

for f in "$work"/*-* "$work"/cases/*.eml; do
	[ -f "$f" ] || continue
	printf '%s\t%s\n' "$("$B/hostile/peak" "$B/bouncewatch" parse \
		--format=jsonl "$f")" "${f##*/}"
done | awk -v limit=$limit '
{ sub(/\.eml$/, "", $2) }
$1 > most { most = $1; name = $2 }
$1 > limit || NR <= 4 { printf "%8.1f MiB  %s\n", $1 / 1024, $2 }
$1 > limit { over++ }
END {
	printf "# note: the most memory, of %d mails: %.1f MiB (%s) of %d\n",
		NR, most / 1024, name, limit / 1024
	exit over > 0 || NR < 4
}'
