"""Identity, boundary, organization, base year and findings, read from a bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from linyin.inventory.checks.run import run_checks
from linyin.inventory.inventory import Inventory
from linyin.inventory.report.model import (
    BaseYear,
    Boundary,
    Cause,
    Entity,
    Exclusion,
    FindingLine,
    Identity,
    Intensity,
    Label,
    Line,
    Recalculation,
    Screening,
    YearTotals,
)
from linyin.lake import ordered_findings, render_finding
from linyin.ledger import code_name, sourced_gwp

if TYPE_CHECKING:
    from linyin.inventory.baseyear import BaseYearAssessment

__all__ = [
    "base_year",
    "boundary",
    "entities",
    "exclusions",
    "findings",
    "identity",
    "intensities",
    "notes",
    "screening",
    "years",
]

BIOGENIC = Label(
    "CO₂ from biomass is worked out apart, line by line, and stands outside the totals of the "
    "scopes; CH₄ and N₂O from biomass are inside. Removals are never netted.",
    "生物质产生的CO₂按清单项单独核算，不计入各范围总量；生物质产生的CH₄和N₂O计入范围之内。清除量不与排放相抵。",
)
MG_PER_T = 10**9
STATEMENTS = ("contact", "frequency", "dissemination", "targets", "performance", "removals")


def _stated(run: Mapping[str, Any], key: str) -> Label:
    return Label(str(run["report"].get(key, "")))


def identity(inventory: Inventory) -> Identity:
    """Read who reports what, and from which run."""
    run = inventory.run
    return Identity(
        run_id=run["run_id"],
        entity=run["entity"],
        name=Label(run["name_en"], run["name_zh"]),
        standard=run["standard"],
        approach=run["approach"],
        gwp_set=run["gwp"],
        year=run["year"],
        begin=date.fromisoformat(run["begin"]),
        end=date.fromisoformat(run["end"]),
        state=run["state"],
        description=_stated(run, "description"),
        gwp_source=sourced_gwp(run["gwp"], "CH4", "fossil").source,
        responsible=str(run["report"].get("responsible", "")),
        purpose=_stated(run, "purpose"),
        intended_users=_stated(run, "intended_users"),
        verification=_stated(run, "assurance"),
        prepared_by=str(run.get("prepared_by", "")),
        approved_by=str(run.get("approved_by", "")),
        authenticated=bool(run.get("authenticated", False)),
        reason=run["reason"],
        created=run["created"],
        code_version=run["code_version"],
        content_hash=inventory.manifest.content,
        statements={key: _stated(run, key) for key in STATEMENTS if run["report"].get(key)},
        policies=dict(_flat(run["policies"])),
        pins={"factors_as_of": run["pins"]["factors_as_of"]}
        | {name: digest for name, digest in inventory.manifest.files.items() if "inputs/" in name},
    )


def notes(inventory: Inventory) -> tuple[Label, ...]:
    """Say what the run's standard leaves out or takes off."""
    if inventory.run["standard"] != "GB/T 32150":
        return ()
    return (
        Label(
            "GB/T 32150 asks for direct emissions and for purchased power and heat, less those "
            "that are exported; it has no scope 3. What this report shows of scope 3 stands "
            "outside the standard. Fuels are balanced by their carbon, measured values before "
            "defaults.",
            "GB/T 32150 核算直接排放与外购电力、热力，并扣除输出的电力、热力；该标准不含范围三，"
            "本报告所列范围三不属于该标准。燃料按含碳量法核算，实测值优先于缺省值。",
        ),
    )


def _flat(policies: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for name, value in policies.items():
        if isinstance(value, Mapping):
            pairs += [(f"{name}.{key}", _plain(inner)) for key, inner in value.items()]
        else:
            pairs.append((name, _plain(value)))
    return pairs


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value)


