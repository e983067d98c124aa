#!/bin/sh
# parse: the contract of jsonl, and what it does with odd files.
. "$(dirname "$0")/lib.sh"

bounce anna@example.org >anna.eml
ordinary >lunch.eml
run parse --format=jsonl anna.eml lunch.eml
ends "two mails" 0
is "one line for each verdict" "$(wc -l <out)" 2
keys='"v": "file": "recipient": "class": "reason": "status": "smtp": '
keys=$keys'"final_recipient": "original_recipient": "forwarded": "action": '
keys=$keys'"diagnostic": "remote_mta": "reporting_mta": "provider": '
keys=$keys'"stream": "original_message_id": "arrived_at": "rule": "origin": '
keys=$keys'"limits": "weak": '
is "the keys in their order" \
	"$(head -n 1 out | grep -o '"[a-z_]*":' | tr '\n' ' ')" "$keys"
is "the same for no bounce" \
	"$(tail -n 1 out | grep -o '"[a-z_]*":' | tr '\n' ' ')" "$keys"
has "a hard bounce" out '"file":"anna.eml","recipient":"anna@example.org","class":"hard","reason":"user-unknown","status":"5.1.1","smtp":550,'
has "no bounce has no recipient" out '"file":"lunch.eml","recipient":null,"class":"none","reason":null,"status":null,"smtp":null,'
has "limits is a list" out '"limits":[],'

run parse - <anna.eml
has "text, from standard input" out "-: hard user-unknown anna@example.org"
run parse --explain anna.eml
ends "--explain" 0
has "shows what decided" out "  | "
run parse --explain --format=jsonl anna.eml
ends "--explain is for people" 64
run parse --format=csv anna.eml lunch.eml
is "csv has a head and rows" "$(wc -l <out)" 3
has "of the same names" out "file,recipient,class,reason,status,smtp,final_recipient,original_recipient,"

cp anna.eml eol.eml
"$BW" parse --format=jsonl eol.eml >lf
sed 's/$/\r/' anna.eml >eol.eml
"$BW" parse --format=jsonl eol.eml >crlf
tr '\n' '\r' <anna.eml >eol.eml
"$BW" parse --format=jsonl eol.eml >cr
truly "CRLF gives the same" cmp -s lf crlf
truly "CR gives the same" cmp -s lf cr

bounce 'b@example.org' 5.1.1 "$(printf '550 5.1.1 unknown user \351t\351 \033[31m')" >latin.eml
run parse --format=jsonl latin.eml
truly "bytes that are no UTF-8 are mended" iconv -f UTF-8 -t UTF-8 -o mended out
truly "controls are escaped" [ -z "$(tr -d '\n' <out | tr -d ' -~\200-\377')" ]
run parse latin.eml
truly "for people, too" [ -z "$(tr -d '\n' <out | tr -d ' -~\200-\377')" ]

{
	bounce big@example.org
	head -c 1200000 /dev/zero | tr '\0' 'x'
} >big.eml
run parse --format=jsonl big.eml
has "a long mail is read to 1 MiB" out '"limits":["message"'

mkdir folder
run parse absent.eml folder anna.eml
ends "what cannot be read" 66
has "is named" err "unable to read 'absent.eml': No such file"
has "with advice" err "'bouncewatch ingest' takes folders"
has "and the rest is judged" out "anna.eml: hard"
: >empty.eml
run parse --format=jsonl empty.eml
has "an empty file is no bounce" out '"class":"none"'
{
	echo 'From a@example.org Mon Jan  5 10:00:00 2026'
	cat anna.eml
	printf '\nFrom a@example.org Mon Jan  5 10:00:00 2026\n'
	cat lunch.eml
} >two.mbox
run parse two.mbox
has "an mbox is told" err "'bouncewatch ingest' takes an mbox"
run parse
ends "no file is a mistake" 64
run parse --format=jsonl "$(printf 'evil\033[2J.eml')"
truly "names of files are shown, not obeyed" \
	[ -z "$(tr -d '\n' <err | tr -d ' -~')" ]

i=0
while [ $i -lt 300 ]; do
	ln -s ../anna.eml folder/$i.eml
	i=$((i + 1))
done
run parse --format=jsonl folder/*.eml
is "hundreds of files in one call" "$(wc -l <out)" 300
"$BW" parse --format=jsonl folder/*.eml >/dev/full 2>err
is "a full disk is noticed" $? 74

bounce weak@example.org 5.4.1 '550 5.4.1 <weak@example.org>: Recipient address rejected: Access denied' >weak.eml
run parse weak.eml
has "weak evidence is told" out "one such bounce alone does not suppress"
run parse --format=jsonl weak.eml
has "to programs, too" out '"weak":true'
run parse --without=nosuch weak.eml
ends "a family that does not exist" 64
has "is no family" err "there is no rule or family 'nosuch'"
end
