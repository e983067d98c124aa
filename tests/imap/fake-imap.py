#!/usr/bin/env python3
"""fake-imap.py DIR [KEY=VALUE...]: an IMAP server that misbehaves on purpose.

It serves an INBOX of bounces (mails.py) on a free port of 127.0.0.1, which it
writes to DIR/port. What it receives goes to DIR/wire, a line each with the
number of the connection before it; what its folders hold goes to DIR/state
after each change. Ends when DIR/port is removed, or after 120 s.

    scenario=NAME  how to misbehave (below, `def NAME`); default: not at all
    times=N        so often, then behave (default 1; 0: always)
    mails=N        in the INBOX (default 3)
    tls=none|implicit|starttls      (default none)
    cert=FILE      certificate; the key is FILE with .key for .pem
    caps=WORDS     capabilities besides IMAP4rev1
    user=, password=, token=        what it takes (default any)
    uidvalidity=N  (default 7)
"""

import base64
import json
import pathlib
import re
import socket
import ssl
import sys
import threading
import time

sys.dont_write_bytecode = True
import mails  # noqa: E402

OPTIONS = {
    "scenario": "",
    "times": "1",
    "mails": "3",
    "tls": "none",
    "cert": "",
    "caps": "IDLE UIDPLUS MOVE SASL-IR NAMESPACE",
    "user": "",
    "password": "",
    "token": "",
    "uidvalidity": "7",
    "flags": r"\Answered \Flagged \Deleted \Seen \Draft \*",
    "access": "READ-WRITE",
    "prefix": "",
}


class Server:
    def __init__(self, folder, options):
        self.folder = folder
        self.options = options
        self.scenario = SCENARIOS.get(options["scenario"])
        if options["scenario"] and not self.scenario:
            sys.exit(f"fake-imap: no scenario {options['scenario']}")
        self.left = int(options["times"]) or 1 << 30
        self.connections = 0
        self.lock = threading.RLock()
        self.folders = {"INBOX": {}}
        self.copies = 0
        for i in range(1, int(options["mails"]) + 1):
            self.deliver(mails.mail(i))
        self.wire = open(folder / "wire", "ab", buffering=0)

    def deliver(self, body):
        box = self.folders["INBOX"]
        uid = max(box, default=0) + 1
        box[uid] = {"flags": set(), "body": body}
        self.save()
        return uid

    def save(self):
        state = {
            name: {uid: sorted(m["flags"]) for uid, m in box.items()}
            for name, box in self.folders.items()
        }
        new = self.folder / "state.new"
        new.write_text(json.dumps(state))
        new.rename(self.folder / "state")

    def tls_context(self):
        cert = self.options["cert"]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.options["tls"].endswith("-old"):
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.load_cert_chain(cert, re.sub(r"\.pem$", ".key", cert))
        return context

    def serve(self):
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.2)
        port = self.folder / "port"
        new = self.folder / "port.new"
        new.write_text(str(listener.getsockname()[1]))
        new.rename(port)
        end = time.time() + 120
        while port.exists() and time.time() < end:
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            session = Session(self, connection, self.connections)
            threading.Thread(target=session.run, daemon=True).start()


