"""progress.sh: what stands on a terminal while a command works.

Little work takes long here: where `fast` is set, a second passes with every
fifty looks at the clock (clock.so); else what a command reads comes slowly.
What it writes is kept with its time, and put on a screen of our own. Beside a
check stands with which fault it was seen to fail."""
import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import time

BW, CLOCK = sys.argv[1:]
BAR = re.compile(r"\r(\[[#.]+\] )?(\d+ %|\d)")
tests = failed = 0


def check(name, good, got=None):
    global tests, failed
    tests += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {tests} - {name}")
    if not good:
        print(f"# got: {got!r}")


class Run:
    """One command: .text, .pieces [(seconds, text)], .status, .out"""

    def __init__(self, *args, width=100, term="xterm", fast=20,
                 terminal=True, data_too=False, background=False,
                 resize=None, feed=b"", drip=0, stdin=None):
        self.pieces, self.out = [], b""
        self.resize, self.resized, self.first_bar = resize, None, None
        master, tty = os.openpty() if terminal else os.pipe()
        out_r, out_w = os.pipe()
        in_r, in_w = os.pipe()
        if stdin:
            os.close(in_r)
            in_r = os.open(stdin, os.O_RDONLY)
        if terminal:
            self.set_width(tty, width)
        pid = os.fork()
        if pid == 0:
            env = dict(os.environ, TERM=term)
            if fast:
                env.update(LD_PRELOAD=CLOCK, STEP_MS=str(fast))
            self.child(args, tty, master, terminal, background, env,
                       tty if data_too else out_w, in_r, (out_r, in_w))
        for fd in (tty, out_w, in_r):
            os.close(fd)
        self.began = time.monotonic()
        self.watch(master, out_r, in_w, feed, drip)
        self.status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        self.text = "".join(t for _, t in self.pieces)

    @staticmethod
    def set_width(fd, width):
        fcntl.ioctl(fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 25, width, 0, 0))

    @staticmethod
    def child(args, tty, master, terminal, background, env, out, in_r,
              rest):
        os.setsid()
        if terminal:
            fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
        if background:
            # The terminal belongs to a group that waits.
            other = os.fork()
            if other == 0:
                os.setpgid(0, 0)
                signal.signal(signal.SIGTTOU, signal.SIG_IGN)
                os.tcsetpgrp(tty, os.getpid())
                time.sleep(60)
                os._exit(0)
            time.sleep(0.2)
        os.dup2(in_r, 0)
        os.dup2(out, 1)
        os.dup2(tty, 2)
        for fd in (master, tty, in_r, *rest):
            os.close(fd)
        os.execve(BW, [BW, *args], env)

    def watch(self, err, out, to, feed, drip):
        """Read all, and feed it, `drip` bytes every twentieth of a second."""
        reading = {err, out}
        writing = {to}
        while reading:
            ready, can, _ = select.select(list(reading), list(writing), [], 30)
            if not ready and not can:
                print("# nothing came for half a minute")
                break
            for fd in can:
                n = os.write(fd, feed[:drip or 4096]) if feed else 0
                feed = feed[n:]
                if not feed:
                    os.close(fd)
                    writing = set()
                elif drip:
                    time.sleep(0.05)
            for fd in ready:
                self.take(fd, err, reading)

    def take(self, fd, err, reading):
        try:
            data = os.read(fd, 65536)
        except OSError:  # the other side of a terminal is closed
            data = b""
        if not data:
            reading.discard(fd)
            os.close(fd)
        elif fd != err:
            self.out += data
        else:
            self.pieces.append((time.monotonic() - self.began,
                                data.decode()))
            if self.first_bar is None and BAR.search(self.pieces[-1][1]):
                self.first_bar = self.pieces[-1][0]
                if self.resize:
                    self.set_width(fd, self.resize)
                    self.resized = len(self.pieces)

    def bars(self, from_piece=0):
        text = "".join(t for _, t in self.pieces[from_piece:])
        return [b.split("\r")[-1]
                for b in text.split("\033[K") if BAR.search("\r" + b.split(
                    "\r")[-1]) and "\n" not in b.split("\r")[-1]]

    def screen(self):
        """What is left on the terminal: carriage return and erase done."""
        lines, line, at, i = [], [], 0, 0
        while i < len(self.text):
            c = self.text[i]
            if c == "\r":
                at = 0
            elif c == "\n":
                lines.append("".join(line))
                line, at = [], 0
            elif self.text.startswith("\033[K", i):
                line = line[:at]
                i += 2
            else:
                line[at:at + 1] = [c]
                at += 1
            i += 1
        return lines + (["".join(line)] if line else [])


