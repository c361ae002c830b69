"""A backup is one moment of a workspace; what is restored from it has the same digits."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from workspace import POSTGRES, OtherWorkspace, database

LINYIN = ["-c", "from linyin.cli import main; main()"]

FILL = """
import hashlib, sys
from datetime import date
from decimal import Decimal
import pyarrow as pa
from django.conf import settings
from django.db import transaction
from linyin.lake import create_revision_table, post_revisions
from linyin.organization.web.models import Metric, Node, Standing
from linyin.platform.actor import Actor
from linyin.platform.audit import record_event
from linyin.platform.jobs import enqueue
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Document, Grant, Person

li = Person.objects.create_user("li@example.org", "correct horse battery", name="李")
root = Node.objects.create(code="G", kind="group", name_zh="集团")
Standing.objects.create(node=root, country="CN", begin=date(2020, 1, 1))
Grant.objects.create(person=li, role="carbon_office", node=root)
Metric.objects.create(node=root, metric="revenue", begin=date(2023, 1, 1), end=date(2024, 1, 1),
                      value=Decimal("123456789.012345"), unit="CNY")
actor = Actor(li, "web")
with transaction.atomic():
    for number in range(50):
        after = {"value": Decimal("0.10"), "名": "值"}
        record_event(actor, "test.made", key=str(number), after=after)
lake = workspace_lake(actor)
create_revision_table(lake, "activities", pa.schema(
    [("source", pa.string()), ("external_id", pa.string()), ("quantity", pa.float64())]))
for round_ in range(3):
    rows = pa.table({"source": ["erp"] * 100, "external_id": [str(n) for n in range(100)],
                     "quantity": [n / 7 + round_ for n in range(100)]})
    post_revisions(lake, "activities", "erp", rows, reason="round", full=False)
    if round_ == 0:
        lake.pin("activities", lake.version("activities"), "run-1")
lake.compact("activities")
content = "发票".encode() * 1000
document = Document(sha256=hashlib.sha256(content).hexdigest(), name="发票.pdf",
                    media_type="application/pdf", size=len(content), node=root, person=li)
document.path.parent.mkdir(parents=True)
document.path.write_bytes(content)
document.save()
run = settings.WORKSPACE.runs / "2023-G"
run.mkdir()
(run / "entries.parquet").write_bytes(b"x" * 5000)
enqueue(actor, "sweep-lake", {}, key="k")
"""

DESCRIBE = """
import hashlib, json
import duckdb
from django.apps import apps
from django.conf import settings
from linyin.platform.audit import plain, verify
from linyin.platform.lake import workspace_lake

lake = workspace_lake()
def rows(version=None):
    query = f"SELECT * EXCLUDE (_recorded_at) FROM {lake.scan('activities', version)}"
    return str(sorted(duckdb.sql(query).fetchall(), key=str))
