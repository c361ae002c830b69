"""Legs and contexts as tables of a bundle, for people and traces."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa

from linyin.ledger.book import CONTEXT_COLUMNS, MASSES
from linyin.ledger.contexts import Context
from linyin.ledger.legs import Leg

__all__ = ["contexts_out", "legs_out"]


def legs_out(legs: Sequence[Leg]) -> pa.Table:
    """Lay the legs of a run out as `legs.parquet`; row n is leg n."""
    texts = {
        "line": [leg.line for leg in legs],
        "scope2_method": [leg.scope2_method for leg in legs],
        "role": [leg.role for leg in legs],
        "method": [leg.method.name for leg in legs],
        "source_type": [leg.context.source_type for leg in legs],
        "booked_site": [leg.booked_site for leg in legs],
        "entity": [leg.entity for leg in legs],
        "unit": [leg.unit.code for leg in legs],
        "factor_id": [leg.factor.factor_id if leg.factor else "" for leg in legs],
        "pack": [leg.factor.pack if leg.factor else "" for leg in legs],
        "boundary": [leg.boundary for leg in legs],
        "instrument": [leg.instrument for leg in legs],
        "correlation_group": [leg.factor.correlation_group if leg.factor else "" for leg in legs],
        "steps": [_steps(leg) for leg in legs],
    }
    columns: dict[str, pa.Array] = {
        "leg": pa.array(range(len(legs)), pa.int32()),
        "context": pa.array([leg.context.context for leg in legs], pa.int32()),
        "method_version": pa.array([leg.method.version for leg in legs], pa.int32()),
        "leg_from": pa.array([leg.begin for leg in legs], pa.date32()),
        "leg_to": pa.array([leg.end for leg in legs], pa.date32()),
        "lo": pa.array([float(leg.lo) for leg in legs], pa.float64()),
        "hi": pa.array([float(leg.hi) for leg in legs], pa.float64()),
        "share": pa.array([float(leg.share) for leg in legs], pa.float64()),
    }
    columns |= {name: pa.array(values, pa.string()) for name, values in texts.items()}
    for mass in MASSES:
        values = [float(leg.multipliers.masses.get(mass, 0)) for leg in legs]
        columns[f"k_{mass}"] = pa.array(values, pa.float64())
    return pa.table(columns)


def contexts_out(contexts: Sequence[Context]) -> pa.Table:
    """Lay contexts out as `contexts.parquet`."""
    columns: dict[str, pa.Array] = {
        "context": pa.array([c.context for c in contexts], pa.int32()),
        "rows": pa.array([c.rows for c in contexts], pa.int64()),
    }
    for name in CONTEXT_COLUMNS:
        values = [
            ",".join(sorted(c.inputs)) if name == "inputs" else getattr(c, name) for c in contexts
        ]
        columns[name] = pa.array(values, pa.string())
    return pa.table(columns)


def _steps(leg: Leg) -> str:
    return json.dumps(
        [
            {"step": s.step, "value": str(s.value), "unit": s.unit, "source": s.source}
            for s in leg.steps
        ],
        ensure_ascii=False,
    )
