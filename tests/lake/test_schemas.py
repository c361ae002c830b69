import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest
from bad.sheets import column, schema, sheet

from linyin.lake.findings import Finding, Where
from linyin.lake.messages import render as render_finding
from linyin.lake.schemas import load
from linyin.lake.sheets import sheet_from_arrow

ACTIVITIES = load("ledger", "activities")


def at(row, name):
    return Where("a.csv", "", row, name)


def test_every_validated_row_says_where_it_stands():
    table, findings = schema(column("site")).validate(sheet("site", "SZ", "XA", first_row=7))

    assert findings == []
    assert table.to_pylist() == [
        {"site": "SZ", "_file": "a.csv", "_sheet": "", "_row": 7},
        {"site": "XA", "_file": "a.csv", "_sheet": "", "_row": 8},
    ]


def test_each_type_has_its_arrow_type_and_its_empty_value():
    columns = [column(kind, kind) for kind in ("text", "code", "unit")]
    columns += [column(kind, kind) for kind in ("decimal", "integer", "date", "boolean")]
    given = schema(*columns)
    header = "|".join(c.name for c in columns)

    table, findings = given.validate(sheet(header, "a|b|kWh|1,234.5|7|2023年5月31日|是", "||||||"))

    assert findings == []
    assert table.schema == given.arrow
    full, empty = table.drop_columns(["_file", "_sheet", "_row"]).to_pylist()
    assert list(full.values()) == ["a", "b", "kWh", 1234.5, 7, dt.date(2023, 5, 31), True]
    assert list(empty.values()) == ["", "", "", None, None, None, None]


def test_columns_that_a_sheet_lacks_have_their_default():
    columns = [
        column("kind", "code", default="normal"),
        column("n", "integer", default="3"),
        column("q", "decimal", default="1.5"),
        column("day", "date", default="2023-01-01"),
        column("flag", "boolean", default="no"),
        column("note"),
        column("count", "integer"),
    ]
    for given in (
        sheet("site", "x"),
        sheet("|".join(["site", *(c.name for c in columns)]), "x|||||||"),
    ):
        table, findings = schema(column("site"), *columns).validate(given)

        assert findings == []
        defaults = table.select([c.name for c in columns]).to_pylist()[0]
        assert list(defaults.values()) == [
            "normal",
            3,
            1.5,
            dt.date(2023, 1, 1),
            False,
            "",
            None,
        ]


def test_all_problems_of_all_rows_come_at_once_in_the_order_of_rows():
    given = schema(column("site", required=True), column("q", "decimal"), column("d", "date"))

    table, findings = given.validate(sheet("site|q|d", "|1|x", "a|2.000,5|2023-01-01", "b|abc|"))

    assert [(f.code, f.at.row, f.at.column) for f in findings] == [
        ("value-missing", 2, "site"),
        ("date-broken", 2, "d"),
        ("number-choices", 3, "q"),
        ("number-broken", 4, "q"),
    ]
    assert findings[2].fields == {"value": "2.000,5", "choices": "2000.5, 2.0005"}
    assert table["q"].to_pylist() == [1.0, None, None]


def test_findings_beyond_the_limit_are_counted_not_listed():
    rows = ["x"] * 2500

    _, findings = schema(column("q", "decimal")).validate(sheet("q", *rows), max_findings=1000)

    assert len(findings) == 1001
    assert [f.at.row for f in findings[:1000]] == list(range(2, 1002))
    assert findings[-1] == Finding("more-findings", "error", Where("a.csv"), {"count": 1500})


def test_problems_that_all_differ_are_each_listed_with_their_own_choices():
    kind = column("kind", "code", allowed=("electricity", "heat"))
    rows = [f"{i},5|electricity{i}" for i in range(3000)]

    _, findings = schema(column("q", "decimal"), kind).validate(sheet("q|kind", *rows))

    assert [f.code for f in findings[:2]] == ["number-choices", "code-unknown-near"]
    assert findings[998].fields == {"value": "499,5", "choices": "499.5, 4995"}
    assert findings[-1].fields == {"count": 5000}


def test_frames_of_other_libraries_are_read_whatever_their_string_type():
    import polars as pl

    frame = pl.DataFrame({"site": ["SZ ", None], "q": [1, 2]})
    views = frame.to_arrow(compat_level=pl.CompatLevel.newest())
    assert views.schema.field("site").type != pa.string()

    for arrow in (frame.to_arrow(), views):
        table, findings = schema(column("site"), column("q", "decimal")).validate(
            sheet_from_arrow(arrow, "frame")
        )
        assert findings == []
        assert table.select(["site", "q"]).to_pydict() == {"site": ["SZ", ""], "q": [1.0, 2.0]}


