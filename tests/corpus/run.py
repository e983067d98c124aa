#!/usr/bin/env python3
"""Run `parse` over the golden mails and compare. Prints TAP.

tests/corpus/FAMILY/NAME.eml is a mail; NAME.json says what must come out: a
list of objects, one for each verdict, with the keys that matter. In them
  a list          means: one of these values
  "KEY~"          the value of KEY contains this text
  "optional"      this verdict may also be absent
  "why"           a word for the reader, not compared
Each mail is also read with CRLF and with bare CR as its newlines: everything
but `file` must stay as it is.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(os.environ.get('B', 'build'), 'bouncewatch')
# Every object has these keys (DESIGN.md, Commands), of one of these types.
TEXT, MAYBE = (str,), (str, type(None))
CONTRACT = {
    'v': (int,), 'file': TEXT, 'recipient': MAYBE, 'class': TEXT,
    'reason': MAYBE, 'status': MAYBE, 'smtp': (int, type(None)),
    'final_recipient': MAYBE, 'original_recipient': MAYBE,
    'forwarded': (bool,), 'action': MAYBE, 'diagnostic': MAYBE,
    'remote_mta': MAYBE, 'reporting_mta': MAYBE, 'provider': MAYBE,
    'stream': MAYBE, 'original_message_id': MAYBE, 'arrived_at': MAYBE,
    'rule': MAYBE, 'origin': TEXT, 'limits': (list,)}


def parse(folder, names):
    """The objects that parse prints for each of the mails below folder."""
    program = os.path.abspath(PROGRAM)
    done = subprocess.run([program, 'parse', '--format=jsonl'] + names,
                          cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE)
    if done.returncode != 0:
        print('Bail out! %s parse ended with %d' % (PROGRAM, done.returncode))
        sys.exit(1)
    out = {name: [] for name in names}
    for line in done.stdout.decode('utf-8').split('\n'):
        if line:
            verdict = json.loads(line)
            out[verdict['file']].append(verdict)
    return out


def holds(key, want, got):
    if key in ('why', 'optional'):
        return True
    if key.endswith('~'):
        return want in (got.get(key[:-1]) or '')
    if key not in got:
        return False
    return got[key] in want if isinstance(want, list) else got[key] == want


def compare(wanted, got):
    """What is wrong with got, one line each; nothing where all is well."""
    wrong, left = [], list(got)
    for want in wanted:
        # Which verdict is meant is said by the recipient; a mail with one
        # verdict needs no name for it.
        mine = [g for g in left if holds('recipient', want['recipient'], g)] \
            if 'recipient' in want else left[:1]
        if not mine:
            if not want.get('optional'):
                wrong.append('no verdict for %s' % want.get('recipient'))
            continue
        left.remove(mine[0])
        for key, value in want.items():
            if not holds(key, value, mine[0]):
                wrong.append('%s: %s is %r, wanted %r' % (
                    mine[0]['recipient'], key,
                    mine[0].get(key.rstrip('~')), value))
    wrong += ['a verdict too many: %s %s/%s' % (
        g['recipient'], g['class'], g['reason']) for g in left]
    return wrong


def breaks_contract(verdict):
    return ['%s is %r' % (key, verdict.get(key, 'missing'))
            for key, types in CONTRACT.items()
            if type(verdict.get(key, ())) not in types]


def with_newlines(names, newline, folder):
    """Copies of the mails with other newlines; a mail with CRs has its own."""
    done = []
    for name in names:
        with open(os.path.join(HERE, name), 'rb') as f:
            mail = f.read()
        if b'\r' in mail:
            continue
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(mail.replace(b'\n', newline))
        done.append(name)
    return done


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def say(self, name, wrong):
        self.n += 1
        self.failed += bool(wrong)
        print('%sok %d - %s' % ('not ' if wrong else '', self.n, name))
        for line in wrong:
            print('#   ' + line)

    def end(self):
        print('1..%d' % self.n)
        return 1 if self.failed or not self.n else 0


def main():
    tap = Tap()
    names = sorted(os.path.relpath(p, HERE)
                   for p in glob.glob(os.path.join(HERE, '*', '*.eml')))
    golds = sorted(os.path.relpath(p, HERE)
                   for p in glob.glob(os.path.join(HERE, '*', '*.json')))
    tap.say('each mail has its verdicts, and no others are left over',
            sorted({n[:-4] for n in names} ^ {g[:-5] for g in golds}))
    got = parse(HERE, names)
    for name in names:
        gold = os.path.join(HERE, name[:-4] + '.json')
        if os.path.exists(gold):
            with open(gold, encoding='utf-8') as f:
                tap.say(name, compare(json.load(f), got[name]))
    tap.say('every verdict has the keys of the contract',
            ['%s: %s' % (name, what) for name in names
             for verdict in got[name] for what in breaks_contract(verdict)])
    for word, newline in (('CRLF', b'\r\n'), ('CR', b'\r')):
        with tempfile.TemporaryDirectory() as folder:
            others = with_newlines(names, newline, folder)
            again = parse(folder, others)
        for name in others:
            if again[name] != got[name]:
                tap.say('%s with %s' % (name, word),
                        ['was    %s' % got[name], 'became %s' % again[name]])
        tap.say('every verdict is the same with %s' % word,
                [n for n in others if again[n] != got[n]])
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
