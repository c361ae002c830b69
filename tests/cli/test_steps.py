from __future__ import annotations

import pytest

from linyin.cli.session import Session
from linyin.cli.summary import groups
from linyin.inventory import CalculationRequest, calculate_folder

from .company import ACTIVITIES, UserFolder


class Recorder:
    def __init__(self) -> None:
        self.told: list[str | tuple[int, int]] = []

    def __call__(self, name: str, /) -> None:
        self.told.append(name)

    def part(self, done: int, of: int) -> None:
        self.told.append((done, of))


def test_checks_and_uncertainty_are_told_run_by_run(folder: UserFolder) -> None:
    before = "e0,SZ,electricity,electricity,2022,2000,MWh,invoiced,\n"
    folder.write(activities=ACTIVITIES + before)
    runs = calculate_folder(folder.path, CalculationRequest((2022, 2023)))
    recorder = Recorder()

    groups(runs, recorder)

    assert recorder.told == [
        "checks", (0, 2), (1, 2), "uncertainty", (0, 3), (1, 3), (2, 3),
    ]  # fmt: skip


def test_telling_changes_nothing(folder: UserFolder) -> None:
    runs = calculate_folder(folder.path, CalculationRequest((2023,)))

    (told,), (untold,) = groups(runs, Recorder()), groups(runs)

    assert told.last.lines == untold.last.lines
    assert told.last.findings == untold.last.findings
    assert told.last.intervals == untold.last.intervals


def test_a_bar_moves_with_the_parts_that_are_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Session("en").steps(("read", "checks", "uncertainty")) as progress:
        progress("read")
        progress.note("7 rows")
        progress("checks")
        progress.part(1, 4)
        bars = progress._bars
        assert bars is not None
        read, checks, uncertainty = bars.tasks
        assert (read.finished, read.fields["note"]) == (True, "7 rows")
        assert (checks.percentage, checks.started) == (25.0, True)
        assert not uncertainty.started

    printed = capsys.readouterr().err
    assert "Check the inventories" in printed
    assert "7 rows" in printed


def test_elsewhere_each_step_is_a_line_with_its_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Session("zh").steps(("read", "checks")) as progress:
        progress("read")
        progress("checks")
        progress.part(1, 2)

    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == ["读取文件", "检查清单"]
    assert all(line.endswith(" s") for line in lines)
