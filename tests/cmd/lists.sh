#!/bin/sh
# import of platforms' suppression lists: each as its platform writes it (by
# their documentation, not by our own export), first a dry run, conflicts, the
# same file twice, mistakes, hostile files.
#
# Shown to fail by: a dry run that commits, or forgets what it took; a word or a
# code taken out of its table; soft bounces and unclear ones taken; policy's end
# not applied; own addresses not refused; the arena not emptied by row; the
# guard ' not taken off; --stream not looked at; a shape without what it lacks;
# fractions and mail's dates not read as times; plain lines read as CSV; what a
# status says not looked at; a shape that is known by too little before another
# platform's; a scope with a line break taken; one apostrophe too few taken off.
. "$(dirname "$0")/lib.sh"
cat >>bouncewatch.yaml <<'END'
never_suppress: ["ceo@*"]
END

# suppressed: "address reason" of all, sorted
suppressed() {
	"$BW" export csv 2>/dev/null | tr -d '\r' |
		awk -F, 'NR > 1 { print $1, $5 }' | sort
}

# fresh: an empty database
fresh() { rm -f test.db*; }

# takes NAME FILE FORMAT WANTED-ROWS: recognised by itself as that platform,
# first dry, then done, then known
takes() {
	fresh
	run import "$2"
	ends "$1: a dry run" 0
	has "$1: is recognised" err "$2: $3: "
	has "$1: changes nothing" err "this was a dry run"
	is "$1: which is true" "$(suppressed)" ""
	would=$(sed -n 's/.*would suppress \([0-9]*\).*/\1/p' err)
	run import --yes "${5:-$3}" "$2"
	ends "$1: by its name" 0
	is "$1: suppresses" "$(suppressed)" "$4"
	is "$1: as many as was told" \
		"$(sed -n 's/.*bouncewatch: suppressed \([0-9]*\).*/\1/p' err)" "$would"
	run import --yes "$2"
	has "$1: twice changes nothing" err "bouncewatch: suppressed 0 addresses"
}

# --- each platform ---

printf 'a@b.example.org,BOUNCE\nc@b.example.org,COMPLAINT\n' >ses.csv
takes "SES CSV" ses.csv ses "a@b.example.org manual
c@b.example.org abuse"

cat >ses.jsonl <<'END'
{"emailAddress":"a@b.example.org","reason":"BOUNCE"}
{"emailAddress":"c@b.example.org","reason":"COMPLAINT"}
END
takes "SES JSON lines" ses.jsonl ses "a@b.example.org manual
c@b.example.org abuse"

cat >ses.json <<'END'
{
    "SuppressedDestinationSummaries": [
        {
            "EmailAddress": "a@b.example.org",
            "Reason": "BOUNCE",
            "LastUpdateTime": "2020-04-10T21:03:05.123000+00:00"
        },
        {
            "EmailAddress": "c@b.example.org",
            "Reason": "COMPLAINT",
            "LastUpdateTime": 1586552585.077
        }
    ],
    "NextToken": "x"
}
END
takes "SES list" ses.json ses "a@b.example.org manual
c@b.example.org abuse"
run check a@b.example.org
has "SES list: since the platform's time" out "since 2020-04-10"
run explain a@b.example.org
has "explain tells the platform, file, line and word" out \
	"ses, ses.json:3 record 1: BOUNCE)"

cat >mailgun.csv <<'END'
address,code,error,created_at
a@b.example.org,550,5.1.1 <a@b.example.org>: No such mailbox,"Mon, 06 May 2024 18:11:58 UTC"
n@b.example.org,550,,"Mon, 06 May 2024 18:11:58 UTC"
o@b.example.org,605,Not delivering to previously bounced address,"Mon, 06 May 2024 18:11:58 +0000"
c@b.example.org,607,,"Mon, 06 May 2024 18:11:58 UTC"
f@b.example.org,552,552 5.2.2 Mailbox full,"Mon, 06 May 2024 18:11:58 UTC"
s@b.example.org,554,"554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using a block list",
END
takes "Mailgun CSV" mailgun.csv mailgun "a@b.example.org user-unknown
c@b.example.org abuse
n@b.example.org manual
o@b.example.org manual"
has "a full mailbox is told" out "mailgun.csv:6: f@b.example.org: not taken: a soft bounce"
has "a block, too" out "mailgun.csv:7: s@b.example.org: not taken: a block"
run import --yes --all mailgun.csv
is "--all takes them" "$(suppressed | grep -c manual)" 4

