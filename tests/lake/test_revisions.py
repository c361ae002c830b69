from __future__ import annotations

import hashlib
from datetime import date

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linyin.lake import revision_sql
from linyin.lake.findings import BadInput
from linyin.lake.revisions import RevisedMeanwhile, create, current, history, post, remove
from linyin.lake.store import LakeError
from linyin.lake.tables import Lake

CONTENT = pa.schema(
    [
        ("source", pa.string()),
        ("external_id", pa.string()),
        ("item", pa.string()),
        ("quantity", pa.float64()),
        ("pieces", pa.int32()),
        ("begin", pa.date32()),
        ("flag", pa.bool_()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("supersedes", pa.string()),
    ]
)


def delivery(*rows: dict[str, object], file: str = "a.csv") -> pa.Table:
    """Rows as a reader hands them over: the first stands in row 2 of its file."""
    full = [
        {"_file": file, "_sheet": "", "_row": number, "status": "invoiced", **row}
        for number, row in enumerate(rows, start=2)
    ]
    places = [("_file", pa.string()), ("_sheet", pa.string()), ("_row", pa.int64())]
    return pa.Table.from_pylist(full, schema=pa.schema([*CONTENT, *places]))


def row(external_id: str, quantity: float = 1.0, **more: object) -> dict[str, object]:
    return {"external_id": external_id, "quantity": quantity, **more}


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    create(lake, "activities", CONTENT)
    return lake


def deliver(lake, *rows, source="erp", reason="import", full=False, file="a.csv"):
    return post(lake, "activities", source, delivery(*rows, file=file), reason=reason, full=full)


def counts(posted):
    return posted.new, posted.unchanged, posted.revised, posted.removed


def now(lake, version=None):
    query = f"SELECT source, external_id, quantity FROM ({current(lake, 'activities', version)})"
    return set(duckdb.sql(query).fetchall())


def test_unknown_rows_are_new_and_keep_where_they_stood(lake):
    posted = deliver(lake, row("1", 5.0), row("2", 6.0))

    assert counts(posted) == (2, 0, 0, 0)
    assert now(lake) == {("erp", "1", 5.0), ("erp", "2", 6.0)}
    (first,) = history(lake, "activities", "erp", "2").to_pylist()
    assert (first["_revision"], first["_removed"], first["_reason"]) == (1, False, "import")
    assert (first["_file"], first["_row"], first["_batch"]) == ("a.csv", 3, posted.batch)


def test_the_same_content_again_is_no_news_and_makes_no_commit(lake):
    deliver(lake, row("1", 5.0), row("2", item=""))
    before = lake.version("activities"), len(lake.register.batches())

    posted = deliver(lake, row("2", item=None), row("1", 5.0), file="moved.csv", full=True)

    assert counts(posted) == (0, 2, 0, 0)
    assert posted.batch is None
    assert (lake.version("activities"), len(lake.register.batches())) == before
    assert lake.delta("activities").latest() == before[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"quantity": 1.0000000000000002},
        {"status": "measured"},
        {"item": "diesel"},
        {"begin": date(2023, 1, 1)},
        {"pieces": 0},
        {"flag": False},
    ],
)
def test_changed_content_is_a_revision_that_keeps_the_old(lake, changed):
    first = deliver(lake, row("1"))

    posted = deliver(lake, {**row("1"), **changed}, reason="audit")

    assert counts(posted) == (0, 0, 1, 0)
    old, new = history(lake, "activities", "erp", "1").to_pylist()
    assert (old["_revision"], new["_revision"]) == (1, 2)
    assert (old["_reason"], new["_reason"]) == ("import", "audit")
    name, value = next(iter(changed.items()))
    assert new[name] == value
    assert old[name] != value
    assert now(lake, first.version) == {("erp", "1", 1.0)}


def test_a_rows_own_reason_is_kept_and_is_not_content(lake):
    deliver(lake, row("1"))

    assert deliver(lake, row("1", reason="typo")).unchanged == 1
    deliver(lake, row("1", 2.0, reason="typo"), reason="import")

    assert history(lake, "activities", "erp", "1")["_reason"].to_pylist() == ["import", "typo"]


