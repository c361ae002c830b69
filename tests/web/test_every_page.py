"""Every route of the app, visited as the role that owns it, in the example enterprise.

The pages that resources have by their declaration are in `test_pages_of_resources.py`.
"""

from __future__ import annotations

import pytest
from routes import ELSEWHERE, Visit, looked_at, routes, visits
from visits import VARIANTS, Variant

VISITS = visits()
SHOWN = [visit for visit in VISITS if visit.kind in ("page", "reference")]
PAGES = [visit for visit in SHOWN if not visit.is_generic]
OTHERS = [visit for visit in VISITS if visit not in SHOWN]


def _is_elsewhere(route: str) -> bool:
    return any(route.startswith(name) for name in ELSEWHERE)


def test_every_route_is_visited_and_every_visit_has_a_route():
    known = {route for route in routes() if not _is_elsewhere(route)}

    assert {visit.route for visit in VISITS} == known


def test_what_leads_elsewhere_says_why():
    assert [visit.route for visit in VISITS if visit.kind == "leads" and not visit.why] == []


@pytest.mark.parametrize(("visit", "variant"), looked_at(PAGES))
def test_page(visit: Visit, variant: Variant, example):
    example.look_at(visit, variant)


@pytest.mark.parametrize("visit", OTHERS, ids=lambda v: f"{v}-{dict(v.arguments).get('kind', '')}")
def test_what_is_no_page(visit: Visit, example):
    come = example.visitor(visit.role, VARIANTS[0])
    address = example.origin + visit.address(example.keys)
    answer = come.page.context.request.get(address, max_redirects=0)

    expected = {"file": 200, "part": 200, "post": 405, "leads": 302}[visit.kind]
    assert answer.status == expected, answer.text()[:400]
    assert visit.kind == "post" or visit.kind == "leads" or answer.body()
