#!/usr/bin/env python3
"""The report as a browser shows it: measured in Chromium on a telephone and on
a desk, in light, dark and on paper; well-formed; with the numbers of the text.
LONG=1: every page of pages.c. What was seen is left in $B/browser/*.png."""
import collections
import html.parser
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chromium  # noqa: E402

B = os.environ.get("B", "build")
PAGES = os.path.join(B, "browser/pages")
SEEN = os.path.join(B, "browser")
LONG = os.environ.get("LONG") == "1"
HERE = os.path.dirname(os.path.abspath(__file__))

# width, dark, media
WAYS = [(320, False, "screen"), (360, False, "screen"), (900, True, "screen")]
if LONG:
    WAYS += [(360, True, "screen"), (900, False, "screen"),
             (600, False, "screen"),
             (700, False, "print")]
# Longer mails are cut by some; names that are made to be long may do that.
MAIL = 102000
MOST = 120000
# Names and numbers that are made to be long; these may be broken.
LARGE = {"huge", "wide", "hostile"}
# Thousand millions a week: their tables are scrolled, on a telephone.
SCROLLED = {"huge", "pictures"}
VOID = {"meta", "wbr", "rect", "line", "path"}
ALLOWED = set("""html head meta title style body main h1 h2 p ul li pre code
    strong span wbr div table thead tbody tr th td figure figcaption details
    summary svg desc text rect line path""".split())
ATTRIBUTES = set("""lang charset name content class style scope role id width
    height x y x1 x2 y1 y2 fill stroke font-size font-weight text-anchor
    display shape-rendering aria-hidden aria-labelledby d viewbox
    preserveaspectratio align cellpadding""".split())

count = 0
failed = 0


def check(name, wrong):
    global count, failed
    count += 1
    if wrong:
        failed += 1
    print(f"{'not ' if wrong else ''}ok {count} - {name}")
    for line in wrong[:12]:
        print("#", line)
    sys.stdout.flush()


class Reader(html.parser.HTMLParser):
    """Tags that open and close each other, and the text that is read."""

    def __init__(self):
        super().__init__()
        self.stack, self.wrong, self.text = [], [], []
        self.ids, self.heads = set(), []

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.wrong.append(f"<{tag}> in line {self.getpos()[0]}")
        for key, value in attrs:
            if key not in ATTRIBUTES:
                self.wrong.append(f"attribute {key}={value}")
            if re.search(r"url\(|:\s*//|javascript:|expression", value or ""):
                self.wrong.append(f"a link in {key}={value}")
            if key == "id":
                if value in self.ids:
                    self.wrong.append(f"id {value} twice")
                self.ids.add(value)
        if tag in ("h1", "h2"):
            self.heads.append(tag)
        if tag == "th" and "scope" not in dict(attrs):
            self.wrong.append("a th without scope")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.wrong.append(f"</{tag}> in line {self.getpos()[0]}")

    def handle_data(self, data):
        where = set(self.stack)
        if not {"style", "title", "svg"} & where and \
                not {"details", "td"} <= where:
            self.text.append(data)

    def handle_comment(self, data):
        self.wrong.append("a comment")

    def handle_pi(self, data):
        self.wrong.append("a processing instruction")


def read(data):
    r = Reader()
    text = data.decode("utf-8")  # strict
    r.feed(text)
    r.close()
    if r.stack:
        r.wrong.append(f"left open: {r.stack}")
    if not text.startswith("<!DOCTYPE html>\n<html lang=\"en\">"):
        r.wrong.append("no doctype or lang")
    if r.heads[:1] != ["h1"] or r.heads.count("h1") != 1:
        r.wrong.append(f"headings are {r.heads}")
    hidden = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-"
                       "\u202e\u2060-\u2069\ufeff]", text)
    if hidden:
        r.wrong.append(f"a character that nobody sees: {hidden[0]!r}")
    return r


# A number that is no part of a name.
NUMBER = re.compile(r"(?<![\w.,:\\-])\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w\\-]|\.\w|:\d)")


