#!/bin/sh
# The program as such: commands, options, their mistakes, exit codes, output.
. "$(dirname "$0")/lib.sh"

run
ends "no command is a mistake" 64
has "and says what to do" err "bouncewatch help"
run help
ends "help" 0
for c in watch ingest parse export check explain suppress release report \
	status config help version; do
	grep -q "^  $c " out || fail "help lists $c"
	"$BW" "$c" --help | grep -q "^usage: bouncewatch $c" ||
		fail "$c --help shows its usage"
done
pass "every command is listed and has its --help"
# With lines of any length it was false for export, parse and check.
for c in $("$BW" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	"$BW" help "$c" | sed "s/^/$c: /" | awk 'length($0) - length($1) > 81'
done >long
is "no line of a help is longer than a terminal is wide" "$(cat long)" ""
# Without the line for options that are times.
for c in export replay; do
	run help $c
	has "help $c says how a time is written" out \
		"TIME is a day or a time, UTC: 2026-01-31, 2026-01-31T12:00:00Z"
done
run help report
has "and help report, a day" out "DAY is a day, UTC: 2026-01-31"
run help check
lacks "where there is one" out "2026-01-31"
run help export
has "help of a command" out "--reason=REASON"
run help exprot
ends "help of what is no command" 64
has "suggests one" err "did you mean 'export'?"
run chekc x
ends "a misspelt command" 64
has "is told, with the right one" err "did you mean 'check'?"
# Each of these said another thing, and suggested nothing.
run incident shwo 1
ends "a misspelt command of a command" 64
has "is told, with the right one" err \
	"incident: there is no command 'shwo'; did you mean 'show'?"
run config
ends "a command without the one that it needs" 64
has "lists them" err "  dump "
run import evnets x.csv
ends "a misspelt format" 64
has "is told, with the right one" err "did you mean 'events'?"
run config check again
ends "one word too many" 64
has "is named" err "'again' has no place here"
run help incident
has "the commands of a command are in its help" out "  confirm  "
run check --formta=csv x@example.org
ends "a misspelt option" 64
has "is told, with the right one" err "did you mean '--format'?"
run check --format=xml x@example.org
ends "a wrong value" 64
has "is told, with the right ones" err "one of: text, jsonl, csv"
run export --reason=user-unknwon plain
ends "a reason that is none" 64
has "is told, with the right one" err "did you mean 'user-unknown'?"
run version
is "version" "$(cut -d' ' -f1 out)" bouncewatch
run --version
is "--version says the same" "$(cat out)" "$("$BW" version)"

run --database="$T/other.db" suppress --reason=r a@example.org
ends "--database before the command" 0
run check --database "$T/other.db" a@example.org
ends "--database behind it" 1
run check --database="$T/other.db" -- b@example.org
ends "-- ends the options" 0
run check a@example.org --database="$T/other.db"
ends "options may follow operands" 1

unset BOUNCEWATCH_CONFIG
run check --database="$T/other.db" a@example.org
ends "a database alone is enough" 1
run check --config=absent.yaml a@example.org
ends "a configuration that is not there" 78
has "is named" err "absent.yaml"
export BOUNCEWATCH_CONFIG="$T/bouncewatch.yaml"
printf 'database: x.db\nnonsense: 1\n' >bad.yaml
run check --config=bad.yaml a@example.org
ends "a configuration with a mistake" 78
has "is told with its line" err "bad.yaml:2:"

run check a@example.org
ends "no database yet" 66
has "is told with what to do" err "--database=FILE"
echo "this is no database, and long enough to be seen as none" >junk.db
run check --database=junk.db a@example.org
ends "a file that is no database" 65
is "stays as it is" "$(cut -c1-10 junk.db)" "this is no"
mkdir no
run suppress --database=absent/x.db --reason=r a@example.org
truly "a folder that is not there fails" [ "$status" -ge 65 ]
has "and names the database" err "absent/x.db"

"$BW" help >/dev/full 2>err
is "a full disk is noticed" $? 74
has "and told" err "No space left"
"$BW" help >&- 2>err
is "a closed standard output, too" $? 74
{
	"$BW" export --help
	echo $? >rc
} 2>err | :
truly "a reader that goes away is no news" [ ! -s err ]
"$BW" --database="$T/other.db" check a@example.org <&- >out 2>&-
is "closed standard input and error" $? 1
end
