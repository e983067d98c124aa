#!/bin/sh
# Debian's Postfix refuses whom we suppress, by the view of the database
# (sqlite_table(5), the recipe of bouncewatch-database(5) as it stands there)
# and by the export postfix-access; postmap and a real smtpd on loopback.
. "$(dirname "$0")/lib.sh"
. "$here/lib-postfix.sh"
postfix_up

python3 "$here/addresses.py" >pairs || exit 1
cut -f1 pairs | sort >keys
cut -f2 pairs >given
ours suppress --reason=test --file=- <given >out 2>err
status=$?
ends "hostile addresses are suppressed" 0

# What is not to be found: held, in a scope, ended, released, never heard of.
printf 'email,last_opened\nheld@example.com,%s\n' "$(date -u +%F)" |
	ours import engaged - >out 2>err
{ bounce held@example.com 5.1.1; } >mail
ours ingest "$T/mail" >out 2>err
ours suppress --reason=test --scope=news scoped@example.com >out 2>err
ours suppress --reason=test ended@example.com released@example.com >out 2>err
ours release --reason=test released@example.com >out 2>err
python3 - "$db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE suppressions SET expires_at = 1 WHERE address_id ="
           " (SELECT max(address_id) - 1 FROM suppressions)")
db.commit()
END
# That connection, root's, was the last and took -wal and -shm with it; any
# command of ours brings them back.
ours check nobody@example.com >out 2>err
is "the view of what is held has the held one" \
	"$(sqlite3 -readonly "$db" 'SELECT address FROM held')" held@example.com
is "one suppression has ended" "$(sqlite3 -readonly "$db" \
	"SELECT count(*) FROM suppressed WHERE address = 'ended@example.com'")" 0
printf '%s\n' held@example.com scoped@example.com ended@example.com \
	released@example.com nobody@example.com @example.com example.com \
	"x' OR '1'='1@example.com" "' OR 1=1 --" '%' '%s' '_%@example.com' \
	'%@example.org' >others

recipe postfix-map bouncewatch-database.5 >"$pf/etc/bouncewatch.cf"
recipe postfix-main bouncewatch-database.5 |
	sed "s,/etc/postfix,$pf/etc,; s/^ *\.\.\.$/    permit/" \
		>>"$pf/etc/main.cf"
has "the manual page has a recipe" "$pf/etc/main.cf" \
	"sqlite:$pf/etc/bouncewatch.cf"
map=sqlite:$pf/etc/bouncewatch.cf

# Fails with: WHERE address = '%s'.
query=$(sed -n 's/^query = //; /^dbpath/!p' "$pf/etc/bouncewatch.cf" |
	sed "s/%d/example.com/; s/%u/a/")
sqlite3 -readonly "$db" "EXPLAIN QUERY PLAN $query" >out 2>err
has "the recipe's query searches for the domain" out "(domain=?"
has "and in it for the local part" out "local=?)"
# README.md shows the same.
sed -n '/^    # .*bouncewatch\.cf$/,/^$/s/^    \([^#]\)/\1/p' "$top/README.md" |
	sed "s,/var/lib/bouncewatch/bouncewatch.db,$db," >readme.cf
is "README.md has the same recipe" "$(cat readme.cf)" \
	"$(cat "$pf/etc/bouncewatch.cf")"

# folded: the keys that Postfix never asks for as they are: it folds the case
# of letters beyond ASCII, and sharp s becomes ss.
folded() { grep -e ß -e İ; }

# lookup NAME FILE EXPECTED: which lines of FILE a map has
lookup() {
	asks "$map" - <"$2" >answer 2>err
	cut -f1 answer | sort >got
	if cmp -s got "$3"; then
		pass "$1"
	else
		diff got "$3" | head -n 20 >out
		fail "$1" "< found, > to be found"
	fi
}

folded <keys >no
grep -vxFf no keys >yes
# Fails with: %s without its quotes; the key as it was given; a LIKE.
lookup "postmap finds each address in the view" keys yes
# As people write them; in another spelling of the domain it is another key.
cut -f2 pairs | grep -vi -e ß -e İ -e bücher -e пример -e 中国 -e '\.$' |
	sort >yes
lookup "postmap finds each address as it was given" given yes
: >none
# Fails with: no condition on scope; the table in place of the view.
lookup "postmap finds no held, scoped, ended, released or other one" others none

# --- the export ---------------------------------------------------------------
ours release --reason=test --scope=news scoped@example.com >out 2>err
ours export -o "$T/lib/suppressed" postfix-access >out 2>err
status=$?
ends "export postfix-access" 0
has "what a table cannot hold is told" err "begin with #"
cp lib/suppressed "$pf/etc/suppressed"
post postmap "hash:$pf/etc/suppressed" 2>err
is "postmap has nothing to say of it" "$(cat err)" ""
post postmap "lmdb:$pf/etc/suppressed" 2>err
post postmap "cdb:$pf/etc/suppressed" 2>>err
chmod 644 "$pf/etc/"suppressed*
# A table is folded when it is made, so it is found; strasse@, too.
grep -v '^#' keys >yes
for type in hash lmdb cdb texthash; do
	map=$type:$pf/etc/suppressed
	# Fails with: a key without its quotes; a blank in place of the tab.
	lookup "postmap finds each address in $type" keys yes
	lookup "postmap finds no other in $type" others none
	# As people write them. Fails with: A-labels alone.
	cut -f2 pairs | grep -i -e bücher -e пример -e 中国 | grep -v '\.$' |
		sort >given
	cp given yes.given
	lookup "postmap finds domains in their letters in $type" given yes.given
done

# --- smtpd ----------------------------------------------------------------------
if ! is_root; then
	echo "ok $((tests += 1)) # SKIP only root can run a Postfix"
	end
fi
postfix_start
# Addresses that begin with - smtpd itself does not take.
grep -v '^-' pairs | cut -f2 | grep -vi -e ß -e İ -e bücher -e пример -e 中国 \
	>given
# refused NAME PORT FILE: each address of FILE is rejected at RCPT TO, as being
# on the list
refused() {
	answers "$2" <"$3" >answer 2>err
	grep -vE '	55[04] 5\.7\.1 .*: Recipient address rejected: recipient is on the suppression list \(manual\)$' \
		answer >out
	if [ -s out ] || [ "$(wc -l <answer)" != "$(wc -l <"$3")" ]; then
		tail -n 20 "$pf/log" >>err
		fail "$1" "answers:"
	else
		pass "$1"
	fi
}
refused "smtpd refuses each address, by the view" "$port" given
grep -v '^#' given >keyed
refused "smtpd refuses each address, by the export" "$port_access" keyed

# accepts NAME PORT ADDRESS
accepts() {
	answers "$2" "$3" >out 2>err
	has "$1" out "	250 "
}
for address in nobody held scoped ended released; do
	accepts "smtpd takes $address@, by the view" "$port" \
		"$address@example.com"
done
accepts "smtpd takes another, by the export" "$port_access" nobody@example.com

# The same smtpd: nothing is started, reloaded or built anew.
ours suppress --reason=test once@example.com >out 2>err
answers "$port" Once@Example.com >out 2>err
has "who is suppressed is refused at once" out "	554 5.7.1 "
ours release --reason=test once@example.com >out 2>err
accepts "who is released is taken at once" "$port" once@example.com

# What comes back of such a refusal must not suppress anybody anew.
reply=$(answers "$port" o\'brien@example.com | cut -f2)
bounce "o'brien@example.com" 5.7.1 "$reply" >mail
"$BW" parse --format=jsonl mail >out 2>err
is "a bounce of it says that we did not try" "$(jq -r .class out)" skipped
end
