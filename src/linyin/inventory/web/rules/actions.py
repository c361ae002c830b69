"""Changing what the reporter decided: read as strictly as `linyin.toml`, with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from linyin.inventory.config import parse_config
from linyin.inventory.web.models import Settings
from linyin.inventory.web.records import plain_config, stated_config
from linyin.inventory.web.rules.tables import ISO_CATEGORIES
from linyin.lake import BadInput, Finding, Where
from linyin.organization.web.models import Node
from linyin.platform.actions import action, require
from linyin.platform.stale import Stale

if TYPE_CHECKING:
    from linyin.inventory.config import Config
    from linyin.platform.actor import Actor

__all__ = ["change_rules"]

_YEARS: Final = range(1990, 2101)


@action("inventory.rules")
def change_rules(
    actor: Actor,  # noqa: ARG001 - an action's signature
    rules: Settings,
    *,
    config: Mapping[str, Any],
    version: int,
    reason: str,
) -> Settings:
    """Change the rules: runs from now on follow them, those that are there keep theirs.

    Parameters
    ----------
    config
        All of them: section → key → value, as `linyin.toml` holds them.
    version
        Of the rules that were seen.
    reason
        Why; kept in the audit trail.

    Raises
    ------
    Stale
        If somebody else was quicker.
    BadInput
        With every key that is unknown and every value that is not allowed.

    """
    require(reason.strip(), "rules-without-reason")
    fresh = Settings.objects.select_for_update().first() or Settings()
    if fresh.version != version:
        raise Stale(fresh, {"config": plain_config(config)})
    findings = list(_unkeepable("", config))
    if not findings:
        read, wrong = parse_config(stated_config(config), "")
        findings = [*wrong, *_odd(read)]
    if findings:
        raise BadInput(findings)
    rules.config = plain_config(config)
    rules.version = version + 1 if rules.pk else version
    rules.save()
    return rules


def _unkeepable(key: str, value: Any) -> Iterator[Finding]:
    """Tell what no database keeps: numbers that are none, texts with a NUL."""
    if isinstance(value, Mapping | list):
        parts = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, part in parts:
            yield from _unkeepable(f"{key}.{name}".removeprefix("."), part)
    elif (isinstance(value, float) and not isfinite(value)) or "\0" in f"{key}{value}":
        yield Finding("rules-value-odd", "error", Where(column=key.replace("\0", "�")))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and value >= 0


def _odd(config: Config) -> Iterator[Finding]:
    """Tell what the reader of files cannot know: the workspace's nodes, years of this world."""
    policy, node = config.base_year, config.reporter
    for line, category in config.crosswalk.items():
        if category not in ISO_CATEGORIES:
            at, told = Where(column=f"crosswalk.{line}"), ", ".join(ISO_CATEGORIES)
            fields = {"key": f"crosswalk.{line}", "value": category, "expected": told}
            yield Finding("config-value-unknown", "error", at, fields)
    for exclusion in config.exclusions:
        estimate: object = exclusion.estimate_t
        if estimate is not None and (isinstance(estimate, bool) or not _is_number(estimate)):
            at, fields = Where(column="exclusions"), {"value": str(estimate)}
            yield Finding("rules-estimate-odd", "error", at, fields)
    if policy.year is not None and policy.year not in _YEARS:
        yield Finding("begin-base-year-odd", "error", Where(column="base_year.year"))
    if not 0 <= policy.threshold_pct <= 100:
        at, fields = Where(column="base_year.threshold_pct"), {"value": str(policy.threshold_pct)}
        yield Finding("rules-threshold-odd", "error", at, fields)
    if node and not Node.objects.filter(code=node).exists():
        at = Where(column="inventory.reporter")
        yield Finding("rules-reporter-unknown", "error", at, {"node": node})
