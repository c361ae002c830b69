import codecs
import csv
import io

import pytest
from bad.sheets import column, schema
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linyin.lake.encoding import to_utf8
from linyin.lake.files import read_table
from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import Limits

CHINESE = "site,item,quantity\n深圳,电力,12\n南京,天然气,３\n"


@pytest.fixture
def write(tmp_path):
    def write_file(data: str | bytes, name: str = "a.csv"):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write_file


def cells(sheet):
    return list(zip(*(column.to_pylist() for column in sheet.columns), strict=True))


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def refusal(path, **settings):
    with pytest.raises(BadInput) as caught:
        read_table(path, **settings)
    return list(caught.value.findings)


def test_rows_keep_their_numbers_over_comments_blank_lines_and_line_breaks_in_cells(write):
    path = write('# note, with, commas\n\na,b\n1,"x\ny"\n\n# one\n#two,commented\n,\n2,z\n')

    (sheet,) = read_table(path)

    assert sheet.header == ("a", "b")
    assert sheet.header_row == 3
    assert cells(sheet) == [("1", "x\ny"), ("2", "z")]
    assert sheet.rows.to_pylist() == [4, 9]
    assert sheet.findings == ()


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="#"),
    max_size=6,
).map(str.strip)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(texts, texts, st.text('ab\n",;', max_size=4).map(str.strip)), max_size=8),
    st.sampled_from(",;\t"),
)
def test_cells_are_those_that_the_csv_module_wrote(tmp_path_factory, rows, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("h1", "h2", "h3"), *rows])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")

    (sheet,) = read_table(path)

    kept = [(number, row) for number, row in enumerate(rows, 2) if any(row)]
    assert cells(sheet) == [row for _, row in kept]
    assert sheet.rows.to_pylist() == [number for number, _ in kept]
    assert sheet.findings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_gbk_reads_as_well_as_utf8(write, encoding):
    (sheet,) = read_table(write(CHINESE.encode(encoding)))

    assert sheet.header == ("site", "item", "quantity")
    assert cells(sheet) == [("深圳", "电力", "12"), ("南京", "天然气", "３")]


@given(st.text("深圳南京电力天然气吨千瓦时（）abc,\n", min_size=1))
def test_chinese_text_is_the_same_from_gbk_and_from_utf8(text):
    gbk = text.encode("gbk")
    assume(gbk.isascii() or not is_utf8(gbk))

    assert to_utf8(gbk, "a.csv") == text.encode()


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF16_LE + CHINESE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"),
        "site,item\nSZ,electricity\n".encode("utf-16-le"),
    ],
)
def test_utf16_is_refused_with_a_hint(write, data):
    (finding,) = refusal(write(data))

    assert finding.code == "text-utf16"


def test_a_nul_byte_is_refused_with_its_row(write):
    assert refusal(write(b"a,b\n1,2\n3,\x004\n")) == [
        Finding("text-nul", "error", Where("a.csv", row=3))
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (CHINESE.encode() + "西安,电,".encode() + b"\xff\n", "FF 0A"),
        ("site,note\nSZ,x\nLyon,énergie consommée à côté\n".encode("latin-1"), "E9 6E 65 72"),
    ],
)
def test_text_that_is_neither_utf8_nor_chinese_is_refused_with_its_row(write, data, found):
    row = data.count(b"\n", 0, data.index(bytes.fromhex(found))) + 1

    assert refusal(write(data)) == [
        Finding("text-encoding", "error", Where("a.csv", row=row), {"bytes": found})
    ]


def test_ragged_rows_are_findings_and_the_others_are_read(write):
    (sheet,) = read_table(write("a,b\n1,2\n3\n4,5,6\n7,8\n"))

    assert cells(sheet) == [("1", "2"), ("7", "8")]
    assert sheet.rows.to_pylist() == [2, 5]
    assert list(sheet.findings) == [
        Finding("row-ragged", "error", Where("a.csv", row=3), {"found": 1, "expected": 2}),
        Finding("row-ragged", "error", Where("a.csv", row=4), {"found": 3, "expected": 2}),
    ]


def test_ragged_rows_beyond_the_limit_are_counted(write):
    (sheet,) = read_table(write("a,b\n" + "1\n" * 50), limits=Limits(findings=20))

    assert len(sheet.findings) == 21
    assert sheet.findings[-1] == Finding("more-findings", "error", Where("a.csv"), {"count": 30})


def test_a_quote_that_is_never_closed_is_found(write):
    (sheet,) = read_table(write('a,b\n1,2\n3,"x\n5,6\n7,8\n'))

    assert Finding("quote-open", "error", Where("a.csv", row=3)) in sheet.findings


def test_an_inch_sign_inside_a_cell_is_no_open_quote(write):
    (sheet,) = read_table(write('a,b\n1,5" pipe\n2,x\n'))

    assert cells(sheet) == [("1", '5" pipe'), ("2", "x")]
    assert sheet.findings == ()


def test_a_duplicate_header_is_found_on_validation(write):
    (sheet,) = read_table(write("site,site\na,b\n"))

    _, findings = schema(column("site")).validate(sheet)

    assert [f.code for f in findings] == ["column-twice"]


def test_titles_above_the_header_are_passed_over_with_a_schema(write):
    given = schema(column("site"), column("quantity", "decimal"))

    (sheet,) = read_table(write("2023 electricity\nall sites,,\nsite,quantity\nSZ,5\n"), given)

    assert sheet.header_row == 3
    assert cells(sheet) == [("SZ", "5")]
    assert sheet.findings == ()


def test_a_comma_number_in_a_file_with_semicolons_is_not_guessed(write):
    given = schema(column("site"), column("q", "decimal"))

    (sheet,) = read_table(write("site;q\nSZ;1,234\nXA;1 234,5\n"))
    _, findings = given.validate(sheet)

    assert [(f.code, f.at.row) for f in findings] == [("number-choices", 2), ("number-broken", 3)]


def test_a_million_empty_rows_are_skipped_with_a_warning(write):
    (sheet,) = read_table(write("a,b\n1,2\n" + ",\n" * 1_000_000))

    assert cells(sheet) == [("1", "2")]
    assert list(sheet.findings) == [
        Finding("rows-empty", "warning", Where("a.csv"), {"count": 1_000_000})
    ]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "file-empty"),
        ("a.csv", b"# only a note\n\n", "file-empty"),
        ("a.csv", b"PK\x03\x04....", "file-other-kind"),
        ("a.xlsx", b"site,quantity\n", "file-other-kind"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "file-locked"),
        ("a.parquet", b"site,quantity\n", "file-other-kind"),
        ("a.pdf", b"%PDF", "file-kind-unknown"),
    ],
)
def test_a_file_that_is_no_table_is_refused(write, name, data, code):
    (finding,) = refusal(write(data, name))

    assert (finding.code, finding.at) == (code, Where(name))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "a.csv") == [Finding("file-missing", "error", Where("a.csv"))]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_bytes=10), "file-too-large"),
        (Limits(rows=1), "too-many-rows"),
        (Limits(columns=1), "too-many-columns"),
    ],
)
def test_a_file_beyond_the_limits_is_refused(write, limits, code):
    (finding,) = refusal(write("a,b\n1,2\n3,4\n"), limits=limits)

    assert finding.code == code
