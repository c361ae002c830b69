from __future__ import annotations

from pathlib import Path

import pytest

from linyin.cli.command import Answer
from linyin.cli.session import Session

from .company import ACTIVITIES, ORGANIZATION, Linyin, UserFolder, told

BROKEN = """external_id,site,source_type,item,period,quantity,unit,status
g1,SZ,electricity,electricity,2023,1000,MWh,invoiced
b1,SZ,mobile_combustion,diesel,2023,1000,ton,invoiced
b2,XX,electricity,electricity,2023,1000,MWh,invoiced
b3,SZ,electricity,electricity,2023-13,1000,MWh,invoiced
b4,SZ,electricity,electricity,2023,12..5,MWh,invoiced
"""
EXPECTED = {
    (3, "unit", "unit-ambiguous"),
    (4, "site", "site-unknown"),
    (5, "period", "period-broken"),
    (6, "quantity", "number-broken"),
}


def cells(found: list[dict[str, object]]) -> set[tuple[object, ...]]:
    places = [(f["at"], f["code"]) for f in found if f["severity"] == "error"]
    return {(at["row"], at["column"], code) for at, code in places}  # type: ignore[index]


@pytest.mark.parametrize("command", [["calculate", "--year", "2023"], ["check"]])
def test_every_bad_cell_is_told_at_once_and_nothing_is_committed(
    command: list[str], folder: UserFolder, linyin: Linyin
) -> None:
    assert linyin("calculate", folder.path, "--year", 2023).exit_code == 0
    before = folder.lake_versions
    folder.write(activities=BROKEN)

    name, *options = command
    result = linyin(name, folder.path, *options, "--json")

    assert result.exit_code == 2
    assert cells(told(result)["findings"]) == EXPECTED
    assert folder.lake_versions == before
    assert before


