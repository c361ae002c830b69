import dataclasses
import datetime as dt
import signal
import subprocess
import sys

import openpyxl
import pytest
from bad.workbooks import rows_xml, workbook

from linyin.lake import guard
from linyin.lake.files import read_here, read_table
from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.guard import read_guarded
from linyin.lake.limits import DEFAULT_LIMITS, Limits


def refusal(path, limits=DEFAULT_LIMITS):
    with pytest.raises(BadInput) as caught:
        read_guarded(path, limits)
    return list(caught.value.findings)


def same(one, other):
    plain = {f.name for f in dataclasses.fields(one)} - {"columns", "rows", "dates"}
    return (
        all(getattr(one, name) == getattr(other, name) for name in plain)
        and [c.to_pylist() for c in one.columns] == [c.to_pylist() for c in other.columns]
        and one.rows.equals(other.rows)
        and {k: v.to_pylist() for k, v in one.dates.items()}
        == {k: v.to_pylist() for k, v in other.dates.items()}
    )


def test_a_guarded_read_gives_what_an_unguarded_one_gives(tmp_path):
    book = openpyxl.Workbook()
    for row in [("a", "d"), (1, None), (2, "=A2"), (None, None), (3, None)]:
        book.active.append(row)
    book.active["B2"] = dt.date(2023, 5, 1)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")

    for name in ("a.xlsx", "a.csv"):
        (guarded,) = read_guarded(tmp_path / name)
        (plain,) = read_here(tmp_path / name, (), DEFAULT_LIMITS)
        assert same(guarded, plain)
        assert guarded.findings


def test_whoever_is_called_meanwhile_may_end_the_reading(tmp_path, monkeypatch):
    class Ended(Exception):
        pass

    children, begin = [], subprocess.Popen

    def begun(*args, **options):
        children.append(begin(*args, **options))
        return children[-1]

    def end():
        raise Ended

    path, called = tmp_path / "a.csv", []
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(guard, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(subprocess, "Popen", begun)

    with pytest.raises(Ended):
        read_guarded(path, meanwhile=end)
    assert children[0].returncode == -signal.SIGKILL

    (sheet,) = read_guarded(path, meanwhile=lambda: called.append(True))
    assert called
    assert sheet.header == ("a", "b")


def test_findings_about_the_file_come_back_from_the_child(tmp_path):
    path = workbook(tmp_path / "a.xlsx", "")

    assert refusal(path) == [Finding("file-empty", "error", Where("a.xlsx"))]
    with pytest.raises(BadInput):
        read_table(path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_a_file_that_takes_too_much_memory_is_refused(tmp_path):
    rows = rows_xml([("a",), *[(f"text {i}" * 20,) for i in range(30_000)]])
    path = workbook(tmp_path / "a.xlsx", rows)

    assert refusal(path, Limits(memory_bytes=4 << 20)) == [
        Finding("reader-memory", "error", Where("a.xlsx"), {"limit": 4})
    ]


def test_a_file_that_takes_too_long_is_refused(tmp_path):
    rows = "".join(f'<row r="{i}"><c/></row>' for i in range(1, 1_000_000))
    path = workbook(tmp_path / "a.xlsx", rows_xml([("a",)]) + rows)

    assert refusal(path, Limits(seconds=1)) == [
        Finding("reader-time", "error", Where("a.xlsx"), {"limit": 1})
    ]


def test_nothing_is_left_behind_by_a_guarded_read(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = workbook(tmp_path / "a.xlsx", "")

    refusal(path)

    assert list((tmp_path / "temporary").iterdir()) == []
