from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from linyin.cli.command import Answer
from linyin.cli.paths import quoted, shown
from linyin.cli.session import Session
from linyin.cli.summary import Group, groups
from linyin.cli.summary_view import group_view
from linyin.cli.words import LANGUAGES, Lang
from linyin.inventory import CalculationRequest, calculate_folder

from .company import ACTIVITIES, ORGANIZATION, Linyin, UserFolder, told

YEARS = (2020, 2021, 2022, 2023)


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Group:
    made = UserFolder(tmp_path_factory.mktemp("growing"))
    rows = (
        f"g{year},SZ,electricity,electricity,{year},{987654321 + year},kWh,{status},\n"
        for year, status in zip(
            YEARS, ("measured", "measured", "measured", "estimated"), strict=True
        )
    )
    made.configure('[inventory]\ngwp = "AR5-100"\nfactors_as_of = 2026-01-31\n')
    made.write(organization=ORGANIZATION, activities=ACTIVITIES + "".join(rows))
    return groups(calculate_folder(made.path, CalculationRequest(YEARS)))[0]


def printed(group: Group, lang: Lang, width: int | None, patch: pytest.MonkeyPatch) -> list[str]:
    """Print the view of a group; return the lines of the table and the one below it."""
    if width is None:
        patch.delenv("COLUMNS", raising=False)
    else:
        patch.setenv("COLUMNS", str(width))
    session = Session(lang)
    with session.out.capture() as captured:
        session.show(Answer({}, list(group_view(group, session))))
    lines = captured.get().splitlines()
    first = next(i for i, line in enumerate(lines) if line.strip().startswith("kt CO₂e"))
    gap = next(i for i, line in enumerate(lines) if i > first + 3 and not line.strip())
    end = next(i for i, line in enumerate(lines) if i > gap and re.match(r"\S", line))
    return lines[first : end + 1]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 50, 60, 70, 80, 100, 120, 160])
def test_a_table_fits_and_no_cell_of_it_is_cut(
    width: int, lang: Lang, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    *table, _ = printed(group, lang, width, monkeypatch)

    years = [year for year in YEARS if f" {year}" in table[0]]
    total = next(line for line in table if re.match(r"\s+(Total|合计)", line))
    numbers = re.findall(r"\d[\d,]*\.\d+(?=\s|$)(?! %)", total)
    assert max(cell_len(line.rstrip()) for line in table) <= width
    assert "…" not in "".join(table)
    assert YEARS[-1] in years
    assert len(numbers) == len(years)
    assert all(float(number.replace(",", "")) > 400 for number in numbers)


def test_columns_go_one_by_one_and_are_named(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = []
    for width in range(120, 35, -1):
        left = re.search(
            r"Not shown in so narrow a window: (.*) \(",
            "\n".join(printed(group, "en", width, monkeypatch)),
        )
        names = left[1].split(", ") if left else []
        if not gone or gone[-1] != names:
            gone.append(names)

    assert gone == [
        [],
        ["Est."],
        ["Share", "Est."],
        ["2021", "Share", "Est."],
        ["2021", "2022", "Share", "Est."],
        ["2021", "2022", "Share", "vs 2020", "Est."],
        ["2020", "2021", "2022", "Share", "vs 2020", "Est."],
    ]


def test_without_a_terminal_there_is_room_for_every_column(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = printed(group, "en", None, monkeypatch)

    for title in (*map(str, YEARS), "Share", "vs 2020", "Est."):
        assert title in table[0]


def test_commands_to_copy_stand_on_one_line_and_work(
    folder: UserFolder, linyin: Linyin, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = folder.path.parent / "a folder with a long name" / "and another one below it"
    shutil.copytree(folder.path, deep)
    monkeypatch.setenv("COLUMNS", "40")

    printed = linyin("calculate", deep, "--year", 2023).stdout

    line = next(x for x in printed.splitlines() if x.startswith("  linyin trace"))
    _, name, bundle, entry = shlex.split(line)
    assert not Path(bundle).is_absolute()
    assert told(linyin(name, bundle, entry, "--json"))["ok"]


def test_a_path_is_relative_only_where_that_is_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    assert shown(here / "x") == "x"
    assert shown(tmp_path / "y") == "../y"
    assert shown("/z") == "/z"
    assert quoted(here / "my runs") == "'my runs'"


def test_an_address_to_open_is_never_broken_in_two(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    told = Session("en").say("serve.begun", address="http://127.0.0.1:8000", path="/long" * 20)

    Session("en").tell(told)

    assert capsys.readouterr().err == f"{told}\n"
