#!/usr/bin/env python3
"""When a report is due, by python3's zoneinfo, for tests/unit/daemon-schedule.c:
lines of `zone weekday hour now due next`. Random, but the same each time."""
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = """UTC Europe/Berlin America/New_York America/Sao_Paulo Asia/Kathmandu
Australia/Lord_Howe Pacific/Apia Pacific/Kiritimati Africa/Casablanca
Atlantic/Azores America/Havana Etc/GMT+12""".split()


def offset(zone, at):
    return datetime.fromtimestamp(at, zone).utcoffset()


def moment(zone, day, hour):
    """The first time at which clocks show this, or, where they never do, at
    which they are put forward over it."""
    wall = datetime(day.year, day.month, day.day, hour)
    at = int(wall.replace(tzinfo=zone).timestamp())
    if datetime.fromtimestamp(at, zone).replace(tzinfo=None) == wall:
        return at
    low, high = at - 2 * 86400, at + 2 * 86400
    while high - low > 1:
        middle = (low + high) // 2
        if offset(zone, middle) == offset(zone, at - 2 * 86400):
            low = middle
        else:
            high = middle
    return high


random.seed(6)
for name in ZONES:
    zone = ZoneInfo(name)
    for i in range(150):
        now = random.randrange(1262304000, 1893456000)  # 2010 to 2029
        weekday, hour = random.randrange(7), random.randrange(24)
        if i % 3 == 0:
            # Clocks are mostly changed on a Sunday, early.
            weekday, hour = 6, random.randrange(4)
        today = datetime.fromtimestamp(now, zone).date()
        days = [today + timedelta(days=n) for n in range(-9, 10)]
        all_ = [moment(zone, d, hour) for d in days if d.weekday() == weekday]
        due = max(at for at in all_ if at <= now)
        print(name, weekday, hour, now, due, min(at for at in all_ if at > now))
