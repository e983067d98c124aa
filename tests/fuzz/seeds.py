#!/usr/bin/env python3
"""seeds.py DIR: seed corpora and dictionaries for the fuzz targets.

DIR/corpus/TARGET/ gets files made from the golden mails, the hostile ones and
the rules of this tree; DIR/dict/TARGET what the formats spell, and what the rules do. What the
fuzzers find in later runs is added to the same folders by them.
"""
import glob
import hashlib
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

sys.dont_write_bytecode = True
sys.path.insert(0, TOP + '/tests/hostile')
import generate  # noqa: E402

HOSTILE = 1500  # bytes of a hostile mail, about

WORDS = {
    'mime': ['Content-Type: ', 'multipart/mixed', 'multipart/report',
             'message/rfc822', 'text/plain', '; boundary=', 'boundary="b"',
             'boundary*0*=', '*1*=', "utf-8'en'", '%62', '--b', '--b--',
             '\n--', 'Content-Transfer-Encoding: ', 'base64',
             'quoted-printable', '=\n', '=3D', '\n\n', '\r\n', '\n ', '(', ')',
             '"', '\\', 'multipart/digest', 'message/global', 'Content-',
             'text/rfc822-headers', '\xef\xbb\xbf', 'From '],
    'dsn': ['Final-Recipient: ', 'Original-Recipient: ', 'Action: ',
            'Status: ', 'Diagnostic-Code: ', 'Remote-MTA: ', 'Reporting-MTA: ',
            'X-Actual-Recipient: ', 'rfc822; ', 'utf-8; ', 'smtp; ', 'dns; ',
            'failed', 'delayed', 'delivered', 'relayed', 'expanded', '5.1.1',
            '4.2.2', '550 ', '550-', '\n\n', '\n ', '+40', '+2B', '\\x{40}',
            'Feedback-Type: ', 'Original-Rcpt-To: ', 'abuse', 'Arrival-Date: ',
            '<>', '@', ';', ' (', '552-5.2.2 ', '\n--\n', 'Phase: data\n',
            'Queue-Time: over\n'],
    'address': ['<', '>', '@', ',', ';', ':', '(', ')', '"', '\\', '[', ']',
                '.', '%', '!', ' ', 'a@b.c', '[192.0.2.1]', '[IPv6:2001:db8::1]',
                '"a b"@c.d', '@a,@b:', '.co.uk', 'xn--', '\xc3\xa4',
                '\xd0\xb0', '\xe2\x84\xaa', '\xcc\x88', 'mailto:', 'rfc822;'],
    'charset': ['=?utf-8?q?', '=?utf-8?b?', '=?iso-2022-jp?b?', '?=', '=3D',
                '_', '\x1b$B', '\x1b(B', '+AGE-', '\xef\xbb\xbf', '&#64;',
                '&amp;', '<br>', '<style>', '</style>', '<!--', '-->',
                '&#x1F600;', '&#228;', '&nbsp;', '&#', '<!', '</p>', '<td>',
                '\xff\xfe', '~{', '~}', '\x0e', '\x0f', '\x81\x30'],
    'rules': ['family: ', 'rank: ', 'rules:\n', '  - rule: ', '    reason: ',
              'user-unknown', 'mailbox-full', '    any:\n      - ', 'all:',
              'none:', 'status:', 'smtp:', 'host:', 'provider:',
              '\n    phase: [rcpt]', '\n    weak: true', 'examples:', 'not:',
              '\n    smtp: ["550"]', '\n    host: ["*.b"]', 'providers:\n', '  - name: ',
              'marks:', '"550"', '5.1.*', 'x.2.2', '55x', '[rcpt]', ' * ',
              '*.example.net', '&a', '*a', '|', '>', '- ', '#', '---\n'],
}
WORDS['rows'] = ['{"a":', '"a":"b"', '[{', '},{', '}]}', ',', ':', '"', '\\u00e4',
                 '\\', '\n', '\r\n', '\xef\xbb\xbf', '[]', '{}', 'null', 'true',
                 '1.5e3', '"items":[', '"emails":["', '"b":{"c":', ';', '\t',
                 '""', ',"', '",', 'a@b.c', '\xff', '"b":true,', '"c":null,',
                 ',"d":1', ',{"a":1}', '{"x":', '["y"],']
