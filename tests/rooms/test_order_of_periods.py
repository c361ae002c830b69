"""Periods without a begin come first, whatever the database."""

from datetime import date

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LATER = date(2020, 1, 1), date(2023, 1, 1)


def test_no_order_of_a_model_leaves_empty_values_to_the_database(workspace):
    from django.apps import apps
    from django.db.models.expressions import OrderBy

    left = []
    for model in apps.get_models():
        for by in model._meta.ordering if model.__module__.startswith("linyin.") else ():
            is_stated = isinstance(by, OrderBy) and (by.nulls_first or by.nulls_last)
            if not is_stated and _may_be_empty(model, by):
                left.append((model._meta.label, by))

    assert left == []


def _may_be_empty(model, by):
    """Whether a field on the way of an order holds nothing in some records."""
    at = model
    for name in by.removeprefix("-").split("__"):
        field = at._meta.pk if name == "pk" else at._meta.get_field(name)
        if field.null:
            return True
        at = field.related_model
    return False


def test_standings_allocations_and_bodies_without_a_begin_come_first(enterprise):
    from linyin.governance.web.models import Body
    from linyin.organization.web.models import Allocation, Node, Standing

    site, a = Node.objects.get(code="A1"), Node.objects.get(code="A")
    Standing.objects.filter(node=site).delete()
    for begin in (LATER, None, FIRST):
        Standing.objects.create(node=site, parent=a, begin=begin)
        Allocation.objects.create(site=site, target=a, key="area", value=1, begin=begin)
        Body.objects.create(code=f"b {begin}", kind="other", name_en="B", node=a, begin=begin)

    page = enterprise.client("carbon_office").get("/strategy/governance/")

    assert [s.begin for s in site.standings.all()] == [None, FIRST, LATER]
    assert [a.begin for a in site.allocations.all()] == [None, FIRST, LATER]
    assert [body.begin for body in page.context["bodies"]] == [None, FIRST, LATER]