def test_a_code_close_to_an_allowed_one_is_named_never_taken():
    kind = column("kind", "code", allowed=("electricity", "heat"))

    table, findings = schema(kind).validate(sheet("kind", "electricty", "zzz", "Heat", "heat"))

    assert table["kind"].to_pylist() == ["electricty", "zzz", "heat", "heat"]
    allowed = {"allowed": "electricity, heat", "allowed_zh": "electricity、heat"}
    assert findings == [
        Finding(
            "code-unknown-near",
            "error",
            at(2, "kind"),
            {"value": "electricty", "near": "electricity", **allowed},
        ),
        Finding("code-unknown", "error", at(3, "kind"), {"value": "zzz", **allowed}),
    ]


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"low": 0.0}, "0", "-0.5"),
        ({"low": 0.0, "low_open": True}, "0.5", "0"),
        ({"low": 0.0, "high": 100.0}, "100", "100.5"),
        ({"high": 1.0, "high_open": True}, "0.99", "1"),
    ],
)
def test_numbers_outside_their_bounds_are_found(bounds, inside, outside):
    given = schema(column("q", "decimal", bounds="…", **bounds))

    _, findings = given.validate(sheet("q", inside, outside, ""))

    assert [(f.code, f.at.row) for f in findings] == [("number-out-of-bounds", 3)]
    assert findings[0].fields == {"value": outside, "bounds": "…"}


def test_integers_are_whole():
    table, findings = schema(column("n", "integer")).validate(
        sheet("n", "1,000", "5.0", "5.5", "007")
    )

    assert table["n"].to_pylist() == [1000, 5, None, 7]
    assert [(f.code, f.at.row) for f in findings] == [("integer-broken", 4)]


def test_a_percent_sign_is_read_in_a_column_of_percent_only():
    given = schema(column("p", "decimal", unit="%"), column("q", "decimal", unit="t"))

    table, findings = given.validate(sheet("p|q", "12%|12%"))

    assert table["p"].to_pylist() == [12.0]
    assert [(f.code, f.at.column) for f in findings] == [("number-percent", "q")]


def test_headers_are_found_whatever_their_case_width_and_hyphens():
    table, findings = ACTIVITIES.validate(
        sheet(
            "Source-Type|ｓｉｔｅ|External ID|item|quantity|unit",
            "electricity|SZ|1|electricity|1|kWh",
        )
    )

    assert findings == []
    assert table["external_id"].to_pylist() == ["1"]


def test_headers_are_found_by_their_chinese_name_and_by_alias():
    given = schema(
        column("quantity", "decimal", description={"en": "", "zh": "数量（正数）"}),
        column("unit", "unit", aliases=("计量单位",)),
    )

    table, findings = given.validate(sheet("数量|计量单位", "5|kWh"))

    assert findings == []
    assert table.select(["quantity", "unit"]).to_pylist() == [{"quantity": 5.0, "unit": "kWh"}]


def test_unknown_columns_are_findings_with_near_names():
    _, findings = schema(column("quantity"), column("site")).validate(sheet("qantity|zzzz", "1|2"))

    assert findings == [
        Finding("column-unknown-near", "error", at(1, "qantity"), {"near": "quantity"}),
        unknown("zzzz", "quantity, site", "quantity、site"),
    ]


def unknown(header, expected, expected_zh):
    fields = {"expected": expected, "expected_zh": expected_zh}
    return Finding("column-unknown", "error", at(1, header), fields)


def test_only_the_first_unknown_column_lists_all_columns():
    given = schema(column("quantity"), column("site"))

    _, findings = given.validate(sheet("site|zzzz|yyyy", "1|2|3"))

    assert findings == [
        unknown("zzzz", "quantity, site", "quantity、site"),
        Finding("column-unknown-too", "error", at(1, "yyyy")),
    ]


def test_unknown_chinese_headers_are_answered_with_chinese_headers():
    given = schema(
        column("quantity", description={"en": "", "zh": "数量（正数）"}),
        column("site", description={"en": "", "zh": "发生地点：场所"}, aliases=("plant", "站点")),
        column("note"),
    )

    _, findings = given.validate(sheet("数量值|zzz中文字", "1|2"))

    assert findings == [
        Finding("column-unknown-near", "error", at(1, "数量值"), {"near": "数量"}),
        unknown("zzz中文字", "quantity, site, note", "数量、站点、note"),
    ]