class Session:
    def __init__(self, server, connection, number):
        self.server = server
        self.number = number
        self.raw = connection
        self.raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.box = None
        self.readonly = False
        self.tls = False

    # --- the wire ---

    def log(self, data):
        self.server.wire.write(b"%d %s\n" % (self.number, data))

    def wrap(self):
        self.raw = self.server.tls_context().wrap_socket(self.raw, server_side=True)
        self.lines = self.raw.makefile("rb")
        self.tls = True

    def send(self, data):
        if isinstance(data, str):
            data = data.encode("latin-1")
        self.raw.sendall(data)

    def read_line(self):
        line = self.lines.readline()
        if not line:
            raise EOFError
        self.log(line.rstrip(b"\r\n"))
        return line.rstrip(b"\r\n").decode("utf-8", "replace")

    def close(self):
        try:
            self.raw.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.raw.close()
        raise EOFError

    def run(self):
        try:
            if self.server.options["tls"].startswith("implicit"):
                self.wrap()
            self.lines = self.raw.makefile("rb")
            self.greet()
            while True:
                self.command(self.read_line())
        except (EOFError, OSError):
            pass
        except Exception as e:  # a mistake in here must not look like a stall
            self.log(b"! " + repr(e).encode())
            raise
        finally:
            self.raw.close()

    # --- misbehaving ---

    def misbehave(self, event, *args):
        """Ask the scenario; true when it has dealt with the event."""
        server = self.server
        with server.lock:
            if not server.scenario or server.left <= 0:
                return False
            done = server.scenario(self, event, *args)
            if done:
                server.left -= 1
            return done

    # --- behaving ---

    def caps(self):
        words = "IMAP4rev1 " + self.server.options["caps"]
        if self.server.options["tls"] == "starttls" and not self.tls:
            words += " STARTTLS"
        return words

    def greet(self):
        if not self.misbehave("greeting"):
            self.send("* OK ready\r\n")

    def ok(self, tag, text="done"):
        self.send(f"{tag} OK {text}\r\n")

    def no(self, tag, text):
        self.send(f"{tag} NO {text}\r\n")

    def literal(self, line):
        """The line with its literals (the credentials of LOGIN) in place."""
        while True:
            m = re.search(r"\{(\d+)\}$", line)
            if not m:
                return line
            self.send("+ go on\r\n")
            data = self.lines.read(int(m[1]))
            line = line[: m.start()] + json.dumps(data.decode()) + self.read_line()

    def command(self, line):
        line = self.literal(line)
        tag, _, rest = line.partition(" ")
        word, _, args = rest.partition(" ")
        word = word.upper()
        if word == "UID":
            word, _, args = args.partition(" ")
            word = "UID_" + word.upper()
        if self.misbehave(word, tag, args):
            return
        method = getattr(self, "do_" + word, None)
        if method:
            method(tag, args)
        else:
            self.send(f"{tag} BAD unknown command\r\n")

    def do_CAPABILITY(self, tag, args):
        self.send(f"* CAPABILITY {self.caps()}\r\n")
        self.ok(tag)

    def do_NOOP(self, tag, args):
        self.ok(tag)

    def do_LOGOUT(self, tag, args):
        self.send("* BYE see you\r\n")
        self.ok(tag)
        self.close()

    def do_STARTTLS(self, tag, args):
        self.ok(tag, "go ahead")
        self.wrap()

    def check(self, tag, user, secret):
        o = self.server.options
        want = o["token"] or o["password"]
        if (o["user"] and user != o["user"]) or (want and secret != want):
            self.no(tag, "[AUTHENTICATIONFAILED] wrong")
        else:
            self.ok(tag, "logged in")

    def do_LOGIN(self, tag, args):
        words = re.findall(r'"(?:[^"\\]|\\.)*"|\S+', args)
        user, secret = (json.loads(w) if w[0] == '"' else w for w in words)
        self.check(tag, user, secret)

    def do_AUTHENTICATE(self, tag, args):
        mechanism, _, message = args.partition(" ")
        if not message:
            self.send("+ \r\n")
            message = self.read_line()
        text = base64.b64decode(message).decode()
        if mechanism == "PLAIN":
            _, user, secret = text.split("\0")
        else:
            user, secret = re.match("user=(.*)\1auth=Bearer (.*)\1\1", text).groups()
            if secret != self.server.options["token"]:
                self.send("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
                self.read_line()
        self.check(tag, user, secret)

    def do_NAMESPACE(self, tag, args):
        prefix = self.server.options["prefix"]
        self.send(f'* NAMESPACE (("{prefix}" ".")) NIL NIL\r\n')
        self.ok(tag)

    def name(self, text):
        return text.strip('"').replace('\\"', '"')

    def select(self, tag, args, access):
        name = self.name(args)
        if name not in self.server.folders:
            self.no(tag, "[NONEXISTENT] no such folder")
            return
        self.box = self.server.folders[name]
        self.readonly = access == "READ-ONLY"
        flags = "" if self.readonly else self.server.options["flags"]
        validity = self.server.options["uidvalidity"]
        self.send(
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
            f"* OK [PERMANENTFLAGS ({flags})] kept\r\n"
            f"* {len(self.box)} EXISTS\r\n* 0 RECENT\r\n"
            f"* OK [UIDVALIDITY {validity}] valid\r\n"
            f"* OK [UIDNEXT {max(self.box, default=0) + 1}] next\r\n"
        )
        self.ok(tag, f"[{access}] selected")

    def do_SELECT(self, tag, args):
        self.select(tag, args, self.server.options["access"])

    def do_EXAMINE(self, tag, args):
        self.select(tag, args, "READ-ONLY")

    def uids(self, text):
        """The UIDs of a set that are there, ascending."""
        found = set()
        last = max(self.box, default=0)
        for part in text.split(","):
            low, _, high = part.partition(":")
            low = last if low == "*" else int(low)
            high = last if high == "*" else int(high or low)
            low, high = min(low, high), max(low, high)
            found.update(u for u in self.box if low <= u <= high)
        return sorted(found)

    def sequence(self, uid):
        return sorted(self.box).index(uid) + 1

    def fetch_line(self, uid, items):
        m = self.box[uid]
        out = [b"UID %d" % uid]
        if "RFC822.SIZE" in items:
            out.append(b"RFC822.SIZE %d" % m.get("size", len(m["body"])))
        if "INTERNALDATE" in items:
            out.append(b'INTERNALDATE "02-Mar-2026 10:00:00 +0000"')
        part = re.search(r"BODY\.PEEK\[\](?:<0\.(\d+)>)?", items)
        if part:
            body = m["body"][: int(part[1])] if part[1] else m["body"]
            origin = b"<0>" if part[1] else b""
            out.append(b"BODY[]%s {%d}\r\n%s" % (origin, len(body), body))
        return b"* %d FETCH (%s)\r\n" % (self.sequence(uid), b" ".join(out))

    def do_UID_FETCH(self, tag, args):
        text, _, items = args.partition(" ")
        for uid in self.uids(text):
            if "BODY" in items and self.misbehave("body", tag, uid, items):
                continue
            self.send(self.fetch_line(uid, items))
        if "BODY" in items and self.misbehave("fetched", tag, args):
            return
        self.ok(tag)

    def do_UID_STORE(self, tag, args):
        text, _, rest = args.partition(" ")
        flags = re.search(r"\((.*)\)", rest)[1].split()
        for uid in self.uids(text):
            self.box[uid]["flags"].update(flags)
        self.server.save()
        self.ok(tag)

    def expunge(self, uids):
        for uid in uids:
            self.send(f"* {self.sequence(uid)} EXPUNGE\r\n")
            del self.box[uid]
        self.server.save()

    def do_UID_EXPUNGE(self, tag, args):
        self.expunge(
            [u for u in self.uids(args) if "\\Deleted" in self.box[u]["flags"]]
        )
        self.ok(tag)

    def do_EXPUNGE(self, tag, args):
        self.log(b"! plain EXPUNGE")
        self.expunge([u for u in sorted(self.box) if self.box[u]["flags"]])
        self.ok(tag)

    def copy(self, tag, args):
        text, _, name = args.partition(" ")
        name = self.name(name)
        if name not in self.server.folders:
            self.no(tag, "[TRYCREATE] no such folder")
            return None
        uids = self.uids(text)
        for uid in uids:
            self.server.copies += 1
            target = self.server.folders[name]
            target[self.server.copies] = dict(self.box[uid], flags=set())
        self.server.save()
        return uids

    def do_UID_COPY(self, tag, args):
        if self.copy(tag, args) is not None:
            self.ok(tag)

    def do_UID_MOVE(self, tag, args):
        if "MOVE" not in self.server.options["caps"].split():
            self.send(f"{tag} BAD no MOVE here\r\n")
            return
        uids = self.copy(tag, args)
        if uids is not None:
            self.expunge(uids)
            self.ok(tag)

    def do_CREATE(self, tag, args):
        self.server.folders[self.name(args)] = {}
        self.server.save()
        self.ok(tag)

    def do_SUBSCRIBE(self, tag, args):
        self.ok(tag)

    def do_IDLE(self, tag, args):
        self.send("+ idling\r\n")
        self.end_idle(tag)

    def end_idle(self, tag):
        if self.read_line().upper() == "DONE":
            self.ok(tag)
        else:
            self.send(f"{tag} BAD expected DONE\r\n")


# --- scenarios: f(session, event, *args) -> whether it has dealt with it ---
#
# Events: "greeting"; the word of a command ("LOGIN", "UID_FETCH") with tag and
# arguments; "body" with tag, UID and items; "fetched" before the OK.

SCENARIOS = {}


def scenario(event, name=None):
    """Register f(session, *args) as a scenario that acts on one event."""

    def register(f):
        def act(session, happened, *args):
            return happened == event and f(session, *args) is not False

        SCENARIOS[name or f.__name__.replace("_", "-")] = act
        return f

    return register


def says(name, event, text, close=False):
    """A scenario that answers an event with text ({tag} is filled in)."""

    def act(session, happened, *args):
        if happened != event:
            return False
        tag = args[0] if args else ""
        session.send(text.replace("{tag}", tag))
        if close:
            # The reader shall get at it before the end.
            time.sleep(0.05)
            session.server.left -= 1
            session.close()
        return True

    SCENARIOS[name] = act


# The connection ends.
says("eof-greeting", "greeting", "", close=True)
says("eof-half-greeting", "greeting", "* OK rea", close=True)
says("bye-greeting", "greeting", "* BYE [UNAVAILABLE] too busy\r\n", close=True)
says("eof-login", "LOGIN", "", close=True)
says("eof-select", "EXAMINE", "* 3 EXISTS\r\n", close=True)
says("eof-list", "UID_FETCH", "* 1 FETCH (UID 1 RFC822.SI", close=True)
says("eof-literal", "body", "* 1 FETCH (UID 1 BODY[] {1000}\r\nabc", close=True)
says("eof-after-size", "body", "* 1 FETCH (UID 1 BODY[] {1000}", close=True)
says("bye-fetch", "body", "* BYE going down\r\n", close=True)
says("eof-parentheses", "body", "* 1 FETCH (UID 1 BODYSTRUCTURE " + "(" * 60000, close=True)

# What the guard must not let pass.
says("deep", "body", "* 1 FETCH (UID 1 BODYSTRUCTURE " + "(" * 30000 + ")" * 30000 + ")\r\n")
says("long-line", "body", "* OK " + "x" * 3000000 + "\r\n")
says("huge-literal", "body", "* 1 FETCH (UID 1 BODY[] {4294967290}\r\nabc")
says("overflow-literal", "body", "* 1 FETCH (UID 1 BODY[] {18446744073709551620}\r\nabc)\r\n")
says("negative-literal", "body", "* 1 FETCH (UID 1 BODY[] {-5}\r\nabc)\r\n")
says("inline-literal", "body", "* 1 FETCH (UID 1 BODY[] {3}abc)\r\n\r\n")
says("open-quote", "body", '* 1 FETCH (UID 1 BODY[] "abc\r\n* 2 EXISTS\r\n')
says("nul", "body", "* OK a\0b\r\n")
says("text-literal", "body", "* OK [BADCHARSET ({5}\r\n* X {99999}\r\n" + "(" * 30000)
says("text-quote", "body", '* OK [BADCHARSET ("\r\n* X {99999}\r\n")] x\r\n' + "(" * 30000)
says("mute-alert", "body", "* OK [ALERT]\r\n")
says("mute-parse", "body", "* NO [PARSE] \r\n")
says("bad-flags", "body", "* OK [PERMANENTFLAGS (\\)] kept\r\n")
says("cut-flags", "body", "* OK [PERMANENTFLAGS (\r\n")
says("flood", "body", "* OK nothing\r\n" * 150000)

# What is no answer, or not to this.
says("garbage", "body", "\x01\x02)(*&^%$\r\n")
says("wrong-tag", "body", "999 OK done\r\n")
says("bad", "UID_FETCH", "{tag} BAD what\r\n")
says("empty-capability", "CAPABILITY", "* CAPABILITY\r\n{tag} OK none\r\n")
says("flags-greeting", "greeting", "* OK [PERMANENTFLAGS (\\*)] hi\r\n")
says("no-capability", "CAPABILITY", "{tag} OK none\r\n")
says("bad-namespace", "body", '* NAMESPACE (("INBOX." "."){0}\r\n')
says("no-namespace", "NAMESPACE", "{tag} OK none\r\n")
says("no-uidvalidity", "EXAMINE", "* 3 EXISTS\r\n{tag} OK [READ-WRITE] selected\r\n")

# Strange, and allowed or harmless.
says("unknown", "body", "* XFOO bar (a \"b)\" c)\r\n* ESEARCH (TAG \"1\") UID ALL 1:3\r\n")
says("unknown-literal", "body", "* XFOO {7}\r\na)\r\n* b {3}\r\nabc (d)\r\n")
says("unknown-item", "body", "* 1 FETCH (UID 99 X-THING (a (b \"c)\")) Y-THING {3}\r\nabc Z NIL)\r\n")
says("flags", "body", "* 1 FETCH (FLAGS (\\Seen $a))\r\n* 1 FETCH (MODSEQ (77) UID 1)\r\n")
says("shrink", "body", "* 1 EXISTS\r\n* 2 EXPUNGE\r\n* 0 EXISTS\r\n* VANISHED 5:7\r\n")
says("unasked", "body", "* 9 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n* 1 FETCH (UID 0 BODY[] {3}\r\nabc)\r\n")
says("header-only", "body", "* 1 FETCH (UID 1 BODY[HEADER] {3}\r\nabc)\r\n* 1 FETCH (UID 1 BODY[]<5> {3}\r\nabc)\r\n")
says("status", "body", "* STATUS INBOX ()\r\n* LIST () NIL INBOX\r\n* SEARCH\r\n")
says("parens-in-quotes", "body", '* XFOO "' + "(" * 500 + '"\r\n')

# Logins.
says("login-later", "LOGIN", "{tag} NO [UNAVAILABLE] try again later\r\n")
says("preauth", "greeting", "* PREAUTH welcome\r\n")
says("starttls-bad", "STARTTLS", "{tag} BAD what\r\n")
says("starttls-no", "STARTTLS", "{tag} NO not today\r\n")
says("starttls-inject", "STARTTLS", "{tag} OK go\r\n* OK injected\r\n2 OK injected\r\n")
says("starttls-no-tls", "STARTTLS", "{tag} OK go\r\n", close=True)


@scenario("CAPABILITY")
def starttls_stripped(s, tag, args):
    s.send("* CAPABILITY IMAP4rev1 IDLE\r\n")
    s.ok(tag)


@scenario("body")
def body_first(s, tag, uid, items):
    body = s.box[uid]["body"]
    s.send(b"* 1 FETCH (BODY[] {%d}\r\n%s UID %d)\r\n" % (len(body), body, uid))


@scenario("body")
def twice(s, tag, uid, items):
    s.send(s.fetch_line(uid, items) * 2)


@scenario("UID_FETCH")
def reversed_order(s, tag, args):
    text, _, items = args.partition(" ")
    for uid in reversed(s.uids(text)):
        s.send(s.fetch_line(uid, items))
    s.ok(tag)


@scenario("body")
def nil_body(s, tag, uid, items):
    s.send(f"* {s.sequence(uid)} FETCH (UID {uid} BODY[] NIL)\r\n")


@scenario("body")
def quoted_body(s, tag, uid, items):
    text = f"Subject: quoted {uid} (a (b \\\"c\\\""
    s.send(f'* {s.sequence(uid)} FETCH (UID {uid} BODY[] "{text}")\r\n')


@scenario("body")
def empty_body(s, tag, uid, items):
    s.send(f"* {s.sequence(uid)} FETCH (UID {uid} BODY[] {{0}}\r\n)\r\n")


@scenario("body")
def expunged(s, tag, uid, items):
    s.send(f"* {s.sequence(uid)} EXPUNGE\r\n")
    del s.box[uid]
    s.server.save()


@scenario("body")
def silent(s, tag, uid, items):
    """The mail with UID 2 is there, and never comes."""
    return uid == 2


@scenario("body")
def poison(s, tag, uid, items):
    """The mail with UID 2 breaks the parser each time."""
    if uid != 2:
        return False
    s.send(f"* {s.sequence(uid)} FETCH (UID {uid} BODY[] ((()\r\n")


@scenario("body")
def curse(s, tag, uid, items):
    """The mail with UID 2 ends the connection each time."""
    if uid != 2:
        return False
    s.send(f"* {s.sequence(uid)} FETCH (UID {uid} BODY[] {{9000}}\r\nabc")
    time.sleep(0.05)
    s.close()


@scenario("UID_FETCH")
def refused(s, tag, args):
    """A FETCH that includes the mail with UID 2 is answered with NO."""
    text, _, items = args.partition(" ")
    if "BODY" not in items or 2 not in s.uids(text):
        return False
    for uid in s.uids(text):
        if uid != 2:
            s.send(s.fetch_line(uid, items))
    s.no(tag, "[CORRUPTION] cannot read a mail")


@scenario("UID_FETCH")
def unavailable(s, tag, args):
    if "BODY" not in args:
        return False
    s.no(tag, "[UNAVAILABLE] the store is away")


@scenario("UID_FETCH")
def lying_size(s, tag, args):
    """The first mail is said to be small and has 3 MB."""
    s.box[1].update(body=mails.mail(1, 3000000), size=1000)
    return False


@scenario("UID_FETCH")
def big_mail(s, tag, args):
    s.box[1].update(body=mails.mail(1, 5000000))
    return False


@scenario("UID_COPY")
def copy_then_eof(s, tag, args):
    """COPY is done and answered, then the connection is lost."""
    s.do_UID_COPY(tag, args)
    time.sleep(0.05)
    s.server.left -= 1
    s.close()


@scenario("UID_MOVE")
def move_then_eof(s, tag, args):
    """MOVE is done, and its OK never arrives."""
    if s.copy(tag, args) is None:
        return
    s.expunge(s.uids(args.partition(" ")[0]))
    s.server.left -= 1
    s.close()


says("move-refused", "UID_MOVE", "{tag} NO [OVERQUOTA] the target is full\r\n")


@scenario("body")
def renumber(s, tag, uid, items):
    """The folder is numbered anew while it is open."""
    s.server.options["uidvalidity"] = "8"
    s.send("* OK [UIDVALIDITY 8] new\r\n" + "")
    s.send(s.fetch_line(uid, items))


# --- IDLE ---


def new_mail(s):
    s.server.deliver(mails.mail(1000 + max(s.box)))
    return f"* {len(s.box)} EXISTS\r\n"


@scenario("IDLE")
def idle_same_segment(s, tag, args):
    s.send("+ idling\r\n" + new_mail(s))
    s.end_idle(tag)


@scenario("IDLE")
def idle_untagged_first(s, tag, args):
    s.send(new_mail(s) + "+ idling\r\n")
    s.end_idle(tag)


@scenario("IDLE")
def idle_no(s, tag, args):
    new_mail(s)
    s.no(tag, "cannot")


@scenario("IDLE")
def idle_bad(s, tag, args):
    new_mail(s)
    s.send(f"{tag} BAD what\r\n")


@scenario("IDLE")
def idle_still_here(s, tag, args):
    """Chatter wakes nobody up for long; mail after it does."""
    s.send("+ idling\r\n* OK still here\r\n")
    s.end_idle(tag)
    if s.server.left == 1:
        new_mail(s)


@scenario("IDLE")
def idle_bye(s, tag, args):
    s.send("+ idling\r\n* BYE idle for too long\r\n")
    new_mail(s)
    s.server.left -= 1
    s.close()


@scenario("IDLE")
def idle_expunge(s, tag, args):
    new_mail(s)
    s.send("+ idling\r\n* 1 EXPUNGE\r\n* 3 EXISTS\r\n* 3 RECENT\r\n")
    s.end_idle(tag)


@scenario("LOGIN")
def stall(s, tag, args):
    time.sleep(100)


def main():
    options = dict(OPTIONS)
    for word in sys.argv[2:]:
        key, _, value = word.partition("=")
        if key not in options:
            sys.exit(f"fake-imap: no option {key}")
        options[key] = value
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    Server(folder, options).serve()


if __name__ == "__main__":
    main()