def test_the_reason_of_a_revision_that_is_given_later_is_a_revision_of_its_own(lake):
    deliver(lake, row("1"), row("2"))
    deliver(lake, row("1", 2.0), row("2"))

    later = deliver(lake, row("1", 2.0, reason="typo"), row("2", reason="never changed"))
    again = deliver(lake, row("1", 2.0, reason="typo"), row("2", reason="never changed"))
    without = deliver(lake, row("1", 2.0), row("2"))

    assert [counts(posted) for posted in (later, again, without)] == [
        (0, 1, 1, 0), (0, 2, 0, 0), (0, 2, 0, 0),
    ]  # fmt: skip
    told = history(lake, "activities", "erp", "1").to_pylist()
    assert [r["_reason"] for r in told] == ["import", "import", "typo"]
    assert [r["quantity"] for r in told] == [1.0, 2.0, 2.0]
    assert told[1]["_content"] == told[2]["_content"]


def test_the_reason_of_a_superseded_estimate_is_no_news(lake):
    estimate = row("e1", status="estimated", reason="guess")
    deliver(lake, estimate)
    deliver(lake, row("m1", 2.0, supersedes="e1"), row("e1", 3.0, status="estimated"))

    again = deliver(lake, row("m1", 2.0, supersedes="e1"), estimate | {"quantity": 3.0})

    assert counts(again) == (0, 2, 0, 0)


def test_only_a_full_delivery_removes_what_it_lacks_and_only_of_its_sources(lake):
    deliver(lake, row("1"), row("2"))
    deliver(lake, row("9"), source="meters")

    assert counts(deliver(lake, row("1"))) == (0, 1, 0, 0)
    posted = deliver(lake, row("1"), reason="June", full=True)

    assert counts(posted) == (0, 1, 0, 1)
    assert now(lake) == {("erp", "1", 1.0), ("meters", "9", 1.0)}
    tomb = history(lake, "activities", "erp", "2").to_pylist()[-1]
    assert (tomb["_removed"], tomb["quantity"]) == (True, 1.0)
    assert tomb["_reason"] == "June (no longer delivered)"
    assert counts(deliver(lake, row("1"), full=True)) == (0, 1, 0, 0)


def test_a_full_delivery_without_rows_removes_all_of_its_source(lake):
    deliver(lake, row("1"), row("2"))

    assert counts(deliver(lake, full=True)) == (0, 0, 0, 2)
    assert now(lake) == set()


def test_a_removed_row_that_comes_again_is_a_revision(lake):
    deliver(lake, row("1"), row("2"))
    deliver(lake, row("1"), full=True)

    assert counts(deliver(lake, row("1"), row("2"), full=True)) == (0, 1, 1, 0)
    assert history(lake, "activities", "erp", "2")["_removed"].to_pylist() == [False, True, False]


def test_a_key_twice_in_a_delivery_is_an_error_that_names_both_rows(lake):
    with pytest.raises(BadInput) as caught:
        deliver(lake, row("1"), row("2"), row("1", 7.0), row("3"), row("1"), row("3"))

    found = [(f.code, f.at.row, f.fields["first_row"]) for f in caught.value.findings]
    assert found == [("row-twice", 4, 2), ("row-twice", 6, 2), ("row-twice", 7, 5)]
    assert caught.value.findings[0].fields["external_id"] == "1"
    assert lake.version("activities") == 0
    assert now(lake) == set()


def test_a_row_without_a_key_is_an_error(lake):
    with pytest.raises(BadInput) as caught:
        deliver(lake, row("1"), row(""))

    assert [(f.code, f.at.row) for f in caught.value.findings] == [("row-without-key", 3)]


def test_the_same_id_in_two_sources_is_two_rows(lake):
    posted = deliver(lake, row("1"), row("1", 2.0, source="meters"))

    assert posted.new == 2
    assert now(lake) == {("erp", "1", 1.0), ("meters", "1", 2.0)}


def test_an_actual_supersedes_an_estimate_for_as_long_as_it_is_there(lake):
    estimate = row("e1", 9.0, status="estimated")
    deliver(lake, estimate, source="estimates")

    posted = deliver(lake, row("a1", 8.0, supersedes="e1"))

    assert counts(posted) == (1, 0, 0, 1)
    assert now(lake) == {("erp", "a1", 8.0)}
    assert history(lake, "activities", "estimates", "e1")["_reason"].to_pylist() == [
        "import",
        "superseded by erp/a1",
    ]
    assert counts(deliver(lake, estimate, source="estimates")) == (0, 1, 0, 0)
    deliver(lake, full=True)
    assert counts(deliver(lake, estimate, source="estimates")) == (0, 0, 1, 0)
    assert now(lake) == {("estimates", "e1", 9.0)}


