"""Two web processes and two workers write at once, and nobody is turned away."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CLIENTS, REQUESTS, JOBS, WRITES = 8, 125, 20, 50
ASK = f"""
import json, sys, tempfile
sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent)!r}, {str(HERE.parent / "api")!r}]
import writing
from builders import FolderBuilder
from company import build
from linyin.ledger.web.grid_models import SourceLine
from linyin.organization.web.models import Metric, Node
from linyin.platform.actor import Actor
from linyin.platform.jobs import enqueue
from linyin.platform.models import Person
from linyin.platform.tokens import create_token
from pathlib import Path

build(FolderBuilder(Path(tempfile.mkdtemp())))
site = Node.objects.get(code="S")
everything = Actor(Person.objects.get(email="everything@company.example"), "web")
clients = []
for number in range({CLIENTS}):
    line = SourceLine.objects.create(code=f"line{{number}}", site=site, source_type="electricity",
                                     item="electricity", unit="kWh")
    metric = Metric.objects.create(node=site, metric="heads", item=str(number), begin="2000-01-01",
                                   end=f"2001-01-0{{number + 1}}", value=0, unit="1")
    token = create_token(everything, name=f"client {{number}}", days=9, read_only=False,
                         scopes=sorted(everything.permissions))
    clients.append([token.secret, line.code, metric.pk])
for number in range({JOBS}):
    enqueue(Actor(None, "cli", is_operator=True), "write",
            {{"name": f"job{{number}}", "number": {WRITES}}})
print(json.dumps(clients))
"""
COUNTED = {
    "a person made by a job": "SELECT count(*) FROM platform_person WHERE name LIKE 'job%'",
    "an event of a job": "SELECT count(*) FROM platform_auditevent WHERE action = 'test.write'",
    "an event of a changed metric":
        "SELECT count(*) FROM platform_auditevent WHERE action = 'organization.update_metrics'",
    "a version of a metric":
        "SELECT sum(version - 1) FROM organization_metric WHERE begin = '2000-01-01'",
}  # fmt: skip


@pytest.fixture
def processes(other_workspace):
    """The app in two web processes, and two workers with jobs that write."""
    clients = json.loads(other_workspace.python(ASK))
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", 2, "--threads", 4, "--no-control-socket"]
    path = {"PYTHONPATH": str(HERE), "LINYIN_API_CALLS_A_MINUTE": "1000000"}
    path["LINYIN_LOG_LEVEL"] = "ERROR"  # nobody reads its pipe while it runs
    app = "linyin.platform.wsgi:application"
    web = other_workspace.popen("-m", "gunicorn", app, *bind, env=path)
    until_it_listens(web, port)
    workers = [other_workspace.popen(HERE / "writing.py", env=path) for _ in range(2)]
    yield port, clients, [web, *workers]
    for process in (web, *workers):
        process.terminate()
    for process in (web, *workers):
        process.communicate(timeout=60)


def until_it_listens(web, port):
    end = time.monotonic() + 60
    while time.monotonic() < end and web.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the web server did not start")


class Client:
    """Somebody who types into a grid and changes a record, by turns, on one connection."""

    def __init__(self, port, token, line, metric):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.line, self.metric, self.version = line, metric, 1
        self.answers = []

    def write(self):
        for number in range(REQUESTS):
            if number % 2:
                self.answers.append(self.change(number))
            else:
                self.answers.append(self.type(number))

    def type(self, number):
        cell = {"line": self.line, "month": f"2024-{number % 12 + 1:02}", "text": str(number + 1)}
        status, told = self.patch("grid/S/2024", {"cells": [cell]})
        return status, told["cells"][0]["outcome"] if status == 200 else told

    def change(self, number):
        stated = {"value": str(number), "version": self.version}
        status, told = self.patch(f"metrics/{self.metric}", stated)
        self.version = told.get("version")
        return status, "saved" if status == 200 else told

    def patch(self, path, stated):
        body = json.dumps(stated)
        self.connection.request("PATCH", f"/api/v1/{path}", body, self.headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


def test_two_thousand_writes_of_two_web_processes_and_two_workers(other_workspace, processes):
    port, known, running = processes
    clients = [Client(port, *one) for one in known]
    before = {name: other_workspace.query(sql)[0][0] for name, sql in COUNTED.items()}
    began = time.monotonic()
    threads = [threading.Thread(target=client.write) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    def jobs():
        return other_workspace.query(
            "SELECT state, attempt, count(*) FROM platform_job WHERE kind = 'write' "
            "GROUP BY state, attempt"
        )

    while time.monotonic() < began + 240 and jobs() != [("done", 1, JOBS)]:
        time.sleep(0.5)
    assert jobs() == [("done", 1, JOBS)]
    answers = [answer for client in clients for answer in client.answers]
    assert [answer for answer in answers if answer != (200, "saved")] == []
    assert len(answers) == CLIENTS * REQUESTS
    assert CLIENTS * REQUESTS + JOBS * WRITES == 2000
    changes = CLIENTS * (REQUESTS // 2)
    after = {name: other_workspace.query(sql)[0][0] for name, sql in COUNTED.items()}
    assert before == dict.fromkeys(COUNTED, 0) | {name: before[name] for name in list(COUNTED)[:2]}
    assert after == dict(
        zip(COUNTED, (JOBS * WRITES, JOBS * WRITES, changes, changes), strict=True)
    )
    typed = other_workspace.query("SELECT text FROM ledger_celldraft ORDER BY line_id, month")
    assert len(typed) == CLIENTS * 6
    assert [process.poll() for process in running] == [None, None, None]
    faults = other_workspace.python(
        "from linyin.platform.audit import verify\nprint(list(verify()))"
    )
    assert faults.strip() == "[]"
