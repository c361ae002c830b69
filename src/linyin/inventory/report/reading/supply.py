"""What instruments cover, divided once more as the run divided it: exact, where legs hold floats.

A leg of scope 2 by market keeps its part of a load as a float, and entries add up to a load but
for its rounding. What a certificate covers is therefore not summed over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from linyin.inventory.inventory import Inventory
from linyin.inventory.jobs import job_of
from linyin.inventory.metering import Metering
from linyin.inventory.replay import restore
from linyin.inventory.runfile import read_run
from linyin.ledger import EnergyLoad, allocate_instruments, current_instruments, parse_unit

__all__ = ["Use", "uses"]

_LOADS = """
SELECT leg, l.booked_site, l.leg_from, l.leg_to, l.unit, l.share, l.line, l.source_type, c.item,
    c.place, sum(floor(e.amount * e.fraction * 1e6 + 0.5)::DECIMAL(38, 0))::VARCHAR AS millionths,
    coalesce((SELECT max(o.country) FROM organization AS o WHERE o.code = l.booked_site), '')
        AS country
FROM entries AS e JOIN legs AS l USING (leg) JOIN contexts AS c ON c.context = l.context
WHERE l.scope2_method = 'location' AND l.role = 'reported'
GROUP BY ALL ORDER BY leg
"""


@dataclass(frozen=True, slots=True)
class Use:
    """Energy of one load that an instrument covers; '' = what none covers.

    Attributes
    ----------
    country
        Of the site, as its row says.
    line, energy
        Of the inventory; `electricity`, `heat`, `steam` or `cooling`.
    kwh
        At the share that the run consolidates. [kWh]

    """

    instrument: str
    country: str
    line: str
    energy: str
    kwh: Fraction


def uses(inventory: Inventory) -> list[Use]:
    """Divide a run's instruments over its loads.

    Loads count in whole millionths of their unit, as in the run.
    """
    folder, run = restore(inventory.path), read_run(inventory.run)
    restated = inventory.run["restated_to"]
    as_of = date.fromisoformat(restated) if restated else None
    operations = job_of(folder, run, Metering(folder), as_of).operations
    loads: list[EnergyLoad] = []
    rows = inventory.query(_LOADS).to_pylist()
    for row in rows:
        site, begin = row["booked_site"], row["leg_from"]
        unit, kwh = parse_unit(row["unit"]), parse_unit("kWh")
        amount = Fraction(int(row["millionths"]), 1_000_000)
        in_kwh = folder.reference.bridges.convert(row["item"], unit, kwh, begin.year)
        loads.append(
            EnergyLoad(
                key=(row["leg"], begin),
                owner=operations.owner(site, begin),
                site=site,
                places=operations.places(site, row["place"], begin),
                energy=row["source_type"],
                begin=begin,
                end=row["leg_to"],
                quantity=amount * in_kwh,
            )
        )
    held = current_instruments(folder.instruments, run)
    parts, _ = allocate_instruments(loads, held, run.policies.certificates)

    def divided() -> Iterator[Use]:
        for row, load in zip(rows, loads, strict=True):
            share = Fraction(Decimal(repr(row["share"])))
            for part in parts[load.key]:
                covered = (part.hi - part.lo) * load.quantity * share
                name = part.instrument.instrument if part.instrument else ""
                yield Use(name, row["country"], row["line"], row["source_type"], covered)

    return list(divided())
