"""Sold products: units by market joined with watts, hours, years; and their end of life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from linyin.demo.tables import YEARS, Series, read, yearly

__all__ = ["INPUTS", "end_of_life", "sold_products"]

INPUTS = ("power [W]", "hours_per_year [h/year]", "lifetime [year]")


def sold_products() -> Iterator[Series]:
    """Yield a series for every product in every market, with the watts of each year."""
    products = {row["product"]: row for row in read("products")}
    for sale in read("sales"):
        product = products[sale["product"]]
        fixed = (product["hours_per_year"], product["lifetime_year"])
        yield Series(
            series=sale["series"],
            cells={
                "site": sale["site"],
                "source_type": "product_use",
                "item": "electricity",
                "technology": sale["product"],
                "relation": "third_party",
                "method": product["method"],
                "unit": "piece",
                "place": sale["market"],
                "status": "invoiced",
                "description": _name(product),
            },
            frequency=sale["frequency"],
            season=sale["season"],
            decimals=0,
            totals=yearly(sale),
            inputs={
                year: dict(zip(INPUTS, (product[f"power_w_{year}"], *fixed), strict=True))
                for year in YEARS
            },
        )


def end_of_life() -> Iterator[Series]:
    """Yield a series for every product and treatment: the year's units, mass and share."""
    sold: dict[str, dict[int, Decimal]] = {}
    for sale in read("sales"):
        of_product = sold.setdefault(sale["product"], dict.fromkeys(YEARS, Decimal(0)))
        for year, units in yearly(sale).items():
            of_product[year] += units
    for product in read("products"):
        for treatment in read("treatments"):
            if treatment["waste"] != product["waste"]:
                continue
            inputs = {"mass_per_unit [kg]": product["mass_kg"], "share": treatment["share"]}
            code = product["product"].upper().replace("_", "-")
            yield Series(
                series=f"EOL-{code}-{treatment['technology'].upper()}",
                cells={
                    "site": "LY-TECH",
                    "source_type": "end_of_life",
                    "item": product["waste"],
                    "technology": treatment["technology"],
                    "relation": "third_party",
                    "unit": "piece",
                    "place": "world",
                    "status": "estimated",
                    "description": _name(product),
                },
                frequency="year",
                season="flat",
                decimals=0,
                totals=sold[product["product"]],
                inputs=dict.fromkeys(YEARS, inputs),
            )


def _name(product: Mapping[str, str]) -> str:
    return f"{product['name_zh']} / {product['name_en']}"