def test_unknown_columns_are_answered_in_the_language_of_the_reader():
    given = schema(column("site", aliases=("站点",)))

    _, (finding,) = given.validate(sheet("zzz中文字", "1"))

    assert "site" in render_finding(finding, "en")
    assert "站点" not in render_finding(finding, "en")
    assert "站点" in render_finding(finding, "zh")


def test_ignored_columns_are_not_read():
    table, findings = schema(column("site")).validate(
        sheet("site|税率|Account", "A|13%|6602"), ignored=["税率", "account"]
    )

    assert findings == []
    assert table["site"].to_pylist() == ["A"]


def test_allowed_values_are_named_in_chinese_to_a_chinese_reader():
    given = schema(column("kind", "code", allowed=("a", "b"), spellings={"甲": "a", "申": "a"}))

    _, (finding,) = given.validate(sheet("kind", "zzz"))

    assert "甲、b" in render_finding(finding, "zh")
    assert "a, b" in render_finding(finding, "en")


MEASURED = schema(
    column("quantity", "decimal", unit="see `unit`", required=True, aliases=("数量",)),
    column("unit", "unit", required=True),
)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("quantity [MWh]", "MWh"),
        ("quantity(m³)", "m³"),
        ("数量[万kWh]", "万kWh"),
        ("quantity（万kWh）", "万kWh"),
        ("数量【t】", "t"),
    ],
)
@pytest.mark.parametrize("beside", ["", "|unit"])
def test_a_unit_in_the_header_of_a_quantity_is_the_unit_of_its_rows(header, unit, beside):
    empty = "|" if beside else ""

    table, findings = MEASURED.validate(sheet(header + beside, f"5{empty}", f"6{empty}"))

    assert findings == []
    assert table.select(["quantity", "unit"]).to_pylist() == [
        {"quantity": 5.0, "unit": unit},
        {"quantity": 6.0, "unit": unit},
    ]


def test_a_cell_may_repeat_the_unit_of_the_header_but_not_contradict_it():
    _, findings = MEASURED.validate(sheet("unit|quantity [MWh]", "MWh|5", "kWh|6"))

    fields = {"value": "kWh", "unit": "MWh"}
    assert findings == [Finding("unit-not-of-header", "error", at(3, "unit"), fields)]


def test_the_unit_of_a_header_comes_before_the_default_unit():
    given = schema(
        column("quantity", "decimal", unit="see `unit`"),
        column("unit", "unit", required=True, default="MWh"),
    )

    table, findings = given.validate(sheet("quantity [kWh]", "5"))

    assert (table["unit"].to_pylist(), findings) == (["kWh"], [])


def test_a_column_of_one_unit_may_repeat_it_in_its_header_but_no_other():
    given = schema(column("mass", "decimal", unit="kg"))

    table, findings = given.validate(sheet("mass (kg)", "5"))
    assert (table["mass"].to_pylist(), findings) == ([5.0], [])

    _, findings = given.validate(sheet("mass (t)", "5"))
    assert [f.code for f in findings] == ["column-unknown-near"]


def test_columns_that_the_caller_knows_are_kept_as_text():
    def named_input(header):
        return header if header.endswith("[km]") else None

    table, findings = schema(column("site")).validate(
        sheet("site|distance [km]", "SZ|1000 km"), named_input
    )

    assert findings == []
    assert table["distance [km]"].to_pylist() == ["1000 km"]


def test_a_column_twice_is_found_also_under_two_names():
    given = schema(column("quantity", description={"en": "", "zh": "数量"}))

    _, findings = given.validate(sheet("quantity|数量", "1|2"))

    fields = {"name": "quantity", "first": "A", "second": "B"}
    assert findings == [Finding("column-twice", "error", at(1, "数量"), fields)]


def test_a_column_with_values_but_no_header_is_found_an_empty_one_is_not():
    _, findings = schema(column("a")).validate(sheet("a||", "1|x|"))

    assert findings == [Finding("header-empty", "error", at(1, "B"))]


def test_a_missing_required_column_is_one_finding():
    _, findings = schema(column("a"), column("site", required=True)).validate(sheet("a", "1", "2"))

    assert findings == [Finding("column-missing", "error", at(1, "site"), {"headers": "a"})]


def test_a_cell_the_reader_complained_about_is_not_called_empty_too():
    uncached = Finding("formula-uncached", "error", at(2, "site"))
    given = replace(sheet("site|q", "|1", "|2"), findings=(uncached,))

    _, findings = schema(column("site", required=True), column("q")).validate(given)

    assert findings == [uncached, Finding("value-missing", "error", at(3, "site"), {"value": ""})]


