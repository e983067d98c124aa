#!/bin/sh
# Debian's Exim refuses whom we suppress, by the view of the database (the ACL
# of bouncewatch-database(5) as it stands there) and by the export exim-lsearch:
# exim -be, and sessions of exim -bh, which answers as the server would.
. "$(dirname "$0")/lib.sh"
. "$here/lib-exim.sh"

python3 "$here/addresses.py" >pairs || exit 1
# Exim takes no dot at the end of a domain, and takes a blank before a comma,
# in quotes, for the beginning of an option of RCPT.
cut -f2 pairs | grep -v -e '\.$' -e '^" ,' >given
ours suppress --reason=test --file=- <given >out 2>err
status=$?
ends "hostile addresses are suppressed" 0
ours suppress --reason=test --scope=news scoped@example.com >out 2>err
ours export --scope='*' -o "$T/lib/suppressed" exim-lsearch >out 2>err
status=$?
ends "export exim-lsearch" 0
cp lib/suppressed "$ex/suppressed" && chmod 644 "$ex/suppressed"

conf() {
	cat <<END
spool_directory = $ex/spool
log_file_path = $ex/spool/%slog
primary_hostname = mx.example.net
keep_environment =
smtputf8_advertise_hosts = *
allow_domain_literals
smtp_max_synprot_errors = 1000
acl_smtp_rcpt = acl_check_rcpt
begin acl
END
}

# session FILE: RCPT TO of each line; lines ADDRESS TAB CODE TEXT in answer
session() {
	{
		echo "EHLO client.example.com"
		echo "MAIL FROM:<news@news.example.com> SMTPUTF8"
		sed 's/.*/RCPT TO:<&>/' "$1"
		echo QUIT
	} >smtp
	exim -bh 192.0.2.1 <smtp >replies 2>err
	tr -d '\r' <replies | sed -n '/^250 HELP/,$p' | sed '1,2d; /^221 /d' |
		grep -E '^[0-9]{3} ' | paste "$1" - >answer
}

# refuses NAME FILE: each of the file's addresses, with our sentence
refuses() {
	session "$2"
	grep -v '	550 recipient is on the suppression list (manual)$' answer |
		head -n 20 >out
	if [ -s out ] || [ "$(wc -l <answer)" != "$(wc -l <"$2")" ]; then
		tail -n 20 err >last && mv last err
		fail "$1" "answers:"
	else
		pass "$1"
	fi
}

# accepts NAME ADDRESS
accepts() {
	echo "$2" >one
	session one
	mv answer out
	has "$1" out "	250 "
}

others='nobody scoped %'

# --- the view -------------------------------------------------------------------
{ conf && recipe exim-acl bouncewatch-database.5 && echo "  accept"; } \
	>"$ex/exim.conf"
has "the manual page has a recipe" "$ex/exim.conf" "lookup sqlite"
# Fails with: no quote_sqlite (o'brien); no quote_local_part ("in side").
refuses "Exim refuses each address, by the view" given
for local in $others; do
	accepts "Exim takes $local@, by the view" "$local@example.org"
done
accepts "Exim takes who complained of one list" scoped@example.com
exim -be "\${lookup sqlite,file=$db {SELECT count(*) FROM suppressed}}" \
	>out 2>err
is "exim -be counts the list" "$(cat out)" "$(($(wc -l <given) + 1))"
ours release --reason=test "o'brien@example.com" >out 2>err
accepts "who is released is taken at once" "o'brien@example.com"
ours suppress --reason=test "o'brien@example.com" >out 2>err

# --- the export -----------------------------------------------------------------
# The ACL of bouncewatch-export(1), with what the lookup gives.
{
	conf
	echo "acl_check_rcpt:"
	echo "  deny recipients = lsearch;$ex/suppressed"
	# shellcheck disable=SC2016
	echo '       message = $recipient_data'
	echo "  accept"
} >"$ex/exim.conf"
# A domain in another spelling is another key.
grep -v -i -e bücher -e пример -e 中国 given >keyed
# Fails with: no quotes around a key with a colon or a blank.
refuses "Exim refuses each address, by the export" keyed
for local in $others; do
	accepts "Exim takes $local@, by the export" "$local@example.org"
done
end
