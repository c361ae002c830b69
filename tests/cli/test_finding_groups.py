from __future__ import annotations

from linyin.cli.finding_groups import group_findings
from linyin.cli.findings import grouped_lines
from linyin.cli.session import Session
from linyin.lake import Finding, Where

from .company import Linyin, UserFolder


def found(code: str, severity: str, row: int, **fields: str | int) -> Finding:
    return Finding(code, severity, Where("a.csv", "", row, "unit"), fields)  # type: ignore[arg-type]


def lines(findings: list[Finding], **options: int) -> list[str]:
    return [line.plain for line in grouped_lines(findings, Session("en"), **options)]


def test_the_gravest_come_first_then_the_most_frequent() -> None:
    findings = [found("a", "question", 1), *(found("b", "warning", n) for n in range(2))]
    findings += [found("c", "warning", 9), found("d", "error", 9)]

    assert [g.code for g in group_findings(findings)] == ["d", "b", "c", "a"]


def test_a_warning_is_told_once_with_what_the_others_are_about() -> None:
    places = ("IN", "ID", "TH", "MY", "PK", "JP", "DE", "AT")
    findings = [
        found("residual-missing", "warning", n, place=place, item="electricity", rows=36)
        for n, place in enumerate(places, 2)
    ]

    first, rest = lines(findings)

    assert first.startswith("! a.csv, row 2, column unit: no residual mix is known for IN")
    assert rest == "    8 in all · place IN; ID; TH; MY; PK; JP … · a.csv: rows 2, 3, 4, 5 …"


def test_every_error_is_told_up_to_ten_of_a_cause() -> None:
    findings = [found("code-unknown", "error", n, value=f"v{n}", allowed="t") for n in range(1, 14)]

    shown = lines(findings)

    assert len(shown) == 11
    assert all(f"“v{n}”" in line for n, line in zip(range(1, 11), shown, strict=False))
    assert shown[-1] == "    3 more · value v11; v12; v13 · a.csv: rows 11, 12, 13"


def test_errors_are_told_file_by_file_and_row_by_row() -> None:
    places = [("b.csv", 2, "x"), ("a.csv", 9, "x"), ("a.csv", 3, "y"), ("b.csv", 1, "y")]
    findings = [Finding(code, "error", Where(file, "", row)) for file, row, code in places]

    told = [line.split(":")[0] for line in lines(findings)]

    assert told == ["✗ a.csv, row 3", "✗ a.csv, row 9", "✗ b.csv, row 1", "✗ b.csv, row 2"]


def test_no_more_causes_than_asked_for_are_told_and_the_rest_is_counted() -> None:
    findings = [found(code, "warning", n) for code in "abc" for n in range(3)]

    shown = lines(findings, kinds=2)

    assert len(shown) == 5
    assert "6 more" not in shown[-1]
    assert "3 more" in shown[-1]


def test_a_check_of_a_thousand_gaps_is_a_page(folder: UserFolder, linyin: Linyin) -> None:
    head = "external_id,site,source_type,item,period,quantity,unit,status\n"
    rows = (
        f"m{n},SZ,{kind},2023,{n + 1},{unit},measured\n"
        for n, (kind, unit) in enumerate(
            [("electricity,electricity", "kWh"), ("mobile_combustion,diesel", "L")] * 500
        )
    )
    folder.write(activities=head + "".join(rows))

    result = linyin("check", folder.path)

    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) < 40


def test_others_of_which_nothing_can_be_told_are_only_counted() -> None:
    findings = [Finding("code-unknown", "error", Where(), {"value": "x"}) for _ in range(23)]

    assert lines(findings)[-1] == "    13 more"
