"""Days of the template, and how a step stands."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.governance import MILESTONE_KINDS, plan_of_year, state_on


def test_a_calendar_year_is_public_by_the_end_of_april():
    steps = plan_of_year(date(2025, 1, 1))

    assert [step.kind for step in steps] == [k for k in MILESTONE_KINDS if k != "other"]
    assert steps[0].due == date(2025, 1, 20)
    assert steps[-1].due == date(2025, 4, 30)


def test_a_fiscal_year_shifts_every_step_by_its_months():
    steps = {step.kind: step for step in plan_of_year(date(2025, 4, 1))}

    assert steps["data"].due == date(2025, 4, 20)
    assert steps["calculation"].due == date(2025, 5, 28)
    assert steps["publication"].due == date(2025, 7, 30)


def test_a_day_that_a_month_lacks_is_its_last():
    # The step of the first month's 31st, in a year that ends in January.
    steps = {step.kind: step for step in plan_of_year(date(2025, 2, 1))}

    assert steps["submission"].due == date(2025, 2, 28)


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_steps_come_one_after_the_other_whenever_the_year_ends(end):
    steps = plan_of_year(end)

    assert all(end.replace(day=1) <= step.begin <= step.due for step in steps)
    assert [step.due for step in steps] == sorted(step.due for step in steps)


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "overdue"), (0, "soon"), (14, "soon"), (15, "planned")]
)
def test_an_open_step_is_overdue_the_day_after_its_day(days, state):
    today = date(2025, 3, 1)
    due = today + timedelta(days=days)

    assert state_on(today, due, is_done=False) == state
    assert state_on(today, due, is_done=True) == "done"
