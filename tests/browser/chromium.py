"""Chromium without a window, by its DevTools protocol, with nothing but the
standard library."""
import base64
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars",
         "--remote-debugging-port=0"]


def installed():
    return shutil.which("chromium")


class Socket:
    """A web socket (RFC 6455) of which we are the client."""

    def __init__(self, port, path):
        self.s = socket.create_connection(("127.0.0.1", port), 60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.s.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        f"Sec-WebSocket-Key: {key}\r\n"
                        "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        self.f = self.s.makefile("rb")
        if b" 101 " not in self.f.readline():
            raise OSError("no web socket")
        while self.f.readline() not in (b"\r\n", b""):
            pass

    def send(self, text):
        data = text.encode()
        mask = os.urandom(4)
        n = len(data)
        head = b"\x81" + (bytes([0x80 | n]) if n < 126 else
                          b"\xfe" + struct.pack(">H", n) if n < 65536 else
                          b"\xff" + struct.pack(">Q", n))
        many = (mask * (n // 4 + 1))[:n]
        body = (int.from_bytes(data, "big") ^
                int.from_bytes(many, "big")).to_bytes(n, "big")
        self.s.sendall(head + mask + body)

    def frame(self):
        first, n = self.f.read(2)
        if n == 126:
            n, = struct.unpack(">H", self.f.read(2))
        elif n == 127:
            n, = struct.unpack(">Q", self.f.read(8))
        return first, self.f.read(n)

    def receive(self):
        text = b""
        while True:
            first, data = self.frame()
            if first & 15 in (0, 1):
                text += data
                if first & 128:
                    return text.decode()
            elif first & 15 == 8:
                raise OSError("the browser closed the socket")


class Browser:
    """One page of a browser with a profile that is thrown away."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="bouncewatch-browser.")
        self.child = subprocess.Popen(
            [installed(), *FLAGS, "--user-data-dir=" + self.folder,
             "about:blank"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        self.n = 0
        self.events = []
        port, path = self.wait_for_port()
        self.socket = Socket(port, path)
        target = self.ask("Target.createTarget", url="about:blank")
        self.session = None
        self.session = self.ask("Target.attachToTarget", flatten=True,
                                targetId=target["targetId"])["sessionId"]
        for what in "Page", "Runtime", "Network", "Log", "DOM", "CSS":
            self.ask(what + ".enable")

    session = None

    def wait_for_port(self):
        name = os.path.join(self.folder, "DevToolsActivePort")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with open(name) as f:
                    lines = f.read().split()
                if len(lines) == 2:
                    return int(lines[0]), lines[1]
            except OSError:
                pass
            if self.child.poll() is not None:
                break
            time.sleep(0.05)
        raise OSError("chromium does not start")

    def ask(self, method, **params):
        self.n += 1
        message = {"id": self.n, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.receive())
            if answer.get("id") == self.n:
                if "error" in answer:
                    raise OSError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        """The next event of this name, or one that is here already."""
        while True:
            for i, e in enumerate(self.events):
                if e.get("method") == method:
                    return self.events.pop(i)["params"]
            self.events.append(json.loads(self.socket.receive()))

    def open(self, path):
        self.events.clear()
        self.ask("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait("Page.loadEventFired")

    def show(self, width, dark=False, media="screen"):
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=800, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])

    def evaluate(self, script):
        r = self.ask("Runtime.evaluate", expression=script,
                     returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in r:
            raise OSError(str(r["exceptionDetails"]))
        return r["result"].get("value")

    def screenshot(self, path):
        r = self.ask("Page.captureScreenshot", captureBeyondViewport=True,
                     format="png")
        with open(path, "wb") as f:
            f.write(base64.b64decode(r["data"]))

    def pdf(self, path):
        self.ask("Emulation.setEmulatedMedia", media="", features=[])
        r = self.ask("Page.printToPDF", preferCSSPageSize=True)
        data = base64.b64decode(r["data"])
        with open(path, "wb") as f:
            f.write(data)
        return data

    def close(self):
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except OSError:
            pass
        self.child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
