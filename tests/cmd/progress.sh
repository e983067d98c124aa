#!/bin/sh
# The bar that long work shows on a terminal, and nowhere else: progress.py
# runs the commands in terminals of its own. Here is what they work on.
. "$(dirname "$0")/lib.sh"
for tool in python3 gcc; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	}
done
# A clock that runs ahead by STEP_MS with each look at it.
cat >clock.c <<'END'
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *t)
{
	static long ahead; /* us */
	const char *step = getenv("STEP_MS");
	int rc = (int)syscall(SYS_clock_gettime, id, t);

	if (rc || id != CLOCK_MONOTONIC || !step)
		return rc;
	ahead += (long)(atof(step) * 1000);
	t->tv_sec += ahead / 1000000;
	t->tv_nsec += ahead % 1000000 * 1000;
	if (t->tv_nsec >= 1000000000) {
		t->tv_nsec -= 1000000000;
		t->tv_sec++;
	}
	return 0;
}
END
gcc -D_GNU_SOURCE -shared -fPIC -O1 -o clock.so clock.c || exit 1
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"
python3 - <<'END'
with open("list.txt", "w") as f:
    for i in range(12000):
        print(f"listed{i}@example.org", file=f)
with open("engaged.csv", "w") as f:
    print("address,at", file=f)
    for i in range(4000):
        print(f"engaged{i}@example.org,2026-01-01T00:00:00Z", file=f)
with open("mail.log", "w") as f:
    for i in range(3000):
        print("2026-01-01T00:00:00+00:00 mx postfix/smtp[7]: 4XJ00L0000z1: "
              f"to=<logged{i}@example.org>, relay=mx.example.org[192.0.2.7]:25,"
              " delay=1, delays=0/0/1/0, dsn=5.1.1, status=bounced (host "
              "mx.example.org[192.0.2.7] said: 550 5.1.1 User unknown (in "
              "reply to RCPT TO command))", file=f)
with open("events.csv", "w") as f:
    print("recipient,at,diagnostic", file=f)
    for i in range(4000):
        if i % 1500 == 700:
            print(f"no address {i},2026-01-01T00:00:00Z,x", file=f)
        print(f"logged{i}@host{i % 50}.example.org,2026-01-01T00:00:00Z,"
              "550 5.1.1 User unknown", file=f)
END
bounce mbox@example.org >one.eml
mkdir folder
for i in $(seq 100); do
	bounce "folder$i@example.org" >folder/$i.eml
done
python3 - <<'END'
mail = open("one.eml").read()
with open("mails.mbox", "w") as f:
    for i in range(2000):
        print("From x Thu Jan  1 00:00:00 2026", file=f)
        f.write(mail.replace("mbox@", f"mbox{i}@").replace(
            "Message-ID: <", f"Message-ID: <{i}."))
        print(file=f)
END
"$BW" import --yes plain list.txt >out 2>err || fail "the list is taken"
"$BW" ingest -q mails.mbox 2>err || fail "the mails are taken"
B=$B python3 "$top/tests/cmd/progress.py" "$BW" "$T/clock.so"
