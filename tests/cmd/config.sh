#!/bin/sh
# config: every mistake at once, and what is in force without its secrets.
. "$(dirname "$0")/lib.sh"

run config check
ends "a good one" 0
has "is called so" err "bouncewatch.yaml: no mistakes"
has "and what it comes to is said in words" out \
	"mailbox-full suppresses after 3 bounces on as many days over at least 14 days, for 90 days."
cat >words.yaml <<'END'
database: x.db
own: ["*@news.example.com"]
policy: { weak_events: 3, stale_after: 36h, complaints: [], soft: { expired: { events: 0 } }, engaged: 0 }
guard: { enabled: false }
origin: { require: none }
END
run config check --config=words.yaml
has "other numbers, other words" out "it takes 3 on as many days"
has "a time that is no number of days" out "older than 36 hours"
has "what never happens" out "expired never suppresses"
has "what is switched off" out "Complaints do not suppress"
has "and what that means" out "who can send to the"
lacks "but not of what is off" out "is held"
cat >bad.yaml <<'END'
database: x.db
accuonts: []
retain: soon
END
run config check --config=bad.yaml
ends "a bad one" 78
has "a misspelt key with its line" err "bad.yaml:2:"
has "a wrong value with its line" err "bad.yaml:3:"
truly "words go to standard error" [ ! -s out ]
run config check --config=absent.yaml
ends "one that is not there" 78
printf 'database: x.db\n' >none.yaml
run config check --config=none.yaml
ends "matched without own" 78
has "is refused" err "'own' is empty"
printf 'own: ["*@news.example.com"]\norigin: {require: signed}\n' >none.yaml
run config check --config=none.yaml
ends "signed" 78
has "is not there yet" err "not available yet"
printf 'own: ["*@news.example.com"]\norigin: {require: none}\n' >none.yaml
run config check --config=none.yaml
ends "none" 0
has "is warned of" err "lets anybody who can send you a mail"
cat >full.yaml <<END
database: x.db
own: ["*@news.example.com"]
accounts:
  - name: news
    host: imap.example.com
    user: bounces@news.example.com
    password: "very secret"
END
chmod 600 full.yaml
run config dump --config=full.yaml
ends "dump" 0
has "shows what is in force" out "imap.example.com"
lacks "and no secret" out "very secret"
cp out dumped.yaml
chmod 644 full.yaml
run config check --config=full.yaml
ends "a secret that others can read" 78
has "is refused" err "full.yaml"
lacks "and not shown" err "very secret"
printf 'rules: [no-rules.yaml]\n' >>bouncewatch.yaml
run config check
ends "a file of rules that is not there" 78
has "is named" err "no-rules.yaml"
# Exports, all mistakes at once. Shown failing without export_conf_check().
cat >exports.yaml <<'END'
database: x.db
own: ["*@news.example.com"]
exports:
  - {name: a, format: pliant, file: a.txt}
  - {name: b, format: sendgrid, file: b.txt}
  - {name: c, format: plain, file: c.txt, state: held}
  - {name: d, format: sendgrid, file: d.txt, yes_global: true}
  - {name: e, format: csv, file: a.txt, every: 1s}
  - {name: f, format: csv, file: x.db}
  - name: g
    format: pliant
    file: g.txt
    domain: "*"
  - {name: h, format: csv, file: h.txt, domain: "@B\xfccher.example"}
END
run config check --config=exports.yaml
ends "exports with mistakes" 78
has "an unknown format, with its line" err "exports.yaml:4: 'format': there is no format 'pliant'"
has "one that mixes lists" err "exports.yaml:5: 'format'"
has "and how to want it" err "yes_global"
has "one that cannot say when it ends" err "exports.yaml:6: 'format'"
lacks "but not what was wanted" err "exports.yaml:7"
has "two with one file" err "exports.yaml:8: 'file'"
has "too often" err "exports.yaml:8: 'every' is 1s"
has "our own file" err "exports.yaml:9: 'file'"
has "a domain that is none, with the line of its key" err "exports.yaml:13: 'domain': '*' is no domain such as example.com; leave it out for all domains"
lacks "one of another alphabet is one" err "exports.yaml:14:"
echo secret >pw && chmod 600 pw
echo secret >ses-002.csv && chmod 600 ses-002.csv
mkdir -p lists
ln -s lists here
cat >exports.yaml <<'END'
database: x.db
own: ["*@news.example.com"]
accounts:
- {name: m, host: imap.example.com, user: u, password_file: pw}
- {name: n, host: imap.example.com, user: v, password_file: ses-002.csv}
rules: []
exports:
- {name: a, format: csv, file: lists/../pw}
- {name: b, format: ses, file: ses.csv}
- {name: c, format: csv, file: lists/mg-003.csv}
- {name: d, format: mailgun, file: here/mg.csv}
- {name: e, format: plain, file: lists/plain.txt}
- {name: f, format: plain, file: here/plain-002.txt}
- {name: g, format: plain, file: lists/new.txt}
- {name: h, format: plain, file: here/new.txt}
- {name: i, format: plain, file: here/../x.db-wal}
END
run config check --config=exports.yaml
ends "exports over secrets" 78
has "a file of a password" err "exports.yaml:8: 'file': "
has "is told as such" err "is what an account is logged in with, and would be replaced"
has "by a part of a long list, too" err "exports.yaml:9: 'file': a long list of ses has more parts, and '"
has "a part of a list before" err "exports.yaml:11: 'file': a long list has more parts"
lacks "but not of one that has no parts" err "exports.yaml:13:"
has "one file by two ways" err "exports.yaml:15: 'file'"
has "the database before it is there" err "exports.yaml:16: 'file'"
run parse bad.yaml
ends "and stops what needs it" 78
run config
ends "config wants a verb" 64
run config show
ends "that it knows" 64
"$BW" config dump --config=dumped.yaml >/dev/full 2>err
truly "a full disk is noticed" [ $? -ne 0 ]
end
