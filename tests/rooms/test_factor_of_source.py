"""A source's page tells which factor its rows take, before a calculation asks."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(enterprise):
    """Make a source of site A1."""
    from linyin.ledger.web.grid_models import SourceLine
    from linyin.organization.web.models import Node

    def made(**stated):
        usual = {"source_type": "electricity", "item": "electricity", "unit": "kWh"}
        site = Node.objects.get(code="A1")
        return SourceLine.objects.create(code="A1-X", site=site, **usual | stated)

    return made


def shown(client, line):
    page = client.get(f"/inventory/lines/{line.pk}/")
    assert page.status_code == 200
    return list(page.context["parts"])


def test_the_factor_of_the_next_rows_is_named_and_leads_to_why_it_won(enterprise, source):
    office = enterprise.client("carbon_office")

    (one,) = shown(office, source())
    why = office.get(one.href)

    assert one.title == "Factor of 2024"
    assert one.part.tone == "good"
    assert "Guangdong" in one.part.title
    assert one.button is None
    assert one.part.title in why.content.decode()


def test_a_source_whose_rows_no_factor_fits_says_so_and_has_the_button_that_proposes_one(
    enterprise, source
):
    office = enterprise.client("carbon_office")
    line = source(place="US")

    (one,) = shown(office, line)
    form = office.get(one.button.href)

    assert one.part.tone == "bad"
    assert "would end" in one.part.text
    assert one.part.text.startswith("Nearest: ")
    assert "Does not hold there." in one.part.text
    assert form.context["form"].initial["item"] == "electricity"
    assert form.context["form"].initial["unit"] == "kWh"


def test_an_item_that_no_factor_is_for_is_named_with_those_that_are_near(enterprise, source):
    (one,) = shown(enterprise.client("carbon_office"), source(item="electrcity"))

    assert one.part.tone == "bad"
    assert one.part.title.startswith("No factor is for the item “electrcity”")
    assert "electricity" in one.part.title


def test_who_may_not_propose_has_no_button_and_inputs_are_left_to_the_run(enterprise, source):
    line = source(place="US")
    (one,) = shown(enterprise.client("reader", "A"), line)
    line.inputs = "density=1 kg/L"
    line.save()

    assert one.button is None
    assert shown(enterprise.client("carbon_office"), line) == []


def foreseen(client, **stated):
    """Return what a form for a new source tells below its fields, filled in so far."""
    page = client.post("/inventory/lines/new/?foresee", stated)
    assert page.status_code == 200
    return list(page.context["parts"])


def test_a_form_tells_the_factor_while_it_is_filled_in_and_keeps_nothing(enterprise):
    from linyin.ledger.web.grid_models import SourceLine
    from linyin.organization.web.models import Node

    office = enterprise.client("carbon_office")
    site, kept = Node.objects.get(code="A1").pk, SourceLine.objects.count()
    stated = {"site": site, "source_type": "electricity", "item": "electricity", "unit": "kWh"}

    assert foreseen(office, site=site) == []
    (one,) = foreseen(office, **stated)
    assert (one.part.tone, one.title) == ("good", "Factor of 2024")
    assert "Guangdong" in one.part.title
    (wrong,) = foreseen(office, **stated | {"unit": "parsec"})
    assert wrong.part.tone == "bad"
    assert SourceLine.objects.count() == kept


def test_a_form_that_changes_a_source_tells_the_factor_of_what_it_would_be(enterprise, source):
    line, office = source(), enterprise.client("carbon_office")
    address = f"/inventory/lines/{line.pk}/edit/"
    assert 'hx-post="?foresee"' in office.get(address).content.decode()

    page = office.post(f"{address}?foresee", {
        "site": line.site_id, "source_type": "electricity", "item": "electrcity", "unit": "kWh",
    })  # fmt: skip
    emptied = office.post(f"{address}?foresee", {"site": line.site_id, "unit": "kWh"})
    line.refresh_from_db()

    assert page.context["parts"][0].part.tone == "bad"
    assert emptied.context["parts"] == []
    assert line.item == "electricity"


def test_a_form_foresees_nothing_of_a_site_out_of_reach(enterprise):
    from linyin.organization.web.models import Node

    owner = enterprise.client("data_owner", "A1")
    other = Node.objects.get(code="B1").pk

    assert foreseen(owner, site=other, item="electricity", unit="kWh") == []
