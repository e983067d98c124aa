#!/usr/bin/env python3
"""report_mail.py MAIL TEXT HTML: python3's email reads the mail; its two parts
are these files, byte for byte, and nothing in it breaks a line of SMTP."""
import email
import email.policy
import html.parser
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
text, html_part = m.iter_parts()
assert text.get_content_type() == "text/plain"
assert html_part.get_content_type() == "text/html"
for part, path in ((text, sys.argv[2]), (html_part, sys.argv[3])):
    assert not part.defects, part.defects
    assert part.get_content_charset() == "utf-8"
    assert part["Content-Transfer-Encoding"] == "quoted-printable"
    want = open(path, "rb").read()
    got = part.get_payload(decode=True).replace(b"\r\n", b"\n")
    if got != want:
        sys.exit(f"{path} differs: {len(got)} bytes, not {len(want)}")
assert max(map(len, raw.splitlines())) <= 78


class Rows(html.parser.HTMLParser):
    """The cells of each row."""
    def __init__(self, text):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data.strip()


def counts(rows):
    """{class: (now, usual)} of the table of classes."""
    named = [[r[0].lstrip("! "), *r[1:3]] for r in rows if len(r) > 2]
    return {r[0]: (r[1], r[2]) for r in named
            if r[0] in ("hard", "soft", "block", "complaint")}


# The same numbers in both parts, and these.
of_text = counts(re.split(r"  +", line.strip())
                 for line in text.get_content().splitlines())
of_html = counts(Rows(html_part.get_content()).rows)
assert len(of_text) == 4 and of_text == of_html, (of_text, of_html)
print("hard", *of_text["hard"])
print(m["Subject"])
