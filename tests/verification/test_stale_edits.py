"""What two people change at once in a verification: the later one sees what the earlier did."""

from decimal import Decimal

import pytest

from linyin.platform.stale import Stale
from linyin.platform.words import say

pytestmark = pytest.mark.django_db(transaction=True)


def agreed(house, **values):
    engagement = house.engagement
    return {
        "name": engagement.name, "firm": engagement.firm, "level": engagement.level,
        "materiality_pct": "5", "scope": engagement.scope, "verifiers": [house.anna.pk],
        "runs": [house.run.pk], "version": "1", **values,
    }  # fmt: skip


def test_a_stale_change_of_an_engagement_shows_the_difference_in_words(house):
    from linyin.inventory.web.verification.actions import change_engagement

    address = f"/inventory/engagements/{house.engagement.pk}/change/"
    client = house.client(house.office)
    assert 'name="version" value="1"' in client.get(address).content.decode()
    change_engagement(
        house.actor(house.office), house.engagement, version=1, values={"level": "reasonable"},
        verifiers=[house.anna, house.ben], runs=[house.run],
    )  # fmt: skip

    late = client.post(address, agreed(house, level="limited", firm="Mine"))

    assert late.status_code == 409
    assert late.context["changed"] == [
        {"label": say("engagements.firm"), "stated": "Mine", "there": "Audit A"},
        {
            "label": say("engagements.level"), "stated": say("engagements.level.limited"),
            "there": say("engagements.level.reasonable"),
        },
        {
            "label": say("engagements.verifiers"), "stated": str(house.anna),
            "there": ", ".join(sorted([str(house.anna), str(house.ben)])),
        },
    ]  # fmt: skip
    house.engagement.refresh_from_db()
    assert (house.engagement.firm, house.engagement.level) == ("Audit A", "reasonable")
    assert 'name="version" value="2"' in late.content.decode()

    again = client.post(address, agreed(house, firm="Mine", version="2"))
    assert again.status_code == 302
    house.engagement.refresh_from_db()
    assert (house.engagement.firm, house.engagement.version) == ("Mine", 3)


@pytest.mark.parametrize("version", ["", "0", "x", "9" * 5000])
def test_a_change_without_the_version_that_was_seen_is_stale(house, version):
    address = f"/inventory/engagements/{house.engagement.pk}/change/"

    late = house.client(house.office).post(address, agreed(house, firm="Mine", version=version))

    assert late.status_code == 409
    house.engagement.refresh_from_db()
    assert house.engagement.firm == "Audit A"


def test_a_stale_tick_is_refused_with_what_the_other_found(house):
    from linyin.inventory.web.verification.actions import tick_item

    house.lock()
    item = house.draw().items.first()
    address = f"/inventory/sample-items/{item.pk}/"
    client = house.client(house.anna)
    assert 'name="version" value="1"' in client.get(address).content.decode()
    tick_item(
        house.actor(house.anna), item, version=1, verdict="misstated",
        difference_t=Decimal("1.5"), note="meter",
    )  # fmt: skip

    late = client.post(address, {"verdict": "verified", "version": "1"})

    assert late.status_code == 409
    assert late.context["changed"] == [
        {
            "label": say("sample-items.verdict"), "stated": say("sample-items.verdict.verified"),
            "there": say("sample-items.verdict.misstated"),
        },
        {"label": say("sample-items.difference_t"), "stated": "–", "there": "1.5"},
        {"label": say("sample-items.note"), "stated": "–", "there": "meter"},
    ]  # fmt: skip
    item.refresh_from_db()
    assert (item.verdict, item.version) == ("misstated", 2)
    with pytest.raises(Stale):
        tick_item(house.actor(house.anna), item, version=1, verdict="verified")
    assert client.post(address, {"verdict": "verified", "version": "2"}).status_code == 302
