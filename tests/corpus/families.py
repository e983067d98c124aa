#!/usr/bin/env python3
"""What each family of rules earns.

    families.py [PROGRAM]

Takes each family of provider rules out in turn and tells which golden mails
change, and, where the corpus of real bounces is there, how its score falls.
Then all of them at once: what structure and words that anybody may say reach
alone. That figure is a gate: recipients >= 93 %, hard recall >= 85 %, hard
precision >= 98 %.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, '..', '..')
SCORER = os.path.join(TOP, '..', 'shared', 'tools', 'score-corpus')
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(
    os.environ.get('B', 'build'), 'bouncewatch'))
GENERIC = {'words', 'marks'}
GATE = {'recipients_%': 93, 'hard_recall_%': 85, 'hard_precision_%': 98}


def families():
    names = set()
    for path in glob.glob(os.path.join(TOP, 'conf', 'rules', '*.yaml')):
        with open(path, encoding='utf-8') as f:
            text = f.read()
        if re.search(r'(?m)^rules:', text):
            names.update(re.findall(r'(?m)^family: (\S+)', text))
    return sorted(names - GENERIC)


def golden(without):
    """(file, recipient) -> (class, reason) over the golden mails."""
    mails = sorted(glob.glob(os.path.join(HERE, '*', '*.eml')))
    done = subprocess.run(
        [PROGRAM, 'parse', '--format=jsonl', '--without=' + without] + mails,
        stdout=subprocess.PIPE, check=True)
    out = {}
    for line in done.stdout.decode('utf-8').splitlines():
        o = json.loads(line)
        key = os.path.relpath(o['file'], HERE), o['recipient']
        out[key] = o['class'], o['reason'], o['provider']
    return out


def score(without):
    """The figures of the scorer, or None where the corpus is not there."""
    if not os.path.exists(SCORER):
        return None
    with tempfile.TemporaryDirectory() as d:
        program = os.path.join(d, 'program')
        with open(program, 'w', encoding='utf-8') as f:
            f.write('#!/bin/sh\nshift\nexec "%s" parse --without=%s "$@"\n' %
                    (PROGRAM, without))
        os.chmod(program, 0o755)
        done = subprocess.run([sys.executable, SCORER, program, '--json'],
                              stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def tell(name, before, after, figures, base):
    lost = [k for k in before if after.get(k) != before[k]]
    print('# without %s: %d of %d golden verdicts change' %
          (name, len(lost), len(before)))
    for k in lost[:5]:
        print('#     %s %s: %s, not %s' % (k[0], k[1], after.get(k), before[k]))
    for k in base or ():
        if k.endswith('%') and figures[k] != base[k]:
            print('#     %s %s, not %s' % (k, figures[k], base[k]))


def main():
    names, whole, base = families(), golden(''), score('')
    print('1..2')
    idle = []
    for name in names:
        after, figures = golden(name), score(name)
        tell(name, whole, after, figures, base)
        if after == whole:
            idle.append(name)
    print('%s 1 - every family decides a golden mail%s' %
          ('not ok' if idle else 'ok', ': not ' + ', '.join(idle) if idle else ''))
    everything = ','.join(names)
    figures = score(everything)
    tell('all of them', whole, golden(everything), figures, base)
    if figures is None:
        print('ok 2 # SKIP the corpus of real bounces is not here')
        return bool(idle)
    low = ['%s %s < %s' % (k, figures[k], v)
           for k, v in GATE.items() if figures[k] < v]
    print('# without all: ' + ', '.join(
        '%s %s' % (k, figures[k]) for k in GATE))
    print('%s 2 - the generic path alone%s' %
          ('not ok' if low else 'ok', ': ' + ', '.join(low) if low else ''))
    return bool(idle or low)


sys.exit(main())
