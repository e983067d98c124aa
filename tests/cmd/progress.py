"""progress.sh: what stands on a terminal while a command works.

A command is slowed down by stopping it most of the time, so that little work
takes seconds. What it writes is kept with its time, and put on a screen of
one's own. Beside a check stands with which fault it was seen to fail."""
import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import time

BW = sys.argv[1]
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

    def __init__(self, *args, width=100, term="xterm", slow=True,
                 terminal=True, data_too=False, background=False,
                 resize=None, feed=None):
        self.pieces, self.out = [], b""
        self.resize, self.resized = resize, None
        # Wait for a bar, where there is to be one.
        self.patient = (terminal and term == "xterm" and not background and
                        width > 8)
        master, tty = os.openpty() if terminal else os.pipe()
        out_r, out_w = os.pipe()
        in_r, in_w = os.pipe()
        if terminal:
            self.set_width(tty, width)
        pid = os.fork()
        if pid == 0:
            self.child(args, tty, master, terminal, background, term,
                       tty if data_too else out_w, in_r, (out_r, in_w))
        for fd in (tty, out_w, in_r):
            os.close(fd)
        if feed:
            os.write(in_w, feed)
        os.close(in_w)
        self.watch(pid, master, out_r, slow)
        os.close(master)
        os.close(out_r)
        self.text = "".join(t for _, t in self.pieces)

    @staticmethod
    def set_width(fd, width):
        fcntl.ioctl(fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 25, width, 0, 0))

    @staticmethod
    def child(args, tty, master, terminal, background, term, out, in_r, rest):
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
        env = dict(os.environ, TERM=term)
        os.execve(BW, [BW, *args], env)

    def watch(self, pid, err, out, slow):
        began = time.monotonic()
        open_fds = {err, out}
        status = self.done_at = None
        while status is None:
            # Until there is something to see, or something not to be seen.
            at = time.monotonic() - began
            slow = slow and at < (self.done_at or (1.5 if not self.patient
                                                   else 8))
            if slow:
                os.kill(pid, signal.SIGSTOP)
            self.read(open_fds, err, began, 0.06 if slow else 0.001)
            if slow:
                os.kill(pid, signal.SIGCONT)
            time.sleep(0.0003)
            done, code = os.waitpid(pid, os.WNOHANG)
            if done:
                status = os.waitstatus_to_exitcode(code)
        self.seconds = time.monotonic() - began
        self.read(open_fds, err, began, 0.05)
        self.status = status

    def read(self, open_fds, err, began, seconds):
        end = time.monotonic() + seconds
        while open_fds:
            left = max(end - time.monotonic(), 0)
            ready, _, _ = select.select(list(open_fds), [], [], left)
            for fd in ready:
                self.take(fd, err, open_fds, time.monotonic() - began)
            if not ready and left <= 0:
                return
        time.sleep(max(end - time.monotonic(), 0))

    def take(self, fd, err, open_fds, at):
        try:
            data = os.read(fd, 65536)
        except OSError:  # the other side of a terminal is closed
            data = b""
        if not data:
            open_fds.discard(fd)
        elif fd != err:
            self.out += data
        else:
            self.pieces.append((at, data.decode()))
            if not self.done_at and BAR.search(self.pieces[-1][1]):
                self.done_at = at + 0.7
            if self.resize and BAR.search(self.pieces[-1][1]):
                self.set_width(fd, self.resize)
                self.resized = len(self.pieces)
                self.resize = None

    def bars(self, from_piece=0):
        text = "".join(t for _, t in self.pieces[from_piece:])
        return [b.split("\r")[-1]
                for b in text.split("\033[K") if BAR.search("\r" + b.split(
                    "\r")[-1]) and "\n" not in b.split("\r")[-1]]

    def first_bar(self):
        return next((at for at, t in self.pieces if BAR.search(t)), None)

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


def try_command(name, total, *args, feed=None, status=0):
    """The bar of one command: when, how, and not in a pipe."""
    tty = Run(*args, feed=feed)
    pipe = Run(*args, feed=feed, terminal=False)
    check(f"{name}: it ends as it should", tty.status == pipe.status == status,
          (tty.status, pipe.status, tty.text))
    first = tty.first_bar()
    check(f"{name}: a bar is shown", first is not None,
          (tty.seconds, tty.text))
    check(f"{name}: after a second", first is not None and first >= 1, first)
    bars = tty.bars()
    form = (r"(\[[#.]+\] \d+ %  )?[\d.]+.* of [\d.]+.*, [\d.]+.*/s"
            if total else r"[\d.]+ \w+.*, [\d.]+.*/s")
    check(f"{name}: with how far it is and how fast",
          bars and all(re.match(form, b) for b in bars), bars[:3])
    # With the bar left where it is at the end.
    check(f"{name}: nothing of it is left",
          not any("[#" in x or "/s" in x for x in tty.screen()), tty.screen())
    # With the look at the terminal left out.
    check(f"{name}: none in a pipe", pipe.seconds > 1 and quiet(pipe.text),
          (pipe.seconds, pipe.text))
    return tty, pipe


listed = "".join(f"listed{i}@example.org\n" for i in range(2500)).encode()
# Without its progress_at(), each of them.
try_command("ingest", True, "ingest", "mails.mbox")
try_command("import, a log", True, "import", "-n", "events", "events.csv",
            status=65)
try_command("import, a list", True, "import", "-n", "plain", "list.txt")
try_command("export", True, "export", "csv")
try_command("check", False, "check", feed=listed, status=1)
try_command("replay", True, "replay", "-n")
try_command("db stat", True, "db", "stat")
try_command("db check", False, "db", "check")

# A message wipes the bar away first, and is not mixed up with it.
tty = Run("import", "-n", "events", "events.csv")
pipe = Run("import", "-n", "events", "events.csv", terminal=False, slow=False)
check("messages in between are what they are in a pipe",
      tty.screen() == pipe.text.splitlines() and tty.first_bar(),
      (tty.screen(), pipe.text))

quick = Run("export", "csv", slow=False)
check("no bar for what takes less than a second",
      quick.seconds < 1 and quiet(quick.text), (quick.seconds, quick.text))
dumb = Run("ingest", "mails.mbox", term="dumb")
check("nor on a dumb terminal", dumb.seconds > 1 and quiet(dumb.text),
      dumb.text)
behind = Run("ingest", "mails.mbox", background=True)
check("nor in the background", behind.seconds > 1 and quiet(behind.text),
      behind.text)

for width in (200, 40, 12):
    narrow = Run("ingest", "mails.mbox", width=width)
    bars = narrow.bars()
    check(f"{width} columns are enough", bars and all(
        len(b) < width for b in bars), bars[-2:])
tiny = Run("ingest", "mails.mbox", width=6)
check("6 columns are not", quiet(tiny.text), tiny.text)
wider = Run("ingest", "mails.mbox", width=40, resize=120)
check("it uses the room of a terminal that grew",
      any(len(b) > 50 for b in wider.bars(wider.resized)), wider.bars())
narrower = Run("ingest", "mails.mbox", width=120, resize=30)
after = narrower.bars(narrower.resized)[1:]
check("and of one that shrank", after and all(len(b) < 30 for b in after),
      after)

# Data and the bar on one terminal: the data stays whole.
both = Run("check", data_too=True, feed=listed)
check("data on the same terminal is not written over",
      sum("suppressed" in x for x in both.screen()) == 2500,
      both.screen()[-3:])
print(f"1..{tests}")
sys.exit(failed != 0)
