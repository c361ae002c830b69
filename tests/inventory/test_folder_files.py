"""Every file of a folder is read or named; a year without rows is an error, not a zero."""

from __future__ import annotations

import shutil

import pytest

from builders import FolderBuilder
from linyin.inventory.calculate import calculate
from linyin.inventory.dryrun import check
from linyin.inventory.folder import read_folder
from linyin.inventory.jobs import Request
from linyin.lake import BadInput, Finding, Where


def company(folder: FolderBuilder) -> FolderBuilder:
    folder.company("S").factor("f", use="process", item="x", unit="t", co2_kg="1000")
    return folder.activity("a", source_type="process", item="x", quantity=2, unit="t")


@pytest.mark.parametrize(
    "name",
    [
        "activities_2023.csv",
        "activities 2023.csv",
        "activities-b.csv",
        "Activities.CSV",
        "ACTIVITIES_X.csv",
        "activities.txt",
        "Activities/2023.csv",
    ],
)
def test_a_file_of_a_tables_name_is_read_whatever_its_case_or_separator(folder, name):
    path = company(folder).write()
    target = path / name
    target.parent.mkdir(exist_ok=True)
    shutil.move(path / "activities.csv", target)

    read = read_folder(path)

    assert [file for file, _ in read.activities] == [name]
    assert read.activities[0][1].table.num_rows == 1
    assert not read.findings


@pytest.mark.parametrize(
    ("name", "code", "severity"),
    [
        ("activities2023.csv", "table-file-unread", "error"),
        ("Activities.ods", "table-file-unread", "error"),
        ("activities-x.xls", "table-file-old-excel", "error"),
        ("old.xls", "table-file-old-excel", "warning"),
        ("activity.csv", "file-unread", "warning"),
        ("活动.csv", "file-unread", "warning"),
        ("notes.docx", "file-unread", "warning"),
    ],
)
def test_a_file_that_is_not_read_is_named(folder, name, code, severity):
    path = company(folder).write()
    (path / name).write_text("x", encoding="utf-8")

    found = read_folder(path).findings

    assert [(f.code, f.severity, f.at) for f in found] == [(code, severity, Where(name))]


def test_a_misspelt_table_is_told_its_name(folder):
    path = company(folder).write()
    (path / "activity.csv").write_text("x", encoding="utf-8")

    assert read_folder(path).findings[0].fields["expected"] == "activities.csv"


def test_readme_hidden_files_lock_files_and_other_folders_are_passed_over(folder):
    path = company(folder).write()
    for name in ("README.md", "readme.txt", ".DS_Store", "~$activities.xlsx"):
        (path / name).write_text("x", encoding="utf-8")
    (path / "evidence").mkdir()
    (path / "evidence" / "activities2023.csv").write_text("x", encoding="utf-8")

    assert not read_folder(path).findings


def test_an_unreadable_file_beside_good_ones_stops_the_calculation(folder):
    path = company(folder).write()
    (path / "activities2023.csv").write_text("x", encoding="utf-8")

    with pytest.raises(BadInput):
        calculate(path, Request((2023,)))


def test_no_file_of_activities_is_an_error(folder):
    path = company(folder).write()
    (path / "activities.csv").unlink()
    expected = Finding("activities-none", "error", Where("activities"))

    with pytest.raises(BadInput) as bad:
        calculate(path, Request((2023,)))
    assert bad.value.findings == (expected,)
    assert expected in check(path).findings


def test_headers_without_rows_are_an_error(folder):
    path = company(folder).write()
    header = (path / "activities.csv").read_text("utf-8").splitlines()[0]
    (path / "activities.csv").write_text(f"{header}\n", encoding="utf-8")

    with pytest.raises(BadInput) as bad:
        calculate(path, Request((2023,)))
    assert [f.code for f in bad.value.findings][-1] == "activities-none"
    assert "activities-none" in [f.code for f in check(path).findings]


def test_a_year_that_no_row_touches_is_an_error_that_names_what_is_covered(folder):
    path = company(folder).write()
    fields = {"period": "2021-01-01 – 2021-12-31", "first": "2023-01-01", "last": "2023-12-31"}
    expected = Finding("activities-outside", "error", Where("activities"), fields)

    with pytest.raises(BadInput) as bad:
        calculate(path, Request((2021, 2023)))
    assert bad.value.findings == (expected,)
    assert not (path / ".linyin").exists()
    assert [f for f in check(path, [2021]).findings if f.severity == "error"] == [expected]


def test_a_zero_that_is_stated_is_calculated(folder):
    folder.company("S").factor("f", use="process", item="x", unit="t", co2_kg="1000")
    folder.activity("a", source_type="process", item="x", quantity=0, unit="t")

    assert folder.calculate(2023).total("location") == 0


