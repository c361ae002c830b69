"""`linyin.toml`: what the reporter decided. Read strictly; every key is known or a finding."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from linyin.lake import BadInput, Finding, Where
from linyin.ledger import APPROACHES, GWP_SETS, STANDARDS, Policies, approach_called
from linyin.organization import FiscalCalendar, PeriodError

__all__ = [
    "APPROVAL_LEVELS",
    "FILE",
    "BaseYearPolicy",
    "Config",
    "Exclusion",
    "ReportTexts",
    "examine_config",
    "read_config",
]

FILE: Final = "linyin.toml"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A source that the inventory leaves out, and why."""

    line: str
    what: str
    reason: str
    estimate_t: float | None = None


@dataclass(frozen=True, slots=True)
class BaseYearPolicy:
    """When the base year is restated.

    Attributes
    ----------
    year
        The base year; None = none is set.
    threshold_pct
        Accumulated structural change that triggers it. [% of the base year's total]
    mid_year
        Whether a deal during a year counts for the whole year or pro rata.
    reason
        Why this year was chosen.

    """

    year: int | None = None
    threshold_pct: float = 5.0
    mid_year: str = "whole-year"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """What a report must say and no figure can: people, purpose, users, boundaries."""

    texts: Mapping[str, str] = field(default_factory=dict)


APPROVAL_LEVELS: Final = ("data", "entity", "office", "committee")
"""Levels at which a run of a workspace is approved, from below: of these an enterprise has some."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that `linyin.toml` states."""

    name_en: str = ""
    name_zh: str = ""
    reporter: str = ""
    approach: str = "operational_control"
    gwp: str = "AR6-100"
    standard: str = "GHG Protocol"
    factors_as_of: date | None = None
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    policies: Policies = field(default_factory=Policies)
    packs: tuple[str, ...] | None = None
    ignored_columns: tuple[str, ...] = ()
    base_year: BaseYearPolicy = field(default_factory=BaseYearPolicy)
    exclusions: tuple[Exclusion, ...] = ()
    report: Mapping[str, str] = field(default_factory=dict)
    uncertainty: Mapping[str, float] = field(default_factory=dict)
    significance_pct: float = 1.0
    crosswalk: Mapping[str, str] = field(default_factory=dict)
    approval_levels: tuple[str, ...] = APPROVAL_LEVELS


_REPORT_KEYS: Final = (
    "responsible",
    "contact",
    "purpose",
    "intended_users",
    "dissemination",
    "frequency",
    "assurance",
    "organizational_boundary",
    "reporting_boundary",
    "significance_criteria",
    "description",
    "performance",
    "targets",
    "removals",
    "contractual_notes",
    "scope2_tracking",
)
_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "inventory": (
        "name_en",
        "name_zh",
        "reporter",
        "approach",
        "gwp",
        "standard",
        "factors_as_of",
        "fiscal_year_start",
        "fiscal_year_named_by",
        "significance_pct",
    ),
    "policies": (
        "residual",
        "upstream_follows",
        "certificates",
        "factor_age_limit",
        "chain_upstream",
        "spend",
        "carbon_table",
        "alternatives",
    ),
    "factors": ("packs", "waived"),
    "columns": ("ignored",),
    "base_year": ("year", "threshold_pct", "mid_year", "reason"),
    "report": _REPORT_KEYS,
    "uncertainty": (),
    "crosswalk": (),
    "approval": ("levels",),
    "exclusions": ("line", "what", "reason", "estimate_t"),
}


def read_config(path: Path) -> Config:
    """Read `linyin.toml`.

    Raises
    ------
    BadInput
        With a finding for every key that is unknown and every value that is not allowed.

    """
    config, findings = examine_config(path)
    if findings:
        raise BadInput(findings)
    return config


