#!/bin/sh
# check --csv: what goes through, what does not and why, byte for byte.
# tests/cmd/check.py does it with files that nobody thought of.
. "$(dirname "$0")/lib.sh"

run suppress --reason=asked bert@example.com
run suppress --reason=asked --scope=news carl@example.com

# filter INPUT [ARGUMENT...]: a printf format through check --csv=mail
filter() {
	# shellcheck disable=SC2059
	printf "$1" >in.csv
	shift
	rm -f no.csv
	"$BW" check --csv=mail --rejected=no.csv "$@" <in.csv >out 2>err
	status=$?
}

# gives NAME FORMAT: the rows that pass
gives() {
	# shellcheck disable=SC2059
	printf "$2" >want
	truly "$1" cmp -s out want
}

# why NAME REASON...: of each rejected row, without the head
why() {
	name=$1
	shift
	is "$name" "$(tail -n +2 no.csv | cut -d, -f4 | tr '\n' ' ')" "$* "
}

filter 'mail,n\nanna@example.com,1\ndora@example.com,2\n'
ends "all may be mailed" 0
truly "and all is as it was" cmp -s in.csv out
is "nothing is rejected but the head" "$(cat no.csv)" \
	"line,state,scope,reason,since,mail,n"
has "the summary" err "2 may be mailed, 0 may not"

# Quotes, separators and line ends stay.
filter 'n,mail\r\n"1,\r\n""x""",anna@example.com\r\n2,bert@example.com\n3,"dora@example.com"'
ends "one may not" 1
gives "what may is as it was, without a final newline" \
	'n,mail\r\n"1,\r\n""x""",anna@example.com\r\n3,"dora@example.com"'
is "what may not says where, what and why" \
	"$(tail -n 1 no.csv | sed 's/20..-..-..T..:..:..Z/T/')" \
	'4,suppressed,*,manual,T,2,bert@example.com'
filter '\357\273\277"mail";n\nbert@example.com;1\nanna@example.com;a,b,c\n'
gives "a byte order mark stays in front" \
	'\357\273\277"mail";n\nanna@example.com;a,b,c\n'
is "of both" "$(head -n 1 no.csv)" \
	"$(printf '\357\273\277line;state;scope;reason;since;"mail";n')"
filter 'mail\n\nanna@example.com\n\r\n\n'
ends "empty rows are nobody" 0
truly "and pass" cmp -s in.csv out
filter '\357\273\277\n\r\nmail\nanna@example.com\n'
truly "before the head, too, behind the mark" cmp -s in.csv out

# As Excel writes it, and wants it, in the first row of what it reads.
filter 'sep=;\r\nn,m;mail\r\n1,2;bert@example.com\r\n3,4;anna@example.com\r\n'
ends "a row that names the separator" 1
gives "stays where it was" 'sep=;\r\nn,m;mail\r\n3,4;anna@example.com\r\n'
is "in both" "$(head -n 1 no.csv)" "$(printf 'sep=;\r')"
has "which has the columns by it" no.csv ";bert@example.com"
is "and the lines of the whole" "$(tail -n 1 no.csv | cut -d ';' -f 1)" 3
filter 'sep=|\nmail|a\nanna@example.com|","\n'
truly "another one" cmp -s in.csv out
run check --csv=mail --rejected=- in.csv
ends "what is rejected goes to no standard output" 64
truly "nor to a file of that name" test ! -e -
filter 'mail\nsep=;\n'
why "it names none further down" no-address
filter 'sep="\nmail\nanna@example.com\n'
ends "nor is a quote one" 64

# Hidden: the key is without it.
filter 'mail\n"an\302\240na@example.com"\nanna\342\200\213@example.com\n\377anna@example.com\nann\302\255a@example.com\nanna@example.com \n anna@example.com\nanna@example.com.\n"anna@example.com\n"\nanna@\357\275\205xample.com\nanna@example\343\200\202com\nanne\314\201@example.com\nan\342\240\200na@example.com\nan\357\277\274na@example.com\n'
ends "what nobody sees" 1
is "does not pass" "$(cat out)" mail
is "and is told" "$(grep -c 'invalid,,hidden-character' no.csv)" 13
filter 'mail\nan\303\251@example.com\nanna@b\303\274cher.example\n<anna@example.com>\n'
ends "letters of other alphabets are not hidden" 0

