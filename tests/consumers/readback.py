#!/usr/bin/env python3
"""readback.py FORMAT FILE...: the addresses of an export, one a line, sorted.

Read by what a receiver has: the csv module of python3 for CSV, `jq` for JSON,
a cut at the comma where the platform documents no quotes.
"""
import csv
import subprocess
import sys


def lines(path):
    with open(path, encoding="utf-8", newline="") as f:
        text = f.read()
    assert text.endswith("\n"), path + " ends in a line without an end"
    return text.split("\n")[:-1]


def column(name):
    def read(path):
        with open(path, encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f, strict=True):
                assert None not in row and None not in row.values(), row
                yield row[name]
    return read


def unguarded(path):
    """bouncewatch-export(1), csv: an apostrophe before what would be taken for
    a formula; it is taken off where such a character follows."""
    for cell in column("address")(path):
        bare = cell.lstrip("'")
        if cell[:1] == "'" and bare[:1] in ("=", "+", "-", "@"):
            cell = cell[1:]
        yield cell


def query(program):
    def read(path):
        # -j: no newline of jq's own, so that one in a value would be seen.
        out = subprocess.run(["jq", "-j", program + " | . + \"\\u0000\"", path],
                             check=True, capture_output=True).stdout
        return out.decode().split("\0")[:-1]
    return read


def before_comma(path):
    return (line.split(",")[0] for line in lines(path))


READERS = {
    "plain": lines,
    "csv": unguarded,
    "jsonl": query(".address"),
    "ses": before_comma,
    "ses-json": query(".emailAddress"),
    "mailgun": column("address"),
    "sendgrid": query(".recipient_emails[]"),
    "postmark": query(".Suppressions[].EmailAddress"),
    "sparkpost": query(".recipients[].recipient"),
    "mailchimp": column("Email Address"),
    "listmonk": column("email"),
    "cloudflare": before_comma,
}

found = [a for path in sys.argv[2:] for a in READERS[sys.argv[1]](path)]
for address in sorted(a.encode() for a in found):
    sys.stdout.buffer.write(address + b"\n")
