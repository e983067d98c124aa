#!/usr/bin/env python3
"""postfix.py PORT [ADDRESS...]: what smtpd answers to RCPT TO, a line each.

The addresses are of the command line or, without any, lines of stdin; SMTPUTF8
is asked for where one needs it. Nothing is sent.
"""
import smtplib
import sys
import time


def connect(port):
    for _ in range(50):
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=5)
        except (ConnectionRefusedError, smtplib.SMTPServerDisconnected):
            time.sleep(0.1)
    sys.exit("nobody answers")


def ask(server, address):
    wide = not address.isascii()
    server.docmd("RSET")
    code, text = server.docmd("MAIL", "FROM:<news@news.example.com>" +
                              (" SMTPUTF8" if wide else ""))
    if code == 250:
        server.putcmd("RCPT TO:<%s>" % address)
        code, text = server.getreply()
    return "%d %s" % (code, text.decode().replace("\n", " "))


server = connect(int(sys.argv[1]))
server.ehlo("client.example.com")
server.command_encoding = "utf-8"
for line in sys.argv[2:] or open(0, encoding="utf-8", newline=""):
    line = line.rstrip("\n")
    sys.stdout.buffer.write(("%s\t%s\n" % (line, ask(server, line))).encode())
server.quit()
