"""A source is refused where no row of it could be calculated: the field says what would fit."""

from __future__ import annotations

import pytest
from test_grid_api import api
from test_grid_pages import client_of

from linyin.lake import BadInput
from linyin.ledger.web.models import SourceLine
from linyin.platform.findings import finding_text
from linyin.platform.models import Grant

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


FLEET = {"source_type": "fugitive", "item": "HFC-134a", "unit": "piece", "code": "HEYUAN-CHILLER"}
SAID = "charge=12 kg; leak_rate=0.05 1/year; years=1 year"


def test_a_source_that_needs_inputs_is_stated_row_by_row_and_as_text(world, client_of, api):
    owner = client_of(world.owner)
    rows = ["charge", "12000 g", "leak_rate", "0.05 1/year", "years", "1 year"]
    cells = {
        f"inputs-{1 + at // 2}-{('name', 'value')[at % 2]}": text for at, text in enumerate(rows)
    }

    lacking = owner.post("/inventory/lines/new/", SOURCE | {"site": str(world.site.pk)} | FLEET)
    made = owner.post(
        "/inventory/lines/new/", SOURCE | {"site": str(world.site.pk)} | FLEET | cells
    )
    line = SourceLine.objects.get(code="HEYUAN-CHILLER")
    form = owner.get(f"/inventory/lines/{line.pk}/edit/").content.decode()
    record = owner.get(f"/inventory/lines/{line.pk}/").content.decode()
    status, told = api(world.owner, "POST", "lines", SOURCE | FLEET | {"code": "X", "inputs": SAID})

    assert lacking.status_code == 422
    assert made.status_code == 302
    assert line.inputs == SAID
    assert line.named_inputs == {"charge": 12.0, "leak_rate": 0.05, "years": 1.0}
    assert 'value="12 kg"' in form
    assert "refrigerant charge of one device 12 kg" in record
    assert (status, told["inputs"]) == (201, SAID)


@pytest.mark.parametrize("said", ["charge=12", "chrge=12 kg", "charge=12 kg; charge=13 kg"])
def test_inputs_that_cannot_be_read_are_told_beside_them(world, client_of, api, said):
    form = SOURCE | FLEET | {"site": str(world.site.pk), "inputs": said}
    answer = client_of(world.owner).post("/inventory/lines/new/", form)
    status, problem = api(world.owner, "POST", "lines", SOURCE | FLEET | {"inputs": said})

    assert answer.status_code == 422
    assert answer.context["form"].errors["inputs"]
    assert (status, problem["findings"][0]["where"]["column"]) == (422, "inputs")
    assert not SourceLine.objects.filter(code="HEYUAN-CHILLER").exists()


def test_a_source_that_something_fits_is_taken(world, api):
    status, _ = api(world.owner, "POST", "lines", SOURCE)
    assert status == 201
    fitting = {"source_type": "business_travel", "item": "air_travel", "unit": "passenger·km"}
    status, _ = api(world.owner, "POST", "lines", SOURCE | {"code": "HEYUAN-FLY"} | fitting)
    assert status == 201


def test_a_site_with_rows_in_the_lake_is_not_removed(world):
    """Its rows would have no site: the next calculation would stop at them."""
    from linyin.organization.web.models import Node
    from linyin.organization.web.resources import nodes

    empty = world.node("EMPTY", "site", world.group)
    office = world.actor(world.person("office", "carbon_office", world.group))
    SourceLine.objects.filter(site=world.other).delete()
    Grant.objects.filter(node=world.other).delete()

    with pytest.raises(BadInput) as refused:
        nodes.delete(office, world.other, version=world.other.version)

    assert [finding.code for finding in refused.value.findings] == ["node-has-rows"]
    assert "24 rows" in finding_text(refused.value.findings[0])
    assert Node.objects.filter(pk=world.other.pk).exists()

    nodes.delete(office, empty, version=empty.version)
    assert not Node.objects.filter(code="EMPTY").exists()
