"""People who look at pages with a browser."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from routes import Visit
from visits import VARIANTS, Variant, Visitor, visitor

from workspace import cookie_of, django_db_modify_db_settings, workspace

__all__ = ["django_db_modify_db_settings", "workspace"]


@pytest.fixture(params=VARIANTS, ids=str)
def variant(request) -> Variant:
    """How pages are looked at: two ways of eight, all with LINYIN_UI=all."""
    return request.param


@pytest.fixture
def visit_as(browser, workspace, live_server) -> Callable[..., Visitor]:
    """Give a visitor of the running app: a person's, or nobody's."""
    from django.test import Client

    with ExitStack() as stack:

        def come(variant: Variant, person=None) -> Visitor:
            session = ""
            if person is not None:
                person.language = {"zh": "zh-hans", "en": "en"}[variant.language]
                person.theme = variant.look
                person.save(update_fields=["language", "theme"])
                client = Client()
                client.force_login(person, "django.contrib.auth.backends.ModelBackend")
                session = cookie_of(client)
            return stack.enter_context(visitor(browser, live_server.url, variant, session))

        yield come


@pytest.fixture
def person(workspace):
    """Somebody of the demo, who sees the pages that everybody sees."""
    from linyin.platform.models import Person

    return Person.objects.create_user(
        "chen.hua@example.org", "tree-shade-2025", name="陈华 Chen Hua", is_demo=True
    )


@dataclass
class Example:
    """The example enterprise, served by a process of its own.

    Attributes
    ----------
    keys
        What stands for what in the addresses of the table of visits.
    sessions
        Role → session of somebody who has it.
    codes
        What people write in their files, and pages show as it is written.

    """

    root: Path
    origin: str
    browser: Any
    keys: dict[str, str]
    sessions: dict[str, str]
    codes: frozenset[str]
    opened: dict[str, tuple[Variant, Visitor, ExitStack]] = field(default_factory=dict)

    def look_at(self, visit: Visit, variant: Variant) -> None:
        """Visit a page, and open what it opens."""
        address = visit.address(self.keys)
        come = self.visitor(visit.role, variant)
        come.has_names = visit.kind == "reference" or visit.route.endswith("-import")
        come.visit(address, status=visit.status, name=str(visit))
        assert urlsplit(come.page.url).path == urlsplit(address).path
        if visit.kind == "page":
            come.explore(str(visit))

    def visitor(self, role: str, variant: Variant) -> Visitor:
        """Give the browser of somebody with a role; it stays open for their next visit."""
        known = self.opened.get(role)
        if known is not None and known[0] == variant:
            known[1].problems.clear()
            return known[1]
        if known is not None:
            known[2].close()
        if role != "nobody":
            self._prefer(role, variant)
        stack = ExitStack()
        session = self.sessions.get(role, "")
        someone = stack.enter_context(visitor(self.browser, self.origin, variant, session))
        if role == "nobody":
            language = {"zh": "zh-hans", "en": "en"}[variant.language]
            for name, value in (("linyin_language", language), ("linyin_look", variant.look)):
                someone.page.context.add_cookies(
                    [{"name": name, "value": value, "url": self.origin}]
                )
        someone.codes = self.codes
        self.opened[role] = (variant, someone, stack)
        return someone

    def _prefer(self, role: str, variant: Variant) -> None:
        language = {"zh": "zh-hans", "en": "en"}[variant.language]
        with closing(sqlite3.connect(self.root / "linyin.sqlite3", timeout=20)) as database:
            change = "UPDATE platform_person SET language = ?, theme = ? WHERE id = ?"
            database.execute(change, [language, variant.look, self.keys[f"person/{role}"]])
            database.commit()

    def close(self) -> None:
        for _, _, stack in self.opened.values():
            stack.close()


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory) -> Path:
    """The example enterprise in a workspace: made once, copied for each process of tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = Path(os.environ.get("LINYIN_EXAMPLE") or shared / "example")
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "visits.json").exists():
            run_program("example.py", made)
    return shutil.copytree(made, tmp_path_factory.mktemp("copy") / "example")


def run_program(name: str, *arguments: Any) -> str:
    """Run a program of this folder and return what it prints."""
    command = [sys.executable, Path(__file__).with_name(name), *arguments]
    done = subprocess.run(
        command, env=_environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("LINYIN_")}


@pytest.fixture(scope="session")
def counted(example_folder) -> dict[str, dict[str, int]]:
    """List page → rows that it shows at most, or `more` than the example has → queries."""
    return json.loads(run_program("queries.py", example_folder, "--print"))


@pytest.fixture(scope="session")
def example(browser, example_folder) -> Iterator[Example]:
    """The example enterprise with a server."""
    folder = example_folder
    told = json.loads((folder / "visits.json").read_text(encoding="utf-8"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = folder / "workspace"
    serve = [
        Path(sys.executable).with_name("linyin"), "serve", "--workspace", root, "--demo",
        "--workers", "1", "--no-worker", "--port", str(port),
    ]  # fmt: skip
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(serve, env=_environment(), stdout=log, stderr=log)
    origin = f"http://127.0.0.1:{port}"
    try:
        _await(f"{origin}/account/login/", server, folder / "server.log")
        shown = Example(
            root, origin, browser, told["keys"], told["sessions"], frozenset(told["codes"])
        )
        yield shown
        shown.close()
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _await(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address):
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise RuntimeError(log.read_text(encoding="utf-8"))