def examine_config(path: Path) -> tuple[Config, list[Finding]]:
    """Read what can be read of `linyin.toml`: what is wrong stands at its default.

    Raises
    ------
    BadInput
        If there is no such file.

    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        at = Where(path.name)
        raise BadInput(
            [Finding("config-missing", "error", at, {"folder": str(path.parent)})]
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        broken = Finding("config-broken", "error", Where(path.name), {"detail": str(error)})
        return Config(), [broken]
    return parse_config(raw, path.name)


def parse_config(raw: Mapping[str, Any], file: str = FILE) -> tuple[Config, list[Finding]]:
    """Build the configuration from the parsed file, and say what is wrong with it."""
    findings: list[Finding] = []
    reader = _Reader(raw, file, findings)
    reader.unknown_keys()
    return reader.read(), findings


class _Reader:
    def __init__(self, raw: Mapping[str, Any], file: str, findings: list[Finding]) -> None:
        self.raw, self.file, self.findings = raw, file, findings

    def fail(self, at: str, code: str, **fields: str) -> None:
        self.findings.append(Finding(code, "error", Where(self.file, "", None, at), fields))

    def unknown_keys(self) -> None:
        for section, content in self.raw.items():
            if section not in _SECTIONS:
                self._unknown(section, section, list(_SECTIONS))
                continue
            if not _is_shaped(section, content):
                shape = "[[exclusions]]" if section == "exclusions" else f"[{section}]"
                self.fail(
                    section, "config-value-type", key=section, expected=shape, value=str(content)
                )
                continue
            allowed = _SECTIONS[section]
            for table in content if isinstance(content, list) else [content]:
                for key in table if allowed and isinstance(table, dict) else ():
                    if key not in allowed:
                        self._unknown(f"{section}.{key}", key, allowed)

    def _unknown(self, key: str, name: str, known: Sequence[str]) -> None:
        near = ", ".join(difflib.get_close_matches(name, known, n=3)) or ", ".join(known)
        self.fail(key, "config-key-unknown", key=key, expected=near)

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section; one of another shape is reported elsewhere and counts as empty."""
        content = self.raw.get(name, {})
        return content if isinstance(content, dict) else {}

    def names(self, section: str, key: str) -> tuple[str, ...] | None:
        """Return a list of texts; None where there is none."""
        stated = self.section(section).get(key)
        if stated is None:
            return None
        if not isinstance(stated, list) or not all(isinstance(name, str) for name in stated):
            name = f"{section}.{key}"
            self.fail(name, "config-value-type", key=name, expected='["…", "…"]', value=str(stated))
            return None
        return tuple(stated)

    def numbers(self, section: str) -> dict[str, float]:
        """Return a section of numbers."""
        found: dict[str, float] = {}
        for key, value in self.section(section).items():
            if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
                found[key] = float(value)
            else:
                name = f"{section}.{key}"
                self.fail(name, "config-value-type", key=name, expected="≥ 0", value=str(value))
        return found

    def value[T](self, section: str, key: str, kind: type[T], default: T) -> T:
        value = self.section(section).get(key, default)
        if kind is float and isinstance(value, int):
            value = float(value)
        if not isinstance(value, kind):
            name = f"{section}.{key}"
            self.fail(name, "config-value-type", key=name, expected=kind.__name__, value=str(value))
            return default
        return value

    def _day(self, section: str, key: str) -> date | None:
        value = self.section(section).get(key)
        if value is None or type(value) is date:
            return value
        name = f"{section}.{key}"
        self.fail(name, "config-value-type", key=name, expected="2026-06-30", value=str(value))
        return None

    def choice(
        self,
        section: str,
        key: str,
        allowed: Sequence[str],
        default: str,
        called: Callable[[str], str] = str,
    ) -> str:
        value = called(self.value(section, key, str, default))
        if value not in allowed:
            name = f"{section}.{key}"
            self.fail(
                name, "config-value-unknown", key=name, value=value, expected=", ".join(allowed)
            )
            return default
        return value

    def read(self) -> Config:
        exclusions = self.raw.get("exclusions", [])
        return Config(
            name_en=self.value("inventory", "name_en", str, ""),
            name_zh=self.value("inventory", "name_zh", str, ""),
            reporter=self.value("inventory", "reporter", str, ""),
            approach=self.choice(
                "inventory", "approach", APPROACHES, "operational_control", approach_called
            ),
            gwp=self.choice("inventory", "gwp", GWP_SETS, "AR6-100"),
            standard=self.choice("inventory", "standard", STANDARDS, "GHG Protocol"),
            factors_as_of=self._day("inventory", "factors_as_of"),
            calendar=self._calendar(),
            policies=self._policies(),
            packs=self.names("factors", "packs"),
            ignored_columns=self.names("columns", "ignored") or (),
            base_year=BaseYearPolicy(
                year=self.value("base_year", "year", int, 0) or None,
                threshold_pct=self.value("base_year", "threshold_pct", float, 5.0),
                mid_year=self.choice(
                    "base_year", "mid_year", ("whole-year", "pro rata"), "whole-year"
                ),
                reason=self.value("base_year", "reason", str, ""),
            ),
            exclusions=tuple(
                Exclusion(
                    str(row.get("line", "")),
                    str(row.get("what", "")),
                    str(row.get("reason", "")),
                    row.get("estimate_t"),
                )
                for row in (exclusions if _is_shaped("exclusions", exclusions) else [])
            ),
            report={k: str(v) for k, v in self.section("report").items()},
            uncertainty=self.numbers("uncertainty"),
            significance_pct=self.value("inventory", "significance_pct", float, 1.0),
            crosswalk={k: str(v) for k, v in self.section("crosswalk").items()},
            approval_levels=self._approval_levels(),
        )

    def _approval_levels(self) -> tuple[str, ...]:
        stated = self.names("approval", "levels")
        if stated is None:
            return APPROVAL_LEVELS
        strange = [level for level in stated if level not in APPROVAL_LEVELS]
        if strange or not stated:
            key = "approval.levels"
            self.fail(
                key, "config-value-unknown", key=key, value=", ".join(strange),
                expected=", ".join(APPROVAL_LEVELS),
            )  # fmt: skip
        return tuple(level for level in APPROVAL_LEVELS if level in stated)

    def _calendar(self) -> FiscalCalendar:
        start = self.value("inventory", "fiscal_year_start", str, "01-01")
        named_by = self.choice("inventory", "fiscal_year_named_by", ("begin", "end"), "end")
        try:
            month, day = (int(part) for part in start.split("-"))
            return FiscalCalendar(month, day, "begin" if named_by == "begin" else "end")
        except (ValueError, PeriodError):
            self.fail(
                "inventory.fiscal_year_start",
                "config-value-unknown",
                key="inventory.fiscal_year_start",
                value=start,
                expected="MM-DD, 04-01",
            )
            return FiscalCalendar()

    def _policies(self) -> Policies:
        default = Policies()
        residual = self.value("policies", "residual", dict, dict(default.residual))
        for market, policy in residual.items():
            if policy not in ("excluding traded", "grid average"):
                key = f"policies.residual.{market}"
                self.fail(
                    key,
                    "config-value-unknown",
                    key=key,
                    value=str(policy),
                    expected="excluding traded, grid average",
                )
        follows = self.choice("policies", "upstream_follows", ("location", "market"), "location")
        rule = self.choice("policies", "certificates", ("proportional", "in order"), "proportional")
        spend = self.choice("policies", "spend", ("net", "gross"), "net")
        return Policies(
            residual=residual,
            upstream_follows="market" if follows == "market" else "location",
            certificates="in order" if rule == "in order" else "proportional",
            factor_age_limit=self.value("policies", "factor_age_limit", int, 5),
            chain_upstream=self.value("policies", "chain_upstream", bool, True),
            spend="gross" if spend == "gross" else "net",
            carbon_table=self.value("policies", "carbon_table", str, "A"),
            alternatives=self._alternatives(),
            drafts=frozenset(self.names("factors", "waived") or ()),
        )

    def _alternatives(self) -> dict[str, tuple[str, ...]]:
        stated = self.value("policies", "alternatives", dict, {})
        if all(isinstance(names, list) for names in stated.values()):
            return {str(line): tuple(map(str, names)) for line, names in stated.items()}
        name = "policies.alternatives"
        expected = '{"3.4" = ["spend"]}'
        self.fail(name, "config-value-type", key=name, expected=expected, value=str(stated))
        return {}


def _is_shaped(section: str, content: object) -> bool:
    """Whether a section is the table, or the list of tables, that it must be."""
    if section == "exclusions":
        return isinstance(content, list) and all(isinstance(row, dict) for row in content)
    return isinstance(content, dict)
