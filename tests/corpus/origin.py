#!/usr/bin/env python3
"""How many genuine bounces are accepted as shipped (origin: require: matched).

    origin.py [FOLDER]      default: the labelled bounces in ../shared/corpus

Each bounce is copied, and in the copy the mail that it returns is made one of
ours: the headers that it has (From, Sender, Return-Path, Message-ID, the lowest
Received) get our addresses and hosts; none is added, and nothing else is
touched. Where the original stands is found here without the parser: attached
messages, and blocks of header lines in the text. Then `parse` reads the copies
with `own: ["*@news.example.com"]` and nothing else.

Twice: with To as it stands (the mails were made anonymous, and the To of many
is another than the recipient that failed; of some that is so because they were
forwarded or went to several), and with To naming whom the label says the mail
was sent to, as it is in mails of ours, which have one recipient each. The
second figure is the one that is promised.

Prints the share accepted, and of the rest how many wait and why. Exit 1 when
it is less than FLOOR. Without the corpus it is skipped (77).
"""
import base64
import collections
import csv
import json
import os
import re
import subprocess
import sys
import tempfile

FLOOR = 93.0
HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.path.join(os.environ.get('B', 'build'), 'bouncewatch'))
OURS = 'news.example.com'
VALUES = {
    b'from': b'News <news@news.example.com>',
    b'sender': b'news@news.example.com',
    b'return-path': b'<bounce-7f3a@news.example.com>',
    b'message-id': b'<20240101.7f3a@news.example.com>',
}
NAME = re.compile(rb'^([> \t|]*)([A-Za-z][A-Za-z0-9-]*)[ \t]*:(?=[ \t\r\n]|$)')
ATTACHED = re.compile(
    rb'^content-type:[ \t]*("?)(message/(?:rfc822|global)|text/rfc822-headers|'
    rb'message/global-headers|message/rfc822-headers|message/partial)\b', re.I)


def folded(lines, at, prefix):
    """The number of lines of the header that begins at line at."""
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if prefix and line.startswith(prefix):
            line = line[len(prefix):]
        elif prefix.strip():
            break
        if not (line[:1] in (b" ", b"\t") or line[:3] in (b"=09", b"=20")) or not line.strip():
            break
        end += 1
    return end - at


def block_at(lines, at):
    """[(first line, lines, prefix, name)] of the headers from line at on."""
    headers, prefix = [], None
    while at < len(lines):
        m = NAME.match(lines[at])
        if not m or (prefix is not None and m.group(1) != prefix):
            break
        prefix = m.group(1)
        n = folded(lines, at, prefix)
        headers.append((at, n, prefix, m.group(2).lower()))
        at += n
    return headers


def attached(lines, top):
    """The lines where the headers of an attached original begin."""
    for i in range(top, len(lines)):
        if not ATTACHED.match(lines[i]):
            continue
        while i < len(lines) and lines[i].strip():
            i += 1
        while i < len(lines) and not lines[i].strip():
            i += 1
        # Some systems lose the folds of their own headers, which come first.
        while i < len(lines) and lines[i].strip() and not lines[i].startswith(b'--'):
            yield i
            headers = block_at(lines, i)
            i = headers[-1][0] + headers[-1][1] if headers else i + 1


def inline(lines, top):
    """The same of header blocks in the text: two lines or more that look like
    headers, of which one is only in mails."""
    i = top
    while i < len(lines):
        headers = block_at(lines, i)
        names = {h[3] for h in headers}
        if (len(headers) >= 2 or names == {b'return-path'}) and names & {b'from', b'message-id', b'return-path', b'received'} \
                and not names & {b'final-recipient', b'reporting-mta', b'feedback-type'}:
            yield i
        i = headers[-1][0] + headers[-1][1] if headers else i + 1


def is_of_a_bounce(lines, headers):
    return any(name == b'from' and re.search(rb'mailer-daemon|mail delivery s', lines[at], re.I)
               for at, _, _, name in headers)


def make_ours(lines, headers, to):
    """Change the headers that are there; the names of those."""
    changed, received = set(), None
    values = dict(VALUES)
    if to:
        values[b'to'] = to
    if is_of_a_bounce(lines, headers):
        return changed
    for at, n, prefix, name in headers:
        if name == b'received':
            received = (at, n, prefix)
        if name not in values:
            continue
        shown = lines[at][len(prefix):].split(b':', 1)[0]
        lines[at] = prefix + shown + b': ' + values[name] + b'\n'
        lines[at + 1:at + n] = [b''] * (n - 1)
        if name in VALUES:
            changed.add(name.decode())
    if received:
        at, n, prefix = received
        whole = b' '.join(l.strip() for l in lines[at:at + n])
        new = re.sub(rb'from\s+\S+(\s*\([^)]*\))?', b'from mta1.news.example.com ([192.0.2.7])', whole, count=1)
        if new != whole:
            lines[at] = prefix + new + b'\n'
            lines[at + 1:at + n] = [b''] * (n - 1)
            changed.add('received')
    return changed


