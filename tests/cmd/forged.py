#!/usr/bin/env python3
"""What somebody can suppress who has none of our mails.

300 delivery reports and complaint reports for living addresses are made up and
ingested with the configuration as shipped: `own:` alone. What the forger knows
is a row of KNOWS; as long as it is only public (our brand, who is on the list,
what bounces look like), nothing may be suppressed. What one reaches who guesses
our From and our mail domain is counted, too, and told: it is what `own:` alone
cannot tell from our own, and what `marks:` are for.

Prints TAP.
"""
import email.utils
import os
import random
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(os.path.join(os.environ.get('B', 'build'), 'bouncewatch'))
ADDRESSES = 60  # living ones, each attacked by each kind of forgery
RANDOM = random.Random(20201214)
SERVERS = ['mx.example.org', 'mail.example.net', 'in.mx.example.org']
REPLIES = ['550 5.1.1 <%s>: Recipient address rejected: User unknown',
           '550-5.1.1 The email account that you tried to reach does not exist.\n 550 5.1.1 gsmtp',
           '550 5.1.10 RESOLVER.ADR.RecipientNotFound; %s not found',
           '554 5.7.1 <%s>: no such user here', '550 Mailbox disabled for %s']


def headers(values):
    return ''.join('%s: %s\n' % v for v in values if v[1])


def report(to, original, n, complaint):
    """A DSN or an ARF report about `to`; original: text of what it returns, or ''."""
    server = RANDOM.choice(SERVERS)
    reply = RANDOM.choice(REPLIES)
    reply = reply % to if '%s' in reply else reply
    date = email.utils.formatdate(time.time() - 3600 * RANDOM.randrange(1, 48))
    kind = 'feedback-report' if complaint else 'delivery-status'
    if complaint:
        about = ('Feedback-Type: abuse\nUser-Agent: Example/1.0\nVersion: 1\n'
                 'Original-Mail-From: <bounces@news.example.com>\nOriginal-Rcpt-To: <%s>\n' % to)
    else:
        about = ('Reporting-MTA: dns; %s\nX-Postfix-Sender: rfc822; bounces@news.example.com\n\n'
                 'Final-Recipient: rfc822; %s\nOriginal-Recipient: rfc822;%s\nAction: failed\nStatus: 5.1.1\n'
                 'Remote-MTA: dns; %s\nDiagnostic-Code: smtp; %s\n' % (server, to, to, server, reply))
    mail = ('Return-Path: <>\nReceived: from %s (%s [198.51.100.9]) by mx.news.example.com; %s\n'
            'Date: %s\nFrom: MAILER-DAEMON@%s (Mail Delivery System)\nTo: bounces@news.example.com\n'
            'Subject: Undelivered Mail Returned to Sender\nMessage-ID: <%d.%d@%s>\n'
            'Auto-Submitted: auto-replied\nMIME-Version: 1.0\n'
            'Content-Type: multipart/report; report-type=%s; boundary="b%d"\n\n'
            '--b%d\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n<%s>: %s\n\n'
            '--b%d\nContent-Type: message/%s\n\n%s\n'
            % (server, server, date, date, server, n, RANDOM.randrange(10 ** 9), server, kind, n, n, to, reply, n,
               kind, about))
    if original:
        mail += '--b%d\nContent-Type: message/rfc822\n\n%s\nHello\n\n' % (n, original)
    return mail + '--b%d--\n' % n


def text_bounce(to, original, n):
    server = RANDOM.choice(SERVERS)
    date = email.utils.formatdate(time.time() - 7200)
    return ('Return-Path: <>\nReceived: from %s by mx.news.example.com; %s\nDate: %s\nFrom: MAILER-DAEMON@%s\n'
            'To: bounces@news.example.com\nSubject: failure notice\nMessage-ID: <t%d@%s>\n\n'
            'Hi. This is the qmail-send program at %s.\nI\'m afraid I wasn\'t able to deliver your message to the '
            'following addresses.\nThis is a permanent error; I\'ve given up. Sorry it didn\'t work out.\n\n'
            '<%s>:\n198.51.100.9 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\n'
            'Giving up on 198.51.100.9.\n\n--- Below this line is a copy of the message.\n\n%s\nHello\n'
            % (server, date, date, server, n, server, server, to, original))


def nothing(to):
    return ''


def another_senders(to):
    return headers([('Return-Path', '<shop@example.net>'), ('Received', 'from out.example.net by mx.example.org; x'),
                    ('Message-ID', '<%d@example.net>' % RANDOM.randrange(10 ** 9)),
                    ('From', 'Shop <shop@example.net>'), ('To', to), ('Subject', 'Offers')])


def the_brands(to):
    """The domain that everybody knows is not the one that mails."""
    return headers([('Return-Path', '<info@example.com>'), ('Received', 'from www.example.com by mx.example.org; x'),
                    ('Message-ID', '<%d@example.com>' % RANDOM.randrange(10 ** 9)),
                    ('From', 'Example <info@example.com>'), ('To', to), ('Subject', 'News of Example')])