cat >mailgun.json <<'END'
{"items":[{"address":"a@b.example.org","code":"550","created_at":"Mon, 06 May 2024 18:11:58 UTC","error":"No such mailbox"},
{"address":"d@b.example.org","code":550,"error":"550 5.1.2 Host unknown"}],"paging":{"next":"https://api.example.net/x","first":"y"}}
END
takes "Mailgun JSON" mailgun.json mailgun "a@b.example.org user-unknown
d@b.example.org domain-unknown"
printf 'address,tags,created_at\nu@b.example.org,*,"Mon, 06 May 2024 18:11:58 UTC"\n' >unsub.csv
takes "Mailgun unsubscribes" unsub.csv mailgun "u@b.example.org unsubscribe"
# Their reason is what they are: they were taken for bounces.
printf 'address,created_at\nc@b.example.org,"Mon, 06 May 2024 18:11:58 UTC"\n' >compl.csv
fresh
run import --yes mailgun compl.csv
is "Mailgun complaints, where it is named" "$(suppressed)" "c@b.example.org abuse"
printf '{"items":[{"address":"c@b.example.org","created_at":"Mon, 06 May 2024 18:11:58 UTC"}],"paging":{}}' >compl.json
fresh
run import --yes mailgun compl.json
is "and as JSON" "$(suppressed)" "c@b.example.org abuse"
printf 'address\na@b.example.org\n' >short.csv
fresh
run import --yes mailgun short.csv
is "Mailgun, only addresses: where it is named" "$(suppressed)" "a@b.example.org manual"

cat >sg.csv <<'END'
status,reason,email,created
5.1.1,"550 5.1.1 The email account that you tried to reach does not exist",a@b.example.org,1443651125
5.0.0,"550 rejected",u@b.example.org,1443651125
4.2.2,"452 4.2.2 The email account is over quota",f@b.example.org,1443651125
5.7.1,"550 5.7.1 blocked for spam",s@b.example.org,1443651125
5.1.1,,n@b.example.org,1443651125
END
takes "SendGrid bounces" sg.csv sendgrid "a@b.example.org user-unknown
n@b.example.org user-unknown"
has "what may be a block is not taken" out "sg.csv:3: u@b.example.org: not taken: its text does not tell"
cat >sg.json <<'END'
[{"created":1443651125,"email":"a@b.example.org","reason":"550 5.1.1 No such user here","status":"5.1.1"},
 {"created":"2014-12-06 08:34:48","email":"b@b.example.org","reason":"550 5.1.1 No such user here","status":"5.1.1"}]
END
takes "SendGrid JSON" sg.json sendgrid "a@b.example.org user-unknown
b@b.example.org user-unknown"
printf 'email,created,reason\ni@b.example.org,1443651125,Mail domain mentioned in email address is unknown\nj@b.example.org,1443651125,\n' >sgi.csv
fresh
run import --yes sgi.csv
has "SendGrid invalid addresses" err "sendgrid: invalid addresses"
is "have a reason of their own, or what the text says" "$(suppressed)" "i@b.example.org domain-unknown
j@b.example.org address-invalid"
printf 'email,created,ip\nc@b.example.org,1443651125,192.0.2.1\n' >sgs.csv
takes "SendGrid spam" sgs.csv sendgrid "c@b.example.org abuse"
printf '{"recipient_emails":["u@b.example.org",\n"v@b.example.org"]}\n' >sgu.json
takes "SendGrid unsubscribes" sgu.json sendgrid "u@b.example.org unsubscribe
v@b.example.org unsubscribe"

