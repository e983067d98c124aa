#!/usr/bin/env python3
"""report_mail.py MAIL TEXT HTML: python3's email reads the mail; its two parts
are these files, byte for byte, and nothing in it breaks a line of SMTP."""
import email
import email.policy
import re
import sys

raw = open(sys.argv[1], "rb").read()
m = email.message_from_bytes(raw, policy=email.policy.default)
assert not m.defects, m.defects
assert m.get_content_type() == "multipart/alternative"
assert m["MIME-Version"] == "1.0"
assert m["Auto-Submitted"] == "auto-generated"
assert m["From"].addresses[0].addr_spec == "bw@example.com", m["From"]
assert m["Date"].datetime.tzinfo
assert re.fullmatch(r"<[A-Za-z0-9.-]+@[^>@ ]+>", m["Message-ID"]), m["Message-ID"]
text, html = m.iter_parts()
assert text.get_content_type() == "text/plain"
assert html.get_content_type() == "text/html"
for part, path in ((text, sys.argv[2]), (html, sys.argv[3])):
    assert not part.defects, part.defects
    assert part.get_content_charset() == "utf-8"
    assert part["Content-Transfer-Encoding"] == "quoted-printable"
    want = open(path, "rb").read()
    got = part.get_payload(decode=True).replace(b"\r\n", b"\n")
    if got != want:
        sys.exit(f"{path} differs: {len(got)} bytes, not {len(want)}")
assert max(map(len, raw.splitlines())) <= 78
# The same counts in both parts.
counts = [re.findall(r"\b\d[\d ,]*\b(?= hard| user)", p.get_content())
          for p in (text, html)]
assert counts[0][:1] == counts[1][:1], counts
print(m["Subject"])