def test_rows_set_aside_by_a_trial_are_not_called_missing(folder):
    folder.company("S").factor("f", use="process", item="x", unit="t", co2_kg="1000")
    folder.activity("a", source_type="process", item="x", quantity=2, unit="zzz")

    assert [f.code for f in check(folder.write(), [2023]).findings] == ["unit-unknown"]


def test_only_a_source_type_that_removes_may_be_a_removal(folder):
    folder.company("S")
    for source_type in ("removal", "stationary_combustion", "electricity", "goods"):
        folder.activity(
            source_type, source_type=source_type, item="x", quantity=1, unit="t", flow="removal"
        )

    found = [f for f in read_folder(folder.write()).findings if f.code == "removal-misfit"]

    assert [(f.severity, f.at.row, f.at.column) for f in found] == [
        ("error", row, "flow") for row in (3, 4, 5)
    ]


def years(folder: FolderBuilder, *periods: str) -> FolderBuilder:
    company(folder).tables["activities"].clear()
    for number, period in enumerate(periods):
        folder.activity(
            f"r{number}", source_type="process", item="x", quantity=1, unit="t", period=period
        )
    return folder


def test_only_years_with_rows_are_tried_and_a_row_far_from_the_others_is_asked_about(folder):
    months = [f"2023-{month:02}" for month in range(1, 13)]

    checked = check(years(folder, *months, "2019-03").write())

    assert checked.years == (2019, 2023)
    assert not [f for f in checked.findings if f.severity == "error"]
    (far,) = (f for f in checked.findings if f.code == "period-far")
    assert (far.severity, far.at.row, far.at.column) == ("question", 14, "period")


@pytest.mark.parametrize(
    "periods",
    [("2021", "2022", "2023"), tuple(f"{y}-{m:02}" for y in (2019, 2023) for m in range(1, 13))],
)
def test_years_that_hold_together_or_have_many_rows_are_not_asked_about(folder, periods):
    assert not [
        f for f in check(years(folder, *periods).write()).findings if f.code == "period-far"
    ]


def test_the_fullest_year_is_the_latest_that_the_rows_cover(folder):
    folder.company("S")
    for month in range(1, 13):
        folder.activity(
            f"r{month}", source_type="process", item="x", quantity=1, unit="t", period="",
            begin=f"2023-{month:02}-01",
            end=f"2023-{month + 1:02}-01" if month < 12 else "2024-01-21",
        )  # fmt: skip

    checked = check(folder.write())

    assert (checked.years, checked.fullest) == ((2023, 2024), 2023)


def test_rows_outside_the_periods_asked_for_are_told_with_what_is_left_out(folder):
    years(folder, "2021", "2022-05", "2022-12-31", "2023")
    folder.tables["activities"][1]["period"] = ""
    folder.tables["activities"][1] |= {"begin": "2022-12-01", "end": "2023-02-01"}

    (found,) = (f for f in folder.calculate(2023).findings if f.code == "rows-outside")

    assert (found.severity, found.at.row, found.at.column) == ("question", 2, "period")
    assert found.fields == {
        "rows": 2, "first": "2021-01-01", "last": "2022-12-31", "quantities": "x 2 t",
    }  # fmt: skip


def test_rows_of_the_years_asked_for_are_not_outside(folder):
    runs = years(folder, "2022", "2023").calculate_all(2022, 2023)

    assert "rows-outside" not in {f.code for run in runs for f in run.findings}


@pytest.mark.parametrize("name", ["activities.csv", "activities/2023.csv", "factors.csv"])
def test_a_table_that_links_out_of_the_folder_is_not_read(folder, tmp_path, name):
    path = company(folder).write()
    (path / "activities.csv").rename(tmp_path / "elsewhere.csv")
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).unlink(missing_ok=True)
    (path / name).symlink_to(tmp_path / "elsewhere.csv")

    read = read_folder(path)

    assert Finding("file-outside", "error", Where(name)) in read.findings
    assert read.activities == []


def test_a_configuration_that_links_out_of_the_folder_is_not_read(folder, tmp_path):
    path = company(folder).write()
    (path / "linyin.toml").rename(tmp_path / "secret.toml")
    (path / "linyin.toml").symlink_to(tmp_path / "secret.toml")

    with pytest.raises(BadInput) as caught:
        read_folder(path)

    assert caught.value.findings == (Finding("file-outside", "error", Where("linyin.toml")),)


def test_a_table_that_links_inside_the_folder_is_read(folder):
    path = company(folder).write()
    (path / "data").mkdir()
    (path / "activities.csv").rename(path / "data" / "rows.csv")
    (path / "activities.csv").symlink_to(path / "data" / "rows.csv")

    read = read_folder(path)

    assert [file for file, _ in read.activities] == ["activities.csv"]
    assert not read.findings