def quiet(text):
    text = text.replace("\r\n", "\n")
    return "\r" not in text and "\033" not in text and "%" not in text


def try_command(name, total, *args, status=0, **given):
    """The bar of one command: when, how, and not in a pipe."""
    tty = Run(*args, **given)
    pipe = Run(*args, terminal=False, **given)
    soon = Run(*args, **given, fast=0.001)
    check(f"{name}: it ends as it should",
          tty.status == pipe.status == soon.status == status,
          (tty.status, pipe.status, tty.text))
    check(f"{name}: a bar is shown", tty.first_bar is not None, tty.text)
    # With FIRST_MS of 0.
    check(f"{name}: none before a second has passed", quiet(soon.text),
          soon.text)
    bars = tty.bars()
    form = (r"(\[[#.]+\] )?\d+ %  [\d.]+.* of [\d.]+.*, [\d.]+.*/s"
            if total else r".*[1-9]\d* \w+.*, [\d.]+.*/s")
    check(f"{name}: with how far it is and how fast",
          bars and all(re.match(form, b) for b in bars),
          [b for b in bars if not re.match(form, b)][:3])
    # With the time told before 1 % is done.
    check(f"{name}: none says how long when nothing is done",
          not any(re.search(r"\b0 %.* left", b) for b in bars), bars[:3])
    # With the bar left where it is at the end.
    check(f"{name}: nothing of it is left",
          not any("[#" in x or "/s" in x for x in tty.screen()), tty.screen())
    # With the look at the terminal left out.
    check(f"{name}: none in a pipe", quiet(pipe.text), pipe.text)
    return tty, pipe


def listed(n):
    return "".join(f"listed{i}@example.org\n" for i in range(n)).encode()


# Without its progress_at(), each of them.
try_command("ingest", True, "ingest", "mails.mbox")
try_command("ingest of many files", True, "ingest", *["one.eml"] * 400)
try_command("ingest of a folder", True, "ingest", "folder")
try_command("import, a list", True, "import", "-n", "plain", "list.txt")
try_command("import, engaged", True, "import", "-n", "engaged", "engaged.csv")
try_command("import, a log", True, "import", "-n", "events", "mail.log")
try_command("export", True, "export", "csv")
try_command("export without soft", True, "export", "plain")
try_command("check", False, "check", feed=listed(2500), status=1)
try_command("check of a file", True, "check", stdin="list.txt", status=1)
try_command("export of changes", True, "export", "plain", "--since-last=bar",
            "-o", "adds", "--removals=dels")
try_command("check --csv", True, "check", "--csv=address",
            "engaged.csv")
try_command("replay", True, "replay", "-n")
try_command("db stat", True, "db", "stat")
try_command("db check", False, "db", "check")

# A message wipes the bar away first, and is not mixed up with it.
tty, pipe = try_command("import, events", True, "import", "-n", "events",
                        "events.csv", status=65)
check("messages in between are what they are in a pipe",
      tty.screen() == pipe.text.splitlines() and tty.text.count("\033") > 8,
      (tty.screen(), pipe.text))

dumb = Run("ingest", "mails.mbox", term="dumb")
check("none on a dumb terminal", quiet(dumb.text), dumb.text)
behind = Run("ingest", "mails.mbox", background=True)
check("none in the background", quiet(behind.text), behind.text)

for width in (200, 80, 40, 20, 12):
    bars = Run("ingest", "mails.mbox", width=width).bars()
    check(f"{width} columns are enough", bars and all(
        len(b) < width for b in bars), bars[-2:])
tiny = Run("ingest", "mails.mbox", width=6)
check("6 columns are not", quiet(tiny.text), tiny.text)

# As the clock goes.
slow = {"feed": listed(80), "drip": 20, "fast": 0}
hand = "suppress", "--reason=slowly", "--file=-"
wider = Run(*hand, width=12, resize=120, **slow)
check("it comes after a second", wider.first_bar and wider.first_bar >= 1,
      wider.pieces[:1])
check("and uses the room of a terminal that grew",
      any(len(b) > 11 for b in wider.bars(wider.resized)), wider.bars())
narrower = Run(*hand, width=120, resize=12, **slow)
after = narrower.bars(narrower.resized)[1:]
check("and of one that shrank", after and all(len(b) < 12 for b in after),
      narrower.bars())

# Data and the bar on one terminal: the data stays whole.
both = Run("check", data_too=True, feed=listed(2500))
check("data on the same terminal is not written over",
      sum(bool(re.fullmatch(r"listed\d+@example.org: suppressed .*", x))
          for x in both.screen()) == 2500, both.screen()[-3:])
print(f"1..{tests}")
sys.exit(failed != 0)