cat >pm.json <<'END'
{"Suppressions":[{"EmailAddress":"a@b.example.org","SuppressionReason":"HardBounce","Origin":"Recipient","CreatedAt":"2019-12-17T08:58:33-05:00"},{"EmailAddress":"c@b.example.org","SuppressionReason":"SpamComplaint","Origin":"Recipient","CreatedAt":"2019-12-17T08:58:33-05:00"},{"EmailAddress":"m@b.example.org","SuppressionReason":"ManualSuppression","Origin":"Customer","CreatedAt":"2019-12-17T08:58:33-05:00"}]}
END
takes "Postmark" pm.json postmark "a@b.example.org manual
c@b.example.org abuse
m@b.example.org manual"
printf '{"Suppressions":[{"EmailAddress":"a@b.example.org"}]}' >pmc.json
takes "Postmark, to create" pmc.json postmark "a@b.example.org manual"

cat >sp.json <<'END'
{"results":[{"recipient":"a@b.example.org","type":"non_transactional","source":"Bounce Rule","description":"550: 550 5.1.1 User unknown","created":"2021-01-05T09:12:10+00:00","updated":"2021-01-05T09:12:10+00:00"},
{"recipient":"c@b.example.org","type":"transactional","source":"Spam Complaint","description":"","created":"2021-01-05T09:12:10+00:00"},
{"recipient":"u@b.example.org","type":"non_transactional","source":"List Unsubscribe"}],"total_count":3}
END
takes "SparkPost" sp.json sparkpost "a@b.example.org user-unknown
c@b.example.org abuse
u@b.example.org unsubscribe"
printf '{"recipients":[{"recipient":"a@b.example.org","type":"non_transactional","description":"gone"}]}' >spr.json
takes "SparkPost, to add" spr.json sparkpost "a@b.example.org manual"

printf 'Email Address,First Name,OPTIN_TIME,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID\na@b.example.org,Ann,2019-01-01 00:00:00,2021-02-03 04:05:06,News,1\n' >mc.csv
takes "Mailchimp" mc.csv mailchimp "a@b.example.org manual"
printf 'Email Address,First Name,OPTIN_TIME\na@b.example.org,Ann,2019-01-01 00:00:00\n' >mcs.csv
fresh
run import mcs.csv
ends "Mailchimp: its subscribers are no list" 65
run import mailchimp mcs.csv
ends "Mailchimp: not by name either" 65

cat >md.csv <<'END'
email,reason,detail,created_at,expires_at,last_event_at,expires_at,subaccount
a@b.example.org,hard-bounce,"smtp;550 5.1.1 User unknown",2021-02-03 04:05:06,,,,
f@b.example.org,soft-bounce,"smtp;452 4.2.2 full",2021-02-03 04:05:06,2021-03-03 04:05:06,,,
c@b.example.org,spam,,2021-02-03 04:05:06,,,,
u@b.example.org,unsub,,2021-02-03 04:05:06,,,,
END
takes "Mandrill" md.csv mandrill "a@b.example.org user-unknown
c@b.example.org abuse
u@b.example.org unsubscribe"

cat >lm.json <<'END'
{"data":{"results":[{"id":1,"type":"hard","source":"api","meta":{"some":"thing"},"created_at":"2021-08-20T23:54:22.851858Z","email":"a@b.example.org","subscriber_uuid":"x","subscriber_id":1,"campaign":{"id":1,"name":"News"}},
{"id":2,"type":"soft","source":"api","meta":"{}","created_at":"2021-08-20T23:54:22.851858Z","email":"f@b.example.org"},
{"id":3,"type":"complaint","source":"ses","meta":"{}","created_at":"2021-08-20T23:54:22.851858Z","email":"c@b.example.org"}],"total":3}}
END
takes "listmonk" lm.json listmonk "a@b.example.org manual
c@b.example.org abuse"
printf 'email,name,attributes,status\na@b.example.org,Ann,{},blocklisted\nb@b.example.org,Ben,{},enabled\n' >lms.csv
takes "listmonk subscribers" lms.csv listmonk "a@b.example.org manual"

printf 'a@b.example.org,2999-01-01T00:00:00Z\nb@b.example.org,2001-01-01T00:00:00Z\nc@b.example.org\n' >cf.csv
takes "Cloudflare" cf.csv cloudflare "a@b.example.org manual
c@b.example.org manual"
run check a@b.example.org
has "Cloudflare: until its expiry" out "until 2999-01-01"
printf 'c@b.example.org\na@b.example.org,2999-01-01T00:00:00Z\n' >cf.txt
takes "Cloudflare, the first without expiry" cf.txt cloudflare "a@b.example.org manual
c@b.example.org manual"
printf '{"items":[{"email":"a@b.example.org","note":"gone"}]}' >cf.json
takes "Cloudflare JSON" cf.json cloudflare "a@b.example.org manual"

