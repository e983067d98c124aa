#!/usr/bin/env python3
"""Cut golden mails at every place and parse what is left. Prints TAP.

Wherever a mail ends, parse must live (built with sanitizers it says more than
that) and give at least one verdict. Every 61st byte; with LONG=1 every 7th.
"""
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(
    os.path.join(os.environ.get('B', 'build'), 'bouncewatch'))
STEP = 7 if os.environ.get('LONG') else 61
AT_ONCE = 4000


def answers(folder, names):
    """The names that parse gave a verdict for, and its exit status."""
    done = subprocess.run([PROGRAM, 'parse', '--format=csv'] + names,
                          cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE)
    told = {line.split(b',')[0].strip(b'"').decode()
            for line in done.stdout.split(b'\n')}
    return told, done.returncode


def cut(mail, folder):
    names = []
    for end in range(0, len(mail), STEP):
        names.append('%06d' % end)
        with open(os.path.join(folder, names[-1]), 'wb') as f:
            f.write(mail[:end])
    return names


def main():
    mails = sorted(glob.glob(os.path.join(HERE, '*', '*.eml')))[::5]
    failed = 0
    for n, path in enumerate(mails, 1):
        with open(path, 'rb') as f:
            mail = f.read()
        wrong = []
        with tempfile.TemporaryDirectory() as folder:
            names = cut(mail, folder)
            for i in range(0, len(names), AT_ONCE):
                part = names[i:i + AT_ONCE]
                told, status = answers(folder, part)
                if status != 0:
                    wrong.append('exit status %d' % status)
                wrong += ['%s: no verdict' % name for name in part
                          if name not in told]
        failed += bool(wrong)
        print('%sok %d - %s, cut at every %d bytes' % (
            'not ' if wrong else '', n, os.path.relpath(path, HERE), STEP))
        for line in wrong[:10]:
            print('#   ' + line)
    print('1..%d' % len(mails))
    return 1 if failed or not mails else 0


if __name__ == '__main__':
    sys.exit(main())