def test_an_excel_error_is_found_in_text_too():
    _, findings = schema(column("site")).validate(sheet("site", "#REF!", "#5 meter"))

    assert findings == [Finding("cell-excel-error", "error", at(2, "site"), {"value": "#REF!"})]


def test_a_date_cell_in_a_column_of_codes_is_found():
    given = replace(sheet("id|note", "2023-02-01|2023-02-01"), dates={0: pa.array([True])})

    _, findings = schema(column("id", "code"), column("note")).validate(given)

    assert [(f.code, f.at.column) for f in findings] == [("code-is-date", "id")]


def test_the_unit_of_a_row_passes_as_written():
    table, findings = schema(column("unit", "unit")).validate(sheet("unit", "ton", "万kWh"))

    assert findings == []
    assert table["unit"].to_pylist() == ["ton", "万kWh"]


def test_typed_columns_of_frames_are_taken_as_they_are():
    frame = pa.table(
        {
            "id": pa.array([1, 2, None], pa.int64()),
            "q": pa.array([0.1 + 0.2, float("nan"), 2.0]),
            "money": pa.array([Decimal("1.10"), None, Decimal("3.00")], pa.decimal128(20, 2)),
            "n": pa.array([1, None, 3], pa.int32()),
            "day": pa.array([dt.datetime(2023, 5, 31)] * 3, pa.timestamp("ns")),
            "ok": pa.array([True, False, None]),
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
        }
    )
    given = schema(
        column("id", "code"),
        column("q", "decimal"),
        column("money", "decimal"),
        column("n", "integer"),
        column("day", "date"),
        column("ok", "boolean"),
        column("kind", "code"),
    )

    table, findings = given.validate(sheet_from_arrow(frame, "frame"))

    assert findings == []
    assert table.drop_columns(["_file", "_sheet"]).to_pydict() == {
        "id": ["1", "2", ""],
        "q": [0.1 + 0.2, None, 2.0],
        "money": [1.1, None, 3.0],
        "n": [1, None, 3],
        "day": [dt.date(2023, 5, 31)] * 3,
        "ok": [True, False, None],
        "kind": ["a", "b", "a"],
        "_row": [1, 2, 3],
    }


def test_typed_numbers_that_float64_cannot_keep_are_found():
    frame = pa.table({"q": pa.array([2**60 + 1, 5]), "r": pa.array([float("inf"), 1.0])})

    table, findings = schema(column("q", "decimal"), column("r", "decimal")).validate(
        sheet_from_arrow(frame, "frame")
    )

    assert [(f.code, f.at.row, f.at.column) for f in findings] == [
        ("number-too-long", 1, "q"),
        ("number-out-of-range", 1, "r"),
    ]
    assert table["r"].to_pylist() == [None, 1.0]


@pytest.mark.parametrize("table", ["activities", "factors"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_template_is_a_csv_file_that_its_own_schema_reads(tmp_path, table, lang):
    from linyin.lake.files import read_table

    given = load("ledger", table)
    path = tmp_path / f"{table}.csv"
    path.write_text(given.template(lang), encoding="utf-8")

    (read,) = read_table(path, given)
    validated, findings = given.validate(read)

    assert findings == []
    assert validated.num_rows == 0
    assert validated.schema == given.arrow
    notes = [row[0] for row in csv.reader(io.StringIO(given.template(lang))) if row[0][:1] == "#"]
    assert len(notes) == len(given.columns) + 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_reference_has_a_row_a_column_and_as_many_cells_as_its_head(lang):
    lines = ACTIVITIES.reference(lang).splitlines()

    assert len(lines) == len(ACTIVITIES.columns) + 2
    assert {line.replace("\\|", "").count("|") for line in lines} == {9}


def test_a_schema_that_is_not_there_or_broken_is_refused():
    with pytest.raises(FileNotFoundError):
        load("ledger", "nothing")
    with pytest.raises(ValueError, match="lacks allowed, column"):
        load("ledger", "inputs")


def test_rules_of_schema_files_are_read():
    columns = {c.name: c for c in ACTIVITIES.columns}

    assert columns["kind"].allowed == ("normal", "reversal", "credit")
    assert (columns["uncertainty_pct"].low, columns["uncertainty_pct"].low_open) == (0.0, False)
    assert columns["kind"].description["zh"] == "类型"
    assert columns["quantity"].required
    assert columns["relation"].default == "owned"
