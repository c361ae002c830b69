"""The database is stopped and started again under a web server and a worker at work."""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path

import job_kinds
import pytest

from workspace import OtherWorkspace

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import postgres

TESTS = Path(__file__).parents[1]
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
sys.path[:0] = [{str(job_kinds.HERE.parent)!r}, {str(TESTS)!r}, {str(TESTS / "api")!r}]
import json, tempfile
from pathlib import Path
import job_kinds
from builders import FolderBuilder
from company import build
from django.conf import settings
from django.test import Client
from linyin.platform.actor import Actor
from linyin.platform.jobs import enqueue
from linyin.platform.models import Person
from linyin.platform.tokens import create_token
build(FolderBuilder(Path(tempfile.mkdtemp())))
everything = Actor(Person.objects.get(email="everything@company.example"), "web")
token = create_token(everything, name="client", days=9, read_only=False,
                     scopes=sorted(everything.permissions))
wei = Person.objects.create_user("wei@example.org", "correct horse battery", name="Wei")
enqueue(Actor(None, "cli", is_operator=True), "slow", {{"seconds": 6.0}})
client = Client()
client.force_login(wei, "django.contrib.auth.backends.ModelBackend")
cookie = client.cookies[settings.SESSION_COOKIE_NAME].OutputString(attrs=[])
print(json.dumps([cookie, token.secret]))
"""
COUNTED = "SELECT count(*), count(DISTINCT value) FROM organization_metric WHERE metric = 'heads'"
SLOW = "SELECT state, attempt FROM platform_job WHERE kind = 'slow'"


def asked(url, session, **headers):
    request = urllib.request.Request(url, headers={"Cookie": session} | headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


class Writer(threading.Thread):
    """Adds one record after the other; what is not answered is sent again under the same key."""

    def __init__(self, url, token):
        super().__init__()
        self.url, self.headers = url, {
            "Authorization": f"Bearer {token}", "Content-Type": "application/json",
        }  # fmt: skip
        self.made, self.refused = 0, []
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            day = date(2000, 1, 1) + timedelta(days=self.made)
            stated = {
                "node": "S", "metric": "heads", "begin": str(day), "unit": "1",
                "end": str(day + timedelta(days=1)), "value": str(self.made),
            }  # fmt: skip
            body, keyed = json.dumps(stated).encode(), {"Idempotency-Key": f"heads {self.made}"}
            request = urllib.request.Request(self.url, body, self.headers | keyed)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    status = answer.status
            except urllib.error.HTTPError as error:
                status = error.code
            if status == 201:
                self.made += 1
            else:
                self.refused.append(status)
                time.sleep(0.2)


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
        session, token = json.loads(place.python(MADE))
        port = postgres.free_port()
        home = f"http://127.0.0.1:{port}/home/tasks/"
        witness = place.root / "witness"
        lease = {"LINYIN_JOB_LEASE_SECONDS": "2"}
        writer = None
        running = [
            place.popen("-c", SERVE, port),
            place.popen("-c", WORK, env=lease),
        ]
        try:
            until(lambda: asked(home, session)[0] == 200)
            until(lambda: witness.exists() and place.query(SLOW) == [("running", 1)])
            writer = Writer(f"http://127.0.0.1:{port}/api/v1/metrics", token)
            writer.start()
            until(lambda: writer.made > 5)

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
            before = writer.made
            until(lambda: writer.made > before + 5)
        finally:
            if writer is not None:
                writer.stopping.set()
                writer.join()
            for child in running:
                child.terminate()
            errors = [child.communicate(timeout=60)[1] for child in running]
        assert set(writer.refused) <= {503, 409}  # away; and the first try may still hold its key
        assert 503 in writer.refused
        assert place.query(COUNTED) == [(writer.made, writer.made)]
        assert witness.read_text().splitlines().count("end") == 1, errors
        assert (
            place.python("from linyin.platform.audit import verify\nprint(list(verify()))")
            == "[]\n"
        )
