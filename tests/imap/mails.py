#!/usr/bin/env python3
"""mails.py DIR N [FIRST]: write N bounces, all different, as DIR/NNNNN.eml.

Each is a delivery status notification (RFC 3464) as an MTA would send it, to
user NNNNN, dated a little while ago, so that none is stale and none counts as
another.
"""

import email.utils
import pathlib
import sys
import time

LINES = """\
Return-Path: <>
Date: {date}
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: bounces@news.example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <{i}.bounce@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="b{i}"

--b{i}
Content-Type: text/plain; charset=us-ascii

The mail could not be delivered to user{i}@example.net:
the address does not exist.
{padding}
--b{i}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: {date}

Final-Recipient: rfc822; user{i}@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 5.1.1 <user{i}@example.net>: User unknown

--b{i}
Content-Type: message/rfc822

Date: {date}
From: news@news.example.com
To: user{i}@example.net
Message-ID: <{i}.news@news.example.com>
Subject: News

Hello.
--b{i}--
"""


def mail(i, size=0):
    """The i-th mail with CRLF, padded to about size bytes."""
    date = email.utils.formatdate(time.time() - 3600 - i % 3600)
    text = LINES.format(i=i, date=date, padding="")
    if size > len(text):
        lines = (size - len(text)) // 72 + 1
        text = LINES.format(i=i, date=date, padding="\n".join(["x" * 71] * lines))
    return text.replace("\n", "\r\n").encode()


def main():
    out = pathlib.Path(sys.argv[1])
    n = int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    out.mkdir(parents=True, exist_ok=True)
    for i in range(first, first + n):
        (out / f"{i:05d}.eml").write_bytes(mail(i).replace(b"\r\n", b"\n"))


if __name__ == "__main__":
    main()
