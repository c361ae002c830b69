"""Home answers its three questions before anybody scrolls."""

from __future__ import annotations

import pytest
from visits import Variant

FOLD = 768
ROLES = ("carbon_office", "committee", "data_owner", "entity_manager", "reader", "verifier")


@pytest.mark.parametrize("role", ROLES)
def test_where_do_we_stand_what_must_i_do_and_can_i_trust_it_stand_above_the_fold(example, role):
    page = example.visitor(role, Variant("en", "light", "desk")).page
    page.set_viewport_size({"width": 1366, "height": FOLD})
    page.goto(f"{example.origin}/")

    def top(selector):
        return page.locator(selector).first.bounding_box()["y"]

    answers = {
        "figure": top(".figures"),
        "chart": top(".overview-main > *"),
        "tasks": top("h2:has-text('What waits for you')"),
        "trust": top("h2:has-text('Can it be trusted?')"),
        "first fact": top(".overview-aside .facts dd"),
    }

    assert {name: y for name, y in answers.items() if y > FOLD - 40} == {}
