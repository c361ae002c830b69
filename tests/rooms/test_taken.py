"""A code that somebody has is refused beside its field, in words, and without saying who has it."""

import pytest
from django.utils import translation

from linyin.organization.web.models import Node

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Taken already or reserved."), ("zh-hans", "已被占用或保留")],
)
def test_a_code_of_another_site_is_refused_like_a_reserved_one(enterprise, language, told):
    from linyin.ledger.web.grid_models import SourceLine

    common = {
        "source_type": "electricity", "item": "electricity", "unit": "kWh", "relation": "owned",
        "status": "invoiced", "code": "POWER",
    }  # fmt: skip
    other = Node.objects.get(code="B1")
    SourceLine.objects.create(site=other, **common)
    owner = enterprise.actor("data_owner", "A1").person
    owner.language = language
    owner.save()
    own = Node.objects.get(code="A1")

    with translation.override(language):
        answer = enterprise.client("data_owner", "A1").post(
            "/inventory/lines/new/", common | {"site": own.pk}
        )
        errors = answer.context["form"].errors

    assert answer.status_code == 422
    assert list(errors) == ["code"]
    assert told in str(errors["code"])
    assert "Source line" not in answer.content.decode()


def test_a_pair_that_is_there_is_refused_beside_one_of_the_two(enterprise):
    from linyin.platform.models import Grant

    person = enterprise.actor("reader").person
    group = Node.objects.get(code="G")
    assert Grant.objects.filter(person=person, role="reader", node=group).exists()

    answer = enterprise.client("administrator").post(
        "/home/grants/new/",
        {"person": person.pk, "role": "reader", "node": group.pk, "subtree": "on"},
    )

    assert answer.status_code == 422
    assert "This combination is there already" in str(answer.context["form"].errors)
    assert "__all__" not in answer.context["form"].errors
