"""Grid losses by place and year."""

from collections import Counter
from decimal import Decimal

from uk_us import co2e, one, rows

RATES = rows("loss_rates")


def test_a_rate_is_a_share_of_generation():
    assert all(0 < Decimal(row["loss_rate"]) < Decimal("0.3") for row in RATES)


def test_a_place_has_one_rate_a_year_and_is_known():
    count = Counter((row["place"], row["year"]) for row in RATES)
    known = {row["place"] for row in rows("places")}

    assert [key for key, times in count.items() if times > 1] == []
    assert {row["place"] for row in RATES} <= known


def test_a_remembered_rate_is_a_draft_and_every_other_was_read():
    for row in RATES:
        remembered = row["evidence"] == "remembered"
        assert row["status"] == ("draft" if remembered else "approved"), row["place"]
        assert (int(row["copies_read"]) == 0) == remembered, row["place"]
        assert row["source"], row["place"]


def test_the_uk_rate_is_the_one_behind_its_published_loss_factors():
    for year in ("2023", "2024"):
        pack = f"uk-power-heat-{year}"
        lost = co2e(one(pack, item="electricity", boundary="losses"))
        generated = co2e(one(pack, item="electricity", boundary="combustion"))
        (rate,) = [r for r in RATES if (r["place"], r["year"]) == ("GB", year)]
        assert abs(lost / (lost + generated) - Decimal(rate["loss_rate"])) < Decimal("0.00006")


def test_china_s_losses_fall_from_year_to_year():
    china = {row["year"]: Decimal(row["loss_rate"]) for row in RATES if row["place"] == "CN"}

    assert set(china) == {"2014", "2021", "2022", "2023", "2024"}
    assert sorted(china.values(), reverse=True) == [china[year] for year in sorted(china)]