def decoded(mail):
    """A mail of one part in base64, as it would be without."""
    head, _, body = mail.partition(b'\n\n')
    if re.search(rb'^content-type:[ \t]*text/plain', head, re.I | re.M) and \
            re.search(rb'^content-transfer-encoding:[ \t]*base64', head, re.I | re.M):
        head = re.sub(rb'(?im)^(content-transfer-encoding:[ \t]*)base64', rb'\g<1>8bit', head)
        return head + b'\n\n' + base64.b64decode(body)
    return mail


def rewrite(mail, to):
    mail = decoded(mail.replace(b'\r\n', b'\n').replace(b'\r', b'\n'))
    lines = mail.splitlines(keepends=True)
    top, changed = 0, set()
    while top < len(lines) and lines[top].strip():
        top += 1
    for find in attached, inline:
        for at in list(find(lines, top)):
            changed |= make_ours(lines, block_at(lines, at), to)
    mail = b''.join(lines)
    # Amazon SES tells the envelope sender in JSON.
    new = re.sub(rb'(\\?"source\\?":\s*\\?")[^"\\]+@[^"\\]+', rb'\g<1>bounce-7f3a@news.example.com', mail)
    return new, changed | ({'source'} if new != mail else set())


def bounces(folder):
    """{name: addresses that failed} of the mails that are bounces or complaints."""
    rows = collections.OrderedDict()
    with open(os.path.join(folder, 'gold.tsv'), newline='') as f:
        for row in csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE):
            rows.setdefault(row['file'], []).append(row)
    return {n: [r['recipient'] for r in v if r['recipient']]
            for n, v in rows.items() if not {r['reason'] for r in v} & {'vacation', 'delivered'}}


def explain(config, path):
    done = subprocess.run([PROGRAM, '--config=' + config, 'parse', '--explain', path],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = [l.strip() for l in done.stdout.decode('utf-8', 'replace').splitlines() if 'origin: unverified' in l]
    return lines[0] if lines else 'origin: nothing was said'


def measure(folder, tmp, all_bounces, sent_to):
    config = os.path.join(tmp, 'bw.yaml')
    with open(config, 'w') as f:
        f.write('own: ["*@%s"]\n' % OURS)
    returned, paths = {}, []
    for name, recipients in all_bounces.items():
        base = os.path.basename(name)
        to = b', '.join(b'<%s>' % r.encode() for r in recipients) if sent_to else None
        with open(os.path.join(folder, name), 'rb') as f:
            copy, returned[base] = rewrite(f.read(), to)
        paths.append(os.path.join(tmp, base))
        with open(paths[-1], 'wb') as f:
            f.write(copy)
    done = subprocess.run([PROGRAM, '--config=' + config, 'parse', '--format=jsonl'] + paths,
                          stdout=subprocess.PIPE, check=False)
    origins = collections.defaultdict(list)
    for line in done.stdout.decode('utf-8', 'replace').splitlines():
        o = json.loads(line)
        if o['class'] != 'none':
            origins[os.path.basename(o['file'])].append(o['origin'])
    waits = [p for p in paths if set(origins[os.path.basename(p)]) != {'matched'}]
    any_header = sum(bool(v) for v in returned.values())
    accepted = 100.0 * (len(paths) - len(waits)) / len(paths)
    print('%s: %d of %d bounces and complaints accepted (%.1f %%); %d (%.1f %%) return something that can be ours'
          % ('To is the recipient' if sent_to else 'To as it stands', len(paths) - len(waits), len(paths), accepted,
             any_header, 100.0 * any_header / len(paths)))
    why = collections.Counter()
    for p in waits:
        says = explain(config, p).lstrip('| ')
        name = os.path.basename(p)
        why[re.sub(r'went to .*', 'went to somebody else', says) + ('' if returned[name] else ' (and it has none)')] += 1
        if '--list' in sys.argv:
            print('  %s %s %s' % (name, sorted(returned[name]), says))
    for says, n in why.most_common():
        print('%5d wait: %s' % (n, says))
    return accepted


def main():
    args = [a for a in sys.argv[1:] if not a.startswith('--')]
    folder = args[0] if args else os.path.join(HERE, '../../../shared/corpus')
    if not os.path.exists(os.path.join(folder, 'gold.tsv')):
        print('skipped: no labelled bounces in %s' % folder)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as tmp:
        all_bounces = bounces(folder)
        measure(folder, tmp, all_bounces, False)
        accepted = measure(folder, tmp, all_bounces, True)
    good = accepted >= FLOOR
    print('1..1\n%sok 1 - %.1f %% accepted as shipped, at least %.0f %%' % ('' if good else 'not ', accepted, FLOOR))
    sys.exit(not good)


if __name__ == '__main__':
    main()