# In doubt: what looks like another address, and what may be sent on elsewhere.
run suppress --reason=asked gate!emil@example.com
has "in doubt, suppressed, it is told" err "'gate!emil@example.com' has a ! before the @: some servers send it on to the host before that; suppressed as it is written"
has "and done" out "gate!emil@example.com: suppressed"
filter 'mail\nu\321\225er@example.com\nanna%%example.net@example.com\nhost!anna@example.com\nanna@\321\200aypal.example\nanna@example.com\nGate!Emil@example.com\n'
ends "what is in doubt" 1
gives "does not pass" 'mail\nanna@example.com\n'
why "with why, after what is on the list" mixed-script percent-hack bang-path mixed-script manual
has "and is counted" err "2  invalid: mixed-script"
filter 'mail\n\320\270\320\262\320\260\320\275@example.com\n\345\261\261\347\224\260\343\201\256\343\203\212taro@example.com\nwow!@example.com\n100%%@example.com\nanna+x@example.com\n\320\270\320\262\320\260\320\275+news@example.com\n'
ends "whole words of one script, Japanese, a % or ! that leads nowhere" 0
run check "$(printf 'u\321\225er@example.com')" anna@example.com
ends "asked about" 0
has "it is told" err "er@example.com' mixes letters of scripts that look alike, and can be taken for another address; looked up as it is written"
is "once" "$(wc -l <err)" 1
echo 'x!y@example.com' | "$BW" check >out 2>err
has "with its line" err "standard input, line 1: 'x!y@example.com' has a ! before the @"

filter 'n,mail\n1\n2,\n3,"a@example.com, b@example.com"\n4,Anna <anna@example.com>\n5,nobody\n'
why "no address" no-column empty several-addresses name-and-address no-address
has "the first is told" err "begins in line 2"
filter 'mail,n\nanna\000@example.com,1\nanna@example.com,\000\n'
gives "NUL in another column goes through" 'mail,n\nanna@example.com,\000\n'
# Where others end a row at a CR, what follows went by unseen.
filter 'mail,n\ranna@example.com,1\rbert@example.com,2\r'
ends "a file with CR alone" 65
is "passes nothing" "$(wc -c <out)" 0
filter 'mail,n\nanna@example.com,1\rbert@example.com,2\ndora@example.com,"\r"\n'
gives "CR alone, in quotes" 'mail,n\ndora@example.com,"\r"\n'
why "and out of them" carriage-return
filter 'n,mail\n1,anna@example.com\n2,anna@example.com,"x\n3,dora@example.com\n'
ends "an open quote is a broken file" 65
gives "what is before it passed" 'n,mail\n1,anna@example.com\n'
is "the rest did not" "$(tail -n 2 no.csv)" "$(printf '%s\n%s' \
	'3,invalid,,open-quote,,2,anna@example.com,"x' '3,dora@example.com')"

# A row of 1 MiB and more: with an open quote, and without an end.
printf 'mail,n\nanna@example.com,%01048000d\ndora@example.com,2\n' 0 >in.csv
run check --csv=mail in.csv
ends "a row of just under 1 MiB" 0
truly "passes" cmp -s in.csv out
{
	printf 'mail,n\nanna@example.com,"'
	head -c 60000000 /dev/zero
	printf '\ndora@example.com,2\n'
} >in.csv
"$BW" check --csv=mail --rejected=no.csv in.csv >out 2>err
is "a longer one is a broken file" $? 65
gives "and what follows within its quote does not pass" 'mail,n\n'
has "its row is told" err "the first that is invalid begins in line 2"
is "nothing of it is lost" "$(tail -n +2 no.csv | wc -c)" \
	"$((60000000 + 1 + $(printf '2,invalid,,long-row,,anna@example.com,"dora@example.com,2\n' | wc -c)))"
{
	printf 'mail,n\nanna@example.com,"'
	head -c 1100000 /dev/zero | tr '\0' x
	printf '\ndora@example.com,2\nx"\nemil@example.com,3\n'
} >in.csv
"$BW" check --csv=mail --rejected=no.csv in.csv >out 2>err
is "one whose quote ends behind that" $? 65
gives "costs no row behind it" 'mail,n\nemil@example.com,3\n'
is "and nothing of it passes" "$(tail -n 2 no.csv | head -n 1)" dora@example.com,2
filter 'mail,n\n"dora@example.com"x,1\n"dora@example.com",2\n"dora@example.com" ,3\ndora@example.com,"x"y\n'
gives "text behind the quote that ends an address" 'mail,n\n"dora@example.com",2\ndora@example.com,"x"y\n'
why "is told" text-after-quote text-after-quote
filter "mail\n'anna@example.com\no'dora@example.com\n'dora@example.com'\n"
gives "an apostrophe before an address" "mail\no'dora@example.com\n"
why "is told, too" leading-apostrophe no-address

