"""A small company in a workspace, its people, and what they call the API with."""

from __future__ import annotations

import threading

import pytest
from caller import Caller
from company import build
from django.core.cache import cache
from django.db import connection

from builders import FolderBuilder
from linyin.platform.actor import Actor
from workspace import built_once, django_db_modify_db_settings, other_workspace, workspace

__all__ = ["django_db_modify_db_settings", "other_workspace", "workspace"]


@pytest.fixture
def company(workspace, settings, monkeypatch):
    """A group with two entities, calculated for 2023, and a person of every role on one of them.

    It is built once and copied for every test.
    """
    settings.API_CALLS_A_MINUTE = 1_000_000
    settings.API_FAILURES_A_MINUTE = 1_000_000
    cache.clear()
    without_waiting_for_the_disk(monkeypatch)
    built_once("company", workspace, lambda folder: build(FolderBuilder(folder)))


def without_waiting_for_the_disk(monkeypatch):
    if connection.vendor == "sqlite":
        options = connection.settings_dict["OPTIONS"]
        fast = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        monkeypatch.setitem(options, "init_command", fast)
        connection.close()


@pytest.fixture
def caller_of(company):
    """Return a caller with a token of a person, who is known by the part before the @."""
    from linyin.platform.models import Person
    from linyin.platform.tokens import create_token

    def made(name: str, *, scopes=None, read_only=False, days=90) -> Caller:
        actor = Actor(Person.objects.get(email=f"{name}@company.example"), "web")
        stated = sorted(actor.permissions) if scopes is None else scopes
        token = create_token(actor, name=name, scopes=stated, read_only=read_only, days=days)
        return Caller({"Authorization": f"Bearer {token.secret}"})

    return made


@pytest.fixture
def office(caller_of):
    """The carbon office of the whole group."""
    return caller_of("everything")


@pytest.fixture
def nobody(company):
    """Somebody without a token."""
    return Caller({})


@pytest.fixture
def served(company, live_server, caller_of):
    """The address of a live server, and the secret of a token of a person."""

    def made(name: str = "everything", **options) -> tuple[str, str]:
        secret = caller_of(name, **options).headers["Authorization"].removeprefix("Bearer ")
        return live_server.url, secret

    return made


@pytest.fixture
def worker():
    """Run jobs as they come, in a thread of this process."""
    from django.db import connection

    from linyin.platform.models import Job
    from linyin.platform.work.run import run

    over = threading.Event()

    def work():
        while not over.wait(0.1):
            for job in Job.objects.filter(state="waiting"):
                run(job.pk)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()
