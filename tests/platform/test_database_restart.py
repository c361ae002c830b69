"""The database is stopped and started again under a web server and a worker at work."""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import job_kinds
import pytest

from workspace import OtherWorkspace

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import postgres

BEGIN = "from linyin.platform.bootstrap import start; start()\nimport sys\n"
SERVE = BEGIN + (
    "from linyin.platform.work.serve import supervise_web\n"
    "supervise_web('127.0.0.1', int(sys.argv[1]), processes=1, worker_processes=0)"
)
WORK = BEGIN + (
    "from linyin.platform.work.serve import supervise_workers\n"
    f"supervise_workers(1, command=[sys.executable, {str(job_kinds.HERE)!r}])"
)
MADE = f"""
import sys
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable")
sys.path.insert(0, {str(job_kinds.HERE.parent)!r})
import job_kinds
from django.test import Client
from linyin.platform.actor import Actor
from linyin.platform.jobs import enqueue
from linyin.platform.models import Person
wei = Person.objects.create_user("wei@example.org", "correct horse battery", name="Wei")
enqueue(Actor(None, "cli", is_operator=True), "slow", {{"seconds": 6.0}})
client = Client()
client.force_login(wei, "django.contrib.auth.backends.ModelBackend")
print(client.cookies["sessionid"].value)
"""
SLOW = "SELECT state, attempt FROM platform_job WHERE kind = 'slow'"


def asked(url, session, **headers):
    request = urllib.request.Request(url, headers={"Cookie": f"sessionid={session}"} | headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def until(condition, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.3)
    pytest.fail("it did not come about in time")


def test_a_restarted_database_is_told_as_away_and_all_goes_on_when_it_is_back(tmp_path):
    with postgres.server() as database:
        place = OtherWorkspace(tmp_path / "workspace", database.url)
        session = place.python(MADE).strip()
        port = postgres.free_port()
        home = f"http://127.0.0.1:{port}/home/tasks/"
        witness = place.root / "witness"
        lease = {"LINYIN_JOB_LEASE_SECONDS": "2"}
        running = [
            place.popen("-c", SERVE, port),
            place.popen("-c", WORK, env=lease),
        ]
        try:
            until(lambda: asked(home, session)[0] == 200)
            until(lambda: witness.exists() and place.query(SLOW) == [("running", 1)])

            database.stop()
            told = asked(home, session, **{"Accept-Language": "zh-hans"})
            called = asked(f"http://127.0.0.1:{port}/api/v1/people", session)
            database.start()

            assert told[0] == 503
            assert "数据库暂时没有响应" in told[1]
            assert called[0] == 503
            assert '"code": "busy"' in called[1]
            # The answer said to come back in five seconds: connections are made anew meanwhile.
            until(lambda: asked(home, session)[0] == 200, seconds=10)
            until(lambda: place.query(SLOW)[0][0] == "done")
        finally:
            for child in running:
                child.terminate()
            errors = [child.communicate(timeout=60)[1] for child in running]
        assert witness.read_text().splitlines().count("end") == 1, errors
        assert (
            place.python("from linyin.platform.audit import verify\nprint(list(verify()))")
            == "[]\n"
        )
