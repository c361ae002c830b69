"""A folder whose inventory is examined by one check."""

from collections.abc import Sequence

import pytest

from builders import FolderBuilder
from linyin.inventory.checks import run_checks

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Company(FolderBuilder):
    """Sites S and T in Guangdong, power from the grid."""

    def month(self, month: int, kwh: float, *, named: str = "", year: int = 2023, **cells: object):
        site = cells.get("site", "S")
        usual = {
            "source_type": "electricity",
            "item": "electricity",
            "period": f"{year}-{month:02}",
            "quantity": repr(float(kwh)),
            "unit": "kWh",
        }
        return self.activity(named or f"{site}-{year}-{month:02}", **(usual | cells))

    def months(
        self, quantities: Sequence[float | None], *, named: str = "", year: int = 2023, **cells
    ):
        for month, quantity in enumerate(quantities, 1):
            if quantity is not None:
                name = f"{named}-{year}-{month:02}" if named else ""
                self.month(month, quantity, named=name, year=year, **cells)
        return self

    def examine(self, *checks: str, previous: bool = False):
        """Return (code, row) of what the checks find about 2023."""
        return [(f.code, f.at.row) for f in self.found(*checks, previous=previous)]

    def found(self, *checks: str, previous: bool = False):
        before = self.calculate(2022) if previous else None
        return run_checks(self.calculate(2023), before, only=checks)


@pytest.fixture
def company(tmp_path) -> Company:
    built = Company(tmp_path / "folder")
    built.company("S", "T").packs(["mee-grid-2021-2023"])
    return built


@pytest.fixture
def even():
    """Return monthly quantities of a steady level a day."""
    return lambda level=100.0: [level * days for days in DAYS]
