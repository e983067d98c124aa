#!/bin/sh
# The report and a wrong clock: what left once never comes again, by no way, and
# one look under a clock years ahead does not silence the years between.
. "$(dirname "$0")/lib.sh"
for tool in python3 gcc; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	}
done
# The time is AT; with FULL no report finds room in its folder.
cat >clock.c <<'END'
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t *out)
{
	const char *at = getenv("AT");
	time_t t = at ? (time_t)atoll(at) : 0;
	struct timespec now;

	if (!at) {
		clock_gettime(CLOCK_REALTIME, &now);
		t = now.tv_sec;
	}
	if (out)
		*out = t;
	return t;
}

ssize_t write(int fd, const void *data, size_t n)
{
	char link[64], path[512];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = getenv("FULL") ? readlink(link, path, sizeof(path) - 1) : 0;
	path[length > 0 ? length : 0] = '\0';
	if (strstr(path, "/reports/")) {
		errno = ENOSPC;
		return -1;
	}
	return syscall(SYS_write, fd, data, n);
}
END
gcc -D_GNU_SOURCE -shared -fPIC -O1 -o clock.so clock.c || exit 1
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"

cat >sendmail <<END
#!/bin/sh
[ ! -e "$T/refuse" ] || exit 75
grep '^Message-ID:' >>"$T/mails"
END
chmod +x sendmail
cat >bouncewatch.yaml <<END
database: $T/test.db
own: ["*@news.example.com"]
mail: { sendmail: [$T/sendmail, -t], from: bw@example.com }
report:
  weekday: monday
  hour: 8
  timezone: Europe/Berlin
  to: [deliverability@example.com]
  folder: $T/reports
  command: [sh, -c, 'grep -m1 -o "report, .*" >>$T/piped']
  command_format: text
  dns: false
END

# look DATE TIME: the look of a timer at this moment, in UTC
look() {
	AT=$(date -u -d "$1 $2" +%s) LD_PRELOAD=$T/clock.so \
		"$BW" report --if-due >out 2>err
	status=$?
}
lines() { cat "$1" 2>/dev/null | wc -l | tr -d ' '; }
# mails, runs of the command, files
sent() {
	echo "$(lines mails) $(lines piped)" \
		"$(find reports -type f | wc -l | tr -d ' ')"
}
begin() {
	rm -rf mails piped reports test.db*
	mkdir reports
	bounce a@example.org 5.1.1 '550 5.1.1 User unknown' 4 >a.eml
	run ingest a.eml
}

begin
look 2026-11-20 00:00:00
is "armed" "$status $(sent)" "0 0 0 0"
look 2026-11-23 07:05:00
is "due at 8 in Berlin: sent" "$status $(sent)" "0 1 1 3"
look 2020-01-01 00:00:10
is "started without a clock" "$status $(sent)" "0 1 1 3"
look 2026-11-23 09:00:00
is "then it is right again: nothing twice" "$status $(sent)" "0 1 1 3"
look 2026-11-15 06:58:00
look 2026-11-23 09:00:00
is "nor when it was 8 days back" "$status $(sent)" "0 1 1 3"
look 2026-11-30 07:00:00
is "the next one comes" "$status $(sent)" "0 2 2 6"

begin
for day in 2026-10-27 2026-11-02 2026-11-09 2026-11-16 2026-11-23; do
	look $day 08:00:00
done
is "four weeks" "$(sent)" "4 4 12"
for day in 2026-11-03 2026-11-10 2026-11-17 2026-11-24; do
	look $day 08:00:00
done
is "back by three weeks and over them once more" "$(sent)" "4 4 12"
look 2026-11-30 08:00:00
is "and on" "$(sent)" "5 5 15"
is "five mails, each once" "$(sort -u mails | wc -l | tr -d ' ')" 5
is "five weeks for the command" "$(sort -u piped | wc -l | tr -d ' ')" 5

begin
look 2026-11-20 00:00:00
look 2036-01-03 00:00:00
is "a look in 2036: nobody can know" "$status $(sent)" "0 1 1 3"
look 2026-11-23 07:05:00
is "what is due now is sent all the same" "$status $(sent)" "0 2 2 6"
is "it is this one" "$(tail -n 1 piped)" \
	"report, 2026-11-16 to 2026-11-22 (UTC)"
look 2036-01-03 00:00:00
look 2026-11-29 00:00:00
is "nothing twice" "$status $(sent)" "0 2 2 6"
look 2026-11-30 07:05:00
is "and the next" "$status $(sent)" "0 3 3 9"

# What failed before the clock went is still to be sent, by this way alone.
begin
look 2026-11-20 00:00:00
touch refuse
look 2026-11-23 07:05:00
is "the mail is refused" "$status $(sent)" "75 0 1 3"
look 2036-01-03 00:00:00
rm refuse
look 2026-11-23 07:30:00
is "sent when the clock is right" \
	"$status $(grep -c report-1795417200 mails) $(lines piped)" "0 1 2"

# A row of before these weeks were kept.
begin
look 2026-11-20 00:00:00
python3 - "$T/test.db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
db.execute("update status set value = '1795417200 0 sent sent sent "
           "0 8 Europe/Berlin' where name = 'report.state'")
db.commit()
END
look 2020-01-01 00:00:10
look 2026-11-23 09:00:00
is "an older database: nothing twice" "$status $(sent)" "0 0 0 0"
look 2026-11-30 07:05:00
is "and the next" "$status $(sent)" "0 1 1 3"

# A full disk.
export FULL=1
look 2026-12-07 07:05:00
unset FULL
is "no room in the folder" "$status $(sent)" "75 2 2 3"
has "which file is told" err \
	"unable to write '$T/reports/report-2026-W49.txt': No space left on device"
look 2026-12-07 07:25:00
is "made up by itself" "$status $(sent)" "0 2 2 6"
end
