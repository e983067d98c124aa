#!/usr/bin/env python3
"""check.py FOLDER PROGRAM [WHAT]: what `PROGRAM parse` makes of the mails in FOLDER.

FOLDER is one that generate.py wrote. For every mail: no crash and exit status
0, at least one verdict, nobody suppressed (class hard or complaint) but those
who may be, those who must be are hard, and the limits that were passed are
told. Ends with 1 where anything else is seen; a mail that crashes the program
is named.
"""
import collections
import json
import os
import subprocess
import sys

BATCH = 40
SUPPRESS = ('hard', 'complaint')


def parse(program, folder, names):
    """(exit status, stdout, stderr) of one run over the mails."""
    done = subprocess.run(
        [program, 'parse', '--format=jsonl'] + [n + '.eml' for n in names],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode(errors='replace')


def verdicts(out):
    by_name = collections.defaultdict(list)
    for line in out.decode('utf-8').split('\n'):
        if line:
            v = json.loads(line)
            by_name[v['file'][:-len('.eml')]].append(v)
    return by_name


def batches(program, folder, names):
    """Yield (names, wrong, verdicts): mails are tried alone after a crash."""
    for i in range(0, len(names), BATCH):
        some = names[i:i + BATCH]
        status, out, err = parse(program, folder, some)
        if status == 0:
            yield some, None, verdicts(out)
            continue
        for name in some:
            status, out, err = parse(program, folder, [name])
            wrong = None
            if status:
                wrong = 'ended with %d\n%s' % (status, err[:4000])
            yield [name], wrong, verdicts(out) if not status else {}


def look(name, want, got):
    """What is wrong with the verdicts of one mail."""
    if not got:
        return ['no verdict']
    wrong, recipients = [], [v['recipient'] for v in got]
    wrong += ['%s is %s, but nobody may be' % (v['recipient'], v['class'])
              for v in got if v['class'] in SUPPRESS and
              v['recipient'] not in want['may']]
    wrong += ['%s is not hard' % must for must in want['must']
              if not any(v['recipient'] == must and v['class'] == 'hard'
                         for v in got)]
    limits = {word for v in got for word in v['limits']}
    wrong += ['limits do not tell %s' % word
              for word in want['limits'] if word not in limits]
    wrong += ['%s is there %d times' % (r, recipients.count(r))
              for r in set(recipients) if r and recipients.count(r) > 1]
    return wrong[:5]


def main(argv):
    folder, program = argv[1], os.path.abspath(argv[2])
    with open(os.path.join(folder, 'expected.json')) as f:
        expected = json.load(f)
    crashed = failed = 0
    for names, died, got in batches(program, folder, list(expected)):
        crashed += died is not None
        for name in names:
            wrong = [died] if died else look(name, expected[name],
                                             got.get(name, []))
            failed += bool(wrong)
            for line in wrong:
                print('%s: %s' % (name, line))
    print('# note: %s%d mails: %d crashed, %d with a wrong verdict' % (
        argv[3] + ': ' if len(argv) > 3 else '', len(expected), crashed,
        failed - crashed))
    return 1 if failed or not expected else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
