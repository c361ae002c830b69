from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result

type Linyin = Callable[..., Result]

ORGANIZATION = """code,kind,name_en,name_zh,parent,country,place
G,group,Group,集团,,CN,
SZ,site,Shenzhen,深圳,G,CN,CN-GD
"""
ACTIVITIES = """external_id,site,source_type,item,period,quantity,unit,status,evidence_file
e1,SZ,electricity,electricity,2023,1000,MWh,invoiced,
d1,SZ,mobile_combustion,diesel,2023-05,1000,L,estimated,
r1,SZ,fugitive,R22,2023,10,kg,measured,
"""
INSTRUMENTS = """instrument,kind,owner,market,energy,quantity,unit,co2_kg_per_kwh,begin,end
GEC-1,certificate,G,CN,electricity,300,MWh,0,2023-01-01,2024-01-01
"""


@dataclass
class UserFolder:
    """A folder as a user keeps it."""

    path: Path

    def write(self, **tables: str) -> None:
        for name, text in tables.items():
            (self.path / f"{name}.csv").write_text(text, encoding="utf-8")

    def configure(self, text: str) -> None:
        (self.path / "linyin.toml").write_text(text, encoding="utf-8")

    @property
    def lake_versions(self) -> list[str]:
        return sorted(p.name for p in self.path.glob(".linyin/lake/**/_delta_log/*.json"))


def told(result: Result) -> Any:
    """Return the one JSON value on standard output."""
    return json.loads(result.stdout)