cat >tx.csv <<'END'
id,to,from,reason,source,scope,status,domain_id,created_at,updated_at,expires_at,group_id
1,a@b.example.org,,bounce,,account,,,2025-02-03T04:05:06Z,,,
2,c@b.example.org,,complaint,,account,,,2025-02-03T04:05:06Z,,,
END
takes "Telnyx" tx.csv telnyx "a@b.example.org manual
c@b.example.org abuse"

printf '\357\273\277a@b.example.org\r\n\r\n  "b c"@b.example.org  \r\n' >plain.txt
takes "a plain list" plain.txt plain '"""b c""@b.example.org" manual
a@b.example.org manual'
printf '{"emails":["a@b.example.org",\n"b@b.example.org"]}' >resend.json
takes "Resend" resend.json csv "a@b.example.org manual
b@b.example.org manual" jsonl
printf 'Email\na@b.example.org\n' >hubspot.csv
takes "one column" hubspot.csv csv "a@b.example.org manual"
printf 'name;E-Mail;Reason;Code\nAnn;a@b.example.org;550 5.1.1 User unknown;\nBen;b@b.example.org;mailbox-disabled;\nCy;c@b.example.org;spam_complaint;\n' >any.csv
takes "any CSV that tells why" any.csv csv "a@b.example.org user-unknown
b@b.example.org mailbox-disabled
c@b.example.org abuse"
cat >reply.csv <<'END'
email,code,error
a@b.example.org,550,5.1.1 User unknown
f@b.example.org,452,4.2.2 mailbox full
d@b.example.org,250,ok
n@b.example.org,,
END
takes "a list without words, but replies" reply.csv csv "a@b.example.org user-unknown
n@b.example.org manual"
has "one that was delivered is not suppressed there" err "1 not suppressed on their list"
printf 'recipient,at,event,status,diagnostic\na@b.example.org,2026-11-20,bounced,5.1.1,\nd@b.example.org,2026-11-20,delivered,2.0.0,250 ok\n' >log.csv
fresh
run import log.csv
ends "a log is no list" 65
run import csv log.csv
ends "not by name either" 65
printf 'name,email,city\nAnn,a@b.example.org,Berlin\n' >people.csv
fresh
run import people.csv
ends "people are no list" 65
has "which is told" err "no list that is known has 'name, email, city'"
run import --yes csv people.csv
is "unless it is asked for" "$(suppressed)" "a@b.example.org manual"
run import mailgun sg.csv
ends "another platform's file" 65
has "is told" err "sg.csv:1: 'status, reason, email, created' is not what mailgun exports: address, code, error, created_at"
has "with what it looks like" err "it looks like sendgrid"

# --- what says that it may be mailed ---

# Every row but the first two says so, or nothing that we know.
for column in status state type Status; do
	for head in "email,$column" "address,name,$column" "email,created,$column"; do
		fresh
		{
			echo "$head"
			for word in bounced unsubscribed active Subscribed enabled \
				delivered sent opened clicked confirmed valid ok \
				opted-in; do
				case $head in
				email,[Sst]*) echo "u.$word@b.example.org,$word" ;;
				*) echo "u.$word@b.example.org,2026-01-01,$word" ;;
				esac
			done
		} >standing.csv
		run import --yes --all csv standing.csv
		is "$head: only what bounced or opted out" "$(suppressed)" \
			"u.bounced@b.example.org manual
u.unsubscribed@b.example.org unsubscribe"
		has "the others are counted" err "  11 not suppressed on their list"
		rm -f test.db*
		run import --yes standing.csv
		is "$head: the same where nobody named it" \
			"$(suppressed | grep -cv 'u.bounced@\|u.unsubscribed@')" 0
	done
