"""The pictures: boxes that do not overlap, bars on their days."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.governance import (
    CalendarEvent,
    Span,
    Unit,
    draw_across,
    draw_down,
    draw_timeline,
    icalendar,
)

keys = st.integers(0, 12)
forests = st.lists(st.tuples(keys, st.integers(0, 14)), unique_by=lambda pair: pair[0], max_size=13)
names = st.text(min_size=1, max_size=60)


def overlap(a, b):
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )


@pytest.mark.parametrize("draw", [draw_across, draw_down])
@given(forests, names)
def test_every_unit_has_a_box_of_its_own_within_the_picture(draw, pairs, name):
    units = [Unit(str(key), str(parent), name) for key, parent in pairs]

    drawing = draw(units)

    assert sorted(box.unit.key for box in drawing.boxes) == sorted(unit.key for unit in units)
    assert not any(overlap(a, b) for a, b in combinations(drawing.boxes, 2))
    assert all(b.x >= 0 and b.x + b.width <= drawing.width for b in drawing.boxes)
    assert all(b.y >= 0 and b.y + b.height <= drawing.height for b in drawing.boxes)


def test_a_parent_is_above_the_middle_of_its_children_and_joined_to_each():
    units = [Unit("p", "", "Parent"), *(Unit(str(n), "p", f"Child {n}") for n in range(3))]

    drawing = draw_across(units)

    boxes = {box.unit.key: box for box in drawing.boxes}
    assert boxes["p"].x == boxes["1"].x
    assert all(boxes["p"].y + boxes["p"].height < boxes[str(n)].y for n in range(3))
    assert len(drawing.paths) == 3


def test_a_long_name_is_broken_and_cut_with_an_ellipsis():
    name = "Committee for sustainability, climate and the environment of the whole group"

    box = draw_across([Unit("1", "", name)]).boxes[0]

    assert len(box.lines) == 2
    assert box.lines[1].endswith("…")
    assert box.lines[0] + " " + box.lines[1].removesuffix("…") in name


def test_bodies_that_stand_under_one_another_in_a_ring_are_still_drawn():
    drawing = draw_across([Unit("1", "2", "One"), Unit("2", "1", "Two")])

    assert len(drawing.boxes) == 2


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(days, st.integers(0, 90)), min_size=1, max_size=20), days)
def test_bars_lie_within_whole_months_in_the_order_of_their_days(stated, today):
    spans = [Span(begin, begin + timedelta(days=length), "x") for begin, length in stated]

    drawn = draw_timeline(spans, today)

    assert [bar.span.due for bar in drawn.bars] == sorted(span.due for span in spans)
    assert all(bar.x >= 0 for bar in drawn.bars)
    assert all(bar.x + bar.width <= drawn.width + 6 for bar in drawn.bars)
    assert drawn.months[0][0] == min(span.begin for span in spans).replace(day=1)
    total = sum(width for _, _, width in drawn.months)
    assert total == pytest.approx(drawn.width, abs=0.5)
    assert (drawn.today is not None) == _within(drawn, today)


def _within(drawn, today):
    last = drawn.months[-1][0]
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return drawn.months[0][0] <= today < after


written = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"))


def test_a_timeline_of_nothing_is_refused():
    with pytest.raises(ValueError, match="span"):
        draw_timeline([], date(2025, 1, 1))


@given(written, written)
def test_lines_of_the_file_are_short_and_hold_the_whole_text(summary, description):
    told = datetime(2025, 1, 1, 20, tzinfo=timezone(timedelta(hours=8)))
    event = CalendarEvent(
        "1@x", date(2025, 1, 5), date(2025, 1, 20), summary, description, told, "https://x/1"
    )

    text = icalendar("林荫", [event])

    physical = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in physical)
    logical = text.replace("\r\n ", "").split("\r\n")
    assert logical[-1] == ""
    assert [line for line in logical if line.startswith("DT")] == [
        "DTSTAMP:20250101T120000Z",
        "DTSTART;VALUE=DATE:20250105",
        "DTEND;VALUE=DATE:20250121",
    ]
    stated = next(line for line in logical if line.startswith("SUMMARY:")).removeprefix("SUMMARY:")
    assert unescaped(stated) == summary


def unescaped(text):
    """Undo the escapes of section 3.3.11 of RFC 5545."""
    plain, signs = "", iter(text)
    for sign in signs:
        if sign == "\\":
            after = next(signs)
            plain += "\n" if after in "nN" else after
        else:
            plain += sign
    return plain


def test_what_steers_a_terminal_is_left_out_and_lines_stay_lines():
    told = datetime(2025, 1, 1, tzinfo=UTC)
    event = CalendarEvent("1@x", date(2025, 1, 5), date(2025, 1, 5), "a\x1b[1mb", "1\r\n2", told)

    text = icalendar("x", [event])

    assert "SUMMARY:a[1mb\r\n" in text
    assert "DESCRIPTION:1\\n2\r\n" in text
