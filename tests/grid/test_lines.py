"""A source is refused where no row of it could be calculated: the field says what would fit."""

from __future__ import annotations

import pytest
from test_grid_api import api
from test_grid_pages import client_of

from linyin.ledger.web.models import SourceLine

__all__ = ["api", "client_of"]

SOURCE = {
    "site": "HEYUAN", "code": "HEYUAN-BOILER", "label_en": "Boiler", "label_zh": "锅炉",
    "source_type": "stationary_combustion", "item": "diesel", "relation": "owned", "unit": "L",
    "status": "invoiced",
}  # fmt: skip
WRONG = [
    ("unit", "piece", "line-misfit", "fuel ["),
    ("unit", "passenger·km", "line-misfit", "fuel ["),
    ("method", "spend", "line-misfit", "fuel ["),
    ("source_type", "hotel", "line-misfit", "nights ["),
    ("place", "ATLANTIS", "place-unknown", "ATLANTIS"),
]


@pytest.mark.parametrize(("field", "value", "code", "told"), WRONG)
def test_a_source_that_nothing_fits_is_refused(world, client_of, api, field, value, code, told):
    beside = "unit" if field == "source_type" else field
    form = SOURCE | {"site": str(world.site.pk), field: value}
    answer = client_of(world.owner).post("/inventory/lines/new/", form)
    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors[beside])
    status, problem = api(world.owner, "POST", "lines", SOURCE | {field: value})
    assert (status, problem["findings"][0]["code"]) == (422, code)
    assert problem["findings"][0]["where"]["column"] == beside
    assert not SourceLine.objects.filter(code="HEYUAN-BOILER").exists()


def test_a_source_that_something_fits_is_taken(world, api):
    status, _ = api(world.owner, "POST", "lines", SOURCE)
    assert status == 201
    fitting = {"source_type": "business_travel", "item": "air_travel", "unit": "passenger·km"}
    status, _ = api(world.owner, "POST", "lines", SOURCE | {"code": "HEYUAN-FLY"} | fitting)
    assert status == 201
