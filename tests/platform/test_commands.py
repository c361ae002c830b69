"""`linyin init`, `serve`, `worker`, `upgrade`: real processes on real folders."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from workspace import POSTGRES, database

pytestmark = pytest.mark.sql

LINYIN = [sys.executable, "-c", "from linyin.cli import main; main()"]
ANSWERS = [
    "--name", "林荫", "--site", "深圳", "--site", "河源", "--base-year", "2021", "--email",
    "A@Example.org", "--person", "李", "--language", "zh",
]  # fmt: skip
PASSWORD = "correct horse battery"


def commands(folder, url):
    """Give what runs `linyin` in a folder, on a database of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LINYIN_")}
    if url:
        kept["LINYIN_DATABASE_URL"] = url

    def run(*arguments, **environment):
        done = subprocess.run(
            [*LINYIN, *map(str, arguments), "--json", "--lang", "en"],
            env=kept | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=folder,
        )
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    def start(*arguments, **environment):
        return subprocess.Popen(
            [*LINYIN, *map(str, arguments), "--json", "--lang", "en"],
            env=kept | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            start_new_session=True,
        )

    run.start = start
    run.environment = kept
    return run


@pytest.fixture
def linyin(tmp_path):
    return commands(tmp_path, database())


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A workspace that `init` has made, and its database: copied, never used."""
    folder = tmp_path_factory.mktemp("begun") / "workspace"
    url = database()
    code, said = commands(folder.parent, url)(
        "init", folder, *ANSWERS, LINYIN_ADMIN_PASSWORD=PASSWORD
    )
    assert (code, said["ok"]) == (0, True), said
    return folder, url


@pytest.fixture
def made(begun, linyin, tmp_path):
    """A workspace as `init` has made it, for one test."""
    folder, url = begun
    if url:
        linyin.environment["LINYIN_DATABASE_URL"] = database(urlsplit(url).path.lstrip("/"))
    return shutil.copytree(folder, tmp_path / "my workspace")


def codes(said):
    return {finding["code"] for finding in said["findings"]}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def ask(folder, linyin, code):
    begin = "from linyin.platform.bootstrap import start; start()\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code],
        env=linyin.environment | {"LINYIN_WORKSPACE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_init_makes_the_enterprise_and_an_administrator_who_can_sign_in(linyin, made):
    said = ask(
        made,
        linyin,
        f"""
