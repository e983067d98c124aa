#!/bin/sh
# rules: a user's own file, by configuration and by option: before the built-in
# rules, with every mistake told, and counted.
. "$(dirname "$0")/lib.sh"

bounce anna@example.org >anna.eml
bounce bert@example.org 5.0.0 "550 xyzzy not here" >bert.eml

# mine REASON [PHRASE]: a file of one rule
mine() {
	cat <<END
family: mine
rules:
  - rule: my-own
    reason: $1
    any: ["${2:-user unknown}"]
    examples: ["550 5.1.1 ${2:-user unknown}"]
    not: ["550 5.2.2 mailbox full"]
END
}

# --- before the built-in ones ---
mine undetermined >rules.yaml
run parse --rules=rules.yaml anna.eml
ends "parse --rules" 0
has "turns a decision off" out "anna.eml: soft undetermined anna@example.org"
has "is named" out "rule       my-own"
run parse --rules=rules.yaml --explain anna.eml
line=$(grep -n '^Diagnostic-Code' anna.eml | cut -d: -f1)
has "--explain tells the line" out "  | Diagnostic-Code, line $line: 550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown"
has "the rule, where it stands, and its phrase" out "  | rule my-own (rules.yaml:3) by 'user unknown': undetermined"
has "the built-in rule that it outweighed" out "  |   outweighs rule user-unknown-words (words.yaml:"
has "and the code" out "  |   outweighs code 5.1.1: user-unknown"
line=$(grep -n '^Final-Recipient' anna.eml | cut -d: -f1)
has "and where the recipient is named" out "  | recipient anna@example.org by Final-Recipient, line $line"
{
	bounce dora@example.org | sed '/message\/delivery-status/q'
	echo "Content-Transfer-Encoding: base64"
	echo
	bounce dora@example.org |
		sed -n '/^Reporting-MTA/,/^Diagnostic/p' | base64
} >encoded.eml
run parse --explain encoded.eml
has "a field that is encoded has no line" out "  | recipient dora@example.org by Final-Recipient, decoded"
run parse anna.eml
has "without it all is as before" out "anna.eml: hard user-unknown anna@example.org"
mine mailbox-disabled xyzzy >rules.yaml
run parse --rules=rules.yaml bert.eml
has "knows words that nobody else does" out "bert.eml: hard mailbox-disabled bert@example.org"

# --- configured: parse, ingest, status ---
printf 'rules: [%s/rules.yaml]\n' "$T" >>bouncewatch.yaml
run config check
ends "config check" 0
run parse bert.eml
has "parse takes them from the configuration" out "hard mailbox-disabled"
mine policy >first.yaml
sed -i 's/my-own/my-first/' first.yaml
run parse --rules=first.yaml anna.eml bert.eml
has "--rules stands before them" out "anna.eml: block policy"
has "and beside them" out "bert.eml: hard mailbox-disabled"
run ingest bert.eml
run status
ends "ingest and status" 0
truly "status counts the rule's hits" \
	grep -qE '^ +1 +hard +my-own$' out

# --- other mails tell their line, too ---
sed 's/^Subject: .*/Subject: Out of office/;/^Content-Type/,$d' anna.eml \
	>away.eml
printf 'Auto-Submitted: auto-replied\n\nBack on Monday.\n' >>away.eml
sed -i 's/^From: .*/From: Eve <eve@example.org>/' away.eml
run parse --explain away.eml
has "a reply" out "away.eml: reply auto-reply"
line=$(grep -n '^Subject' away.eml | cut -d: -f1)
has "by its subject" out "  | Subject, line $line: Out of office"
line=$(grep -n '^Auto-Submitted' away.eml | cut -d: -f1)
has "and its header" out "  | Auto-Submitted, line $line: auto-replied"

# --- in no language that is built in ---
cat >esperanto.eml <<'END'
Return-Path: <>
Date: Mon, 3 Mar 2025 08:00:00 +0000
From: Poshtsistemo <sistemo@mx.example.net>
To: bounces@news.example.com
Subject: Nelivereblan mesagxon resendas
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Via mesagxo ne povis esti liverita.
Ricevonto: carlo@example.org
Kialo: tiu uzanto ne estas konata
END
cat >esperanto.yaml <<'END'
family: esperanto
rules:
  - rule: esperanto-user
    reason: user-unknown
    any: [uzanto ne estas konata]
    examples: ["Kialo: tiu uzanto ne estas konata"]
    not: ["Kialo: plena"]
marks:
  bounce-subject: [nelivereblan]
  failed: [ne povis esti liverita]
  recipient: ["ricevonto: @"]
END
run parse esperanto.eml
has "marks: without them it is no bounce" out "esperanto.eml: none"
run parse --rules=esperanto.yaml --explain esperanto.eml
has "with them its recipient is known" out "esperanto.eml: hard user-unknown carlo@example.org"
line=$(grep -n '^Kialo' esperanto.eml | cut -d: -f1)
has "and the line of the mail" out "  | line $line: Kialo: tiu uzanto ne estas konata"

# --- mistakes, all at once, each with its line ---
cat >rules.yaml <<'END'
family: mine
rules:
  - rule: one
    reason: user-unknow
    any: [ab, "no such thing"]
    status: ["5.1.1.", "9.1.1", "5.1.1"]
    smtp: ["250"]
    phase: data
    colour: red
  - rule: two
    reason: delayed
    any: [no such thing]
    examples: ["550 no such thing"]
  - rule: three
    reason: policy
    any: [no such thing]
    examples: ["550 no such thing"]
    not: ["550 user unknown"]
  - rule: three
    reason: spam
    any: [no such thing]
    examples: ["550 no such thing"]
    not: ["550 user unknown"]
marks:
  failled: [x]
  failed: [x]
END
for command in "config check" "parse anna.eml" "ingest anna.eml" \
	"suppress --reason=x x@example.org"; do
	# shellcheck disable=SC2086
	run $command
	ends "$command: mistakes in rules are mistakes" 78
done
run config check
for mistake in "3: a rule needs 'examples'" "3: a rule needs 'not'" \
	"4: there is no reason 'user-unknow'; did you mean 'user-unknown'?" "5: phrase 'ab' must begin" \
	"6: '5.1.1.' is no status" "6: '9.1.1' is no status" \
	"7: '250' is no smtp" "8: 'phase' must be a list" \
	"9: unknown key 'colour'" "10: a rule needs 'not'" \
	"11: 'delayed' is no reason of a refusal" \
	"19: there is a rule 'three' at $T/rules.yaml:14 already" \
	"25: 'failled' is no list of marks" "26: phrase 'x' must begin"; do
	has "told: $mistake" err "rules.yaml:$mistake"
done

# --- examples are run ---
{
	mine policy "no such thing"
	cat <<'END'
  - rule: second
    reason: spam
    any: [no such thing, other words]
    examples: ["550 no such thing"]
    not: ["550 other words"]
END
} >rules.yaml
run config check
ends "an example that its rule does not decide" 78
has "is told" err "rules.yaml:11: rule 'second' does not decide this: 'my-own' does"
has "and a counter-example that it does" err "rules.yaml:12: rule 'second' decides this, and must not"

mine policy | sed 's/my-own/user-unknown-words/' >rules.yaml
run config check
has "nor has it the name of a built-in one" err "rules.yaml:3: there is a built-in rule 'user-unknown-words': choose"

rm rules.yaml
run config check
ends "a file that is not there" 78
has "is named" err "rules.yaml"
cp "$top/conf/rules.sample.yaml" rules.yaml
run config check
ends "the sample has no mistakes" 0
end
