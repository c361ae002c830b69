"""Inputs that people state in one text: read with any unit, written in the canonical one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.contexts import inputs
from linyin.ledger.faults import LedgerError
from linyin.ledger.stated_inputs import inputs_in, inputs_text

NUMBERS = st.floats(0, 1e12, allow_nan=False, allow_subnormal=False)


@given(st.dictionaries(st.sampled_from(sorted(inputs())), NUMBERS))
def test_what_is_written_is_read_again(named):
    assert inputs_in(inputs_text(named)) == pytest.approx(named, rel=1e-15)


def test_units_become_the_canonical_ones():
    assert inputs_in("distance = 2000 m; mass=500 kg ;trips=3;") == {
        "distance": 2.0, "mass": 0.5, "trips": 3.0,
    }  # fmt: skip
    assert inputs_text({"distance": 2.0, "trips": 0.5}) == "distance=2 km; trips=0.5"
    assert inputs_in("") == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("distence=5 km", "input-unknown"),
        ("=5 km", "input-unknown"),
        ("distance", "input-broken"),
        ("distance=far", "input-broken"),
        ("distance=5", "input-unit-missing"),
        ("distance=5 kg", "input-unit-misfit"),
        ("distance=5 parsecs", "unit-unknown"),
        ("distance=5 km; distance=6 km", "input-stated-twice"),
    ],
)
def test_what_cannot_be_read_says_why(text, code):
    with pytest.raises(LedgerError) as refused:
        inputs_in(text)
    assert refused.value.code == code
