import json
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.lake.findings import BadInput, Finding, Where, errors, ordered
from linyin.lake.messages import render

wheres = st.builds(
    Where, st.text(), st.text(), st.none() | st.integers(0, 10**7), st.text(max_size=5)
)
findings = st.builds(
    Finding,
    st.sampled_from(["number-broken", "value-missing"]),
    st.sampled_from(["error", "warning", "question"]),
    wheres,
    st.dictionaries(st.text(max_size=4), st.text(max_size=4) | st.integers(), max_size=3),
)


@given(findings)
def test_a_finding_survives_json(finding):
    assert Finding.from_dict(json.loads(json.dumps(finding.to_dict()))) == finding


@given(findings)
def test_a_finding_survives_pickling_with_its_hash(finding):
    again = pickle.loads(pickle.dumps(finding))

    assert again == finding
    assert hash(again) == hash(finding)


@given(st.lists(findings, max_size=8), st.randoms())
def test_the_order_of_findings_does_not_depend_on_the_order_they_came_in(some, random):
    shuffled = [*some, *some]
    random.shuffle(shuffled)

    assert ordered(shuffled) == ordered(some)


def test_exact_numbers_are_written_as_strings():
    finding = Finding("x", "error", fields={"a": Decimal("1.50"), "b": Fraction(1, 3), "n": 7})

    assert finding.to_dict()["fields"] == {"a": "1.50", "b": "1/3", "n": 7}


def test_the_fields_of_a_finding_cannot_change():
    given_fields = {"value": "1"}
    finding = Finding("x", "error", fields=given_fields)
    given_fields["value"] = "2"

    assert finding.fields["value"] == "1"
    with pytest.raises(TypeError):
        finding.fields["value"] = "3"


def test_rows_are_ordered_as_numbers():
    late, early = (Finding("x", "error", Where("a.csv", row=row)) for row in (10, 9))

    assert ordered([late, early]) == (early, late)


def test_an_unknown_severity_is_refused():
    with pytest.raises(ValueError, match="fatal"):
        Finding("x", "fatal")
    with pytest.raises(ValueError, match="fatal"):
        Finding.from_dict({"code": "x", "severity": "fatal"})


def test_bad_input_carries_every_finding_once():
    error, warning = Finding("b", "error"), Finding("a", "warning")

    bad = BadInput([warning, error, error])

    assert bad.findings == (error, warning)
    assert pickle.loads(pickle.dumps(bad)).findings == bad.findings
    assert errors(bad.findings) == (error,)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bad_input_reads_as_the_command_line_prints_it(lang: str):
    at = Where("organization.csv", "", 3, "node")
    known = Finding("place-unknown", "error", at, {"node": "SZ", "value": "CN-ZZ"})
    bad = BadInput([known])

    assert bad.text(lang) == render(known, lang)
    assert "CN-ZZ" in bad.text(lang)
    assert "organization.csv" in bad.text(lang)
    assert str(bad) == bad.text("en")


def test_bad_input_counts_what_it_does_not_print():
    bad = BadInput(Finding("place-unknown", "error", Where("a.csv", row=n)) for n in range(1, 1031))

    assert len(str(bad).splitlines()) == 21
    assert str(bad).endswith("… and 1,010 more")
    assert bad.text("zh", limit=1030).count("\n") == 1029
    assert bad.text("zh", limit=1).endswith("另有 1,029 条")
    assert str(BadInput([])) == ""
