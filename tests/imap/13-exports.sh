#!/bin/sh
# Lists that the daemon writes by itself: at their interval, with a command
# that is run until it succeeds and for what was written; on_change. A kill -9
# anywhere loses nothing.
# Shown failing: the files that stay, what is pushed and taken off, where step()
# writes without asking is_pending(); lines that come again, where look() moves
# the cursor before it runs the command; what a person forces, where a failed
# write kept look_up() from being asked.
. "$(dirname "$0")/lib.sh"

cat >"$DIR/push" <<END
#!/bin/sh
[ -e "$DIR/broken" ] && { echo "platform is down" >&2; exit 7; }
[ -e "$DIR/slow" ] && { echo >>"$DIR/started"; sleep 600; }
cat "$DIR/add" >>"$DIR/pushed"
cat "$DIR/remove" >>"$DIR/taken"
echo --- >>"$DIR/pushes"
END
cat >"$DIR/feed" <<END
#!/bin/sh
[ -e "$DIR/feed.broken" ] && { head -n 1 >/dev/null; exit 1; }
[ -e "$DIR/feed.slow" ] && { cat >>"$DIR/half"; sleep 600; }
cat >>"$DIR/lines"
END
cat >"$DIR/page" <<END
#!/bin/sh
cat >>"$DIR/pages"
END
chmod +x "$DIR/push" "$DIR/feed" "$DIR/page"

python3 "$here/mails.py" "$DIR/mails" 1
"$here/dovecot.sh" seed "$IMAP_SERVER" exports 0 "$DIR/mails"
config_dovecot exports
cat >>"$DIR/bouncewatch.yaml" <<END
exports:
  - {name: web, format: plain, file: $DIR/web.txt, every: 10s}
  - name: crm
    format: plain
    file: $DIR/add
    removals: $DIR/remove
    every: 10s
    then: [$DIR/push]
on_change: { command: [$DIR/feed] }
alerts: { command: [$DIR/page] }
END

bw() {
	"$bouncewatch" --config "$DIR/bouncewatch.yaml" "$@" >"$DIR/out" 2>&1
}
suppress() {
	bw suppress --reason=x "$@"
}
lines_of() {
	[ "$(wc -l <"$DIR/$2" 2>/dev/null)" -ge "$1" ] 2>/dev/null
}
has_line() {
	grep -qxF "$1" "$DIR/$2"
}
in_file() {
	grep -qF -- "$1" "$DIR/$2"
}

start_watch
ok "the daemon runs" wait_for 5 logged watch.started
ok "a list appears at once" wait_for 5 test -f "$DIR/web.txt"
is_there() { [ "$(sql "select count(*) from cursors where name = 'on_change'")" = 1 ]; }
ok "on_change begins" wait_for 5 is_there
ok "the command is run for the first list" wait_for 5 lines_of 1 pushes
suppress a1@one.example a2@one.example a3@one.example
ok "a line comes as it is committed" wait_for 5 lines_of 3 lines
ok "the list follows at its interval" wait_for 15 has_line a1@one.example web.txt
ok "and what was added is pushed" wait_for 15 has_line a3@one.example pushed
began=$(now)
suppress b1@one.example
ok "within the interval" wait_for 15 has_line b1@one.example pushed
bw status
ok "status tells of it" in_file "1 addresses to add, 0 to take off; the next at" out

touch "$DIR/broken"
suppress c1@one.example
bw release --reason=x a1@one.example
ok "its failure is logged, with why" wait_for 15 logged 'failed what=export.crm.then.*platform is down'
ok "and tried again, and told" wait_for 30 in_file "the command of export 'crm' failed" pages
bw status
ok "and in status" in_file "its command FAILED at" out
# What is not pushed is not overwritten by what comes later.
suppress c2@one.example
bw release --reason=x c1@one.example
wait_for 12 false
ok "the files stay until they are pushed" has_line c1@one.example add
is "the removals, too" a1@one.example "$(cat "$DIR/remove")"
ok "while a whole list goes on" has_line c2@one.example web.txt
kill -9 "$watcher"
wait "$watcher" 2>/dev/null
start_watch
wait_for 3 false
ok "also over a crash" has_line c1@one.example add
rm "$DIR/broken"
ok "then it is pushed" wait_for 20 has_line c1@one.example pushed
ok "and taken off" wait_for 15 has_line a1@one.example taken
ok "what came meanwhile after it" wait_for 15 has_line c2@one.example pushed
ok "what was pushed and went meanwhile is taken off" wait_for 15 has_line c1@one.example taken
ok "one alert for all of it" same 1 "$(grep -c failed: "$DIR/pages")"
bw status
ok "status is well again" not in_file "FAILED" out
is "what it was like is kept for the report" 1 "$(sql "select count(*)
	from troubles where what like 'the command of export%'
	and detail like '%platform is down' and times > 2
	and ended_at > began_at")"