def test_an_estimate_delivered_beside_its_actual_is_kept_as_removed(lake):
    rows = row("e1", 9.0, status="estimated"), row("a1", 8.0, supersedes="e1")

    assert deliver(lake, *rows, full=True).new == 2

    assert now(lake) == {("erp", "a1", 8.0)}
    assert counts(deliver(lake, *rows, full=True)) == (0, 2, 0, 0)


def test_superseding_reaches_through_a_chain_of_estimates(lake):
    first = row("e1", status="estimated")
    deliver(lake, first)
    deliver(lake, row("e2", status="estimated", supersedes="e1"))
    deliver(lake, row("a", supersedes="e2"))

    assert now(lake) == {("erp", "a", 1.0)}
    assert counts(deliver(lake, first)) == (0, 1, 0, 0)


def test_only_estimates_can_be_superseded(lake):
    deliver(lake, row("real"))

    with pytest.raises(BadInput) as caught:
        deliver(lake, row("a", supersedes="real"))

    assert [f.code for f in caught.value.findings] == ["supersedes-no-estimate"]
    assert now(lake) == {("erp", "real", 1.0)}


def test_estimates_that_supersede_each_other_are_refused(lake):
    with pytest.raises(BadInput) as caught:
        deliver(
            lake,
            row("x", status="estimated", supersedes="y"),
            row("y", status="estimated", supersedes="x"),
        )

    assert {f.code for f in caught.value.findings} == {"supersedes-circle"}


def test_superseding_a_row_that_nobody_knows_is_a_warning(lake):
    posted = deliver(lake, row("a", supersedes="nobody"))

    assert [(f.code, f.severity, f.at.row) for f in posted.findings] == [
        ("supersedes-unknown", "warning", 2)
    ]
    assert posted.new == 1


def test_a_version_replays_after_later_deliveries(lake):
    versions = {}
    for step in range(5):
        rows = [row(str(k), float(step)) for k in range(step, step + 3)]
        posted = deliver(lake, *rows, full=True)
        versions[posted.version] = {("erp", str(k), float(step)) for k in range(step, step + 3)}

    for version, expected in versions.items():
        assert now(lake, version) == expected
    assert now(lake, 0) == set()


@pytest.mark.parametrize(
    ("column", "values"), [("colour", ["red"]), ("quantity", ["5"]), ("pieces", [1.5])]
)
def test_columns_that_do_not_fit_are_refused_before_anything_is_written(lake, column, values):
    rows = pa.table({"external_id": ["1"], column: values})

    with pytest.raises(LakeError, match=column):
        post(lake, "activities", "erp", rows, reason="import", full=False)

    assert lake.register.batches() == []


def test_an_integer_too_large_for_its_column_is_refused(lake):
    rows = pa.table({"external_id": ["1"], "pieces": [2**40]})

    with pytest.raises(LakeError, match="does not fit"):
        post(lake, "activities", "erp", rows, reason="import", full=False)

    assert lake.version("activities") == 0


def test_a_column_of_a_later_release_changes_no_old_content(lake):
    deliver(lake, row("1"), row("2"))
    create(lake, "activities", pa.schema([*CONTENT, ("aaa_new", pa.float64())]))

    assert counts(deliver(lake, row("1"), row("2"), full=True)) == (0, 2, 0, 0)
    rows = delivery(row("1")).append_column("aaa_new", pa.array([4.0]))
    posted = post(lake, "activities", "erp", rows, reason="import", full=False)
    assert counts(posted) == (0, 0, 1, 0)
    assert history(lake, "activities", "erp", "1")["aaa_new"].to_pylist() == [None, 4.0]


def canonical(values: dict[str, object]) -> bytes:
    """The documented rule in plain Python, as an oracle for the SQL."""
    text = ""
    for name, value in sorted(values.items()):
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            shown = str(value).lower()
        elif isinstance(value, float):
            shown = format(value + 0.0, ".17g")
        else:
            shown = str(value)
        text += f"{name}:{len(shown.encode())}:{shown};"
    return hashlib.sha256(text.encode()).digest()[:16]


texts = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


HARD = [
    {"b_number": number, "a_text": text, "c_count": count, "d_day": day, "e_flag": None}
    for number, text, count, day in [
        (-0.0, "林荫", -(2**63), date.min),
        (5e-324, "a:1:b;", 2**63 - 1, date.max),
        (1.7976931348623157e308, "'", 0, date(2024, 2, 29)),
        (0.1 + 0.2, "", 10**15, None),
    ]
]


