#!/bin/sh
# The bar that long work shows on a terminal, and nowhere else: progress.py
# runs the commands in terminals of its own. Here is what they work on.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || {
	echo "1..0 # SKIP python3 is not installed"
	exit 0
}
python3 - <<'END'
with open("list.txt", "w") as f:
    for i in range(12000):
        print(f"listed{i}@example.org", file=f)
with open("events.csv", "w") as f:
    print("recipient,at,diagnostic", file=f)
    for i in range(4000):
        if i % 1500 == 700:
            print(f"no address {i},2026-01-01T00:00:00Z,x", file=f)
        print(f"logged{i}@host{i % 50}.example.org,2026-01-01T00:00:00Z,"
              "550 5.1.1 User unknown", file=f)
END
bounce mbox@example.org >one.eml
python3 - <<'END'
mail = open("one.eml").read()
with open("mails.mbox", "w") as f:
    for i in range(9000):
        print("From x Thu Jan  1 00:00:00 2026", file=f)
        f.write(mail.replace("mbox@", f"mbox{i}@").replace(
            "Message-ID: <", f"Message-ID: <{i}."))
        print(file=f)
END
"$BW" import --yes plain list.txt >out 2>err || fail "the list is taken"
"$BW" ingest -q mails.mbox 2>err || fail "the mails are taken"
sqlite3 test.db "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
	LIMIT 100000) INSERT INTO messages SELECT i, randomblob(16), 0 FROM n" ||
	fail "it is large"
B=$B python3 "$top/tests/cmd/progress.py" "$BW"
