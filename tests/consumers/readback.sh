#!/bin/sh
# What was exported is read back byte for byte by programs that are not ours:
# sqlite3, python3's csv, jq. The addresses are those that break readers.
. "$(dirname "$0")/lib.sh"
is_root || echo "# not root: all as one user"

python3 "$here/addresses.py" >pairs || exit 1
cut -f1 pairs | sort >want
is "a good many addresses" "$(awk 'END { print (NR > 180) }' want)" 1
# Half came as bounces, half by hand. What begins with / or | is a file or a
# pipe to who reads a report, and < begins the address there.
awk -F '\t' 'NR % 2 && $1 !~ /^[\/|]/ && $2 !~ /</' pairs >bounced
grep -vxFf bounced pairs | cut -f2 >by-hand
cut -f2 bounced | python3 "$here/reports.py" >mbox
ours ingest "$T/mbox" >out 2>err
status=$?
ends "bounces of hostile addresses are recorded" 0
ours suppress --reason=test --file=- <by-hand >out 2>err
status=$?
ends "hostile addresses are suppressed by hand" 0

# same NAME FILE [WANT]: the lines of FILE, sorted, are those of WANT
same() {
	if cmp -s "$2" "${3:-want}"; then
		pass "$1"
	else
		diff "$2" "${3:-want}" | head -n 20 >out
		: >err
		fail "$1" "< read back, > in the database"
	fi
}

# Fails with: the view joined by address; an `ON` less (rows twice).
sqlite3 -readonly "$db" 'SELECT address FROM suppressed' >raw
sort raw >got
same "sqlite3 reads the view: every address once, every byte" got
# A program that binds values needs to quote nothing.
python3 - "$db" >got 2>err <<'END'
import sqlite3, sys
db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
for line in open("want", encoding="utf-8", newline=""):
    key = line[:-1]
    for address, in db.execute(
            "SELECT address FROM suppressed WHERE address = ?", (key,)):
        sys.stdout.buffer.write(address.encode() + b"\n")
END
same "python3's sqlite3 finds each address by its key" got
# By text, in quotes as SQL has them.
sed "s/'/''/g; s/.*/SELECT address FROM suppressed WHERE address = '&';/" want |
	sqlite3 -readonly "$db" >got
same "sqlite3 finds each address by a literal" got
sqlite3 -readonly -json "$db" 'SELECT address FROM suppressed' |
	jq -r '.[].address' | sort >got
same "sqlite3 -json and jq" got

# left FORMAT: of `want`, what the platform's form has no way to write
# (bouncewatch-export(1)), by RFC 5321 and 6531: quoted local parts, letters
# beyond ASCII.
left() {
	case $1 in
	ses) LC_ALL=C grep -v '^"' want | LC_ALL=C grep -v '[^ -~]' ;;
	ses-json | sendgrid) LC_ALL=C grep -v '[^ -~]' want ;;
	cloudflare) LC_ALL=C grep -v '^"' want ;;
	*) cat want ;;
	esac
}

# `export --help` names them all; those of mailers are read by mailers.
formats="plain csv jsonl"
for format in ses ses-json mailgun sendgrid postmark sparkpost mailchimp \
	listmonk cloudflare; do
	"$BW" export --help 2>&1 | grep -q "^ *$format " &&
		formats="$formats $format"
done
for format in $formats; do
	case $format in
	sendgrid) set -- --yes-global ;;
	*) set -- ;;
	esac
	rm -f "$T"/list*
	ours export -o "$T/lib/list" "$@" "$format" >out 2>err
	status=$?
	ends "export $format" 0
	# Parts, if any: list, list.2 ... or list-1 ...
	python3 "$here/readback.py" "$format" lib/list* >got 2>err || cat err >out
	# One entry an address; SparkPost has two for what holds everywhere.
	[ "$format" = sparkpost ] && { sort -u got >once && mv once got; }
	left "$format" >expected
	# Fails with: a byte less of any address; no quotes in CSV; a guard that
	# cannot be told from an apostrophe of the address.
	same "$format is read back byte for byte" got expected
	rm -f lib/list*
done
end
