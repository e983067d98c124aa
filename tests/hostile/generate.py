#!/usr/bin/env python3
"""generate.py DIR [BYTES [NAME...]]: write hostile mails to DIR.

One case is one way to attack a parser, written as a function of a size: DIR/
NAME.eml is about BYTES long (1 MiB, all that is parsed, unless said). What
must hold for it goes to DIR/expected.json: {NAME: {...}} with

  may      addresses that may be suppressed (class hard or complaint); in
           most of these mails nobody failed, and nobody may be
  must     addresses that must be hard: the attack hides a real bounce
  limits   words that the verdict's `limits` must hold (at 1 MiB)

`generate.py --list` prints the names, --table how many cells of the table of
attacks have a case (status 1: not all). Cases with GROWTH in them are also run
at two sizes by growth.sh.
"""
import base64
import fnmatch
import json
import os
import random
import sys
import zlib

CAP = 1048576
CASES = {}


class Case:
    def __init__(self, make, may, must, limits, growth):
        self.make, self.growth = make, growth
        self.must, self.limits = list(must), list(limits)
        self.may = list(may) + self.must


def case(name, may=(), must=(), limits=(), growth=False):
    """Register the function below as the maker of a case."""
    def register(make):
        if name in CASES:
            raise ValueError('two cases are called ' + name)
        CASES[name] = Case(make, may, must, limits, growth)
        return make
    return register


def cases(table, **more):
    """Register make(n, *arguments) once for each row {name: arguments}."""
    def register(make):
        for name, args in table.items():
            case(name, **more)(lambda n, args=args: make(n, *args))
        return make
    return register


# --- pieces ------------------------------------------------------------------

