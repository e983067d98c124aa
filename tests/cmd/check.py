#!/usr/bin/env python3
"""Random CSV files through `check --csv`: what passed and what was rejected
are the input byte for byte, and the rows are those of python's csv module.

    check.py PROGRAM DATABASE SEED FILES

In the database: bert@example.com is suppressed.
"""
import csv
import io
import random
import subprocess
import sys
import tempfile

program, database, seed, files = sys.argv[1:]
rng = random.Random(int(seed))
BAD = "bert@example.com"


def cell(sep):
    kind = rng.randrange(8)
    if kind < 4:
        return "".join(rng.choice("abc d.é") for _ in range(rng.randrange(6)))
    inner = "".join(rng.choice(["a", sep, '""', "\n", "\r\n", " ", "@", "x"])
                    for _ in range(rng.randrange(8)))
    return '"' + inner + '"'


def address(i):
    a = rng.choice([BAD, "BERT@Example.COM", "anna%d@example.com" % i,
                    "carl@example.net", "anna@example.com ", "", "no address",
                    "a@example.com,b@example.com"])
    if "," in a or rng.randrange(3) == 0:
        return '"' + a + '"'
    return a


def one_file():
    sep, end = rng.choice(",;\t"), rng.choice(["\n", "\r\n"])
    width = rng.randrange(2, 6)
    column = rng.randrange(width)
    head = ["c%d" % i for i in range(width)]
    head[column] = "mail"
    rows = [sep.join(head)]
    for i in range(rng.randrange(40)):
        cells = [cell(sep) for _ in range(width)]
        cells[column] = address(i)
        if rng.randrange(20) == 0:
            cells = cells[:rng.randrange(1, width + 1)]
        rows.append(sep.join(cells))
    text = end.join(rows)
    if rng.randrange(3):
        text += end
    mark = "\ufeff" if rng.randrange(3) == 0 else ""
    return (mark + text).encode(), sep, column


def may_pass(row, column):
    """By python's reading: a clean address that is not on the list."""
    if not row:
        return True
    if len(row) <= column:
        return False
    a = row[column]
    return (a.count("@") == 1 and " " not in a and "\n" not in a
            and a.lower() != BAD and not a.startswith("@")
            and "example" in a)


def read(data, sep):
    text = data.decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=sep))


def merged(passed, rejected, sep):
    """The input again: rejected rows say in which line they begin."""
    lines = passed.splitlines(keepends=True)
    rest = rejected.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)[1:]
    out, at = [], 1
    i = 0
    while i < len(rest):
        line, *_, raw = rest[i].split(sep.encode(), 5)
        i += 1
        while at < int(line):
            out.append(lines.pop(0))
            at += 1
        row = raw
        while row.count(b'"') % 2:
            row += rest[i]
            i += 1
        out.append(row)
        at += row.count(b"\n")
    return b"".join(out + lines)


def trial(n):
    data, sep, column = one_file()
    with tempfile.NamedTemporaryFile() as r:
        p = subprocess.run([program, "--database=" + database, "check",
                            "--csv=mail", "--rejected=" + r.name],
                           input=data, capture_output=True)
        rejected = open(r.name, "rb").read()
    rows = read(data, sep)
    want = rows[:1] + [x for x in rows[1:] if may_pass(x, column)]
    bad = [x for x in rows[1:] if not may_pass(x, column)]
    got = [x[5:] for x in read(rejected, sep)[1:]]
    for name, ok in (("rows that pass", read(p.stdout, sep) == want),
                     ("rows that do not", got == bad),
                     ("bytes", merged(p.stdout, rejected, sep) == data),
                     ("status", p.returncode == (1 if bad else 0))):
        if not ok:
            print("file %d: %s: %r" % (n, name, data), file=sys.stderr)
            print(p.stdout, rejected, p.stderr, file=sys.stderr)
            sys.exit(1)


for number in range(int(files)):
    trial(number)