# Killed while the command runs.
touch "$DIR/slow"
suppress d1@one.example
ok "a command that takes its time" wait_for 15 lines_of 1 started
kill -9 "$watcher"
wait "$watcher" 2>/dev/null
rm "$DIR/slow"
suppress d2@one.example
start_watch
ok "is run again after a crash" wait_for 10 has_line d1@one.example pushed
ok "and the next follows" wait_for 15 has_line d2@one.example pushed

# Killed while a line is on its way, and refused lines.
touch "$DIR/feed.slow"
suppress e1@one.example
ok "lines are on their way" wait_for 5 lines_of 1 half
kill -9 "$watcher"
wait "$watcher" 2>/dev/null
rm "$DIR/feed.slow"
touch "$DIR/feed.broken"
suppress e2@one.example
start_watch
ok "what the command refuses is logged" wait_for 10 logged 'failed what=on_change'
seq -f 'f%g@one.example' 1500 >"$DIR/many"
bw suppress --reason=x --file="$DIR/many"
rm "$DIR/feed.broken"
ok "and comes again" wait_for 15 in_file e2@one.example lines
ok "all of it" wait_for 15 in_file f1500@one.example lines
ok "each change once, in their order, and JSON" python3 - "$DIR/lines" "$DIR/bouncewatch.db" <<'END'
import json, sqlite3, sys
got = [json.loads(l) for l in open(sys.argv[1])]
db = sqlite3.connect(sys.argv[2])
want = db.execute("select seq from changes order by seq").fetchall()
assert [g["seq"] for g in got] == [w[0] for w in want], (len(got), len(want))
assert all(g["v"] == 1 for g in got)
a = [(g["old_state"], g["new_state"], g["cause"], g["reason"], g["scope"], g["expires"])
     for g in got if g["address"] == "a1@one.example"]
assert a == [("absent", "suppressed", "hand", "manual", "*", None),
             ("suppressed", "released", "hand", "manual", "*", None)], a
END

# The list is of 1,500 now, by hand: more than half more than before, but what
# was below 1,000 may. Then it is not believed.
ok "a list of few may become long" wait_for 15 has_line f1500@one.example web.txt
: >"$DIR/pages"
seq -f 'g%g@one.example' 3000 >"$DIR/many"
bw suppress --reason=x --file="$DIR/many"
ok "a list that grew too much is told of at once" wait_for 15 in_file "export 'web' failed" pages
ok "with what to do" in_file "export --force" pages
ok "its file is as it was" not has_line g3000@one.example web.txt
bw export --force -o "$DIR/web.txt" plain
bw export --force --since-last=crm -o "$DIR/add" --removals="$DIR/remove" plain
ok "what a person forces is pushed" wait_for 15 has_line g3000@one.example pushed
stop_watch
is "the daemon ends" 0 "$status"

# After a long time: once.
wait_for 25 false
: >"$DIR/log"
start_watch
wait_for 8 false
ok "what was missed is made up once" same 1 "$(grep -c 'export.written export=crm' "$DIR/log")"
ok "every removal once, every addition once" python3 - "$DIR" <<'END'
import sys
d = sys.argv[1] + "/"
added = open(d + "pushed").read().split()
taken = open(d + "taken").read().split()
assert sorted(taken) == ["a1@one.example", "c1@one.example"], taken
assert set(added) >= {f"f{i}@one.example" for i in range(1, 1501)}
END
finish