def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
skipped = {"session", "dbtaskresult", "workerbeat"}
tables = {
    m._meta.label: [plain({f.attname: getattr(r, f.attname) for f in m._meta.concrete_fields})
                    for r in m.objects.order_by("pk")]
    for m in apps.get_models(include_auto_created=True) if m._meta.model_name not in skipped
    and m._meta.app_label not in ("contenttypes", "auth")
}
root = settings.WORKSPACE.root
print(json.dumps({
    "tables": tables,
    "current": digest(rows()),
    "pinned": {v: digest(rows(v)) for v in sorted(lake.pins("activities"))},
    "version": lake.version("activities"),
    "audit": [repr(fault) for fault in verify()],
    "files": {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest()
              for part in ("runs", "documents") for p in sorted((root / part).rglob("*"))
              if p.is_file()},
}, default=str))
"""


def described(workspace):
    return json.loads(workspace.python(DESCRIBE))


def linyin(workspace, *arguments, **options):
    done = workspace.run(*LINYIN, *arguments, "--json", **options)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def backed_up(workspace, file):
    code, said = linyin(workspace, "backup", file, "--workspace", workspace.root)
    assert code == 0, said
    return said


def restored(file, folder, url=""):
    place = OtherWorkspace(folder, url)
    code, said = linyin(place, "restore", file, folder)
    assert code == 0, said
    return place, said


@pytest.fixture
def filled(other_workspace):
    other_workspace.python(FILL)
    return other_workspace


def other_databases():
    if POSTGRES:
        return {"to SQLite": "", "to PostgreSQL": None}
    return {"to SQLite": ""}


@pytest.mark.parametrize("target", other_databases())
def test_what_is_restored_is_what_was_saved(filled, tmp_path, target):
    before = described(filled)
    file = tmp_path / "one.backup"

    said = backed_up(filled, file)
    url = "" if target == "to SQLite" else database()
    place, told = restored(file, tmp_path / "restored", url)

    after = described(place)
    assert before["audit"] == after["audit"] == []
    assert after == before
    assert told["rows"] == said["rows"]
    assert told["end"] == before["tables"]["platform.AuditHead"][0]["hash"]
    assert before["version"] == 4
    assert len(before["pinned"]) == 1
    assert file.stat().st_mode & 0o077 == 0
    assert not list(filled.root.glob("backup-*"))
    place.python(
        FILL.split("lake = workspace_lake")[0].replace("li@", "wang@").replace('"G"', '"H"')
    )
    assert described(place)["audit"] == []


def test_a_restored_workspace_goes_on_being_written(filled, tmp_path):
    backed_up(filled, tmp_path / "b")
    place, _ = restored(tmp_path / "b", tmp_path / "restored", database())

    version = place.python(
        "import pyarrow as pa\n"
        "from linyin.lake import post_revisions\n"
        "from linyin.platform.actor import Actor\n"
        "from linyin.platform.lake import workspace_lake\n"
        "lake = workspace_lake(Actor(None, 'cli', is_operator=True))\n"
        "rows = pa.table({'source': ['erp'], 'external_id': ['new'], 'quantity': [1.0]})\n"
        "print(post_revisions(lake, 'activities', 'erp', rows, reason='x', full=False).version)"
    )

    assert version.strip() == "5"


WRITE = """
import sys, time
import pyarrow as pa
from django.db import transaction
from linyin.lake import post_revisions
from linyin.platform.actor import Actor
from linyin.platform.audit import record_event
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Person
who = sys.argv[1]
actor = Actor(None, "cli", is_operator=True)
lake = workspace_lake(actor)
number = 0
print("begun", flush=True)
while True:
    number += 1
    with transaction.atomic():
        Person.objects.create_user(f"{who}{number}@example.org", name=f"{who} {number}")
        record_event(actor, "test.write", key=f"{who}{number}")
    rows = pa.table({"source": [who] * 10, "external_id": [f"{number}-{n}" for n in range(10)],
                     "quantity": [1.0] * 10})
    post_revisions(lake, "activities", who, rows, reason="write", full=False)
    if number % 5 == 0 and who == "a":
        lake.compact("activities")
        lake.vacuum("activities", retention_hours=0)
"""

CONSISTENT = """
import duckdb
from linyin.platform.audit import verify
from linyin.platform.lake import workspace_lake
from linyin.platform.models import AuditEvent, LakeBatch, Person
lake = workspace_lake()
assert list(verify()) == []
for who in "ab":
    people = Person.objects.filter(email__startswith=who).count()
    events = AuditEvent.objects.filter(action="test.write", key__startswith=who).count()
    assert people == events, (people, events)
    posts = LakeBatch.objects.filter(state="committed", reason="write").count()
commits = AuditEvent.objects.filter(action="lake.commit").count()
assert commits == LakeBatch.objects.filter(state="committed").count()
batches, rows = duckdb.sql(
    f"SELECT count(DISTINCT _batch), count(*) FROM {lake.scan('activities')} "
    "WHERE source IN ('a', 'b')").fetchall()[0]
