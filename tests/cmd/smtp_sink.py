#!/usr/bin/env python3
"""smtp_sink.py FOLDER: an SMTP server on the loopback interface that keeps what
it is given. Writes its port to FOLDER/port, and each mail to FOLDER/N.eml with
its envelope in FOLDER/N.to. While FOLDER/refuse is there no mail is accepted;
while FOLDER/hold is there the last reply of a mail waits."""
import os
import socketserver
import sys
import threading
import time

FOLDER = sys.argv[1]
lock = threading.Lock()


def there(name):
    return os.path.exists(os.path.join(FOLDER, name))


def keep(to, lines):
    with lock:
        n = sum(name.endswith(".eml") for name in os.listdir(FOLDER)) + 1
        with open(f"{FOLDER}/{n}.to", "w") as f:
            f.write("".join(a + "\n" for a in to))
        with open(f"{FOLDER}/{n}.eml.new", "wb") as f:
            f.write(b"".join(lines))
        os.rename(f"{FOLDER}/{n}.eml.new", f"{FOLDER}/{n}.eml")


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def data(self, to):
        self.say("354 go on")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                keep(to, lines)
                while there("hold"):
                    time.sleep(0.05)
                return self.say("250 kept")
            assert len(line) <= 1000, len(line)  # RFC 5321 4.5.3.1.6
            lines.append(line[1:] if line.startswith(b"..") else line)

    def handle(self):
        to = []
        self.say("220 sink.example.net")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.say("250 sink.example.net")
            elif verb == b"MAIL" and there("refuse"):
                self.say("451 4.3.0 the sink is stopped up")
            elif verb == b"RCPT":
                to.append(line[8:].strip().decode().strip("<>"))
                self.say("250 ok")
            elif verb == b"DATA":
                self.data(to)
                to = []
            elif verb == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


with Server(("127.0.0.1", 0), Session) as server:
    with open(f"{FOLDER}/port.new", "w") as f:
        f.write(str(server.server_address[1]))
    os.rename(f"{FOLDER}/port.new", f"{FOLDER}/port")
    server.serve_forever()
