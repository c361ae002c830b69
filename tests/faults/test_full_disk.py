"""A disk that is full, or that nobody may write: told as that, and nothing is done by halves."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager

import pytest
from house import House, house

LAST_IMPORT = "SELECT max(id) FROM inventory_import"


class Disk:
    """A small disk mounted on a folder of the workspace."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._mount("-t", "tmpfs", "-o", "size=8m", "tmpfs")

    def _mount(self, *options):
        done = subprocess.run(
            ["mount", *options, str(self.folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no small disk to be had: {done.stderr.strip()}")

    @contextmanager
    def full(self, free=0):
        """Leave so many bytes."""
        filler = self.folder / ".filler"
        filler.write_bytes(b"x" * max(0, shutil.disk_usage(self.folder).free - free))
        try:
            yield
        finally:
            filler.unlink()

    @contextmanager
    def read_only(self):
        """Refuse all writes."""
        self._mount("-o", "remount,ro")
        try:
            yield
        finally:
            self._mount("-o", "remount,rw")

    def files(self):
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*"))


@pytest.fixture(scope="module")
def disks(tmp_path_factory):
    """An enterprise whose lake, uploads and derived files lie on three small disks."""
    folder = tmp_path_factory.mktemp("small")
    with house(folder) as home:
        made = []
        try:
            made += (Disk(home.root / name) for name in ("lake", "uploads", "derived"))
            home.do("build")
            home.do("build_import")
            home.do("work")
            home.do("ask_for_commit")
            yield home, *made
        finally:
            for disk in made:
                subprocess.run(["umount", str(disk.folder)], check=True)


def told(home: House, method: str, url: str, **form) -> dict[str, tuple[int, str]]:
    """Return the answers in both languages."""
    answers = {name: home.do("ask", method=method, url=url, language=name, **form) for name in TOLD}
    return {name: (answer["status"], answer["text"]) for name, answer in answers.items()}


TOLD = {"en": "Nothing was half done", "zh": "没有任何操作处于半完成状态"}
BROKE_OFF = {"en": "can be written here", "zh": "此处无法写入"}


def failed(home: House, kind: str) -> str:
    """Return why the last job of a kind failed."""
    job = home.job(kind)
    assert job["state"] == "failed", job
    (finding,) = json.loads(job["error"])["findings"]
    return finding["code"]


def test_a_commit_to_a_full_or_closed_lake_fails_in_words_and_is_done_once_there_is_room(disks):
    home, lake, *_ = disks
    before = home.do("describe")
    seen = set()
    with lake.read_only():
        home.do("work")
        seen.add(failed(home, "inventory.import"))
        pages = told(home, "GET", f"imports-look {home.place.query(LAST_IMPORT)[0][0]}")
        assert all(BROKE_OFF[name] in text for name, (_, text) in pages.items())
    for free in (0, 8 << 10, 12 << 10, 16 << 10, 4 << 20):
        home.do("begin_again")
        with lake.full(free):
            home.do("work")
        if home.job("inventory.import")["state"] == "done":
            break
        seen.add(failed(home, "inventory.import"))
        now = home.do("describe")
        assert (now["activities"], now["version"]) == (before["activities"], before["version"])
        assert now["lost"] == 0

    after = home.do("describe")
    assert home.job("inventory.import")["state"] == "done", home.job("inventory.import")
    assert {"lake-read-only"} <= seen <= {"lake-read-only", "lake-write-failed"}
    assert after["version"] == before["version"] + 1
    assert after["lost"] == 0
    assert after["audit"] == []


def test_an_undo_on_a_lake_that_takes_nothing_fails_in_words_and_is_done_once_there_is_room(disks):
    home, lake, *_ = disks
    key = home.place.query(LAST_IMPORT)[0][0]
    before = home.do("describe")
    home.do("ask_for_undo")
    seen = set()
    for how in ("read_only", "full"):
        with getattr(lake, how)():
            home.do("work")
            seen.add(failed(home, "inventory.undo_import"))
            pages = told(home, "GET", f"imports-look {key}")
            assert all(BROKE_OFF[name] in text for name, (_, text) in pages.items())
        now = home.do("describe")
        assert (now["activities"], now["version"]) == (before["activities"], before["version"])
        assert now["lost"] == 0
        home.do("begin_again")
    home.do("work")

    after = home.do("describe")
    assert home.job("inventory.undo_import")["state"] == "done", home.job("inventory.undo_import")
    assert seen == {"lake-read-only"}
    assert after["version"] == before["version"] + 1
    assert (after["lost"], after["audit"]) == (0, [])


@pytest.mark.parametrize("how", ["full", "read_only"])
@pytest.mark.parametrize("rows", [10, 100_000])
def test_an_upload_to_a_disk_that_takes_nothing_is_told_and_not_counted(disks, how, rows):
    home, _, uploads, _ = disks
    before, files = home.do("uploaded"), uploads.files()
    page = {"url": "imports-new", "node": "A", "upload": f"{how}-{rows}.csv", "rows": rows}
    with getattr(uploads, how)():
        pages = told(home, "POST", **page)

    for name, (status, text) in pages.items():
        assert (status, TOLD[name] in text) == (507, True), text
    assert (home.do("uploaded"), uploads.files()) == (before, files)
    done = home.do("ask", method="POST", **page)
    assert done["status"] == 302
    assert home.do("uploaded") == sorted([*before, page["upload"]])


def test_runs_on_a_full_disk_fail_in_words_and_are_there_once_there_is_room(disks):
    home, _, _, derived = disks
    home.do("ask_for_run")
    seen = set()
    for free in (0, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20):
        with derived.full(free):
            home.do("work")
        if home.job("inventory.calculate")["state"] == "done":
            break
        seen.add(failed(home, "inventory.calculate"))
        now = home.do("describe")
        assert now["runs"] == []
        assert not [name for name in now["files"] if name.startswith("runs/") or "/work-" in name]
        home.do("begin_again")

    assert seen <= {"disk-full", "lake-read-only"}
    assert len(home.do("describe")["runs"]) == 2


def test_a_report_on_a_full_disk_fails_in_words_and_is_there_once_there_is_room(disks):
    home, _, _, derived = disks
    home.do("ask_for_report", kind="xlsx")
    with derived.full(8 << 10):
        home.do("work")
        assert failed(home, "inventory.report") in ("disk-full", "lake-read-only")
    assert not [name for name in derived.files() if name.endswith(".xlsx")]
    home.do("begin_again")
    home.do("work")
    assert home.job("inventory.report")["state"] == "done"
    assert len([name for name in derived.files() if name.endswith(".xlsx")]) == 1
