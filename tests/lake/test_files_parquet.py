import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linyin.lake.files import read_table
from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import Limits

TABLE = pa.table(
    {
        "site": ["SZ", "XA"] * 500,
        "quantity": [1.5, None] * 500,
        "begin": [dt.date(2023, 1, 1)] * 1000,
    }
)


def refusal(path, **settings):
    with pytest.raises(BadInput) as caught:
        read_table(path, **settings)
    return list(caught.value.findings)


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "a.parquet"
    pq.write_table(
        TABLE, target, write_page_checksum=True, compression="none", use_dictionary=False
    )
    return target


def test_columns_keep_their_types_and_rows_count_from_one(path):
    (sheet,) = read_table(path)

    assert sheet.header == ("site", "quantity", "begin")
    assert [column.type for column in sheet.columns] == TABLE.schema.types
    assert [column.to_pylist() for column in sheet.columns] == list(TABLE.to_pydict().values())
    assert sheet.rows.to_pylist() == list(range(1, 1001))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused_and_named_so(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    assert refusal(path) == [Finding("parquet-cut", "error", Where("a.parquet"))]


def test_a_truncated_file_with_a_footers_last_bytes_is_refused(path):
    data = path.read_bytes()
    path.write_bytes(data[:500] + data[-8:])

    (finding,) = refusal(path)

    assert (finding.code, finding.fields["kind"]) == ("file-broken", "Parquet")


def test_a_flipped_byte_in_a_column_is_refused(path):
    data = bytearray(path.read_bytes())
    place = data.index(b"SZ") + 200
    data[place] ^= 0xFF
    path.write_bytes(data)

    (finding,) = refusal(path)

    assert finding.code == "file-broken"


def test_nested_columns_are_refused_by_name(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"tags": [["a"], ["b"]]}), path)

    assert refusal(path) == [Finding("column-nested", "error", Where("a.parquet", column="tags"))]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows=999), "too-many-rows"),
        (Limits(columns=2), "too-many-columns"),
        (Limits(cells=2999), "too-many-cells"),
    ],
)
def test_a_file_beyond_the_limits_is_refused_by_its_footer(path, limits, code):
    (finding,) = refusal(path, limits=limits)

    assert finding.code == code
