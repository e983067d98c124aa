#!/usr/bin/env python3
"""addresses.py: hostile addresses, as lines "KEY TAB SPELLED".

KEY is what the address must be known by (parsers/address.h: domain in lower
case and A-labels, ASCII letters of the local part in lower case), SPELLED is
how a file or a report has it. Made from the grammar of RFC 5321 4.1.2 and
RFC 6531, not from what the program says.
"""
import sys

ATEXT = "!#$%&'*+-/=?^_`{|}~"
QUOTED = ' ,;:<>@[]()"\\'


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def locals_of_ascii():
    for c in ATEXT:
        yield from (c, c + "first", "mid" + c + "dle", "last" + c, c + c)
    yield "".join(ATEXT)
    for c in QUOTED:
        yield quoted("in" + c + "side")
        yield quoted("=" + c)
        yield quoted("#" + c + "x")
        yield quoted(c)
    yield quoted(QUOTED)
    yield from (
        "a.b.c", "tag+tag", "o'brien", "x'or'1'='1", "'--", "x''y", "%s",
        "%u%d", "'%s'", "%%", "${lcx}", "$x", "`id`", "$", "null", "nan",
        "0", "007", "1e5", "true", "-1+1", "=1+1", "'=1+1", "''=x", "'",
        "u%example.org", "host!user", "*", "?", "a" * 64, "0x41", "~root")
    yield quoted("=cmd|' /c calc'!a0")
    yield quoted("x\ty".replace("\t", " "))
    yield quoted("select reason: from; suppressed, -- ")
    yield quoted("{}[]\\n")
    yield quoted("a\\")


def pairs():
    for i, local in enumerate(locals_of_ascii()):
        key = local.lower() + "@example.com"
        yield key, (local.upper() + "@Example.COM" if i % 2 else key)
    for local in ("j\u00f6rg", "\u7528\u6237", "\u0438\u0432\u0430\u043d",
                  "stra\u00dfe", "\u0130x", "\U0001f4e7", "=\u00fc"):
        yield local + "@example.org", local + "@EXAMPLE.org"
    for key, spelled in (
            ("xn--bcher-kva.example.net", "B\u00fccher.example.net"),
            ("xn--e1afmkfd.example.net",
             "\u043f\u0440\u0438\u043c\u0435\u0440.example.net"),
            ("xn--fiqs8s", "\u4e2d\u56fd"),
            ("a-b.example.net", "A-B.example.net.")):
        yield "idn@" + key, "idn@" + spelled
    yield "u@[192.0.2.1]", "u@[192.0.2.1]"
    longest = ".".join(["d" * 60] * 3 + ["example"])
    yield ("l" * (254 - 1 - len(longest)))[:64] + "@" + longest, \
        ("L" * (254 - 1 - len(longest)))[:64] + "@" + longest.upper()


for known, given in dict(pairs()).items():
    sys.stdout.buffer.write(("%s\t%s\n" % (known, given)).encode())