assert rows == 10 * batches, (rows, batches)
assert batches == LakeBatch.objects.filter(state="committed", reason="write").count()
assert duckdb.sql(f"SELECT count(*) FROM {lake.scan('activities', 1)}").fetchall() == [(100,)]
assert not any("backup" in runs for runs in lake.pins("activities").values())
print(batches)
"""


def test_backups_while_two_others_write_compact_and_vacuum_are_each_one_moment(filled, tmp_path):
    begin = "from linyin.platform.bootstrap import start; start()\n"
    writers = [filled.popen("-c", begin + WRITE, who) for who in "ab"]
    try:
        for writer in writers:
            assert writer.stdout.readline() == "begun\n"
        for number in range(3):
            backed_up(filled, tmp_path / f"{number}.backup")
        assert [writer.poll() for writer in writers] == [None, None]
    finally:
        for writer in writers:
            writer.kill()
        errors = [writer.communicate()[1] for writer in writers]

    counts = []
    for number in range(3):
        place, _ = restored(tmp_path / f"{number}.backup", tmp_path / f"r{number}", database())
        counts.append(int(place.python(CONSISTENT)))
    assert counts == sorted(counts), errors
    assert counts[0] < counts[-1], errors


def test_a_backup_that_was_killed_leaves_no_file_and_the_next_lets_go_of_its_pins(filled, tmp_path):
    code = (
        "from linyin.platform.bootstrap import start; start()\n"
        "import os, signal\n"
        "from linyin.platform.backup import archive\n"
        "archive.ArchiveWriter.add = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from linyin.platform.backup.save import save\n"
        "from pathlib import Path\n"
        f"save(Path({str(tmp_path / 'b')!r}))"
    )
    assert filled.run("-c", code).returncode == -9
    pins = "SELECT count(*) FROM platform_lakepin WHERE run = 'backup'"
    assert not (tmp_path / "b").exists()
    assert filled.query(pins) == [(2,)]

    backed_up(filled, tmp_path / "b")

    assert filled.query(pins) == [(0,)]
    restored(tmp_path / "b", tmp_path / "restored", database())


def test_evidence_that_was_lost_before_is_named(filled, tmp_path):
    (lost,) = (p for p in (filled.root / "documents").rglob("*") if p.is_file())
    lost.unlink()

    code, said = linyin(filled, "backup", tmp_path / "b", "--workspace", filled.root)

    assert (code, said["ok"], said["missing"]) == (1, False, [lost.name])


def codes(said):
    return [finding["code"] for finding in said["findings"]]


def refused(file, folder, url=""):
    code, said = linyin(OtherWorkspace(folder, url), "restore", file, folder)
    assert code == 2
    assert not folder.exists()
    return codes(said)


def test_a_file_that_is_there_is_not_overwritten(filled, tmp_path):
    (tmp_path / "b").write_text("mine")

    code, said = linyin(filled, "backup", tmp_path / "b", "--workspace", filled.root)

    assert (code, codes(said)) == (2, ["path-exists"])
    assert (tmp_path / "b").read_text() == "mine"


def test_a_backup_with_a_changed_byte_or_a_missing_end_is_refused(filled, tmp_path):
    file = tmp_path / "b"
    backed_up(filled, file)
    whole = file.read_bytes()
    with tarfile.open(file) as tar:
        members = [m for m in tar if m.size]
    for member in (members[0], members[len(members) // 2], members[-2]):
        changed = bytearray(whole)
        changed[member.offset_data + member.size // 2] ^= 1
        file.write_bytes(changed)
        assert refused(file, tmp_path / "r") == ["backup-broken"], member.name
    for cut in (len(whole) // 3, members[-1].offset):
        file.write_bytes(whole[:cut])
        assert refused(file, tmp_path / "r") == ["backup-broken"]
    file.write_bytes(b"no tar")
    assert refused(file, tmp_path / "r") == ["backup-broken"]


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_a_member_that_would_land_outside_is_refused(tmp_path, name):
    file = tmp_path / "b"
    with tarfile.open(file, "w") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))

    assert refused(file, tmp_path / "r") == ["backup-broken"]
    assert not list(tmp_path.rglob("outside"))


def test_a_backup_of_a_newer_version_is_refused(filled, tmp_path):
    backed_up(filled, tmp_path / "b")
    with tarfile.open(tmp_path / "b") as old, tarfile.open(tmp_path / "c", "w") as new:
        for member in old:
            data = old.extractfile(member).read()
            if member.name == "manifest.json":
                manifest = json.loads(data)
                manifest["migrations"].append(["platform", "9999_later"])
                data = json.dumps(manifest).encode()
                member.size = len(data)
            new.addfile(member, io.BytesIO(data))

    assert refused(tmp_path / "c", tmp_path / "r", database()) == ["data-newer"]


def test_a_backup_whose_audit_trail_was_altered_is_refused(filled, tmp_path):
    filled.python(
        "from linyin.platform.models import AuditEvent\n"
        "AuditEvent.objects.filter(number=7).update(reason='altered')"
    )
    backed_up(filled, tmp_path / "b")

    assert refused(tmp_path / "b", tmp_path / "r", database()) == ["restore-audit-broken"]


def test_a_folder_or_a_database_in_use_is_not_touched(filled, tmp_path):
    backed_up(filled, tmp_path / "b")
    code, said = linyin(filled, "restore", tmp_path / "b", filled.root)
    assert (code, codes(said)) == (2, ["path-exists"])

    if POSTGRES:
        assert refused(tmp_path / "b", tmp_path / "r", filled.database_url) == [
            "restore-database-used"
        ]
    assert described(filled)["audit"] == []


@pytest.mark.skipif(not POSTGRES, reason="only PostgreSQL keeps more than 15 digits")
def test_digits_that_sqlite_cannot_keep_are_not_lost_in_silence(filled, tmp_path):
    filled.python(
        "from linyin.organization.web.models import Metric\n"
        "Metric.objects.update(value='123456789012345678.123456')"
    )
    backed_up(filled, tmp_path / "b")

    assert refused(tmp_path / "b", tmp_path / "r") == ["restore-rows-differ"]
    restored(tmp_path / "b", tmp_path / "r", database())