done
cat >ours.csv <<'END'
address,reason,state
s@b.example.org,user-unknown,suppressed
h@b.example.org,user-unknown,held
p@b.example.org,user-unknown,probation
r@b.example.org,user-unknown,released
x@b.example.org,user-unknown,expired
m@b.example.org,user-unknown,removed
e@b.example.org,user-unknown,
q@b.example.org,user-unknown,quux
END
fresh
run import ours.csv
has "a state that is not known is told" out \
	"ours.csv:9: q@b.example.org: not taken: what its status says is not known"
run import --yes ours.csv
is "our states, in somebody's list" "$(suppressed)" "e@b.example.org user-unknown
s@b.example.org user-unknown"
has "are counted" err "  5 not suppressed on their list"
has "as what is not known is" err "  1 whose status is no word that is known"
run import --yes --all ours.csv
is "--all takes what is not known" "$(suppressed | tail -n 2 | head -n 1)" "q@b.example.org manual"
fresh
printf 'email,reason\na@b.example.org,delivered\nb@b.example.org,active\nc@b.example.org,250 2.0.0 OK\nd@b.example.org,asked us to\ne@b.example.org,not-spam\nf@b.example.org,auto-reply\n' >reasons.csv
run import --yes reasons.csv
is "reasons that are none" "$(suppressed)" "d@b.example.org manual"
fresh
printf '[{"email":"a@b.example.org","status":"active"},{"email":"b@b.example.org","status":"bounced"}]' >standing.json
run import --yes standing.json
is "as JSON, too" "$(suppressed)" "b@b.example.org manual"
fresh
printf 'address,code,error,created_at,status\na@b.example.org,550,5.1.1 no such user,,active\nb@b.example.org,550,5.1.1 no such user,,quux\n' >extra.csv
run import --yes extra.csv
is "in a platform's list with a column more, too" "$(suppressed)" "b@b.example.org user-unknown"
fresh
sed -i 's/account,,,/account,active,,/; s/^1,/1,/' tx.csv
for word in removed inactive expired; do
	echo "3,$word@b.example.org,,bounce,,account,$word,,2025-02-03T04:05:06Z,,," >>tx.csv
done
run import --yes tx.csv
is "Telnyx tells what is active" "$(suppressed)" "a@b.example.org manual
c@b.example.org abuse"
has "the rest is counted" err "  3 not suppressed on their list"
for column in unsubscribed subscribed is_active confirmed; do
	printf 'email,%s\na@b.example.org,false\n' "$column" >yesno.csv
	for as in "" csv; do
		fresh
		# shellcheck disable=SC2086
		run import --yes $as yesno.csv
		ends "a column $column: no list${as:+, as $as}" 65
		has "which is told" err "'$column' tells who may be mailed"
	done
done
printf 'email,created,name\na@b.example.org,2021-01-01,Ann\n' >people2.csv
run import people2.csv
ends "people with a date are no unsubscribes" 65

# --- another platform's file by a wrong name ---

for pair in md.csv:sendgrid md.csv:listmonk md.csv:csv own0.csv:mailgun \
	sg.csv:listmonk sg.csv:csv tx.csv:csv lms.csv:sendgrid lm.json:sendgrid \
	mailgun.csv:csv mailgun.json:jsonl mc.csv:csv; do
	printf 'address,scope,state,class,reason,cause,since,expires\r\nh@b.example.org,*,suppressed,hard,user-unknown,policy,2026-11-20T10:00:00Z,\r\n' >own0.csv
	fresh
	run import --yes "${pair#*:}" "${pair%:*}"
	ends "${pair%:*} is nothing of ${pair#*:}" 65
	has "it is told what it is" err "it looks like "
	is "and nothing is taken" "$(suppressed)" ""
done

# --- several files, standard input, what is printed ---

fresh
run import pm.json
has "a dry run without a database" err "would suppress 3 addresses"
is "makes none" "$(ls test.db* 2>/dev/null)" ""
printf 'recipient,at,status\na@b.example.org,2026-11-20,5.1.1\n' >ev.csv
run import -n events ev.csv
is "nor of events" "$(ls test.db* 2>/dev/null)" ""
run import --yes - <ses.csv
has "from standard input" err "standard input: ses"
run import --yes auto pm.json sp.json missing.json
ends "a missing file" 66
is "costs no other" "$(suppressed | grep -c .)" 4
run import --yes -n ses.csv
ends "a dry run that is to be done" 64
run import --all events sg.csv
ends "--all of events" 64
run import nothere
ends "what is neither a format nor a file" 64
run import nothere.csv
ends "a file that is not there" 66
has "is named" err "unable to open 'nothere.csv': No such file"
run import ./nothere
ends "by its path, too" 66
run import --stream= ses.csv
ends "a stream without a name" 64
has "is told" err "--stream is empty"
run import --stream="a
b" ses.csv
ends "a stream of two lines" 64

