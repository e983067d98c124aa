#!/usr/bin/env python3
"""Does `parse --explain` tell the truth of the golden mails? Prints TAP.

Where it says that something stands on a line of the mail, or of a rule file,
it must stand there; and of a mail with one verdict it names the rule.

Shown to fail: with trace_line_of() counting from 0, 168 of 354; with the rule
that it names taken from what was outweighed, 147.
"""
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.join(os.environ.get('B', 'build'), 'bouncewatch')
seen = {'lines': 0, 'fields': 0, 'rules': 0}


def lines_of(path):
    with open(path, 'rb') as f:
        data = re.sub(rb'\r+\n|\r', b'\n', f.read())
    return [b''] + data.split(b'\n')


RULES = {os.path.basename(p): lines_of(p)
         for p in glob.glob(os.path.join(TOP, 'conf', 'rules', '*.yaml'))}


def plain(text):
    """Letters and digits alone: blanks, folds and escapes do not count."""
    text = re.sub(r'\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\}', '', text)
    return re.sub(r'[^a-z0-9]', '', text.lower())


def wrong_line(mail, number, field, text):
    """What is wrong with "FIELD, line NUMBER: TEXT"; None: nothing."""
    if number >= len(mail):
        return 'the mail has no line %d' % number
    here = b' '.join(mail[number:number + 20]).decode('utf-8', 'replace')
    if field:
        seen['fields'] += 1
        here = here.strip()
        if not here.lower().startswith(field.lower()):
            return 'line %d is not of %s' % (number, field)
        here = here[len(field):]
    else:
        seen['lines'] += 1
    if plain(text)[:30] not in plain(here):
        return 'line %d does not say %r' % (number, text)
    return None


def wrong_rule(name, path, number):
    seen['rules'] += 1
    lines = RULES.get(path, [])
    if number < len(lines) and lines[number].strip() == b'- rule: ' + \
            name.encode():
        return None
    return 'rule %s is not on line %d of %s' % (name, number, path)


def look(path):
    done = subprocess.run([PROGRAM, 'parse', '--explain', path],
                          stdout=subprocess.PIPE, check=True)
    out = done.stdout.decode('utf-8')
    mail, wrong, named = lines_of(path), [], []
    for line in out.split('\n'):
        if not line.startswith('  | '):
            continue
        line = line[4:]
        m = re.match(r'recipient (\S+) by (?:([\w-]+), )?line (\d+)$', line)
        if m:
            wrong.append(wrong_line(mail, int(m[3]), m[2], m[1]))
        m = re.match(r'(?:([A-Z][\w-]+), )?line (\d+): (.*)', line)
        if m:
            wrong.append(wrong_line(mail, int(m[2]), m[1], m[3]))
        m = re.search(r'rule (\S+) \(([\w.-]+):(\d+)\)', line)
        if m:
            wrong.append(wrong_rule(m[1], m[2], int(m[3])))
            named += [m[1]] if line.startswith('rule') else []
    decided = re.findall(r'(?m)^  rule +(.*)', out)
    # What a mail that is cut short says is told, and then doubted.
    if len(decided) == 1 and named and decided[0] not in ('cut', named[-1]):
        wrong.append('%s decided, but %s is told' % (decided[0], named))
    return [w for w in wrong if w]


def main():
    mails = sorted(glob.glob(os.path.join(HERE, '*', '*.eml')))
    print('1..%d' % (len(mails) + 1))
    for i, path in enumerate(mails, 1):
        wrong = look(path)
        print('%s %d - %s' % ('not ok' if wrong else 'ok', i,
                              os.path.relpath(path, HERE)))
        for line in wrong:
            print('#   ' + line)
    print('# note: explain told %(lines)d lines, %(fields)d fields and '
          '%(rules)d rules: those are there' % seen)
    print('%s %d - it explains at all' % (
        'ok' if min(seen.values()) > 50 else 'not ok', len(mails) + 1))
    return 0


sys.exit(main())
