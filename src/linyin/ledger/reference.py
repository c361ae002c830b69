"""Reference tables: what every run reads besides its own inputs, pinned with it.

They come with the program and may grow or be corrected in a later version. A bundle keeps the
texts that its run read, so that it replays on any later code.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from linyin.ledger.bridges import Bridges
from linyin.ledger.carbon import CarbonDefaults
from linyin.ledger.gwp import GwpTable, read_gwp
from linyin.ledger.losses import LossRates

__all__ = ["ReferenceTables"]

NAMES: Final = ("gwp.csv", "loss_rates.csv", "fuel_defaults.csv", "places.csv")
LATER: Final = ("standard_coal.csv", "tce_equivalent.csv", "fuels.csv")
"""Tables that bundles written before them lack: nothing of theirs was used."""


@dataclass(frozen=True)
class ReferenceTables:
    """The tables of one version, read once.

    Attributes
    ----------
    gwp, losses, carbon, bridges
        Global warming potentials, grid losses, default fuel properties, coal equivalents and
        net-to-gross ratios.
    biogenic
        Fuels whose carbon is biogenic.
    parents
        Place → the place around it.
    texts
        The tables as they were read, by file name.
    """

    gwp: GwpTable = field(repr=False)
    losses: LossRates = field(repr=False)
    carbon: CarbonDefaults = field(repr=False)
    bridges: Bridges = field(repr=False)
    biogenic: frozenset[str] = field(repr=False)
    parents: Mapping[str, str] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)

    @classmethod
    @cache
    def shipped(cls) -> ReferenceTables:
        """Read the tables that come with the program."""
        packs = files(__package__).joinpath("packs")
        return cls._of({name: packs.joinpath(name).read_text("utf-8") for name in (*NAMES, *LATER)})

    @classmethod
    def read(cls, folder: Path) -> ReferenceTables:
        """Read the tables that a bundle keeps."""
        kept = [name for name in LATER if (folder / name).exists()]
        return cls._of({name: (folder / name).read_text("utf-8") for name in (*NAMES, *kept)})

    def write(self, folder: Path) -> None:
        """Keep the tables in a bundle."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")

    @classmethod
    def _of(cls, texts: Mapping[str, str]) -> ReferenceTables:
        def rows(name: str) -> list[dict[str, str]]:
            return list(csv.DictReader(texts.get(name, "").splitlines()))

        return cls(
            gwp=read_gwp(texts["gwp.csv"]),
            losses=LossRates(rows("loss_rates.csv")),
            carbon=CarbonDefaults(rows("fuel_defaults.csv")),
            bridges=Bridges(*(rows(name) for name in LATER)),
            biogenic=frozenset(
                row["item"] for row in rows("fuels.csv") if row["origin"] == "biogenic"
            ),
            parents={row["place"]: row["parent"] for row in rows("places.csv")},
            texts=texts,
        )