def like_ours(to):
    """Ours in the wrong place: a name, a local part, a longer domain, a body."""
    return headers([('Return-Path', '<news.example.com@example.net>'),
                    ('Received', 'from example.net (envelope-from news@news.example.com) by mx.example.org; x'),
                    ('Message-ID', '<1@news.example.com.example.net>'),
                    ('From', '"news@news.example.com" <x@example.net>'), ('To', to),
                    ('References', '<1@news.example.com>'), ('Reply-To', 'news@news.example.com')]) + \
        '\nFrom: news@news.example.com\nMessage-ID: <1@news.example.com>\n'


def bound_to_another(to):
    """Somebody who has no mail of ours, but knows what one looks like, to whom."""
    return headers([('Message-ID', '<%d@news.example.com>' % RANDOM.randrange(10 ** 9)),
                    ('From', 'News <news@news.example.com>'), ('To', 'forger@example.net'), ('Subject', 'News')])


def guessed(to):
    """Everything that can be guessed: our From and our mail domain."""
    return headers([('Return-Path', '<bounces@news.example.com>'),
                    ('Received', 'from mail.news.example.com (mail.news.example.com [192.0.2.1]) by mx.example.org; x'),
                    ('Message-ID', '<%d@news.example.com>' % RANDOM.randrange(10 ** 9)),
                    ('From', 'News <news@news.example.com>'), ('To', to), ('Subject', 'News')])


def guessed_from(to):
    return headers([('From', 'News <news@news.example.com>'), ('To', to), ('Subject', 'News')])


KNOWS = [  # what the forger makes up; each for ADDRESSES addresses
    ('returns nothing', nothing),
    ('returns the mail of another sender', another_senders),
    ('returns a mail of the brand, not of the mail domain', the_brands),
    ('returns a mail with our names in the wrong places', like_ours),
    ('returns a mail like ours to somebody else', bound_to_another),
]
GUESSES = [('guesses our From', guessed_from), ('guesses our From, our mail domain and our hosts', guessed)]
MARKS = '''marks:
  message_id: ["*.k7q2@news.example.com"]
  header: ["X-Campaign-Key: q9f7*"]
'''


def addresses(prefix):
    return ['%s%d@example.org' % (prefix, i) for i in range(ADDRESSES)]


def suppressed(tmp, config, forge, prefix, times=1):
    """Addresses suppressed by forged bounces of that kind."""
    database = os.path.join(tmp, prefix + '.db')
    paths, n = [], 0
    for i, to in enumerate(addresses(prefix)):
        for _ in range(times):
            n += 1
            kind = i % 3
            mail = text_bounce(to, forge(to), n) if kind == 2 else report(to, forge(to), n, kind == 1)
            paths.append(os.path.join(tmp, '%s-%d.eml' % (prefix, n)))
            with open(paths[-1], 'w') as f:
                f.write(mail)
    run = [PROGRAM, '--config=' + config, '--database=' + database]
    done = subprocess.run(run + ['ingest'] + paths, stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode()
    if done.returncode or 'recorded %d of' % n not in said:
        sys.exit('Bail out! ' + said)
    listed = subprocess.run(run + ['export', 'plain'], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=True).stdout.decode().split()
    scoped = subprocess.run(run + ['export', 'csv'], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=True).stdout.decode().splitlines()[1:]
    return max(len(set(listed)), len(scoped)), n


def main():
    number, failed = 0, 0
    with tempfile.TemporaryDirectory() as tmp:
        shipped, marked = os.path.join(tmp, 'own.yaml'), os.path.join(tmp, 'marks.yaml')
        with open(shipped, 'w') as f:
            f.write('own: ["*@news.example.com"]\n')
        with open(marked, 'w') as f:
            f.write('own: ["*@news.example.com"]\n' + MARKS)
        total = 0
        for i, (says, forge) in enumerate(KNOWS):
            got, n = suppressed(tmp, shipped, forge, 'k%dx' % i)
            total += n
            number += 1
            failed += got > 0
            print('%sok %d - %d forged by one who %s: %d suppressed' % ('not ' if got else '', number, n, says, got))
        number += 1
        failed += total < 300
        print('%sok %d - %d forgeries in all' % ('not ' if total < 300 else '', number, total))
        for i, (says, forge) in enumerate(GUESSES):
            got, n = suppressed(tmp, shipped, forge, 'g%dx' % i, 2)
            print('# note: who %s, with own: alone, and sends two each: %d of %d addresses suppressed'
                  % (says, got, ADDRESSES))
            got, n = suppressed(tmp, marked, forge, 'm%dx' % i, 2)
            number += 1
            failed += got > 0
            print('%sok %d - who %s, with marks: %d of %d suppressed'
                  % ('not ' if got else '', number, says, got, ADDRESSES))
        genuine, n = suppressed(tmp, marked, lambda to: headers(
            [('Message-ID', '<%d.k7q2@news.example.com>' % RANDOM.randrange(10 ** 9)), ('To', to)]), 'ours')
        number += 1
        failed += genuine < ADDRESSES
        print('%sok %d - genuine ones with a mark: %d of %d suppressed'
              % ('not ' if genuine < ADDRESSES else '', number, genuine, ADDRESSES))
    print('1..%d' % number)
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