def boundary(inventory: Inventory) -> Boundary:
    """Read the statements on boundaries."""
    run = inventory.run
    tracking = run["report"].get("scope2_tracking", "")
    return Boundary(
        organizational=_stated(run, "organizational_boundary"),
        reporting=_stated(run, "reporting_boundary"),
        significance_criteria=_stated(run, "significance_criteria"),
        biogenic_treatment=BIOGENIC,
        contractual_notes=_stated(run, "contractual_notes"),
        scope2_tracking_method=tracking if tracking in ("location", "market") else "",
    )


def entities(inventory: Inventory) -> tuple[Entity, ...]:
    """Read the nodes that hold on the last day of the period; shares as they are booked."""
    last = date.fromisoformat(inventory.run["end"])
    rows = inventory.query(
        'SELECT * FROM organization WHERE ("from" IS NULL OR "from" < $1) '
        'AND ("to" IS NULL OR "to" >= $1) ORDER BY _row',
        [last],
    ).to_pylist()
    booked = {
        row["code"]: row["share"]
        for row in inventory.query(
            "SELECT booked_site AS code, arg_max(share, leg_to) AS share FROM legs "
            "WHERE role = 'reported' AND line < '3' GROUP BY booked_site"
        ).to_pylist()
    }
    return tuple(
        Entity(
            code=row["code"],
            name=Label(row["name_en"], row["name_zh"]),
            kind=row["kind"],
            parent=row["owner"] or row["parent"],
            place=row["place"] or row["country"] or "",
            ownership=None if row["ownership_pct"] is None else float(row["ownership_pct"]) / 100,
            control=row["control"],
            operator=row["operator"],
            share=booked.get(row["code"]),
        )
        for row in rows
    )


def exclusions(inventory: Inventory) -> tuple[Exclusion, ...]:
    """Read what the reporter left out."""
    return tuple(
        Exclusion(
            Label(row["what"]),
            Label(row["reason"]),
            row["line"],
            None if row["estimate_t"] is None else round(row["estimate_t"] * MG_PER_T),
        )
        for row in inventory.run["exclusions"]
    )


def screening(
    inventory: Inventory, lines: Sequence[Line], left_out: Sequence[Exclusion]
) -> tuple[Screening, ...]:
    """Hold all fifteen categories against the threshold of significance.

    A category with entries is quantified; one without is left out where an exclusion gives its
    reason, and does not apply where that exclusion's estimate is zero. Of the others nothing is
    known: they stand as not decided.
    """
    sums: dict[str, int] = {}
    for line in lines:
        if line.scope2_method != "market":
            sums[line.line] = sums.get(line.line, 0) + line.co2e_mg
    total = sum(sums.values())
    limit = float(inventory.run["significance_pct"]) / 100
    reasons = {exclusion.line: exclusion for exclusion in left_out}
    rows = []
    for number in range(1, 16):
        code = f"3.{number}"
        if code in sums:
            share = sums[code] / total if total else 0.0
            rows.append(Screening(code, "quantified", share >= limit, share))
        elif code in reasons:
            size = reasons[code].co2e_mg
            share = (size or 0) / total if total else 0.0
            significant = None if size is None else share >= limit
            treatment = "not_applicable" if size == 0 else "excluded"
            reason = reasons[code].reason
            rows.append(Screening(code, treatment, significant, share, reason))  # type: ignore[arg-type]
        else:
            rows.append(Screening(code, "undecided", None, 0.0))
    return tuple(rows)


def findings(inventory: Inventory, earlier: Sequence[Inventory]) -> tuple[FindingLine, ...]:
    """Render what the calculation and the checks found in both languages."""
    last_year = inventory.run["year"] - 1
    previous = next((i for i in earlier if i.run["year"] == last_year), None)
    return tuple(
        FindingLine(
            found.code,
            found.severity,
            Label(*(render_finding(found, lang, code_name) for lang in ("en", "zh"))),
        )
        for found in ordered_findings([*inventory.findings, *run_checks(inventory, previous)])
    )