filter 'id,E-Mail,mailing\n'
ends "a column that is not there" 64
has "those that are" err "  2  E-Mail"
truly "nothing is written" test ! -e no.csv
filter 'mail,Mail\n'
ends "two columns of the name" 64
filter ''
ends "no head" 64
printf 'x,anna@example.com\ny,bert@example.com\n' >in.csv
run check --csv=2 in.csv
ends "by number" 1
gives "the first row is one" 'x,anna@example.com\n'
printf 'n,mail\ny,anna@example.com\n' >in.csv
run check --csv=2 in.csv
has "a head is not passed over in silence" err "is it a head?"

filter 'mail\ncarl@example.com\n' --scope=other
ends "another scope" 0
has "that nothing is known of" err "nothing is known of the scope 'other'"
run check --scope=News carl@example.com
has "of arguments, too, for a letter" err "nothing is known of the scope 'News'"
run check --scope=news carl@example.com
lacks "not of one that there is" err "nothing is known"
filter 'mail\ncarl@example.com\n' --scope=news
ends "its own scope" 1
has "is told" no.csv ",suppressed,news,manual,"

printf 'mail\nanna@example.com\nbert@example.com\n' >in.csv
echo old >no.csv
run check --csv=mail --rejected=nowhere/no.csv in.csv
ends "no place for what is rejected" 73
"$BW" check --csv=mail --rejected=no.csv in.csv >/dev/full 2>err
is "a full disk" $? 74
is "leaves what was there" "$(cat no.csv)" old
# The reader goes away: nothing to tell.
{
	printf 'mail\n'
	yes anna@example.com | head -n 300000
} >long.csv
{
	"$BW" check --csv=mail --rejected=no.csv long.csv 2>err
	echo $? >ended
} | head -n 1 >out
is "a pipe that closes early" "$(cat ended)" 74
is "is no news" "$(wc -c <err)" 0
is "and no reason to write the rejected" "$(cat no.csv)" old
run check --csv=mail absent.csv
ends "no such file" 66
run check --csv=mail .
ends "a folder" 66
run check --csv=mail --format=csv in.csv
ends "--format with --csv" 64
run check --rejected=no.csv anna@example.com
ends "--rejected without" 64

# Two threads have a half each: the answers come in the order of the rows.
{
	printf 'mail,n\n'
	seq 1 30000 | sed 's/.*/a&@example.com,&/; 7~1000s/^[^,]*/bert@example.com/'
} >in.csv
grep -v '^bert' in.csv >want
run check --csv=mail --rejected=no.csv in.csv
truly "many rows" cmp -s out want
is "none is lost" "$(tail -n +2 no.csv | cut -d, -f6- | grep -c '^bert')" 30

"$BW" check <in.csv >out 2>err
is "a long list that is none" $? 65
cut -d, -f1 in.csv | tail -n +2 >list
"$BW" check --format=csv <list >out 2>err
is "a long list" $? 1
is "has the order of the input" \
	"$(tail -n +2 out | cut -d, -f1 | cksum)" "$(cksum <list)"

# What is left of a purged address is a hash. Without a look at those it
# passes; its domain is known, or not.
run suppress --reason=asked gone@example.com gone@example.net
run db purge gone@example.com
run db purge gone@example.net
filter 'mail\nanna@example.com\ngone@example.com\ngone@example.net\n'
gives "a purged address stays where it is" 'mail\nanna@example.com\n'
is "and is suppressed" "$(grep -c ',suppressed,\*,' no.csv)" 2

if command -v python3 >/dev/null; then
	truly "as python reads it" \
		python3 "$top/tests/cmd/check.py" "$BW" test.db 5 60
fi
# What is ours, or is being read, is not written over. Shown failing without
# export_file_spare() and without the comparison with what is read.
printf 'email\nx@example.org\n' >in.csv
for f in test.db test.db-wal in.csv; do
	run check --csv=email --rejected=$f in.csv
	ends "--rejected=$f" 73
done
run check x@example.org
ends "the database is well" 0

# No text at all: what it is, and what to do. Seen to fail, each of them.
printf 'email\na@example.org\n' | iconv -t UTF-16 >wide.csv
run check --csv=email wide.csv
ends "a CSV file in UTF-16" 65
has "is told to be one" err "'wide.csv' is no CSV file: it is UTF-16: save it as UTF-8"
printf 'a@example.org\n' | iconv -t UTF-16LE >wide.txt
run check <wide.txt
ends "so are addresses" 65
has "as well" err "standard input is no list: it is UTF-16"
run suppress --reason=r --file=wide.txt
ends "and those to suppress" 65
has "as well" err "'wide.txt' is no list: it is UTF-16"
run suppress --reason=r --csv=email --file=wide.csv
ends "also of a column" 65
has "as well" err "'wide.csv' is no list: it is UTF-16"
lacks "and nothing is to do again" err "do it again for the rest"

end