def test_a_message_says_where_what_and_what_is_expected(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(activities=BROKEN)

    result = linyin("calculate", folder.path, "--year", 2023)

    line = next(x for x in result.stderr.splitlines() if "column unit" in x)
    assert "activities.csv, row 3, column unit" in line
    assert "ton" in line
    assert "long_ton" in line
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_messages_are_in_the_language_asked_for(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(activities=BROKEN)

    result = linyin("calculate", folder.path, "--year", 2023, "--lang", "zh")

    assert "activities.csv，第 3 行，列 unit：" in result.stderr
    assert "4 个错误" in result.stderr


def test_a_check_tells_broken_cells_and_missing_factors_together(
    folder: UserFolder, linyin: Linyin
) -> None:
    nowhere = "x1,SZ,goods,unobtainium,2023,5,t,invoiced\n"
    folder.write(activities=BROKEN + nowhere)

    result = linyin("check", folder.path, "--json")

    codes = {f["code"] for f in told(result)["findings"]}
    assert result.exit_code == 2
    assert codes >= {"unit-ambiguous", "number-broken", "factor-missing"}


def test_a_check_posts_nothing_and_leaves_nothing(folder: UserFolder, linyin: Linyin) -> None:
    result = linyin("check", folder.path)

    assert result.exit_code == 0
    assert "Ready to calculate" in result.stdout
    assert not (folder.path / ".linyin").exists()


def test_a_check_names_the_same_row_twice(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(activities=ACTIVITIES + ACTIVITIES.splitlines()[1] + "\n")

    result = linyin("check", folder.path, "--json")

    assert result.exit_code == 2
    assert [f["at"]["row"] for f in told(result)["findings"] if f["severity"] == "error"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["calculate", "nowhere", "--year", "2023"], "config-missing"),
        (["replay", "nowhere"], "bundle-missing"),
        (["factors", "show", "mee-grid-2023-CN-GDD"], "factor-unknown"),
        (["factors", "explain", "unobtainium", "--unit", "t", "--year", "2023"], "item-unknown"),
        (["factors", "explain", "diesel", "--unit", "gal", "--year", "2023"], "unit-ambiguous"),
        (["factors", "import", "nowhere.csv", "--publisher", "epa"], "path-missing"),
    ],
)
def test_what_a_user_can_mend_is_a_finding_and_exit_code_2(
    arguments: list[str], code: str, linyin: Linyin
) -> None:
    result = linyin(*arguments, "--json")

    assert result.exit_code == 2
    assert [f["code"] for f in told(result)["findings"]] == [code]
    assert "{" not in told(result)["findings"][0]["message"]


@pytest.mark.parametrize("option", ["approach", "gwp", "standard", "entity"])
def test_an_unknown_choice_is_refused_before_anything_is_posted(
    option: str, folder: UserFolder, linyin: Linyin
) -> None:
    result = linyin("calculate", folder.path, "--year", 2023, f"--{option}", "nonsense")

    assert result.exit_code == 2
    assert "nonsense" in result.stderr
    assert folder.lake_versions == []


def test_an_organization_without_nodes_is_named(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(organization="code,kind,name_en\n", activities=ACTIVITIES.splitlines()[0] + "\n")

    result = linyin("calculate", folder.path, "--year", 2023, "--json")

    assert "organization-empty" in {f["code"] for f in told(result)["findings"]}


def test_an_error_of_the_program_is_not_dressed_up(
    folder: UserFolder, linyin: Linyin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("linyin.inventory.read_folder", broken)

    with pytest.raises(ZeroDivisionError):
        linyin("calculate", folder.path, "--year", 2023)


def test_a_template_overwrites_nothing(tmp_path: Path, linyin: Linyin) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "activities.csv").write_text("precious", encoding="utf-8")

    result = linyin("template", mine, "--json")

    assert result.exit_code == 2
    assert [f["code"] for f in told(result)["findings"]] == ["path-exists"]
    assert [p.name for p in mine.iterdir()] == ["activities.csv"]
    assert (mine / "activities.csv").read_text(encoding="utf-8") == "precious"


def test_a_control_character_in_a_cell_is_bad_input(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(organization=ORGANIZATION.replace("Group", "G\x1b[2J"))

    bad = linyin("calculate", folder.path, "--year", 2023)
    found = told(linyin("check", folder.path, "--json"))["findings"]

    assert bad.exit_code == 2
    assert "“G<U+001B>[2J”" in bad.stderr
    assert [(f["code"], f["at"]["row"]) for f in found if f["severity"] == "error"] == [
        ("cell-control-character", 2)
    ]


def test_no_text_steers_the_terminal_wherever_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.table import Table
    from rich.text import Text

    monkeypatch.setenv("FORCE_COLOR", "1")
    evil = "a\x1b]0;owned\x9b2J\u202eb\u2066"
    table = Table(evil)
    table.add_row(evil)
    view = [Text(evil, style="bold"), evil, table]

    Session("en").show(Answer({}, view))
    Session("en", as_json=True).show(Answer({"name": evil}))

    printed = capsys.readouterr().out
    assert printed.count("<U+202E>b") == 2
    assert printed.count("a<U+001B>]0;") == 4
    assert "\\u001b]0;owned\\u009b2J\\u202eb\\u2066" in printed
    assert not set("\x9b\u202e\u2066") & set(printed)
    assert "\x1b]" not in printed


@pytest.mark.parametrize(
    "arguments",
    [
        ["calculate", "company", "--json"],
        ["calculate", "company", "--year", "x", "--json"],
        ["check", "company", "--nothing", "--json"],
        ["calculat", "company", "--json"],
        ["report", "--json"],
    ],
)
def test_a_wrong_command_line_is_answered_in_json_where_json_is_asked_for(
    arguments: list[str], linyin: Linyin
) -> None:
    result = linyin(*arguments)

    answer = told(result)
    assert (result.exit_code, answer["ok"], answer["exit_code"]) == (2, False, 2)
    (found,) = answer["findings"]
    assert (found["code"], found["severity"]) == ("usage-wrong", "error")
    assert result.stderr == ""


def test_a_wrong_command_line_is_answered_in_words_else(linyin: Linyin) -> None:
    result = linyin("calculate", "company")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "--year" in result.stderr


def test_a_cell_of_an_imported_factor_file_is_a_row_and_a_column(
    linyin: Linyin, tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text("factor_id,level\nx,1\n", encoding="utf-8")

    result = linyin("factors", "import", "own.csv", "--publisher", "template")

    assert "own.csv, row 1, column B: unknown column 'level'" in result.stderr

    chinese = linyin("factors", "import", "own.csv", "--publisher", "template", "--lang", "zh")

    assert "own.csv，第 1 行，列 B：未知的列“level”" in chinese.stderr
    assert "unknown" not in chinese.stderr