# --- conflicts ---

fresh
bounce held@b.example.org >held.eml
run suppress --reason=x hand@b.example.org
run release --reason=x old@b.example.org
printf 'held@b.example.org,%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >engaged.csv
run import engaged engaged.csv
run ingest held.eml
printf 'opened@b.example.org,2026-01-02T00:00:00Z\n' >engaged.csv
run import engaged engaged.csv
cat >conflict.csv <<'END'
address,code,error,created_at
hand@b.example.org,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
old@b.example.org,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
held@b.example.org,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
opened@b.example.org,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
news@news.example.com,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
ceo@b.example.org,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
outage@gmail.com,550,5.1.1 The email account that you tried to reach does not exist,"Tue, 15 Dec 2020 00:30:00 UTC"
before@gmail.com,550,5.1.1 The email account that you tried to reach does not exist,"Thu, 10 Dec 2020 00:30:00 UTC"
gone@b.example.org,550,5.2.1 this account has been disabled,"Mon, 06 May 2024 18:11:58 UTC"
twice@b.example.org,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
Twice@B.example.org,550,5.1.1 no such user,"Mon, 06 May 2024 18:11:58 UTC"
END
run import --format=csv conflict.csv
ends "conflicts are no mistakes" 0
tr -d '\r' <out >dry
is "what is told, by line" "$(cut -d, -f2,4 dry | tr '\n' ' ')" \
	"line,outcome 3,released 4,held 5,engaged 6,own 7,never_suppress 8,incident 10,over "
has "how many would be new" err "would suppress 2 addresses, from 11 entries"
run import --yes --format=csv conflict.csv
is "the same when it is done" "$(tr -d '\r' <out)" "$(cat dry)"
has "and as many" err "bouncewatch: suppressed 2 addresses, from 11 entries"
is "which are these" "$(suppressed)" "before@gmail.com user-unknown
hand@b.example.org manual
twice@b.example.org user-unknown"
run import --format=jsonl conflict.csv
has "as JSON, too" out '"line":3,"address":"old@b.example.org","outcome":"released"'
run import conflict.csv
has "and for people" out "conflict.csv:3: old@b.example.org: left as it is: released by hand here"
has "with the incident" out "; incident "
run release --reason=x twice@b.example.org
run import --yes conflict.csv
run check twice@b.example.org
ends "a release by hand stays" 0
run status
lacks "the guard counted nothing" out "incident 3"

# What a delta tells of it, and what is held there is not suppressed there.
fresh
run suppress --reason=x hand@b.example.org
run export csv --since-last=crm -o add.csv --removals=del.csv
run import --yes ses.json
run export csv --since-last=crm -o add.csv --removals=del.csv
ends "a delta of an import" 0
has "has the platform's time" add.csv \
	"a@b.example.org,*,suppressed,,manual,import,2020-04-10T21:03:05Z,"
printf 'address,scope,state,class,reason,cause,since,expires\r\nh@b.example.org,*,held,hard,user-unknown,incident,2026-11-20T10:00:00Z,2026-12-04T10:00:00Z\r\n' >held.csv
fresh
run import --yes held.csv
has "our own export of what is held suppresses nobody" err "1 not suppressed on their list"
is "indeed" "$(suppressed)" ""

# Complaints hold where they were made.
printf 'c@b.example.org,COMPLAINT\nb@b.example.org,BOUNCE\n' >ses.csv
fresh
run import ses.csv
has "that a complaint holds everywhere is told" err "1 of them are complaints or unsubscribes and hold everywhere"
run import --yes --stream=news ses.csv
is "--stream holds it there" "$("$BW" export csv | tr -d '\r' | cut -d, -f1,2 | sort | tr '\n' ' ')" \
	"address,scope b@b.example.org,* c@b.example.org,news "