# Lists as platforms export them.
ROWS = [
    b'{"items":[{"address":"a@b.c","code":"550"},{"address":"d@e.f",'
    b'"x":{"y":[1,2]}}],"paging":{"next":"u"}}',
    b'{"emailAddress":"a@b.c","reason":"BOUNCE"}\n\n{"emailAddress":1}\n{\n',
    b'[{"a":"xy","b":"zz","c":1}]',
    b'[{"email":"a@b.c","created":1443651125,"status":null}]',
    b'{"data":{"results":[{"id":1,"campaign":{"id":1}}],"total":1}}',
    b'{"recipient_emails":["a@b.c",\n"d@e.f"]}',
    b'address,code,error\r\na@b.c,550,"5.1.1 ""x"",\r\ny"\r\n"open',
    b'a;b\tc\n"x"y;z\n\n',
    b'\xef\xbb\xbfa@b.c\r\n\r\n"q q"@b.c',
]
WORDS['text'] = WORDS['mime'] + WORDS['dsn'] + [
    'X-Failed-Recipients: ', 'Return-Path: <>\n', 'Subject: failure notice\n',
    'From: MAILER-DAEMON@', '>>> RCPT TO:<', '<<< 550 ', '-----',
    'Received: ', 'Auto-Submitted: auto-replied\n', 'To: ', '&lt;']


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def phrases():
    """What the rules look for: quoted or plain items of their lists."""
    found = set()
    for path in sorted(glob.glob(TOP + '/conf/rules/*.yaml')):
        for line in read(path).decode().split('\n'):
            m = re.match(r' {4,}- "?(.{4,40}?)"?$', line)
            if m:
                found.add(m.group(1))
    return sorted(found)


def latin(word):
    """The bytes of a word of WORDS; \\xNN there are bytes already."""
    return word.encode('latin-1')


def write_dict(path, words):
    with open(path, 'w') as f:
        for word in words:
            f.write('"%s"\n' % ''.join(
                chr(b) if 32 <= b < 127 and b not in b'"\\' else '\\x%02x' % b
                for b in word))


def add(folder, seed):
    if seed:
        name = hashlib.sha1(seed).hexdigest()
        with open(os.path.join(folder, name), 'wb') as f:
            f.write(seed)


def from_mail(mail):
    """(target, bytes) of everything in a mail that is worth starting from."""
    yield 'text', mail
    yield 'mime', mail
    for part in re.split(rb'\n--[^\n]*\n', mail):
        if re.search(rb'(?i)(recipient|feedback-type|status):', part):
            yield 'dsn', part.partition(b'\n\n')[2]
    for line in mail.split(b'\n'):
        if b'@' in line:
            yield 'address', line.partition(b': ')[2] or line
        if b'=?' in line:
            yield 'charset', line.partition(b': ')[2]
    m = re.search(rb'charset="?([^";\s]+)', mail)
    body = mail.partition(b'\n\n')[2]
    if m and any(b >= 0x80 or b == 0x1b for b in body):
        yield 'charset', m.group(1) + b'\n' + body[:2000]
    if b'<html' in mail.lower():
        yield 'charset', b'utf-8\n' + body[:2000]


def from_rules(data):
    """A rule file's head with each of its rules, without comments."""
    data = re.sub(rb'(?m)^ *#.*\n', b'', data)
    head, *rules = re.split(rb'\n(?=  - (?:rule|name): )', data)
    for rule in rules:
        if len(rule) < 1000:
            yield head + b'\n' + rule + b'\n'


def main(argv):
    for name in WORDS:
        os.makedirs(os.path.join(argv[1], 'corpus', name), exist_ok=True)
    os.makedirs(os.path.join(argv[1], 'dict'), exist_ok=True)
    for name, words in WORDS.items():
        words = [latin(w) for w in words]
        if name == 'text':
            words += [p.encode() for p in phrases()]
        write_dict(os.path.join(argv[1], 'dict', name), words)
    for seed in ROWS:
        add(os.path.join(argv[1], 'corpus', 'rows'), seed)
    for path in glob.glob(TOP + '/tests/corpus/*/*.eml'):
        for target, seed in from_mail(read(path)):
            add(os.path.join(argv[1], 'corpus', target), seed)
    for c in generate.CASES.values():
        for target, seed in from_mail(c.make(HOSTILE)):
            if len(seed) < 4 * HOSTILE:
                add(os.path.join(argv[1], 'corpus', target), seed)
    for path in glob.glob(TOP + '/conf/rules/*.yaml'):
        for seed in from_rules(read(path)):
            add(os.path.join(argv[1], 'corpus', 'rules'), seed)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