def numbers_left_out(text, page):
    """Numbers that the text has more often than the page, but for what either
    says of a picture; its labels do count."""
    text = re.sub(r"(?m)^ *highest: .*$", "", text)
    have = collections.Counter(NUMBER.findall(page))
    want = collections.Counter(NUMBER.findall(text))
    return [f"{n} is in the text {want[n]} times, in the page {have[n]}"
            for n in want if have[n] < want[n]]


def jsonl_wrong(lines, text):
    """What of the jsonl is not in the text, or is no object of ours."""
    have = {n.replace(",", "") for n in NUMBER.findall(text)}
    wrong = []
    for line in lines.splitlines():
        try:
            o = json.loads(line)
            kind = o["type"]
        except (ValueError, KeyError) as e:
            wrong.append(f"{e}: {line[:60]}")
            continue
        told = kind in ("spike", "row") or (
            kind == "class" and o["class"] in ("hard", "soft", "block"))
        if o["v"] != 1 or not kind:
            wrong.append(f"no kind or version: {line[:60]}")
        if told and str(o["n"]) not in have and have:
            wrong.append(f"{o['n']} is not in the text: {line[:60]}")
        if kind == "spike" and len(o["weeks"]) > 27:
            wrong.append("too many weeks")
    return wrong


def pages(*words):
    return subprocess.run([PAGES, *words], check=True,
                          stdout=subprocess.PIPE).stdout


def seen_by(browser, case, name):
    """Measure it in each way; leave what was seen."""
    with open(os.path.join(HERE, "measure.js")) as f:
        measure = f.read()
    browser.open(name)
    requests = [e["params"]["request"]["url"] for e in browser.events
                if e.get("method") == "Network.requestWillBeSent"]
    check(f"{case}: asks nothing from elsewhere", requests[1:])
    for width, dark, media in WAYS:
        way = f"{case} at {width} px" + (", dark" if dark else "") + \
            (", on paper" if media == "print" else "")
        script = measure.replace("BROKEN_IS_FINE",
                                 "true" if case in LARGE else "false")
        script = script.replace(
            "SCROLLED_IS_FINE",
            "true" if case in SCROLLED and width < 700 else "false")
        browser.show(width, dark, media)
        check(way, browser.evaluate(script))
        browser.screenshot(name[:-5] + f"-{width}" + ("d" if dark else "") +
                           ("p" if media == "print" else "") + ".png")
        if width <= 360:
            browser.evaluate("document.querySelectorAll('details')"
                             ".forEach(d => d.open = true)")
            check(way + ", with the numbers", browser.evaluate(script))
            browser.evaluate("document.querySelectorAll('details')"
                             ".forEach(d => d.open = false)")
    if LONG:
        data = browser.pdf(name[:-5] + ".pdf")
        n = len(re.findall(rb"/Type\s*/Page\b", data))
        check(f"{case}: prints", [] if 0 < n <= 30 else [f"{n} pages"])
    errors = [str(e["params"]) for e in browser.events
              if e.get("method") in ("Runtime.exceptionThrown",
                                     "Log.entryAdded",
                                     "Runtime.consoleAPICalled")]
    check(f"{case}: the console is quiet", errors)


def main():
    if not chromium.installed():
        print("1..0 # SKIP chromium is not installed")
        return 0
    cases = pages().decode().split() if LONG else ["bad"]
    browser = chromium.Browser()
    try:
        for case in cases:
            data = pages(case)
            name = os.path.join(SEEN, case + ".html")
            with open(name, "wb") as f:
                f.write(data)
            page = read(data)
            check(f"{case}: is well-formed", page.wrong)
            check(f"{case}: is not too long for a mail",
                  [f"{len(data)} bytes"] if len(data) >
                  (MOST if case in LARGE else MAIL) else [])
            if case != "pictures":
                check(f"{case}: has the numbers of the text", numbers_left_out(
                    pages(case, "text").decode(), " ".join(page.text)))
            if case not in ("pictures", "blocks"):
                check(f"{case}: jsonl has the same numbers", jsonl_wrong(
                    pages(case, "jsonl").decode("utf-8"),
                    pages(case, "text").decode()))
            seen_by(browser, case, name)
    finally:
        browser.close()
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