run import --yes --format=jsonl ses.csv
has "then everywhere, which is told" out '"address":"c@b.example.org","outcome":"wider"'

# --- round trip of our own ---

fresh
run suppress --reason=x +x@b.example.org =y@b.example.org "'z@b.example.org" '"a,b"@b.example.org' \
	"'=w@b.example.org" "''+v@b.example.org" "'-@b.example.org"
run suppress --reason=x --scope=-news scoped@b.example.org
run suppress --reason=x --scope="'=news" scoped@b.example.org
run import --yes ses.csv
bounce full@b.example.org >full.eml
run ingest full.eml
run export csv
cp out own.csv
run export jsonl
cp out own.jsonl
for f in own.csv own.jsonl; do
	fresh
	run import --yes "$f"
	ends "our own $f" 0
	run export "${f#own.}"
	is "comes back the same" "$(sed 's/"cause":"[a-z]*"//; s/,\(hand\|policy\|import\),/,,/' out)" \
		"$(sed 's/"cause":"[a-z]*"//; s/,\(hand\|policy\|import\),/,,/' "$f")"
done

# --- round trip of what we export for others ---

fresh
run suppress --reason=x +x@b.example.org '=y@b.example.org' "o'z@b.example.org"
run import --yes ses.csv
bounce gone@b.example.org >gone.eml
run ingest gone.eml
"$BW" export plain >want
for f in plain csv jsonl ses ses-json mailgun sendgrid postmark sparkpost \
	mailchimp listmonk cloudflare; do
	case $f in
	sendgrid) run export --yes-global "$f" ;;
	*) run export "$f" ;;
	esac
	[ $status -ne 64 ] || continue # there is no such format
	cp out "own.$f"
	"$BW" export csv >reasons
	for as in auto "${f%-json}"; do
		run --database=other.db import --yes "$as" "own.$f"
		ends "our own $f as $as" 0
		"$BW" --database=other.db export plain >out
		is "has the same addresses" "$(sort out)" "$(sort want)"
		rm -f other.db*
	done
done
if [ -s own.mailgun ]; then
	run --database=other.db import --yes own.mailgun
	"$BW" --database=other.db export csv | sed 's/,import,.*//' >out
	is "our reasons come back from Mailgun" "$(cat out)" \
		"$("$BW" export csv | sed 's/,\(import\|hand\|policy\),.*//')"
	rm -f other.db*
fi

# --- mistakes and hostile files ---

fresh
printf 'a@b.example.org,BOUNCE\nnobody,BOUNCE\nb@b.example.org,PERHAPS\nc@b.example.org\n,BOUNCE\nd@b.example.org,COMPLAINT\n' >bad.csv
run import --yes bad.csv
ends "bad rows" 65
has "an address" err "bad.csv:2: 'nobody' is no address: it has no @"
has "a word" err "bad.csv:3: 'PERHAPS' is no reason of ses"
has "none" err "bad.csv:4: there is no reason"
has "no address" err "bad.csv:5: there is no address"
is "cost no other" "$(suppressed)" "a@b.example.org manual
d@b.example.org abuse"
printf '{"emailAddress":"a@b.example.org"}\n' >remove.jsonl
run import --yes ses remove.jsonl
ends "what is to be removed is not added" 65
fresh
printf '{"emailAddress":"a@b.example.org","reason":"BOUNCE"}\n{"emailAddress":\n{"emailAddress":42,"reason":"BOUNCE"}\n{"emailAddress":{"x":1},"reason":"BOUNCE"}\n{"emailAddress":null,"reason":"BOUNCE"}\n["x"]\n{"emailAddress":"b@b.example.org","reason":["BOUNCE"]}\n{"emailAddress":"z@b.example.org","reason":"COMPLAINT"}\n' >bad.jsonl
run import --yes ses bad.jsonl
ends "wrong types" 65
for n in 2 3 4 5 6 7; do
	has "line $n" err "bad.jsonl:$n: "
