"""Where pages lead: what somebody is shown opens for them, and every event of the audit trail."""

from __future__ import annotations

import http.client
import re
import sqlite3
from collections import Counter, deque
from contextlib import closing
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

PAGES = 60
ALIKE = 3
HREF = re.compile(r'href="([^"#]+)"')
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
APART = ("/static/", "/account/", "/api/", "/demo", "/file.", "/download", "/guides/")
ROLES = (
    "administrator", "carbon_office", "committee", "data_owner", "entity_manager", "reader",
    "verifier",
)  # fmt: skip


def asked(example, cookie, path):
    """Ask as somebody's browser does; return the status and what the page holds."""
    server = http.client.HTTPConnection(urlsplit(example.origin).netloc)
    with closing(server):
        server.request("GET", path, headers={"Cookie": cookie})
        answer = server.getresponse()
        text = answer.read().decode("utf-8", "replace")
    return answer.status, text


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_is_led_to_opens(example, role):
    cookie, seen, shapes, dead = example.sessions[role], set(), Counter(), []
    waiting = deque([("/", "")])
    while waiting and len(seen) < PAGES:
        path, led_by = waiting.popleft()
        shape = re.sub(r"\d+", "#", urlsplit(path).path)
        if path in seen or shapes[shape] >= ALIKE:
            continue
        seen.add(path)
        shapes[shape] += 1
        status, text = asked(example, cookie, path)
        if status >= 400:
            dead.append((status, path, led_by))
        shown = MAIN.search(text)
        hrefs = HREF.findall(shown[0] if led_by and shown else text)
        leads = (urljoin(path, unescape(href)) for href in hrefs)
        waiting.extend(
            (lead, path)
            for lead in leads
            if lead.startswith("/") and not any(part in lead for part in APART)
        )

    assert len(seen) > 15
    assert dead == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_event_of_the_audit_trail_opens(example, language):
    with closing(sqlite3.connect(example.root / "linyin.sqlite3", timeout=20)) as database:
        database.execute(
            "UPDATE platform_person SET language = ? WHERE id = ?",
            [language, example.keys["person/administrator"]],
        )
        database.commit()
        kinds = database.execute(
            "SELECT max(number) FROM platform_auditevent GROUP BY action, subject"
        ).fetchall()
    cookie = example.sessions["administrator"]

    told = {key: asked(example, cookie, f"/home/audit/{key}/")[0] for (key,) in kinds}

    assert len(told) > 20
    assert set(told.values()) == {200}, {key for key, status in told.items() if status != 200}
