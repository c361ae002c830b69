"""A workspace whose processes are killed, and which is put back to how it was saved."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from workspace import POSTGRES, OtherWorkspace, database, template_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

NURSERY = Path(__file__).with_name("nursery.py")
LONG_AGO = "'2000-01-01 00:00:00'"
AGED = (
    f"UPDATE platform_job SET lease_until = {LONG_AGO} WHERE state = 'running'",
    f"UPDATE platform_job SET made_at = {LONG_AGO} WHERE state = 'waiting'",
    "UPDATE django_tasks_database_dbtaskresult "
    f"SET started_at = {LONG_AGO} WHERE status = 'RUNNING'",
    f"UPDATE platform_storedanswer SET at = {LONG_AGO} WHERE status IS NULL",
)


@dataclass
class House:
    """A workspace and the nursery of its processes."""

    place: OtherWorkspace
    nursery: subprocess.Popen[str]
    log: Path

    @property
    def root(self) -> Path:
        return self.place.root

    def run(self, name: str, **given: Any) -> tuple[int, Any]:
        """Do a function of `scenes` in a process of its own; return its exit code and result."""
        print(json.dumps({"do": name, "given": given}), file=self.nursery.stdin, flush=True)
        line = self.nursery.stdout.readline()
        assert line, self.log.read_text()
        told = json.loads(line)
        return told["code"], told["result"]

    def do(self, name: str, **given: Any) -> Any:
        """Do a function of `scenes` that ends well; return its result."""
        code, result = self.run(name, **given)
        assert code == 0, f"{name} {given}: {self.log.read_text()[-4000:]}"
        return result

    def boundaries(self) -> list[str]:
        """Name the boundaries that the last watched process passed."""
        return self.root.with_name("boundaries").read_text().splitlines()

    def let_time_pass(self) -> None:
        """Let every lease be over and every upload old, as if whoever held them were long dead."""
        for sql in AGED:
            self.place.execute(sql)
        for folder in ("uploads", "documents"):
            for path in (self.root / folder).rglob("*"):
                os.utime(path, (0, 0))

    def job(self, kind: str) -> dict[str, Any]:
        """Return what the row of the last job of a kind tells."""
        names = ("state", "attempt", "worker", "step", "error")
        rows = self.place.query(
            f"SELECT {', '.join(names)} FROM platform_job WHERE kind = '{kind}' ORDER BY made_at"
        )
        return dict(zip(names, rows[-1], strict=True))

    def save(self, name: str) -> None:
        """Save how the workspace is."""
        shutil.copytree(self.root, self._saved(name))
        if POSTGRES:
            _copy_database(self._database, f"{self._database}_{name}")

    def restore(self, name: str) -> None:
        """Put the workspace back to how it was saved."""
        shutil.rmtree(self.root)
        shutil.copytree(self._saved(name), self.root)
        if POSTGRES:
            _copy_database(f"{self._database}_{name}", self._database)

    def _saved(self, name: str) -> Path:
        return self.root.with_name(f"saved-{name}")

    @property
    def _database(self) -> str:
        return urlsplit(self.place.database_url).path.lstrip("/")


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Give a migrated workspace with its nursery."""
    template = template_workspace()
    root = folder / "workspace"
    shutil.copytree(template.root, root)
    copied = database(urlsplit(template.database_url).path.lstrip("/")) if POSTGRES else ""
    place, log = OtherWorkspace(root, copied), folder / "log"
    with log.open("w") as told:
        nursery = subprocess.Popen(
            [sys.executable, NURSERY, root],
            env=place.environment | {"LINYIN_DEMO": "1"}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told,
        )  # fmt: skip
        try:
            yield House(place, nursery, log)
        finally:
            nursery.stdin.close()
            nursery.wait(timeout=60)
            nursery.stdout.close()


def _copy_database(name: str, copy: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')


def killed_everywhere(home: House, saved: str, kind: str) -> dict[str, Any]:
    """Kill a worker at every boundary of a waiting job; return what then was not as undisturbed.

    Each time another worker takes the job up, and the workspace is compared with the one in which
    nobody was killed.
    """
    home.restore(saved)
    undisturbed = home.do("work", kind=kind, then_describe=True)
    names, done = home.boundaries(), home.job(kind)
    assert done["state"] == "done", done
    wrong: dict[str, Any] = {}
    for number, name in enumerate(names):
        home.restore(saved)
        before = names[:number].count(name)
        code, _ = home.run("work", kind=kind, kill_at=(name, before))
        passed = home.boundaries()
        assert (code, passed[-1]) == (-9, name), (number, name, passed)
        was = home.job(kind)
        home.let_time_pass()
        found = home.do("work", then_describe=True)
        ended = home.job(kind)
        faults = differences(undisturbed, found)
        if (ended["state"], ended["error"]) != ("done", None):
            faults["job"] = ended
        if was["state"] == "running" and (was["attempt"], ended["attempt"]) != (1, 2):
            faults["attempts"] = (was, ended)
        if faults:
            wrong[f"{number} {name}"] = faults
    return wrong


def told(wrong: dict[str, Any]) -> str:
    """Return what was wrong, to be read."""
    return pformat(wrong, width=160)


def differences(expected: Any, found: Any) -> dict[str, Any]:
    """Return what is told differently, however deep: place → (what lacks, what is too much)."""
    if isinstance(expected, dict):
        return {
            f"{key}.{place}": told
            for key in expected
            for place, told in differences(expected[key], found[key]).items()
        }
    if expected == found:
        return {}
    if isinstance(expected, list):
        lacks = [row for row in expected if row not in found]
        return {"": (lacks, [row for row in found if row not in expected] or len(found))}
    return {"": (expected, found)}