def intensities(inventory: Inventory, lines: Sequence[Line]) -> tuple[Intensity, ...]:
    """Set emissions against the flows that `metrics` states for the reporting entity."""
    names = inventory.query(
        "SELECT DISTINCT metric FROM metrics WHERE node = $1 ORDER BY metric",
        [inventory.run["entity"]],
    )["metric"].to_pylist()
    total = sum(line.co2e_mg for line in lines if line.scope2_method != "market")
    own = sum(
        line.co2e_mg
        for line in lines
        if line.scope2_method != "market" and not line.line.startswith("3.")
    )
    rows = []
    for name in names:
        found = inventory.metric(name)
        if found is None or not found[0]:
            continue
        value, unit = found
        label = Label(name)
        rows.append(Intensity(label, value, unit, "total", "location", total))
        rows.append(Intensity(label, value, unit, "scope12", "location", own))
    return tuple(rows)


def years(inventories: Sequence[Inventory]) -> tuple[YearTotals, ...]:
    """Read the totals of several years, the earliest first."""
    return tuple(
        YearTotals(
            year=inventory.run["year"],
            lines=inventory.by_line("location"),
            scope2_market_mg=inventory.scope(2, "market"),
            restated=bool(inventory.run["restated_to"]),
            run_id=inventory.run["run_id"],
        )
        for inventory in sorted(inventories, key=lambda i: int(i.run["year"]))
    )


def base_year(
    inventory: Inventory,
    earlier: Sequence[Inventory],
    assessment: BaseYearAssessment | None = None,
) -> BaseYear | None:
    """Read the base-year policy, what was assessed and, with its inventory, the change since."""
    run = inventory.run
    if run["base_year"] is None:
        return None
    policy = run["base_year_policy"]
    base = next((i for i in earlier if i.run["year"] == run["base_year"]), None)
    words = Label(
        f"Recalculated when structural changes, changes of methods or factors, and errors add up "
        f"to {policy['threshold_pct']:g}% of the base year; deals during a year count "
        f"{'for the whole year' if policy['mid_year'] == 'whole-year' else 'pro rata'}.",
        f"当结构变化、方法或因子变化及差错累计达到基准年排放的{policy['threshold_pct']:g}%时重新计算；"
        f"年中交易{'按整年' if policy['mid_year'] == 'whole-year' else '按比例'}计入。",
    )
    shared = {
        "year": run["base_year"],
        "rationale": Label(policy["reason"]),
        "policy": words,
        "threshold_pct": policy["threshold_pct"],
        "recalculations": tuple(_recalculations(inventory, base, assessment)),
        "assessed": bool(assessment)
        or run["year"] == run["base_year"]
        or (base is not None and _is_restated_to(base, run)),
    }
    if base is None:
        return BaseYear(**shared)
    from linyin.inventory.diff import diff
    from linyin.inventory.uncertainty import trend_between

    change = diff(base, inventory)
    trend = trend_between(base, inventory)
    low, high = trend.change - trend.half_width, trend.change + trend.half_width
    return BaseYear(
        **shared,
        from_mg=change.before.total_mg,
        to_mg=change.after.total_mg,
        method=change.method.capitalize(),
        causes=tuple(Cause(cause, mg) for cause, mg in change.causes.items() if mg),
        trend_pct=trend.change * 100,
        trend_low_pct=low * 100,
        trend_high_pct=high * 100,
    )


def _recalculations(
    inventory: Inventory, base: Inventory | None, assessment: BaseYearAssessment | None
) -> Iterator[Recalculation]:
    """Yield why this run or the base year at hand was restated, and what was assessed."""
    for run in (one.run for one in (inventory, base) if one):
        if run["reason"]:
            yield Recalculation("restatement", Label(run["reason"]), None, applied=True)
    for change in assessment.changes if assessment else ():
        what = f"{change.what} ({change.day})" if change.day else change.what
        applied = None if assessment and assessment.needs_restatement else False
        yield Recalculation(change.cause, Label(what), change.mg, applied)


def _is_restated_to(base: Inventory, run: Mapping[str, Any]) -> bool:
    """Whether the base year was restated under the structure of a run's last day."""
    last = date.fromisoformat(run["end"]) - timedelta(days=1)
    return bool(base.run["restated_to"] == last.isoformat())
