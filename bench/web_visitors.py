"""Visitors of the web app: one who counts the milliseconds, and thirty who think between pages."""

from __future__ import annotations

import html
import http.client
import random
import re
import statistics
import threading
import time
from collections.abc import Callable
from urllib.parse import quote, urlencode

MIX = (("list", 0.4), ("home", 0.3), ("record", 0.2), ("write", 0.1))
FILTERS = (
    {"source_type": "electricity"}, {"year": "2023"}, {"status": "measured"},
    {"node": "NJ-YUHUA"}, {"source_type": "mobile_combustion", "year": "2022"}, {},
)  # fmt: skip


class Visitor:
    """Somebody signed in, on one connection that is kept; one of several, who share no cells."""

    def __init__(self, port: int, session: str, number: int = 0, several: int = 1) -> None:
        self.number, self.several = number, several
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = dict([session.split("=", 1)]) | {"linyin_language": "en"}
        self.token = ""

    def get(self, path: str) -> tuple[float, str]:
        """Return the seconds until the whole page was there, and the page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str]) -> tuple[float, str]:
        """Send a form as the grid's script does."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        return self._ask("POST", path, body, headers)

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[float, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers | {"Cookie": cookie})
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # idle for long: as browsers do
            self.connection.close()
            self.connection.request(method, path, body, headers | {"Cookie": cookie})
            answer = self.connection.getresponse()
        text = answer.read().decode()
        taken = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        for stated in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = stated.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        self.token = found.group(1) if found else self.token
        return taken, text


def pages(world: dict[str, list[str]], chance: random.Random) -> dict[str, Callable[[], str]]:
    """Return by kind what gives the next address of it."""

    def rows() -> str:
        return "/inventory/activities/?" + urlencode(chance.choice(FILTERS))

    def record() -> str:
        return f"/inventory/activities/{quote(chance.choice(world['keys']), safe='')}/"

    return {"list": rows, "record": record, "home": lambda: "/"}


def write(visitor: Visitor, chance: random.Random) -> float:
    """Type a number into an open cell of the month grid, as its script sends it."""
    site = "/inventory/entry/NJ-YUHUA/"
    _, page = visitor.get(f"{site}?year=2025")
    fields = re.findall(r'<input class="mg-in"[^>]*? name="([^"]+)"[^>]*>', page)
    own = fields[visitor.number :: visitor.several] or fields
    name = html.unescape(chance.choice(own))
    taken, _ = visitor.post(site, {"year": "2025", name: str(chance.randint(1000, 9999))})
    return taken


def alone(port: int, session: str, world: dict[str, list[str]], times: int) -> dict[str, float]:
    """Return the warm median of one visitor by kind of page. [s]"""
    visitor, chance = Visitor(port, session), random.Random(1)
    asked = {
        "list": lambda: "/inventory/activities/",
        "filter": lambda: "/inventory/activities/?source_type=electricity&year=2023&node=NJ-YUHUA",
        "filter by text": lambda: "/inventory/activities/?q=diesel",
        "record": pages(world, chance)["record"],
        "home": lambda: "/",
    }
    for address in asked.values():
        for _ in range(3):
            visitor.get(address())
    medians = {
        kind: statistics.median(visitor.get(address())[0] for _ in range(times))
        for kind, address in asked.items()
    }
    return medians | {"write": statistics.median(write(visitor, chance) for _ in range(times))}


def together(
    port: int, sessions: list[str], world: dict[str, list[str]], seconds: float, think: float
) -> tuple[dict[str, list[float]], list[str]]:
    """Let visitors come and think; return the seconds of every answer by kind, and the errors."""
    taken: dict[str, list[float]] = {kind: [] for kind, _ in MIX}
    errors: list[str] = []
    end = time.monotonic() + seconds

    def visit(number: int) -> None:
        visitor, chance = (
            Visitor(port, sessions[number], number, len(sessions)),
            random.Random(number),
        )
        nexts = pages(world, chance)
        time.sleep(chance.uniform(0, think))
        while time.monotonic() < end:
            kind = chance.choices([k for k, _ in MIX], [w for _, w in MIX])[0]
            try:
                told = write(visitor, chance) if kind == "write" else visitor.get(nexts[kind]())[0]
                taken[kind].append(told)
            except (OSError, RuntimeError, IndexError, http.client.HTTPException) as error:
                errors.append(f"{kind}: {error!r}")
                visitor.connection.close()
            time.sleep(chance.expovariate(1 / think))

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(len(sessions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, errors
