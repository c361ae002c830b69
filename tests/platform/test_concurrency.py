"""Two web processes and two workers write at once, and nobody is turned away."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CLIENTS, REQUESTS, JOBS, WRITES = 8, 125, 20, 50
ASK = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
import writing
from linyin.platform.actor import Actor
from linyin.platform.jobs import enqueue
for number in range({JOBS}):
    enqueue(Actor(None, "cli", is_operator=True), "write",
            {{"name": f"job{{number}}", "number": {WRITES}}})
"""


@pytest.fixture
def processes(other_workspace):
    other_workspace.python(ASK)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", 2, "--threads", 4, "--no-control-socket"]
    path = {"PYTHONPATH": str(HERE)}
    web = other_workspace.popen("-m", "gunicorn", "writing:application", *bind, env=path)
    until_it_listens(web, port)
    workers = [other_workspace.popen(HERE / "writing.py", env=path) for _ in range(2)]
    yield port, [web, *workers]
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


def send(port, client, answers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for number in range(REQUESTS):
        connection.request("POST", f"/web{client}-{number}")
        answer = connection.getresponse()
        answers.append((answer.status, answer.read().decode()))


def test_two_thousand_writes_of_two_web_processes_and_two_workers(other_workspace, processes):
    port, running = processes
    answers = []
    began = time.monotonic()
    clients = [
        threading.Thread(target=send, args=(port, number, answers)) for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()

    def jobs():
        return other_workspace.query(
            "SELECT state, attempt, count(*) FROM platform_job GROUP BY state, attempt"
        )

    while time.monotonic() < began + 240 and jobs() != [("done", 1, JOBS)]:
        time.sleep(0.5)
    assert jobs() == [("done", 1, JOBS)]
    assert set(answers) == {(200, "written")}
    assert len(answers) == CLIENTS * REQUESTS
    total = CLIENTS * REQUESTS + JOBS * WRITES
    assert total == 2000
    for table in ("platform_person", "platform_auditevent"):
        assert other_workspace.query(f"SELECT count(*) FROM {table}") == [(total,)]
    assert [process.poll() for process in running] == [None, None, None]
    faults = other_workspace.python(
        "from linyin.platform.audit import verify\nprint(list(verify()))"
    )
    assert faults.strip() == "[]"
