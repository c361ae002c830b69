"""Every page that a resource has by its declaration, in the example enterprise."""

from __future__ import annotations

import pytest
from routes import Visit, looked_at, visits
from visits import Variant

PAGES = [visit for visit in visits() if visit.kind == "page" and visit.is_generic]


@pytest.mark.parametrize(("visit", "variant"), looked_at(PAGES))
def test_page(visit: Visit, variant: Variant, example):
    example.look_at(visit, variant)
