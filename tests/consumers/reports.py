#!/usr/bin/env python3
"""reports.py: an mbox with a delivery report for each address on stdin."""
import datetime
import email.utils
import sys

REPORT = """\
From MAILER-DAEMON@out.news.example.com {at}
Return-Path: <>
Received: from out.news.example.com (out.news.example.com [192.0.2.1])
\tby mx.news.example.com; {at}
Date: {at}
From: MAILER-DAEMON@out.news.example.com (Mail Delivery System)
To: bounces@news.example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <{n}@out.news.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={what}delivery-status;
\tboundary="{n}/out"

--{n}/out
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

<{to}>: host mx.example.org[198.51.100.7] said: 550 5.1.1 User unknown

--{n}/out
Content-Type: message/{what}delivery-status
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; out.news.example.com

Final-Recipient: {kind}; {to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--{n}/out
Content-Type: message/{what}rfc822-headers
Content-Transfer-Encoding: 8bit

Message-ID: <original.{n}@news.example.com>
Date: {at}
From: news@news.example.com
To: {to}
Subject: News

--{n}/out--

"""

yesterday = email.utils.format_datetime(
    datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1))
for number, line in enumerate(sys.stdin.buffer):
    to = line.decode().rstrip("\n")
    # RFC 6533: a report on an internationalized address has types of its own.
    wide = not to.isascii()
    sys.stdout.buffer.write(REPORT.format(
        at=yesterday, n=number, to=to, kind="utf-8" if wide else "rfc822",
        what="global-" if wide else "").replace(
            "global-rfc822-headers", "global-headers").encode())
