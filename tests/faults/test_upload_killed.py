"""Whoever receives a file is killed: it comes in once, and nothing of it is left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from house import differences, killed_everywhere, told

pytestmark = pytest.mark.sql
MADE = ("inventory.Import", "platform.Document", "platform.AuditEvent")
SERVE = "from linyin.cli import main; main()"
PAGE = "/inventory/imports/new/"
CROSS = "a" * 32


def made(found):
    """Return what an upload makes: PostgreSQL passes over numbers, shelves of evidence stay."""
    kept = {name: found["rows"][name] for name in MADE}
    files = [re.sub(r"import-\d+", "import", name) for name in found["files"]]
    files = [name for name in files if not re.fullmatch(r"documents/..", name)]
    return kept | {n: found[n] for n in ("activities", "version", "audit")} | {"files": files}


def a_day_later(home):
    home.let_time_pass()
    return made(home.do("clean_up"))


@pytest.mark.parametrize("what", ["page", "evidence", "bulk"])
def test_a_file_whose_server_is_killed_at_any_step_comes_in_once_when_it_is_sent_again(home, what):
    home.restore("built")
    before = a_day_later(home)
    home.do("send", what=what)
    names = home.boundaries()
    after = a_day_later(home)
    assert differences(before, after)
    wrong = {}
    for number, name in enumerate(names):
        home.restore("built")
        code, _ = home.run("send", what=what, kill_at=(name, names[:number].count(name)))
        assert (code, home.boundaries()[-1]) == (-9, name), (number, name, home.boundaries())
        found = a_day_later(home)
        is_there = found == after
        faults = {} if is_there else differences(before, found)
        if what != "page" or not is_there:
            home.do("send", what=what)
            faults |= differences(after, a_day_later(home) if what == "bulk" else described(home))
        if faults:
            wrong[f"{number} {name}"] = faults

    assert len(names) >= 7
    assert not wrong, told(wrong)


def described(home):
    return made(home.do("describe"))


@contextmanager
def served(home):
    """Serve the workspace; give the port and what kills the server with all its processes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    child = home.place.popen(
        "-c", SERVE, "serve", "--workspace", home.root, "--port", port, "--demo", "--no-worker",
        "--workers", "1",
    )  # fmt: skip

    def kill():
        for process in family(child.pid):
            os.kill(process, signal.SIGKILL)

    try:
        until(lambda: answers(port) or child.poll() is not None)
        yield port, kill
    finally:
        child.terminate()
        _, errors = child.communicate(timeout=60)
    assert child.returncode in (0, -signal.SIGKILL), errors


def family(process):
    """Return a process and all that it started, and they."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(one for child in children for one in family(int(child)))]


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5):
            return True
    except OSError:
        return False


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.1)


def request_of(session, content):
    """Return a request as a browser sends it: its head, and its body with the file."""
    bound = "----林".encode().hex()
    field = f'--{bound}\r\nContent-Disposition: form-data; name="'
    body = (
        f'{field}node"\r\n\r\nA\r\n{field}upload"; filename="meters.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{content}\r\n--{bound}--\r\n"
    )
    cross = session.partition("=")[0].replace("session", "csrf")
    head = (
        f"POST {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Cookie: {session}; {cross}={CROSS}\r\nX-CSRFToken: {CROSS}\r\n"
        f"Content-Type: multipart/form-data; boundary={bound}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body.encode()


def test_half_an_upload_whose_server_is_killed_is_nothing_and_the_whole_comes_in_after(home):
    home.restore("built")
    session, before = home.do("sign_in"), described(home)
    rows = "".join(f"x{number},A1,2024-01,{number}\n" for number in range(100_000))
    head, body = request_of(session, f"id,where,month,kwh\n{rows}")
    uploads = home.root / "uploads"
    with (
        served(home) as (port, kill),
        socket.create_connection(("127.0.0.1", port)) as line,
    ):
        line.sendall(head + body[: len(body) // 2])
        until(lambda: any(file.stat().st_size > 1 << 19 for file in uploads.iterdir()))
        kill()
    (left,) = uploads.iterdir()
    assert left.name.endswith(".upload.csv")
    assert described(home) == before | {"files": [*before["files"], f"uploads/{left.name}"]}

    with (
        served(home) as (port, _),
        socket.create_connection(("127.0.0.1", port)) as line,
    ):
        line.sendall(head + body)
        answer = line.makefile("rb").readline()

    assert b" 302 " in answer
    after = a_day_later(home)
    assert set(after["files"]) - set(before["files"]) == {
        "uploads/import",
        "uploads/import/meters.csv",
    }
    assert len(after["inventory.Import"]) == 1
    (kept,) = uploads.glob("import-*/meters.csv")
    assert kept.read_text() == f"id,where,month,kwh\n{rows}"
    assert after["audit"] == []


def test_a_table_in_bulk_whose_worker_is_killed_at_any_step_is_posted_once(home):
    home.restore("built")
    home.do("send", what="bulk")
    home.save("bulk asked")

    wrong = killed_everywhere(home, "bulk asked", "inventory.upload")

    assert not wrong, told(wrong)
