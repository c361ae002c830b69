"""The pages of a verification in every language, look and device: accessible, whole, quiet."""

import pytest
from test_verification_browser import come
from visits import VARIANTS

from linyin.inventory.web.verification.actions import answer_matter, raise_matter, tick_item

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["come"]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_before_anything_is_drawn(house, come, variant):
    verifier, office = come(house.anna, variant), come(house.office, variant)
    verifier.visit("/", name="verifier-home-empty")
    base = f"/inventory/engagements/{house.engagement.pk}"
    verifier.visit(f"{base}/", name="engagement-empty")
    office.visit("/inventory/engagements/new/", name="engagement-new")
    office.visit(f"{base}/change/", name="engagement-change")
    office.visit(f"{base}/do/inventory.invite_verifier/", name="engagement-invite")


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_while_it_goes_on_and_when_it_is_stated(house, come, variant):
    house.lock()
    sample = house.draw(size=6)
    anna = house.actor(house.anna)
    first, second, third, *_ = sample.items.all()
    tick_item(anna, first, version=first.version, verdict="verified")
    tick_item(
        anna,
        second,
        version=second.version,
        verdict="no_evidence",
        note="第 3 页缺失 / page 3 is missing",
    )
    finding = raise_matter(
        anna, house.engagement, run=house.run, kind="misstatement", severity="material",
        entry=second.entry, text="账单与填报不符。The bill and the row differ.",
    )  # fmt: skip
    base = f"/inventory/engagements/{house.engagement.pk}"
    verifier, office = come(house.anna, variant), come(house.office, variant)
    verifier.visit("/", name="verifier-home")
    verifier.visit("/home/tasks/", name="verifier-tasks")
    verifier.visit("/inventory/engagements/", name="engagements")
    verifier.visit(f"{base}/", name="engagement")
    verifier.visit(f"{base}/draw/", name="sample-new")
    verifier.visit(f"/inventory/samples/{sample.pk}/?again=1", name="sample")
    verifier.visit(f"/inventory/sample-items/{third.pk}/", name="sample-item")
    verifier.visit(f"{base}/raise/", name="verification-finding-new")
    office.visit(f"/inventory/verification-findings/{finding.pk}/", name="verification-finding")
    answer_matter(house.actor(house.office), finding, comment="已更正 / corrected")
    verifier.visit(f"/inventory/verification-findings/{finding.pk}/", name="finding-answered")
    verifier.visit(f"{base}/state/", name="opinion-new")
    from linyin.inventory.web.verification.actions import close_matter

    close_matter(anna, finding, comment="已解决 / settled")
    house.tick(sample)
    opinion = house.state(text="未发现重大错报。No material misstatement was found.")
    verifier.visit(f"/inventory/opinions/{opinion.pk}/", name="opinion")
    verifier.visit(f"{base}/", name="engagement-stated")
    office.visit(f"/inventory/runs/{house.run.pk}/", name="run-verified")
    office.visit("/inventory/engagements/", name="engagements-office")
    for name in ("samples", "sample-items", "verification-findings", "opinions"):
        office.visit(f"/inventory/{name}/", name=f"{name}-list")
