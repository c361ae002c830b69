"""A workspace whose lake lies in an object store is saved and restored like any other.

What is saved is on SQLite; it is restored on the database of the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from test_backup import FILL, described, linyin

from s3 import bucket, s3_server
from workspace import OtherWorkspace, database

__all__ = ["bucket", "s3_server"]

GO_ON = """
import pyarrow as pa
from linyin.lake import post_revisions
from linyin.platform.actor import Actor
from linyin.platform.lake import workspace_lake
lake = workspace_lake(Actor(None, "cli", is_operator=True))
rows = pa.table({"source": ["erp"], "external_id": ["new"], "quantity": [1.0]})
print(post_revisions(lake, "activities", "erp", rows, reason="x", full=False).version)
"""


MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable")
"""


@dataclass(frozen=True)
class Stored(OtherWorkspace):
    """A workspace whose lake lies at a URL; '' = in its folder."""

    lake_url: str

    @property
    def environment(self):
        return super().environment | ({"LINYIN_LAKE_URL": self.lake_url} if self.lake_url else {})


@pytest.mark.sql
@pytest.mark.parametrize(
    ("from_lake", "to_lake"), [("store", "store"), ("store", "folder"), ("folder", "store")]
)
def test_what_is_restored_is_what_was_saved_wherever_the_lake_lies(
    bucket, tmp_path, from_lake, to_lake
):
    url = {"store": "s3://carbon/mine", "folder": ""}
    place = Stored(tmp_path / "saved", "", url[from_lake])
    place.python(MIGRATE + FILL)
    before = described(place)
    file = tmp_path / "one.backup"
    code, said = linyin(place, "backup", file, "--workspace", place.root)
    assert code == 0, said
    there = url[to_lake].replace("mine", "restored")
    restored = Stored(tmp_path / "restored", database(), there)

    code, told = linyin(restored, "restore", file, restored.root)

    assert code == 0, told
    assert told["rows"] == said["rows"]
    assert described(restored) == before
    assert before["audit"] == []
    head = before["tables"]["platform.AuditHead"][0]
    code, verified = linyin(restored, "audit", "verify", "--workspace", restored.root,
                            "--end", head["hash"])  # fmt: skip
    assert (code, verified["ok"]) == (0, True), verified
    names = {o.key.split("/")[0] for o in bucket.objects.all()}
    assert names == {u.rpartition("/")[2] for u in (url[from_lake], there) if u}
    assert restored.python(GO_ON).strip() == "5"