@settings(max_examples=60, deadline=None)
@example(rows=HARD)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "a_text": texts,
                "b_number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
                "c_count": st.none() | st.integers(-(2**63), 2**63 - 1),
                "d_day": st.none() | st.dates(),
                "e_flag": st.none() | st.booleans(),
            }
        ),
        min_size=1,
        max_size=20,
    )
)
def test_the_hash_of_content_follows_the_documented_rule(rows):
    schema = pa.schema(
        [
            ("e_flag", pa.bool_()),
            ("a_text", pa.string()),
            ("b_number", pa.float64()),
            ("c_count", pa.int64()),
            ("d_day", pa.date32()),
        ]
    )
    types = {
        "a_text": "VARCHAR",
        "b_number": "DOUBLE",
        "c_count": "BIGINT",
        "d_day": "DATE",
        "e_flag": "BOOLEAN",
    }
    with duckdb.connect() as connection:
        connection.register("rows", pa.Table.from_pylist(rows, schema=schema))
        query = f"SELECT {revision_sql.content_hash(types)} FROM rows"
        hashed = [h for (h,) in connection.execute(query).fetchall()]

    assert hashed == [canonical(r) for r in rows]


def test_minus_zero_is_zero_and_the_last_digit_counts(lake):
    deliver(lake, row("1", 0.0), row("2", 0.3))

    assert counts(deliver(lake, row("1", -0.0), row("2", 0.1 + 0.2))) == (0, 1, 1, 0)


@settings(max_examples=15, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.booleans(),
            st.dictionaries(st.sampled_from("abcd"), st.sampled_from([1.0, 2.0]), max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_current_rows_are_what_a_dictionary_would_hold(tmp_path_factory, steps):
    lake = Lake(tmp_path_factory.mktemp("lake"))
    create(lake, "activities", CONTENT)
    expected: dict[str, float] = {}

    for full, rows in steps:
        news = {k for k, v in rows.items() if expected.get(k) != v}
        gone = set(expected) - set(rows) if full else set()
        posted = deliver(lake, *(row(k, v) for k, v in rows.items()), full=full)
        expected = {**({} if full else expected), **rows}

        assert posted.new + posted.revised == len(news)
        assert posted.unchanged == len(rows) - len(news)
        assert posted.removed == len(gone)
        assert now(lake) == {("erp", k, v) for k, v in expected.items()}


def test_a_row_is_removed_as_it_was_seen_and_its_past_stays(lake):
    deliver(lake, row("1", 5.0), row("2", 6.0))
    removed = remove(lake, "activities", {("erp", "1"): 1}, reason="typed twice")
    assert counts(removed) == (0, 0, 0, 1)
    assert now(lake) == {("erp", "2", 6.0)}
    past = history(lake, "activities", "erp", "1").to_pylist()
    assert [(r["_revision"], r["_removed"], r["quantity"]) for r in past] == [
        (1, False, 5.0),
        (2, True, 5.0),
    ]
    assert past[-1]["_reason"] == "typed twice"
    again = remove(lake, "activities", {("erp", "1"): 2}, reason="typed twice")
    assert (again.batch, counts(again)) == (None, (0, 1, 0, 0))
    assert counts(deliver(lake, row("1", 5.0))) == (0, 0, 1, 0)


@pytest.mark.parametrize("seen", [{("erp", "1"): 1}, {("erp", "1"): 3}, {("erp", "9"): 1}])
def test_nothing_is_removed_or_posted_over_another_revision_than_was_seen(lake, seen):
    deliver(lake, row("1", 5.0))
    deliver(lake, row("1", 6.0))
    version = lake.version("activities")
    with pytest.raises(RevisedMeanwhile, match="erp/"):
        remove(lake, "activities", seen, reason="as seen")
    with pytest.raises(RevisedMeanwhile, match="erp/"):
        post(
            lake, "activities", "erp", delivery(row("1", 7.0)), reason="as seen", full=False,
            seen=seen,
        )  # fmt: skip
    assert lake.version("activities") == version
    right = {("erp", "1"): 2}
    done = post(
        lake, "activities", "erp", delivery(row("1", 7.0)), reason="as seen", full=False, seen=right
    )
    assert counts(done) == (0, 0, 1, 0)
