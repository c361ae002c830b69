"""US EPA supply-chain factors that an ICT maker buys from, as one pack.

`python tools/packs/epa.py [OUT]` reads the publisher's file and our list of categories in the
folder that LINYIN_TEST_DATA names, and the Chinese names beside the builders.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pack_io import PACKS, Row, facts, inputs, test_data, write_factors

from linyin.ledger.importers import epa_supply_chain

FILE = "epa_supplychain_v1.3.0_co2e_usd2022.csv"
PACK = "epa-spend-1.3.0"
PLACE = "world"
QUALITY = "2 3 1 5 3"
NOTE = "US average used as world default. Purchaser price, with trade and transport margins."


def build(out: Path) -> None:
    """Write the pack."""
    write_factors(out / f"{PACK}.csv", rows())


def rows() -> Iterator[Row]:
    """Yield the rows of the list's categories, in its order.

    Raises
    ------
    KeyError
        If a category is not in the publisher's file or has no Chinese name.

    """
    imported = {row["item"]: row for row in epa_supply_chain.read(test_data() / FILE).rows}
    names = {line["naics"]: line["name_zh"] for line in inputs("naics_zh")}
    for category in facts("spend_us_ict"):
        row = imported[f"naics_{category['naics2017']}"]
        yield row | {
            "name_zh": names[category["naics2017"]],
            "place": PLACE,
            "status": "approved",
            "quality": QUALITY,
            "note": f"{NOTE} Group: {category['group']}.",
        }


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKS)