def fill(unit, n):
    """unit repeated to at least n bytes (at least once)."""
    return unit * max(1, -(-n // len(unit)))


def rows(form, n, start=0):
    """form % i for i = start, ... until there are n bytes."""
    out, size, i = [], 0, start
    while size < n:
        row = form % i
        out.append(row)
        size += len(row)
        i += 1
    return b''.join(out)


def noise(n, seed, alphabet=None):
    r = random.Random(seed)
    if alphabet is None:
        return r.getrandbits(8 * n).to_bytes(n, 'little') if n else b''
    return bytes(r.choices(alphabet, k=n))


BOUNCE = (b'Return-Path: <>\n'
          b'From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\n'
          b'To: bounces@news.example.com\n'
          b'Date: Mon, 3 Mar 2025 15:00:10 +0000\n'
          b'Subject: Undelivered Mail Returned to Sender\n')
PERSON = (b'From: A Person <person@example.net>\n'
          b'To: bounces@news.example.com\n'
          b'Subject: Hello\n')
REPORT = (b'Content-Type: multipart/report; report-type=delivery-status; '
          b'boundary=b\n\n')
STATUS = b'--b\nContent-Type: message/delivery-status\n\n'
MTA = b'Reporting-MTA: dns; mx.example.org\n\n'
FAILED = (b'Final-Recipient: rfc822; gone@example.org\nAction: failed\n'
          b'Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n')
GONE = ['gone@example.org']
SAYS_GONE = b'<gone@example.org>: 550 5.1.1 user unknown\n'


def dsn(blocks, head=BOUNCE, fields=MTA):
    return (head + REPORT + STATUS + fields + blocks + b'\n--b--\n')


def text(body, head=BOUNCE, kind=b'text/plain; charset=utf-8', code=b'8bit'):
    return (head + b'Content-Type: ' + kind + b'\n'
            b'Content-Transfer-Encoding: ' + code + b'\n\n' + body)


def header(name, value, rest=BOUNCE, body=b'\nHello.\n'):
    return rest + name + b': ' + value + b'\n' + body


# --- nesting -----------------------------------------------------------------

def nested(depth, form, body=b'x\n', close=None):
    """depth levels of form % level around body."""
    out = b''.join(form % {b'i': i} for i in range(depth)) + body
    if close:
        out += b''.join(close % {b'i': i} for i in reversed(range(depth)))
    return out


RFC822 = b'Content-Type: message/rfc822\n\n'
MULTI = b'Content-Type: multipart/mixed; boundary=b%(i)d\n\n--b%(i)d\n'
SAME = b'Content-Type: multipart/mixed; boundary=b\n\n--b\n'
DIGEST = b'Content-Type: multipart/digest; boundary=b%(i)d\n\n--b%(i)d\n\n'
MIXED = MULTI + RFC822
GLOBAL = b'Content-Type: message/global\n\n'
DAEMON = BOUNCE.replace(b'%', b'%%') + RFC822

LEVELS = (200, 2000, 50000)


@cases({'nested-rfc822-%d' % d: (d, RFC822) for d in LEVELS} |
       {'nested-daemon-%d' % d: (d, DAEMON) for d in LEVELS} |
       {'nested-global-2000': (2000, GLOBAL)})
def _nested_message(n, depth, form):
    return PERSON + nested(min(depth, n // len(form)), form)


@cases({'nested-multipart-%d' % d: (d, MULTI, b'\n--b%(i)d--\n')
        for d in LEVELS} |
       {'nested-open-2000': (2000, MULTI, None)}, limits=['depth'])
def _nested_multipart(n, depth, form, close):
    depth = min(depth, n // (len(form) + len(close or b'') + 8))
    return BOUNCE + nested(depth, form, close=close)


@cases({'nested-same-boundary-2000': (2000, SAME, b'\n--b--\n'),
        'nested-digest-2000': (2000, DIGEST, None),
        'nested-mixed-2000': (2000, MIXED, None)})
def _nested_flat(n, depth, form, close):
    """Only the outermost level is one: the rest is parts, or not opened."""
    return _nested_multipart(n, depth, form, close)


@case('nested-wide', limits=['depth'], growth=True)
def _nested_wide(n):
    # Every level is as long as what is left: 20 scans, not more.
    return BOUNCE + nested(40, MULTI) + fill(b'--b\nx --b39\n\n--c\n', n)


@case('nested-guessed', limits=['depth'], growth=True)
def _nested_guessed(n):
    """Boundaries that are not stated are looked for at every level."""
    level = b'Content-Type: multipart/mixed\n\n--g%(i)d\n'
    return BOUNCE + nested(40, level) + fill(b'--x\nno header\n', n)


@case('nested-report-too-deep', limits=['depth'])
def _nested_report(n):
    inner = STATUS[4:] + MTA + FAILED
    return BOUNCE + nested(30, MULTI, body=inner) + fill(b'x\n', n)


@case('nested-base64', may=GONE)
def _nested_base64(n):
    mail = dsn(FAILED)
    while len(mail) < n * 7 // 10 and len(mail) < 400000:
        mail = (BOUNCE + RFC822[:-1] + b'Content-Transfer-Encoding: base64\n\n'
                + base64.encodebytes(mail))
    return mail


# --- parts -------------------------------------------------------------------

def multipart(parts, kind=b'mixed', head=BOUNCE):
    return (head + b'Content-Type: multipart/' + kind + b'; boundary=b\n\n' +
            parts + b'--b--\n')


PARTS = {
    'parts-empty': (b'--b\n',),
    'parts-blank': (b'--b\n\n\n',),
    'parts-text': (b'--b\nContent-Type: text/plain\n\nx\n',),
    'parts-html': (b'--b\nContent-Type: text/html\n\n<p>x\n',),
    'parts-rfc822': (b'--b\n' + RFC822 + b'Subject: x\n\n',),
    'parts-headers': (b'--b\nContent-Type: text/rfc822-headers\n\nTo: x@y\n',),
    'parts-multipart': (b'--b\nContent-Type: multipart/mixed\n\nx\n',),
    'parts-no-blank-line': (b'--b\nContent-Type: text/plain\n',),
    'parts-disposition': (
        b'--b\nContent-Type: message/disposition-notification\n\nx: y\n',),
}


@cases(PARTS, limits=['parts'])
def _parts(n, part):
    return multipart(fill(part, n))


@case('parts-digest', limits=['parts'], growth=True)
def _parts_digest(n):
    return multipart(fill(b'--b\n\nSubject: x\n\ny\n', n), b'digest')


@case('parts-many-long', growth=True)
def _parts_many_long(n):
    part = b'--b\nContent-Type: text/plain\n\n' + b'y' * (n // 900) + b'\n'
    return multipart(part * 900)


@case('parts-report-behind-1000', limits=['parts'])
def _parts_report_last(n):
    flood = fill(b'--b\n\nx\n', max(n - 1000, 8 * 1010))
    return multipart(flood + STATUS + MTA + FAILED)


@case('parts-report-before-the-flood', must=GONE, limits=['parts'])
def _parts_report_first(n):
    return multipart(STATUS + MTA + FAILED + b'\n' + fill(b'--b\n\nx\n', n))


@case('parts-reports', may=GONE, limits=['parts'])
def _parts_reports(n):
    return multipart(fill(STATUS + MTA + FAILED + b'\n', n))


# --- boundaries --------------------------------------------------------------

BOUNDARIES = {
    'boundary-missing': (b'', b'b'),
    'boundary-empty': (b'; boundary=""', b''),
    'boundary-no-value': (b'; boundary=', b''),
    'boundary-quote': (b'; boundary="\\""', b'"'),
    'boundary-open-quote': (b'; boundary="b', b'b'),
    'boundary-backslash': (b'; boundary="\\', b'\\'),
    'boundary-200': (b'; boundary=' + b'b' * 200, b'b' * 200),
    'boundary-201': (b'; boundary=' + b'b' * 201, b'b' * 201),
    'boundary-10000': (b'; boundary=' + b'b' * 10000, b'b' * 10000),
    'boundary-dashes': (b'; boundary="--"', b'--'),
    'boundary-blanks': (b'; boundary="      "', b'      '),
    'boundary-newline': (b'; boundary="a\n b"', b'a b'),
    'boundary-nul': (b'; boundary="a\0b"', b'a\0b'),
    'boundary-8bit': (b'; boundary="\xff\xfe"', b'\xff\xfe'),
    'boundary-twice': (b'; boundary=x; boundary=b', b'b'),
    'boundary-2231': (b'; boundary*0=x; boundary*1*=%62', b'xb'),
    'boundary-in-a-comment': (b'; (boundary=x) boundary=b', b'b'),
}


@cases(BOUNDARIES)
def _boundary(n, param, used):
    part = b'--' + used + b'\nContent-Type: text/plain\n\nhello\n'
    return (BOUNCE + b'Content-Type: multipart/mixed' + param + b'\n\n' +
            fill(part, n // 2) + fill(b'--' + used + b'x\n', n // 2))


@case('boundary-never-closed')
def _boundary_open(n):
    return (BOUNCE + REPORT + b'--b\n\n' + fill(b'hello\n', n))


@case('boundary-prefix', growth=True)
def _boundary_prefix(n):
    return (BOUNCE + b'Content-Type: multipart/mixed; boundary=ab\n\n--ab\n\n'
            + fill(b'--abc\n--a\n--ab-\n--ab c\n', n))


@case('boundary-child-reuses')
def _boundary_reused(n):
    return multipart(fill(b'--b\nContent-Type: multipart/mixed; boundary=b\n\n'
                          b'--b--\n', n))


@case('boundary-in-header')
def _boundary_in_header(n):
    return (BOUNCE + b'Content-Type: multipart/mixed; boundary=b\n' +
            fill(b'--b\nX-Y: z\n', n) + b'\n--b\n\nx\n--b--\n')


@case('boundary-long-tail', growth=True)
def _boundary_tail(n):
    return multipart(fill(b'--b' + b' \t' * 500 + b'x\n', n))


@case('boundary-all-alike', growth=True)
def _boundary_alike(n):
    return (BOUNCE + b'Content-Type: multipart/mixed; boundary="' + b'-' * 200
            + b'"\n\n' + fill(b'-' * 190 + b'\n', n // 2) + b'-' * (n // 2))


@case('boundary-guess-only-dashes', growth=True)
def _boundary_guess(n):
    return (BOUNCE + b'Content-Type: multipart/mixed\n\n' + fill(b'--\n', n))


@case('boundary-guess-too-long', growth=True)
def _boundary_guess_long(n):
    return (BOUNCE + b'Content-Type: multipart/mixed\n\n' +
            fill(b'--' + b'g' * 300 + b'\nContent-Type: text/plain\n', n))


# --- headers -----------------------------------------------------------------

NAMES = (b'Subject', b'From', b'To', b'Date', b'Received', b'Content-Type',
         b'Content-Transfer-Encoding', b'Return-Path', b'Message-ID',
         b'X-Failed-Recipients', b'Auto-Submitted', b'Precedence', b'X-Y')


@cases({'header-long-' + h.decode().lower(): (h,) for h in NAMES},
       limits=['header'])
def _header_long(n, name):
    return header(name, fill(b'word ', n), rest=b'')


@cases({'header-folded-' + h.decode().lower(): (h,) for h in NAMES},
       limits=['header'])
def _header_folded(n, name):
    return header(name, fill(b'a\n ', n) + b'b', rest=b'')


@cases({'headers-many-' + h.decode().lower(): (h,) for h in NAMES})
def _headers_many(n, name):
    return fill(name + b': a@b.example; 5.1.1\n', n) + b'\nx\n'


@cases({
    'headers-tiny': (b'a:b\n',),
    'headers-no-value': (b'a:\n',),
    'headers-only-colons': (b':\n',),
    'headers-no-colon': (b'hello\n',),
    'headers-odd-lines': (b'hello\nX-Y: z\n',),
    'headers-odd-fold': (b'X-Y: z\nhello\n world\n',),
    'headers-blank-folds': (b'X-Y: z\n \n',),
    'headers-blank-fold-run': (b' \n',),
    'headers-lost-folds': (b'X-Y: z;\na=b;\nc=d\n',),
    'headers-nul': (b'X-\0: \0\n',),
    'headers-8bit': (b'Subject: \xff\x80\xc3\n',),
    'headers-controls': (b'Subject: \x01\x1b[31m\x7f\x0b\x0c\n',),
    'headers-spaced': (b'Subject    :   x\n',),
    'headers-from-lines': (b'From a@b Mon\n',),
    'headers-8bit-names': (b'S\xc3\xbcbject: x\n',),
})
def _headers(n, line):
    return b'Subject: x\n' + fill(line, n) + b'\nx\n'


@case('headers-folds-behind-an-odd-line', growth=True)
def _odd_line_folds(n):
    return b'Subject: x\nodd line\n' + fill(b' a\n', n) + b'To: y\n\nx\n'


@case('headers-folds-behind-odd-lines', growth=True)
def _odd_lines_folds(n):
    return (b'Subject: x\n' + fill(b'odd line\n' + b' a\n' * 300, n) +
            b'To: y\n\nx\n')


@case('headers-blanks-behind-an-odd-line', growth=True)
def _odd_line_blanks(n):
    return b'Subject: x\nodd\n' + fill(b' ' * 99 + b'\n', n) + b'To: y\n\n'


@case('header-long-name')
def _header_name(n):
    return b'N' * n + b': x\n\nx\n'


@case('header-name-no-colon', growth=True)
def _header_name_open(n):
    return fill(b'N' * 999 + b'\n', n)


@case('header-no-end')
def _header_no_end(n):
    return b'Subject: ' + b'x' * n


@case('header-date-digits', growth=True)
def _header_date(n):
    return (b'Date: ' + b'9' * (n // 2) + b'\nReceived: x; ' +
            fill(b'1(', n // 2) + b'\n\nx\n')


@case('headers-one-of-each')
def _headers_each(n):
    return fill(b''.join(h + b': <a@b.example>\n' for h in NAMES), n) + b'\n'


@case('headers-nothing-else')
def _headers_only(n):
    return BOUNCE + fill(b'X-A: b\n', n)[:-1]


# --- address lists -----------------------------------------------------------

LISTS = {
    'many': b'a@b.example, ',
    'groups': b'g:',
    'groups-closed': b'g:a@b.example;',
    'comments': b'(',
    'comments-closed': b'(a)',
    'comments-escaped': b'(\\)',
    'comment-ends': b')',
    'quotes': b'"',
    'quotes-escaped': b'\\"',
    'quotes-open': b'"a\\" ',
    'backslashes': b'\\',
    'literals': b'[',
    'literals-long': b'[aaaaaaaaaaaaaaaa,',
    'angles': b'<',
    'angle-ends': b'>',
    'angles-closed': b'<a@b.example>',
    'ats': b'@',
    'routes': b'@a,@b:',
    'commas': b',',
    'words': b'w ',
    'dots': b'. ',
    'run': b'a . ',
    'comment-run': b'a(x).',
    'encoded': b'=?utf-8?q?a?= <a@b.example>, ',
}


@cases({'addresses-to-' + k: (v,) for k, v in LISTS.items()})
def _list_to(n, unit):
    """In one header of the bounce, and of the original, and in a long one."""
    part = n // 4 if n // 4 < 65000 else 65000
    bad = fill(unit, part)
    return (BOUNCE.replace(b'To: ', b'To: ' + bad) +
            b'X-Failed-Recipients: ' + bad + b'\n' + REPORT +
            b'--b\nContent-Type: message/rfc822\n\nTo: ' + bad + b'\nFrom: ' +
            bad + b'\nSubject: x\n\n' + fill(b'x\n', n - 4 * part) +
            b'--b--\n')


@cases({'addresses-from-' + k: (v,) for k, v in LISTS.items()})
def _list_from(n, unit):
    return b'From: ' + fill(unit, n) + b'\nSubject: failure\n\nx\n'


@case('addresses-failed-recipients')
def _failed_recipients(n):
    return text(b'Your message could not be delivered.\n',
                BOUNCE + b'X-Failed-Recipients: ' +
                rows(b'u%d@example.org, ', n) + b'\n')


# --- delivery status ---------------------------------------------------------

@case('dsn-blocks', limits=['recipients', 'message'], growth=True,
      may=['u%d@example.org' % i for i in range(1000)])
def _dsn_blocks(n):
    return dsn(rows(b'Final-Recipient: rfc822; u%d@example.org\n'
                    b'Action: failed\nStatus: 5.1.1\n\n', n))


@case('dsn-blocks-with-words', limits=['recipients', 'message'], growth=True)
def _dsn_blocks_words(n):
    return dsn(rows(b'Final-Recipient: rfc822; u%d@example.org\n'
                    b'Action: failed\nStatus: 5.0.0\nRemote-MTA: dns; a.b.c\n'
                    b'Diagnostic-Code: smtp; 554 blocked by a list\n\n', n))


@case('dsn-blocks-that-ask-the-text', limits=['recipients', 'message'],
      growth=True, may=['u%04d@example.org' % i for i in range(1000)])
def _dsn_blocks_text(n):
    """Each block says nothing, so each looks itself up in the text."""
    names = rows(b'<u%04d@example.org>: unknown user\n', min(n // 3, 36000))
    blocks = rows(b'Final-Recipient: rfc822; u%04d@example.org\n'
                  b'Action: failed\nStatus: 5.0.0\n\n', n)
    return (BOUNCE + REPORT + b'--b\nContent-Type: text/plain\n\n'
            b'The following addresses failed:\n' + names + b'\n' + STATUS +
            MTA + blocks + b'--b--\n')


def alike(n, form, most=1000):
    """Long addresses of one length that differ at their end."""
    size = max(8, min(n, 260000) // most - len(form))
    return rows(form.replace(b'LONG', b'l' * size) + b'', n)


@case('dsn-long-addresses', growth=True)
def _dsn_long(n):
    return dsn(alike(n, b'Final-Recipient: rfc822; LONG%06d@example.org\n'
                     b'Action: failed\nStatus: 5.7.1\n\n'))


@case('dsn-long-hosts', growth=True)
def _dsn_hosts(n):
    return dsn(alike(n, b'Final-Recipient: rfc822; a%04d@example.org\n'
                     b'Status: 5.7.1\nRemote-MTA: dns; LONG.x.outlook.co\n\n'))


@case('dsn-dotted-hosts', growth=True)
def _dsn_dots(n):
    host = b'mail.' * (n // 5000)
    return dsn(rows(b'Final-Recipient: rfc822; a%04d@example.org\n'
                    b'Status: 5.7.1\nRemote-MTA: dns; ' + host + b'\n\n', n))


@cases({
    'dsn-same-address': (FAILED + b'\n',),
    'dsn-blank-between-fields': (FAILED.replace(b'\n', b'\n\n'),),
    'dsn-no-blank-line': (FAILED,),
}, must=GONE)
def _dsn_real(n, block):
    return dsn(fill(block, n))


@cases({
    'dsn-empty-fields': (b'Final-Recipient:\nAction:\nStatus:\n\n',),
    'dsn-only-diagnostics': (b'Diagnostic-Code: smtp; 550 5.1.1 no\n',),
    'dsn-only-status': (b'Status: 5.1.1\n\n',),
    'dsn-delivered': (b'Final-Recipient: rfc822; a@b.example\n'
                      b'Action: delivered\nStatus: 5.1.1\n\n',),
    'dsn-status-digits': (b'Final-Recipient: rfc822; a@b.example\nStatus: '
                          + b'5' * 500 + b'.1.1\n\n',),
    'dsn-status-dots': (b'Final-Recipient: rfc822; a@b.example\nStatus: '
                        + b'5.' * 500 + b'\n\n',),
    'dsn-semicolons': (b'Final-Recipient: ' + b';' * 500 + b'\n\n',),
    'dsn-reporting': (b'Reporting-MTA: dns; a.b\n',),
    'dsn-folded': (b'Final-Recipient:\n rfc822;\n x y z\n\n',),
    'dsn-no-colon': (b'Final-Recipient rfc822; a@b.example\n\n',),
    'dsn-nul': (b'Final-Recipient: rfc822; \0@\0\nStatus: 5.1.1\n\n',),
})
def _dsn(n, block):
    return dsn(fill(block, n))


@cases({
    'dsn-xtext': (b'+40',),
    'dsn-xtext-plus': (b'+2B',),
    'dsn-unicode': (b'\\x{20AC}',),
    'dsn-unicode-open': (b'\\x{',),
    'dsn-blanks': (b' ',),
    'dsn-8bit': (b'\xff\x80',),
})
def _dsn_value(n, unit):
    return dsn(b'Original-Recipient: rfc822; ' + fill(unit, n // 4) +
               b'\nFinal-Recipient: utf-8; ' + fill(unit, n // 4) +
               b'\nStatus: 5.1.1\nDiagnostic-Code: smtp; ' +
               fill(unit, n // 4) + b'\nRemote-MTA: dns; ' +
               fill(unit, n // 4) + b'\n')


@cases({
    'dsn-long-diagnostic': (b'550 5.1.1 user unknown ',),
    'dsn-folded-diagnostic': (b'550 5.1.1 no\n ',),
    'dsn-codes-diagnostic': (b'5.7.1 554 ',),
}, may=GONE, limits=['header'])
def _dsn_diagnostic(n, unit):
    return dsn(b'Final-Recipient: rfc822; gone@example.org\nStatus: 5.0.0\n'
               b'Diagnostic-Code: smtp; ' + fill(unit, n) + b'x\n')


@case('dsn-as-text', growth=True,
      may=['u%d@example.org' % i for i in range(2000)])
def _dsn_as_text(n):
    return text(MTA + rows(b'Final-Recipient: rfc822; u%d@example.org\n'
                           b'Status: 5.1.1\n\n', n))


@case('arf-recipients', growth=True,
      may=['u%d@example.org' % i for i in range(100)])
def _arf(n):
    return (PERSON + b'Content-Type: multipart/report; boundary=b\n\n'
            b'--b\nContent-Type: message/feedback-report\n\n'
            b'Feedback-Type: abuse\n' +
            rows(b'Original-Rcpt-To: u%d@example.org\n', n) + b'--b--\n')


@case('arf-8bit', growth=True,
      may=['u%d@example.org' % i for i in range(100)])
def _arf_8bit(n):
    return (PERSON + b'Content-Type: multipart/report; boundary=b\n\n'
            b'--b\nContent-Type: message/feedback-report\n\n'
            b'Feedback-Type: abuse\n' +
            rows(b'Original-Rcpt-To: u%d@example.org\n', min(n // 2, 4000)) +
            fill(b'X: \xff\xff\xff\xff\n', n) + b'--b--\n')


JSON = b'{"notificationType":"Bounce","bounce":{"bouncedRecipients":['


@case('json-recipients', limits=['recipients'], growth=True,
      may=['u%d@example.org' % i for i in range(1000)])
def _json(n):
    return text(JSON + rows(b'{"emailAddress":"u%d@example.org",'
                            b'"status":"5.1.1"},', n) + b'{}]}}\n')


@cases({
    'json-braces': (b'{',), 'json-quotes': (b'"',), 'json-strings': (b'"" ',),
    'json-escapes': (b'\\"',), 'json-nested': (b'\\"notificationType\\"',),
    'json-same': (b'{"emailAddress":"gone@example.org","status":"5.1.1"},',),
    'json-blanks': (b'"a"          ',), 'json-folds': (b'!\n ',),
}, may=GONE)
def _json_bomb(n, unit):
    return text(JSON + fill(unit, n) + b'\n')


# --- parameters and encoded words --------------------------------------------

@cases({
    'params-pieces': (b'; boundary*%d=a',),
    'params-encoded-pieces': (b'; boundary*%d*=%%61%%00',),
    'params-gaps': (b'; boundary*%d9=a',),
    'params-many': (b'; p%d=a',),
    'params-charsets': (b"; charset*%d*=utf-8'en'%%ff",),
    'params-quoted': (b'; boundary%d="a\\"b"',),
    'params-comments': (b'; (%d) boundary',),
    'params-open-comments': (b'; (%d',),
    'params-equals': (b'; =%d',),
    'params-huge-numbers': (b'; boundary*999999999999999999%d=a',),
})
def _params(n, form):
    value = b'multipart/mixed' + rows(form, min(n // 2, 65000))
    return (BOUNCE + b'Content-Type: ' + value + b'\n\n--b\n' +
            b'Content-Type: text/plain' + rows(form, min(n // 2, 65000)) +
            b'\n\nhello\n--b--\n' + fill(b'x\n', n - 130000))


WORDS = {
    'words-q': b'=?utf-8?q?a_b=20?= ',
    'words-b': b'=?utf-8?b?YWJj?= ',
    'words-charsets': b'=?iso-8859-1?q?=e4?= =?koi8-r?q?=e4?= ',
    'words-open': b'=?utf-8?q?',
    'words-marks': b'=?',
    'words-ends': b'?=',
    'words-empty': b'=?utf-8?q??=',
    'words-bad-base64': b'=?utf-8?b?*=*=*?= ',
    'words-bad-qp': b'=?utf-8?q?=zz=?= ',
    'words-unknown': b'=?x-nobody-knows?q?=ff?= ',
    'words-2022': b'=?iso-2022-jp?b?GyRC?= ',
    'words-utf7': b'=?utf-7?q?+AGE-+?= ',
    'words-overlong': b'=?utf-8?q?=c0=80=ed=a0=80?= ',
    'words-controls': b'=?utf-8?q?=0d=0a=00=1b?= ',
    'words-long-charset': b'=?' + b'c' * 100 + b'?q?a?= ',
    'words-8bit': b'=?utf-8?q?\xff?=\xff ',
    'words-nested': b'=?utf-8?q?=?utf-8?q?a?=?= ',
}


@cases({k: (v,) for k, v in WORDS.items()})
def _words(n, unit):
    part = min(n // 3, 65000)
    bad = fill(unit, part)
    return (b'From: ' + bad + b' <a@b.example>\nSubject: ' + bad +
            b'\nTo: ' + bad + b'\n\n' + fill(b'x\n', n - 3 * part))


@cases({'words-long-' + k[6:]: (WORDS[k],) for k in (
    'words-q', 'words-b', 'words-open', 'words-charsets', 'words-utf7')},
    limits=['header'])
def _words_long(n, unit):
    """One header that is as long as the mail."""
    return header(b'Subject', fill(unit, n))


# --- transfer encodings ------------------------------------------------------

ENCODED = {
    'base64-line-each-byte': (b'base64', b'Y\nW\nJ\nj\n'),
    'base64-no-padding': (b'base64', b'YWJjZA\n'),
    'base64-padding': (b'base64', b'===='),
    'base64-garbage': (b'base64', b'*@\x00\xff'),
    'base64-nul': (b'base64', b'AAAA'),
    'base64-newlines': (b'base64', b'DQoNCg0K'),
    'base64-one': (b'base64', b'A'),
    'base64-carriage-returns': (b'base64', b'DQ0NDQ0N'),
    'qp-open-end': (b'quoted-printable', b'x='),
    'qp-bad': (b'quoted-printable', b'=ZZ=z=9'),
    'qp-soft-breaks': (b'quoted-printable', b'=\n'),
    'qp-blanks': (b'quoted-printable', b' ' * 999 + b'x'),
    'qp-blank-lines': (b'quoted-printable', b'\t' * 99 + b'\n'),
    'qp-nul': (b'quoted-printable', b'=00'),
    'qp-newlines': (b'quoted-printable', b'=0D=0A'),
    'qp-equals': (b'quoted-printable', b'='),
    'encoding-unknown': (b'x-nobody-knows', b'abc'),
    'encoding-uu': (b'x-uuencode', b'begin 644 x\nM0000\n'),
}


@cases({k: v for k, v in ENCODED.items()})
def _encoded(n, code, unit):
    return text(fill(unit, n), code=code)


@cases({k + '-html': v for k, v in ENCODED.items() if k.startswith('qp')})
def _encoded_html(n, code, unit):
    return text(fill(unit, n), code=code, kind=b'text/html')


# --- charsets ----------------------------------------------------------------

CHARSETS = ('utf-8', 'us-ascii', 'iso-8859-1', 'windows-1252', 'utf-16',
            'utf-16le', 'utf-32', 'utf-7', 'iso-2022-jp', 'iso-2022-kr',
            'iso-2022-cn', 'shift_jis', 'euc-jp', 'euc-kr', 'gb18030', 'big5',
            'hz-gb-2312', 'koi8-r', 'x-nobody-knows')


@cases({'charset-noise-' + c: (c.encode(), i)
        for i, c in enumerate(CHARSETS)})
def _charset_noise(n, charset, seed):
    return text(noise(n, seed), kind=b'text/plain; charset=' + charset)


@cases({
    'charset-escapes-jp': (b'iso-2022-jp', b'\x1b$B\x1b(B'),
    'charset-escapes-open': (b'iso-2022-jp', b'\x1b$B0!\n'),
    'charset-escapes-kr': (b'iso-2022-kr', b'\x1b$)C\x0e\x0f'),
    'charset-escapes-cn': (b'iso-2022-cn', b'\x1b$)A\x0e!!\x0f'),
    'charset-utf7-plus': (b'utf-7', b'+'),
    'charset-utf7-words': (b'utf-7', b'+AGE-+/////w-'),
    'charset-overlong': (b'utf-8', b'\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf'),
    'charset-surrogates': (b'utf-8', b'\xed\xa0\x80\xed\xbf\xbf'),
    'charset-continuations': (b'utf-8', b'\x80'),
    'charset-cut': (b'utf-8', b'\xf4\x8f\xbf'),
    'charset-beyond': (b'utf-8', b'\xf7\xbf\xbf\xbf\xff'),
    'charset-bom': (b'utf-8', b'\xef\xbb\xbf'),
    'charset-invisible': (b'utf-8', b'\xe2\x80\x8b\xe2\x80\xae\xe2\x80\xa8'),
    'charset-gb-halves': (b'gb18030', b'\x81\x30\x81'),
    'charset-sjis-halves': (b'shift_jis', b'\x81'),
    'charset-hz': (b'hz-gb-2312', b'~{~}~~'),
    'charset-quoted': (b'"us;ascii"', b'x '),
    'charset-long': (b'c' * 10000, b'\xe4'),
    'charset-slashes': (b'utf-8//TRANSLIT//IGNORE', b'\xff'),
    'charset-traversal': (b'../../../../etc/passwd', b'\xff'),
})
def _charset(n, charset, unit):
    return text(fill(unit, n), kind=b'text/plain; charset=' + charset)


# Names of charsets, of which a C library may have a converter to load.
BOMB = [b'iso-8859-%d' % i for i in range(1, 17)] + \
    [b'windows-%d' % i for i in range(1250, 1259)] + \
    [b'cp%d' % i for i in range(400, 1300)] + \
    [b'ibm%d' % i for i in range(400, 1300)] + \
    [b'koi8-' + c for c in (b'r', b'u', b't', b'ru')] + \
    [b'iso-2022-' + c for c in (b'jp', b'jp-1', b'jp-2', b'jp-3', b'kr',
                                b'cn', b'cn-ext')] + \
    [b'euc-' + c for c in (b'jp', b'kr', b'cn', b'tw')] + \
    [b'big5-hkscs', b'gbk', b'gb18030', b'hz-gb-2312', b'shift_jis',
     b'shift_jisx0213', b'johab', b'utf-7', b'utf-16', b'utf-32', b'ucs-2',
     b'tcvn', b'viscii', b'tis-620', b'macintosh', b'mac-cyrillic', b'gsm0338']


def bomb(n, form):
    """form % charset again and again, each charset in its turn."""
    return b''.join(
        form % BOMB[i % len(BOMB)] for i in range(max(1, n // len(form))))


@case('charset-bomb-words')
def _charset_bomb_words(n):
    part = bomb(min(n // 2, 60000), b'=?%s?q?=e4=b0?= ')
    return (b'From: ' + part + b'<a@b.example>\nSubject: ' + part + b'\n\n' +
            fill(b'x\n', n - 2 * len(part)))


@case('charset-bomb-params')
def _charset_bomb_params(n):
    part = bomb(min(n // 2, 60000), b"; charset*0*=%s'en'%%e4")
    return (BOUNCE + b'Content-Type: text/plain' + part + b'\n\n' +
            fill(b'\xe4\n', n - len(part)))


@case('charset-bomb-parts', limits=['parts'])
def _charset_bomb_parts(n):
    return multipart(bomb(n, b'--b\nContent-Type: text/plain; charset=%s\n\n'
                          b'\xe4\xb0\n'))


# --- newlines, bytes ---------------------------------------------------------

NEWLINES = {
    'newline-cr': b'\r', 'newline-crlf': b'\r\n', 'newline-crcrlf': b'\r\r\n',
    'newline-lfcr': b'\n\r', 'newline-crcrcrlf': b'\r\r\r\n',
}


@cases({k: (v,) for k, v in NEWLINES.items()}, may=GONE)
def _newline(n, newline):
    return dsn(FAILED + b'\n' + fill(b'X-Y: z\n', n)).replace(b'\n', newline)


@case('newline-mixed', may=GONE)
def _newline_mixed(n):
    r = random.Random(5)
    mail = dsn(FAILED + b'\n' + fill(b'X-Y: z\n', n)).split(b'\n')
    ends = r.choices((b'\n', b'\r', b'\r\n', b'\r\r\n', b'\n\r'), k=len(mail))
    return b''.join(a + b for a, b in zip(mail, ends))


@case('newline-none-at-the-end', must=GONE)
def _newline_none(n):
    return text(fill(b'The mail could not be delivered.\n',
                     min(n, 60000)) + b'\n' + SAYS_GONE[:-1] + b'.')


@cases({
    'bytes-nul': (b'\0',), 'bytes-ff': (b'\xff',), 'bytes-cr': (b'\r',),
    'bytes-lf': (b'\n',), 'bytes-space': (b' ',), 'bytes-at': (b'@',),
    'bytes-colon': (b':',), 'bytes-a': (b'a',), 'bytes-tab-lf': (b'\t\n',),
    'bytes-ff-vt': (b'\x0b\x0c',), 'bytes-all': (bytes(range(256)),),
    'bytes-dash': (b'--\n',), 'bytes-crlf': (b'\r\n',),
})
def _bytes(n, unit):
    return fill(unit, n)


@cases({'random-%d' % i: (i,) for i in range(4)})
def _random(n, seed):
    return noise(n, 100 + seed)


@cases({'random-text-%d' % i: (i,) for i in range(4)})
def _random_text(n, seed):
    words = (b'550', b'5.1.1', b'user', b'unknown', b'<', b'>', b'@', b':',
             b'\n', b'\n\n', b'a.example', b'failed', b'--', b'>>>', b'(',
             b'"', b';', b'Status:', b'Final-Recipient:', b'mailbox', b'full')
    return text(b' '.join(random.Random(seed).choices(words, k=n // 6)))


@case('size-0')
def _empty(n):
    return b''


@case('size-1')
def _one(n):
    return b'F'


@case('line-200mb', limits=['message'])
def _line(n):
    return text(b'x' * (n + 10))


@case('mail-200mb', limits=['message'])
def _mail(n):
    return text(fill(b'A line of a long mail.\n', n + 10))


# --- attachments -------------------------------------------------------------

ZIP = b'PK\3\4\x14\0\0\0\x08\0'
ATTACHED = {
    'attached-zip': (b'application/zip', ZIP),
    'attached-gzip': (b'application/gzip', b'\x1f\x8b\x08\0'),
    'attached-tnef': (b'application/ms-tnef', b'\x78\x9f\x3e\x22'),
    'attached-pdf': (b'application/pdf', b'%PDF-1.4\n'),
    'attached-partial': (b'message/partial; number=1; total=9', b''),
    'attached-external': (b'message/external-body; access-type=ftp', b''),
    'attached-status-gzip': (b'message/delivery-status', b'\x1f\x8b\x08\0'),
}


@cases({k: (v[0], v[1], i) for i, (k, v) in enumerate(ATTACHED.items())})
def _attached(n, kind, magic, seed):
    data = base64.encodebytes(magic + noise(n * 7 // 10, 200 + seed))
    return (BOUNCE + REPORT + b'--b\nContent-Type: ' + kind +
            b'\nContent-Transfer-Encoding: base64\n\n' + data + b'--b--\n')


@case('attached-zip-bomb')
def _zip_bomb(n):
    data = base64.encodebytes(zlib.compress(b'\0' * (n * 100), 9))
    return (PERSON + b'Content-Type: application/zlib\n'
            b'Content-Transfer-Encoding: base64\n\n' + data)


@case('attached-only-tnef')
def _only_tnef(n):
    return text(base64.encodebytes(b'\x78\x9f\x3e\x22' + noise(n // 2, 7)),
                kind=b'application/ms-tnef', code=b'base64')


# --- HTML --------------------------------------------------------------------

HTML = {
    'html-divs': b'<div>', 'html-tables': b'<table><tr><td>',
    'html-open': b'<', 'html-open-tag': b'<a ', 'html-ends': b'>',
    'html-comments': b'<!--', 'html-comments-closed': b'<!---->',
    'html-comment-half': b'<!-- -- ->', 'html-style': b'<style>',
    'html-style-half': b'<style></styl', 'html-script': b'<script></script>',
    'html-ampersands': b'&', 'html-entities': b'&#', 'html-entity': b'&#64;',
    'html-entity-huge': b'&#99999999999;', 'html-entity-hex': b'&#xffffff;',
    'html-entity-nul': b'&#0;', 'html-entity-open': b'&aaaaaaaaaa',
    'html-nul': b'<\0>', 'html-breaks': b'<br>', 'html-slashes': b'</',
    'html-quotes': b'<a href="', 'html-names': b'<' + b'n' * 999,
    'html-processing': b'<?', 'html-cdata': b'<![CDATA[',
}


@cases({k: (v,) for k, v in HTML.items()})
def _html(n, unit):
    return text(fill(unit, n), kind=b'text/html; charset=utf-8')


@case('html-real-bounce', must=GONE)
def _html_real(n):
    return text(b'<p>Your message could not be delivered:<br>&lt;gone@example'
                b'.org&gt;: 550 5.1.1 user unknown</p>' +
                fill(b'<b></b>', min(n, CAP) - 1000) + b'</html>',
                kind=b'text/html; charset=utf-8')


# --- text --------------------------------------------------------------------

TEXT = {
    'text-ats': b'@', 'text-at-dots': b'@.', 'text-addresses': b'a@b.example ',
    'text-chained': b'a@', 'text-chained-commas': b'a@b.example,',
    'text-angles': b'<a@', 'text-quotes': b'"@', 'text-quoted-at': b'a"@b ',
    'text-locals': b'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@ ',
    'text-senders': b'bounces@news.example.com,',
    'text-senders-spaced': b'bounces@news.example.com ',
    'text-statuses': b'5.1.1 ', 'text-dots': b'5.', 'text-digits': b'5',
    'text-replies': b'550 ', 'text-reply-dashes': b'550-',
    'text-reply-lines': b'550 5.1.1 x\n', 'text-blank-codes': b' 550',
    'text-quote-marks': b'>', 'text-quote-spaced': b'> ',
    'text-quote-lines': b'> \n', 'text-nested-quotes': b'> > > > > > x\n',
    'text-phrases': b'user unknown ', 'text-phrase-lines': b'user unknown\n',
    'text-phrase-half': b'user unknow ', 'text-dashes': b'-',
    'text-dash-lines': b'-----\n', 'text-bullets': b'*->|<"\'(+.',
    'text-dialogue': b'>>> RCPT TO:<x>\n<<< 250 ok\n',
    'text-originals': b'--- Below this line is a copy of the message.\n',
    'text-failed': b'The following addresses had permanent fatal errors:\n',
    'text-delivered': b'was successfully delivered to\n',
    'text-headers': b'Received: from a by b\n', 'text-short-lines': b'a\n',
    'text-blank-lines': b'\n', 'text-colons': b'a: ', 'text-tabs': b'\t',
    'text-mailto': b'mailto:a@b.example?x ', 'text-backslashes': b'\\',
    'text-while-talking': b'... while talking to a.b.:\n',
    'text-generated': b'(generated from a@b.example)\n',
    'text-recipients': b'Recipient: x\n', 'text-apostrophes': b"'@",
}


@cases({k: (v,) for k, v in TEXT.items()})
def _text(n, unit):
    return text(fill(unit, n), head=PERSON)


@cases({k + '-bounce': (v,) for k, v in TEXT.items()},
       may=['a@b.example', 'bounces@news.example.com'])
def _text_bounce(n, unit):
    return text(b'Your message could not be delivered.\n' + fill(unit, n))


@cases({
    'text-many-failed': (b'<u%06d@example.org>: mailbox is full\n',),
    'text-many-alone': (b'u%06d@example.org\n',),
    'text-many-codes': (b'u%06d@example.org 452 4.2.2 over quota\n',),
    'text-many-spaced': (b'<u%06d@example.org>:\n\n  mailbox is full\n\n',),
    'text-many-inline': (b'recipient: <u%06d@example.org> is full\n',),
    'text-many-in-a-line': (b'<u%06d@example.org>, ',),
}, growth=True)
def _text_many(n, form):
    return text(b'The following addresses failed:\n\n' + rows(form, n))


@case('text-many-long-addresses', growth=True)
def _text_long(n):
    size = max(8, n // 4200 - 40)
    form = b'<' + b'l' * size + b'%06d@example.org>: mailbox is full\n'
    return text(b'The following addresses failed:\n\n' + rows(form, n))


# Seen failing: with a loop by bytes in last_line() (parsers/mail_end.c) a mail
# of 300 kB took 190 ms.
@case('text-many-rcpt-one-line', growth=True)
def _text_rcpt(n):
    return text(rows(b'RCPT TO:<u%04d@example.org>\n', min(n // 8, 28000)) +
                b'550 ' + fill(b'user unknown mailbox full ', n - n // 8))


@case('text-many-blocks', growth=True)
def _text_blocks(n):
    line = b'mailbox is full, quota exceeded, 452 4.2.2 try again later\n'
    return text(b'These addresses failed:\n' +
                rows(b'the recipient address is <u%06d@example.org> failed\n'
                     + line * 3, n))


@case('text-automaton', growth=True)
def _text_automaton(n):
    """Beginnings of phrases that go on as no phrase does."""
    return text(fill(b'the user you are trying to contact is receiving mai ',
                     n))


@case('text-globs', growth=True)
def _text_globs(n):
    return text(fill(b'account has been mail from message to host ', n))


@case('text-real-bounce-last', must=GONE)
def _text_real(n):
    return text(fill(b'Your message could not be delivered.\n',
                     min(n, 60000)) + b'\n' + SAYS_GONE + fill(b' ', n))


# --- mbox, forwarding --------------------------------------------------------

@cases({
    'mbox-from': (b'From a@b Mon Mar  3 15:00:10 2025\n',),
    'mbox-quoted-from': (b'>From a@b Mon Mar  3 15:00:10 2025\n',),
    'mbox-bom': (b'\xef\xbb\xbf',),
    'mbox-blank-lines': (b'\n \n',),
    'mbox-crlf': (b'\r\n',),
}, must=GONE)
def _mbox(n, unit):
    return unit + dsn(FAILED)


@cases({
    'mbox-many-from': (b'From a@b Mon Mar  3 15:00:10 2025\n',),
    'mbox-many-bom': (b'\xef\xbb\xbf',),
    'mbox-many-blank': (b'\n',),
    'mbox-many-quoted': (b'>From x\n',),
}, may=GONE, growth=True)
def _mbox_many(n, unit):
    return fill(unit, n) + dsn(FAILED)


@case('mbox-utf16')
def _utf16(n):
    return (dsn(FAILED) + fill(b'x\n', n // 2)).decode().encode('utf-16')


@case('forwarded-bounces', may=GONE)
def _forwarded(n):
    part = b'--b\nContent-Type: message/rfc822\n\n' + dsn(FAILED).replace(
        b'=b\n', b'=c\n').replace(b'--b', b'--c')
    return multipart(fill(part, n), head=PERSON)


@case('quoted-by-a-person')
def _quoted(n):
    quoted = b''.join(b'> ' + line + b'\n'
                      for line in dsn(FAILED).split(b'\n'))
    return text(b'Look what I got:\n\n' + fill(quoted, n), head=PERSON)


@case('auto-reply-quotes-a-bounce')
def _auto_reply(n):
    return text(b'I am out of office until Monday.\n\n' +
                fill(b'> ' + SAYS_GONE, n), head=PERSON +
                b'Auto-Submitted: auto-replied\n')


@case('report-in-the-original')
def _report_inside(n):
    """What the returned original contains is not what happened to it."""
    inner = dsn(FAILED).replace(b'=b\n', b'=c\n').replace(b'--b', b'--c')
    return (BOUNCE + REPORT + STATUS + MTA +
            b'Final-Recipient: rfc822; full@example.org\nAction: failed\n'
            b'Status: 4.2.2\n\n--b\n' + RFC822 + fill(inner, n) + b'--b--\n')


# --- the table of attacks ---

# What threats.md 2.3 lists, cell by cell, and the cases (as globs) that are it;
# what is measured at full size is in memory.sh, truncation in truncate.sh.
TABLE = {
    'nested message/rfc822: 200, 2,000, 50,000': 'nested-rfc822-*',
    'nested multipart: 200, 2,000, 50,000': 'nested-multipart-*',
    'parts in one multipart': 'parts-*',
    'one long header': 'header-long-*',
    'many headers': 'headers-many-*',
    'To with many addresses': 'addresses-*-many',
    'groups in groups': 'addresses-*-groups',
    'comments in comments': 'addresses-*-comments',
    'recipient blocks in a report': 'dsn-blocks*',
    'RFC 2231: pieces': 'params-*pieces',
    'RFC 2231: gaps': 'params-gaps',
    'RFC 2231: %00': 'params-encoded-pieces',
    'RFC 2231: charsets': 'params-charsets',
    'charset bombs': 'charset-bomb-*',
    'RFC 2047: a megabyte of encoded words': 'words-long-*',
    'RFC 2047: invalid base64': 'words-bad-base64',
    'RFC 2047: invalid QP': 'words-bad-qp',
    'RFC 2047: unknown charset': 'words-unknown',
    'UTF-7': '*-utf7*',
    'ISO-2022 escapes': 'charset-escapes-*',
    'overlong UTF-8': '*-overlong',
    'lone surrogates': 'charset-surrogates',
    'base64 with newlines': 'base64-*newlines',
    'base64 without padding': 'base64-no-padding',
    'base64 with NULs': 'base64-nul',
    'QP: = at the end': 'qp-open-end',
    'QP: =ZZ': 'qp-bad',
    'boundary: missing': 'boundary-missing',
    'boundary: empty': 'boundary-empty',
    'boundary: "\\""': 'boundary-quote',
    'boundary: 10 kB': 'boundary-10000',
    'boundary: prefix of another': 'boundary-prefix',
    'boundary: used by a child again': 'boundary-child-reuses',
    'boundary: never closed': 'boundary-never-closed',
    'boundary: in a header': 'boundary-in-header',
    'bare CR': 'newline-cr',
    'CR CR LF': 'newline-crcrlf',
    'LF CR': 'newline-lfcr',
    'no final newline': 'newline-none-at-the-end',
    'NUL': '*-nul',
    '0x80 to 0xff in headers': 'headers-8bit*',
    'a header folded over and over': 'header-folded-*',
    'one line': 'line-200mb',
    'mbox: a "From " line': 'mbox-from',
    'mbox: ">From "': 'mbox-quoted-from',
    'mbox: BOM': 'mbox-bom',
    'mbox: blank lines first': 'mbox-blank-lines',
    'a long mail': 'mail-200mb',
    'zip': 'attached-zip*',
    'gz': 'attached-*gzip',
    'text/html only': 'html-*',
    'MS-TNEF': 'attached-*tnef',
}


def check_table():
    """Print how many cells have a case; 1: one has none."""
    missing = [cell for cell, glob in TABLE.items()
               if not fnmatch.filter(CASES, glob)]
    for cell in missing:
        print('no case for: ' + cell)
    print('# note: %d cases; %d of %d cells of the table of attacks have one' %
          (len(CASES), len(TABLE) - len(missing), len(TABLE)))
    return 1 if missing or len(CASES) < 150 else 0


# --- the command -------------------------------------------------------------

def main(argv):
    if argv[1:2] == ['--list']:
        print('\n'.join(CASES))
        return 0
    if argv[1:2] == ['--table']:
        return check_table()
    if argv[1:2] == ['--growth']:
        print('\n'.join(name for name, c in CASES.items() if c.growth))
        return 0
    if len(argv) < 2:
        print(__doc__.split('\n')[0], file=sys.stderr)
        return 64
    folder, size = argv[1], int(argv[2]) if len(argv) > 2 else CAP
    os.makedirs(folder, exist_ok=True)
    expected = {}
    for name in argv[3:] or CASES:
        c = CASES[name]
        with open(os.path.join(folder, name + '.eml'), 'wb') as f:
            f.write(c.make(size))
        expected[name] = {'may': c.may, 'must': c.must,
                          'limits': c.limits if size >= CAP else []}
    with open(os.path.join(folder, 'expected.json'), 'w') as f:
        json.dump(expected, f)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
