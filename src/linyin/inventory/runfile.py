"""`run.json` and `findings.json`: what a run was asked, and what it found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linyin.inventory.jobs import reporter_of
from linyin.lake import Finding, ordered_findings
from linyin.ledger import Policies, Run, RunLegs, write_durably

if TYPE_CHECKING:
    from linyin.inventory.folder import Folder
    from linyin.inventory.jobs import Request

__all__ = ["read_findings", "read_run", "run_fields", "write_run"]


def run_fields(folder: Folder, run: Run, request: Request, of_run: RunLegs) -> dict[str, Any]:
    """Return the fields of `run.json`."""
    config, policies = folder.config, run.policies
    return {
        "run_id": run.run,
        "entity": run.entity,
        **_names(folder, run),
        "approach": run.approach,
        "gwp": run.gwp,
        "standard": run.standard,
        "begin": run.begin.isoformat(),
        "end": run.end.isoformat(),
        "year": config_year(folder, run),
        "base_year": config.base_year.year,
        "base_year_policy": {
            "threshold_pct": config.base_year.threshold_pct,
            "mid_year": config.base_year.mid_year,
            "reason": config.base_year.reason,
        },
        "pins": {
            "factors_as_of": run.pin.isoformat(),
            "packs": sorted({factor.pack for factor in of_run.used.values()}),
            "methods": sorted(
                {
                    (leg.context.source_type, leg.method.name, leg.method.version)
                    for leg in of_run.legs
                }
            ),
            "supply_rule": run.supply_rule,
            "alternatives_rule": run.alternatives_rule,
        },
        "policies": {
            "residual": dict(policies.residual),
            "upstream_follows": policies.upstream_follows,
            "certificates": policies.certificates,
            "factor_age_limit": policies.factor_age_limit,
            "chain_upstream": policies.chain_upstream,
            "spend": policies.spend,
            "carbon_table": policies.carbon_table,
            "alternatives": {k: list(v) for k, v in policies.alternatives.items()},
            "waived": sorted(policies.drafts),
        },
        "exclusions": [
            {"line": e.line, "what": e.what, "reason": e.reason, "estimate_t": e.estimate_t}
            for e in config.exclusions
        ],
        "report": dict(config.report),
        "uncertainty": dict(config.uncertainty),
        "significance_pct": config.significance_pct,
        "crosswalk": dict(config.crosswalk),
        "restated_to": request.restated_to.isoformat() if request.restated_to else None,
        "reason": request.reason,
        "restates": request.restates,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "code_version": version("linyin"),
    }


def _names(folder: Folder, run: Run) -> dict[str, str]:
    """Return what the reporter is called: as `linyin.toml` states, else as the organization."""
    config, node = folder.config, folder.organization.nodes[run.entity]
    en, zh = node.name_en, node.name_zh
    if run.entity == reporter_of(folder):
        en, zh = config.name_en or en, config.name_zh or zh
    return {"name_en": en or run.entity, "name_zh": zh or en or run.entity}


def config_year(folder: Folder, run: Run) -> int:
    """Return the year that names a run's period in the folder's calendar."""
    for year in (run.begin.year, run.end.year):
        if folder.config.calendar.year(year).begin == run.begin:
            return year
    return run.begin.year


def write_run(bundle: Path, folder: Folder, run: Run, request: Request, of_run: RunLegs) -> None:
    """Write `run.json` and `findings.json` into a bundle."""
    fields = run_fields(folder, run, request, of_run)
    write_durably(bundle / "run.json", json.dumps(fields, ensure_ascii=False, indent=1))
    findings = ordered_findings([*folder.findings, *of_run.findings])
    write_durably(
        bundle / "findings.json",
        json.dumps([f.to_dict() for f in findings], ensure_ascii=False, indent=1),
    )


def read_findings(bundle: Path) -> tuple[Finding, ...]:
    """Read what a run found."""
    raw = json.loads((bundle / "findings.json").read_text(encoding="utf-8"))
    return tuple(Finding.from_dict(row) for row in raw)


def read_run(fields: Mapping[str, Any]) -> Run:
    """Rebuild the run that `run.json` describes."""
    raw = fields["policies"]
    policies = Policies(
        residual=raw["residual"],
        upstream_follows=raw["upstream_follows"],
        certificates=raw["certificates"],
        factor_age_limit=raw["factor_age_limit"],
        chain_upstream=raw["chain_upstream"],
        spend=raw["spend"],
        carbon_table=raw["carbon_table"],
        alternatives={line: tuple(names) for line, names in raw["alternatives"].items()},
        drafts=frozenset(raw["waived"]),
    )
    return Run(
        run=fields["run_id"],
        entity=fields["entity"],
        approach=fields["approach"],
        gwp=fields["gwp"],
        standard=fields["standard"],
        begin=date.fromisoformat(fields["begin"]),
        end=date.fromisoformat(fields["end"]),
        pin=date.fromisoformat(fields["pins"]["factors_as_of"]),
        policies=policies,
        methods=tuple((s, m, v) for s, m, v in fields["pins"]["methods"]),
        supply_rule=fields["pins"].get("supply_rule", 1),
        alternatives_rule=fields["pins"].get("alternatives_rule", 1),
    )