done
is "cost no other" "$(suppressed)" "a@b.example.org manual
z@b.example.org abuse"
fresh
head -c 330 ses.json >cut.json
run import --yes ses cut.json
ends "a file that was cut off" 65
has "is told" err "cut.json:"
is "what was before is taken" "$(suppressed)" "a@b.example.org manual"
printf 'a\0b@b.example.org\n\377\376@b.example.org\nx@b.example.org\n' >bytes.txt
fresh
run import --yes plain bytes.txt
ends "NUL and what is no UTF-8" 65
is "are told, each" "$(grep -c 'bytes.txt:[12]: ' err)" 2
is "and cost no other" "$(suppressed)" "x@b.example.org manual"
printf 'a\342\200\213@b.example.org\nx\302\240@b.example.org\n' >hidden.txt
run import --yes plain hidden.txt
has "what nobody sees is told" err "hidden.txt:1: 'a\\u{200b}@b.example.org' has an invisible character: not taken"
has "a space that does not break, too" err "hidden.txt:2: 'x"
printf '\377\376a\0@\0' >utf16.csv
run import utf16.csv
ends "UTF-16" 65
has "is told" err "utf16.csv:1: it is UTF-16"
: >empty.csv
run import empty.csv
ends "an empty file" 0
printf '{"items":[],"paging":{"next":"x"}}' >none.json
run import none.json
ends "a list without entries" 0
run import mailgun none.json
ends "by its name, too" 0
printf 'sep=;\r\nemail;reason\r\na@b.example.org;user-unknown\r\n' >sep.csv
fresh
run import --yes sep.csv
ends "a first line that names the separator" 0
is "is no head" "$(suppressed)" "a@b.example.org user-unknown"
printf 'e\0m\0a\0i\0l\0\n\0a\0@\0b\0.\0c\0\n\0' >utf16le.csv
run import csv utf16le.csv
has "UTF-16 without a mark is told, too" err "utf16le.csv:1: it is UTF-16"
printf '\0e\0m\0a\0i\0l\0\n\0a\0@\0b\0.\0c\0\n' >utf16be.csv
run import plain utf16be.csv
has "either way round" err "utf16be.csv:1: it is UTF-16"
printf 'email,reason\n"a@b.example.org"x,user-unknown\n"b@b.example.org",user-unknown\nc@b.example.org,"user"-unknown\n' >stray.csv
fresh
run import --yes stray.csv
ends "text behind the quote that ends an address" 65
has "is told" err "stray.csv:2: text follows the quote that ends the address"
is "it costs no other" "$(suppressed)" "b@b.example.org user-unknown
c@b.example.org user-unknown"
cat >scope.csv <<'END'
address,scope,reason
a@b.example.org,"two
lines",user-unknown
b@b.example.org,one,user-unknown
END
printf 'c@b.example.org\n' >>scope.csv
printf 'd@b.example.org,a\033[31mb,user-unknown\n' >>scope.csv
fresh
run import --yes csv scope.csv
ends "a scope with a line break" 65
has "is told" err "scope.csv:2: the scope 'two\x0alines' has an invisible character"
has "with a control character, too" err "scope.csv:6: the scope "
is "they cost no other" "$(suppressed)" "b@b.example.org user-unknown
c@b.example.org manual"
# Many rows with texts of their own: more than a batch.
awk 'BEGIN { print "address,code,error"
	for (i = 0; i < 5001; i++)
		printf "u%d@b.example.org,550,5.1.1 <u%d@b.example.org>: User unknown in table %0400d\n", i, i, i
	print "u1@b.example.org,550,5.1.1 User unknown" }' >big.csv
fresh
run import big.csv
ends "a big file: a dry run" 0
has "counts each address once" err "would suppress 5001 addresses, from 5002 entries"
has "though it is in it twice" err "  1 suppressed already"
run import --yes big.csv
has "the same when it is done" err "bouncewatch: suppressed 5001 addresses, from 5002 entries"
is "and all are there" "$("$BW" export plain | grep -c .)" 5001
awk 'BEGIN { for (i = 0; i < 300000; i++) printf "[" }' >deep.json
run import deep.json
ends "nested deep" 65
awk 'BEGIN { printf "a@b.example.org\n"; for (i = 0; i < 300000; i++) printf "xxxxxxxxxx"; printf "@b.example.org\nc@b.example.org\n" }' >long.txt
fresh
run import --yes plain long.txt
ends "a long line" 65
is "costs no other" "$(suppressed | grep -c .)" 2
end