from django.contrib.auth import authenticate
from linyin.inventory.web.models import Settings
from linyin.organization.web.models import Node, Standing
from linyin.platform.actor import Actor
from linyin.platform.audit import verify
person = authenticate(username="a@example.org", password={PASSWORD!r})
print(person.name, person.language, sorted(person.grants.values_list("role", "node__code")))
print(sorted(Node.objects.values_list("code", "kind", "name_zh")))
print(sorted(Standing.objects.values_list("node__code", "parent__code", "country")))
print(Settings.now().config["base_year"], Settings.now().config["inventory"]["approach"])
print(list(verify()), Actor(person, "web").may("inventory.run", "深圳"))
""",
    ).splitlines()

    assert said == [
        "李 zh-hans [('administrator', '林荫'), ('carbon_office', '林荫')]",
        "[('林荫', 'group', '林荫'), ('河源', 'site', '河源'), ('深圳', 'site', '深圳')]",
        "[('林荫', None, 'CN'), ('河源', '林荫', 'CN'), ('深圳', '林荫', 'CN')]",
        "{'year': 2021} operational_control",
        "[] True",
    ]
    assert (made / "secret-key").stat().st_mode & 0o077 == 0
    assert made.stat().st_mode & 0o077 == 0


def test_init_names_everything_that_is_wrong_and_can_be_repeated(linyin, tmp_path):
    folder = tmp_path / "w"
    wrong = ["--name", " ", "--site", "S", "--site", "S", "--base-year", "21", "--email", "a",
             "--country", "QQ", "--approach", "x"]  # fmt: skip

    code, said = linyin("init", folder, *wrong, LINYIN_ADMIN_PASSWORD="short")

    assert code == 2
    assert codes(said) == {
        f"begin-{what}"
        for what in (
            "name-missing", "name-twice", "base-year-odd", "approach-unknown", "country-unknown",
            "email-broken", "password-weak",
        )
    }  # fmt: skip
    assert not folder.exists()
    folder.mkdir()
    code, _ = linyin("init", folder, *wrong, LINYIN_ADMIN_PASSWORD="short")
    assert (code, list(folder.iterdir())) == (2, [])
    code, _ = linyin("init", folder, *ANSWERS, LINYIN_ADMIN_PASSWORD=PASSWORD)
    assert code == 0


def test_init_never_touches_what_has_begun(linyin, made, tmp_path):
    code, said = linyin("init", made, *ANSWERS, LINYIN_ADMIN_PASSWORD=PASSWORD)
    assert (code, codes(said)) == (2, {"workspace-begun"})
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("mine")

    code, said = linyin("init", tmp_path / "other", *ANSWERS, LINYIN_ADMIN_PASSWORD=PASSWORD)

    assert (code, codes(said)) == (2, {"path-exists"})
    assert [p.name for p in (tmp_path / "other").iterdir()] == ["file"]


def test_init_without_answers_leaves_them_to_the_first_page(linyin, tmp_path):
    folder, port = tmp_path / "w", free_port()
    code, said = linyin("init", folder)
    assert (code, said) == (0, {"ok": True, "workspace": str(folder), "new": True})
    code, said = linyin("init", folder)
    assert (code, said["new"]) == (0, False)
    child = linyin.start("serve", "--workspace", folder, "--port", port, "--no-worker")
    try:
        for line in child.stderr:
            if "/begin?key=" in line:
                break
        address = next(word for word in line.split() if "/begin?key=" in word)
        assert until_answered(address, child) == 200
    finally:
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_init_at_a_terminal_asks_what_the_first_page_asks(linyin, tmp_path, language):
    folder, said = tmp_path / "w", ["林荫", "", "深圳，河源", "1066", "2021", "3", "zh",
                                    "a@example.org", "李"]  # fmt: skip
    terminal, own = pty.openpty()
    os.write(terminal, "".join(f"{line}\n" for line in said).encode())
    done = subprocess.run(
        [*LINYIN, "init", folder, "--lang", language],
        env=linyin.environment | {"LINYIN_ADMIN_PASSWORD": PASSWORD}, stdin=own,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    os.close(own)
    os.close(terminal)

    assert done.returncode == 0, done.stderr
    asked = {"en": ("Base year", "operational control"), "zh": ("基准年", "运营控制权")}[language]
    assert all(text in done.stdout for text in asked)
    code, there = linyin("upgrade", "--workspace", folder)
    assert (code, there["ok"]) == (0, True)
    if not POSTGRES:
        with sqlite3.connect(folder / "linyin.sqlite3") as database:
            nodes = database.execute("SELECT name_zh FROM organization_node").fetchall()
        assert {name for (name,) in nodes} >= {"林荫", "河源", "深圳"}


def test_init_with_half_of_the_answers_names_the_others(linyin, tmp_path):
    code, said = linyin("init", tmp_path / "w", "--name", "林荫", "--site", "深圳")

    assert (code, codes(said)) == (2, {"init-incomplete"})
    assert said["findings"][0]["fields"] == {"missing": "--base-year, --email"}
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("command", ["serve", "worker", "upgrade"])
def test_a_folder_without_a_workspace_is_refused_and_stays_as_it_is(linyin, tmp_path, command):
    code, said = linyin(command, "--workspace", tmp_path / "nothing")

    assert (code, codes(said)) == (2, {"workspace-missing"})
    assert not (tmp_path / "nothing").exists()


def until_answered(address, child):
    end = time.monotonic() + 60
    while time.monotonic() < end and child.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status
        except OSError:
            time.sleep(0.3)
    child.kill()
    pytest.fail(f"it did not answer: {child.communicate()}")


def processes_of(group):
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"LINYIN_TEST_GROUP={group}".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_runs_jobs_and_ends_with_all_its_processes(linyin, made, number):
    port, group = free_port(), f"{made}-{number}"
    child = linyin.start("serve", "--workspace", made, "--port", port, LINYIN_TEST_GROUP=group)
    try:
        assert until_answered(f"http://127.0.0.1:{port}/account/login/", child) == 200
        asked = ask(
            made,
            linyin,
            """
import time
from linyin.platform.actor import Actor
from linyin.platform.jobs import enqueue, worker_seen_at
from linyin.platform.models import Job
job = enqueue(Actor(None, "cli", is_operator=True), "sweep-lake", {})
for _ in range(300):
    job.refresh_from_db()
    if job.is_over: break
    time.sleep(0.1)
print(job.state, worker_seen_at() is not None)
""",
        )
        assert asked.strip() == "done True"
        assert len(processes_of(group)) >= 5
    finally:
        child.send_signal(number)
        out, err = child.communicate(timeout=60)

    assert child.returncode == 0, err
    assert json.loads(out) == {
        "ok": True,
        "workspace": str(made),
        "address": f"http://127.0.0.1:{port}",
    }
    assert processes_of(group) == []


def test_serve_names_a_port_that_is_taken(linyin, made):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = linyin("serve", "--workspace", made, "--port", taken.getsockname()[1])

    assert (code, codes(said)) == (2, {"port-in-use"})


def test_demo_people_are_served_on_this_machine_as_a_demo_only(linyin, made):
    ask(
        made,
        linyin,
        "from linyin.platform.models import Person\n"
        "Person.objects.create_user('d@example.org', name='D', is_demo=True)",
    )

    code, said = linyin("serve", "--workspace", made, "--port", free_port())
    assert (code, codes(said)) == (2, {"demo-people"})
    code, said = linyin(
        "serve", "--workspace", made, "--port", free_port(), "--demo", "--host", "0.0.0.0"
    )
    assert (code, codes(said)) == (2, {"demo-host"})
    port = free_port()
    child = linyin.start("serve", "--workspace", made, "--port", port, "--demo", "--no-worker")
    try:
        assert until_answered(f"http://127.0.0.1:{port}/account/login/", child) == 200
    finally:
        child.terminate()
        child.communicate(timeout=60)


def test_upgrade_says_that_there_is_nothing_to_do(linyin, made):
    assert linyin("upgrade", "--workspace", made) == (
        0,
        {"ok": True, "workspace": str(made), "applied": []},
    )


@pytest.mark.skipif(bool(POSTGRES), reason="writes to SQLite's file")
def test_data_of_a_newer_version_are_refused_and_older_ones_upgraded(linyin, made):
    file = made / "linyin.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('platform', '9999_later', '2030-01-01')"
        )
    for command in ("upgrade", "serve", "worker"):
        code, said = linyin(command, "--workspace", made)
        assert (code, codes(said)) == (2, {"data-newer"})
        assert said["findings"][0]["fields"] == {"newer": "platform.9999_later"}
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
        connection.execute("DELETE FROM django_migrations WHERE app = 'mfa'")
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'mfa_%' AND type = 'table'"
        ).fetchall():
            connection.execute(f"DROP TABLE {table}")

    code, said = linyin("worker", "--workspace", made)
    assert (code, codes(said)) == (2, {"data-older"})
    code, said = linyin("upgrade", "--workspace", made)
    assert code == 0
    assert {name.split(".")[0] for name in said["applied"]} == {"mfa"}


@pytest.fixture
def trail(linyin, made):
    """A workspace whose audit trail has five events, and what `audit verify` says of it."""
    ask(
        made,
        linyin,
        """
from django.db import transaction
from linyin.platform.actor import Actor
from linyin.platform.audit import last_event, record_event
with transaction.atomic():
    while last_event().number < 5:
        record_event(Actor(None, "cli", is_operator=True), "test.did")
""",
    )
    code, said = linyin("audit", "verify", "--workspace", made)
    assert (code, said["ok"], said["events"], said["faults"]) == (0, True, 5, [])
    return said


def change(linyin, made, statement):
    """Change the database past the program, as whoever can write it could."""
    ask(
        made,
        linyin,
        "from django.db import connection\n"
        f"with connection.cursor() as cursor: cursor.execute({statement!r})",
    )


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE platform_auditevent SET who = 'x' WHERE number = 2", (2, "altered")),
        ("DELETE FROM platform_auditevent WHERE number = 3", (3, "missing")),
        ("DELETE FROM platform_auditevent WHERE number = 5", (5, "cut")),
    ],
)
def test_an_event_that_was_altered_or_is_missing_is_found(linyin, made, trail, statement, fault):
    change(linyin, made, statement)

    code, said = linyin("audit", "verify", "--workspace", made)

    assert (code, said["ok"]) == (1, False)
    assert [(f["number"], f["kind"]) for f in said["faults"]] == [fault]


def test_a_chain_without_the_hash_that_was_kept_is_found(linyin, made, trail):
    assert linyin("audit", "verify", "--workspace", made, "--end", trail["end"])[0] == 0

    code, said = linyin("audit", "verify", "--workspace", made, "--end", "0" * 64)
    assert (code, [f["kind"] for f in said["faults"]]) == (1, ["other"])

    code, said = linyin("audit", "verify", "--workspace", made, "--end", "abc")
    assert (code, codes(said)) == (2, {"audit-end-unreadable"})


def test_what_is_wrong_with_an_audit_trail_is_told_in_both_languages(linyin, made, trail):
    change(linyin, made, "UPDATE platform_auditevent SET who = 'x' WHERE number = 2")

    for lang, told in (("en", "Event 2 is not"), ("zh", "第 2 条记录与")):
        done = subprocess.run(
            [*LINYIN, "audit", "verify", "--workspace", str(made), "--lang", lang],
            env=linyin.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert told in done.stdout


def test_a_demo_whose_port_is_taken_writes_nothing(linyin, tmp_path):
    folder = tmp_path / "demo"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = subprocess.run(
            [*LINYIN, "demo", str(folder), "--port", str(port), "--lang", "en"],
            env=linyin.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    assert refused.returncode == 2
    assert f"port {port} of 127.0.0.1 cannot be had" in " ".join(refused.stderr.split())
    assert not folder.exists()
