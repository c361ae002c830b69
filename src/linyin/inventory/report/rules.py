"""The rules behind the checklist: does a report show what a clause asks for?

A rule takes the model and answers True (shown), False (missing) or None (does not apply).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from linyin.inventory.report.figures import by_gas, gaps_found, scope_of, total_mg, undecided
from linyin.inventory.report.model import SCOPE2_METHODS, Label, Line, ReportModel, Screening

__all__ = ["RULES", "Rule"]

type Rule = Callable[[ReportModel], bool | None]

RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Register a rule under its name."""
    RULES[function.__name__] = function
    return function


def _stated(label: Label) -> bool:
    return bool(label.en or label.zh)


def _scope(model: ReportModel, scope: int) -> Iterator[Line]:
    return (line for line in model.lines if scope_of(line.line) == scope)


def _has_gases(lines: Iterator[Line]) -> bool:
    return all(sum(gas.co2e_mg for gas in line.gases) == line.co2e_mg for line in lines)


@rule
def organization_described(model: ReportModel) -> bool:
    """Tell whether a description of the organization is there."""
    return _stated(model.identity.description)


@rule
def responsible_named(model: ReportModel) -> bool:
    """Somebody is named as responsible."""
    return bool(model.identity.responsible)


@rule
def period_stated(model: ReportModel) -> bool:
    """Tell whether the period is a period."""
    return model.identity.begin < model.identity.end


@rule
def organizational_boundary(model: ReportModel) -> bool:
    """Tell whether an approach is chosen and the entities are listed."""
    return bool(model.identity.approach and model.entities)


@rule
def reporting_boundary(model: ReportModel) -> bool:
    """Tell whether the boundary is described with its criteria of significance."""
    boundary = model.boundary
    return _stated(boundary.reporting) and _stated(boundary.significance_criteria)


@rule
def operational_boundary(model: ReportModel) -> bool:
    """There are lines, and scope 3 lines only beside a screening that lists them."""
    listed = {row.line for row in model.screening}
    return bool(model.lines) and all(line.line in listed for line in _scope(model, 3))


@rule
def direct_by_gas(model: ReportModel) -> bool | None:
    """Gases of every direct line add up to it, none of them undivided."""
    lines = list(_scope(model, 1))
    if not lines:
        return None
    return _has_gases(iter(lines)) and "undivided" not in by_gas(model, "location", 1)


@rule
def biogenic_separate(model: ReportModel) -> bool:
    """Tell whether the treatment of biogenic CO2 is described; its amount always stands apart."""
    return _stated(model.boundary.biogenic_treatment)


@rule
def removals_separate(model: ReportModel) -> bool | None:
    """Tell whether removals that were quantified are listed."""
    return True if model.removals else None


@rule
def exclusions_explained(model: ReportModel) -> bool | None:
    """Every exclusion has its reason; what is undecided or missing is left out without one."""
    if undecided(model):
        return False
    if not model.exclusions:
        return False if gaps_found(model) else None
    return all(_stated(exclusion.reason) for exclusion in model.exclusions)


@rule
def indirect_by_category(model: ReportModel) -> bool:
    """There are indirect lines, each in an ISO category from 2 to 6."""
    indirect = [line for line in model.lines if scope_of(line.line) != 1]
    return bool(indirect) and all(2 <= line.iso_category <= 6 for line in indirect)


@rule
def base_year_inventory(model: ReportModel) -> bool:
    """Tell whether a base year is chosen and its totals are shown."""
    base = model.base_year
    return base is not None and any(year.year == base.year for year in model.years)


@rule
def recalculations_explained(model: ReportModel) -> bool | None:
    """Tell whether a policy is stated and events were assessed; each of them is described."""
    base = model.base_year
    if base is None or not base.assessed:
        return False
    return _stated(base.policy) and all(_stated(item.note) for item in base.recalculations)


@rule
def base_year_over_time(model: ReportModel) -> bool:
    """Totals from the base year to this year are shown with the policy."""
    base = model.base_year
    if base is None:
        return False
    shown = {year.year for year in model.years}
    return {base.year, model.identity.year} <= shown and _stated(base.policy)


@rule
def methods_referenced(model: ReportModel) -> bool:
    """Every line has a method, and every method a reference."""
    covered = {(m.line, m.scope2_method) for m in model.methods if m.role == "reported"}
    lines = {(line.line, line.scope2_method) for line in model.lines}
    return bool(lines) and lines <= covered and all(m.reference for m in model.methods)


@rule
def methods_with_reasons(model: ReportModel) -> bool:
    """As `methods_referenced`, and every method says why it was chosen."""
    return methods_referenced(model) is True and all(_stated(m.reason) for m in model.methods)


@rule
def method_changes_explained(model: ReportModel) -> bool | None:
    """Tell whether changes of methods are told where there were any."""
    changed = any(_stated(m.change) for m in model.methods)
    weighed = bool(model.base_year) and any(
        item.kind == "method"
        for item in (model.base_year.recalculations if model.base_year else ())
    )
    if not changed and not weighed:
        return None
    return changed


@rule
def factors_documented(model: ReportModel) -> bool:
    """Every factor has publisher, release, source and licence."""
    return bool(model.factors) and all(
        f.publisher and f.release and f.source and f.licence for f in model.factors
    )


@rule
def uncertainty_by_category(model: ReportModel) -> bool:
    """Every scope that has emissions has an interval of its own."""
    scopes = {f"scope{scope_of(line.line)}" for line in model.lines if line.co2e_mg}
    return bool(scopes) and scopes <= {row.subject for row in model.uncertainty}


@rule
def uncertainty_assessed(model: ReportModel) -> bool:
    """Tell whether the total has an interval."""
    return any(
        row.subject == "total" and row.approach1_pct is not None for row in model.uncertainty
    )


@rule
def verification_disclosed(model: ReportModel) -> bool:
    """Tell whether the state of verification is told."""
    return _stated(model.identity.verification)


@rule
def gwp_sourced(model: ReportModel) -> bool:
    """GWP set and source are named."""
    return bool(model.identity.gwp_set and model.identity.gwp_source)


@rule
def totals_before_trades(model: ReportModel) -> bool:
    """Scopes 1 and 2 are in the totals; credits never are, they belong to another book."""
    return any(True for _ in _scope(model, 1)) and any(True for _ in _scope(model, 2))


@rule
def scopes_separate(model: ReportModel) -> bool:
    """Scopes 1 and 2 are both there."""
    return totals_before_trades(model) is True


@rule
def gases_in_mass_and_co2e(model: ReportModel) -> bool:
    """Every gas of scopes 1 and 2 has a mass beside its CO2e; undivided factors have none."""
    gases = [gas for line in model.lines if scope_of(line.line) in (1, 2) for gas in line.gases]
    complete = _has_gases(line for line in model.lines if scope_of(line.line) in (1, 2))
    return bool(gases) and complete and all(gas.mass_mg is not None for gas in gases)


@rule
def scope2_dual(model: ReportModel) -> bool | None:
    """Scope 2 stands under both methods."""
    methods = {line.scope2_method for line in _scope(model, 2)}
    return None if not methods else methods == set(SCOPE2_METHODS)


@rule
def scope2_methods_labelled(model: ReportModel) -> bool | None:
    """Every scope 2 line has a method of its own."""
    lines = {(line.line, line.scope2_method) for line in _scope(model, 2)}
    named = {(m.line, m.scope2_method) for m in model.methods}
    return None if not lines else lines <= named


@rule
def instruments_disclosed(model: ReportModel) -> bool | None:
    """Instruments, where used, name kind and technology."""
    if not model.instruments:
        return None
    return all(item.kind and item.technology for item in model.instruments)


@rule
def quality_criteria(model: ReportModel) -> bool | None:
    """Every instrument, or a note on them all, says whether the quality criteria are met."""
    if not model.instruments:
        return None
    if _stated(model.boundary.contractual_notes):
        return True
    return all(item.meets_criteria is not None for item in model.instruments)


@rule
def residual_disclosed(model: ReportModel) -> bool | None:
    """Markets with power that no instrument covers say where its factor is from."""
    open_markets = [m for m in model.scope2 if m.covered_kwh < m.consumption_kwh]
    return None if not open_markets else all(_stated(m.residual) for m in open_markets)


@rule
def scope2_tracking(model: ReportModel) -> bool | None:
    """Tell whether the method for base year and targets is named where a base year is."""
    return None if model.base_year is None else bool(model.boundary.scope2_tracking_method)


@rule
def scope3_by_category(model: ReportModel) -> bool:
    """There are scope 3 lines."""
    return any(True for _ in _scope(model, 3))


@rule
def scope3_gases(model: ReportModel) -> bool:
    """Gases of every scope 3 line add up to it."""
    return scope3_by_category(model) is True and _has_gases(_scope(model, 3))


@rule
def scope3_listed(model: ReportModel) -> bool:
    """All fifteen categories have a decision."""
    return {f"3.{n}" for n in range(1, 16)} <= {row.line for row in _decided(model)}


@rule
def scope3_exclusions_justified(model: ReportModel) -> bool | None:
    """Every category that is not quantified says why."""
    decided = _decided(model)
    left_out = [row for row in decided if row.treatment != "quantified"]
    if not decided:
        return False
    return None if not left_out else all(_stated(row.reason) for row in left_out)


def _decided(model: ReportModel) -> list[Screening]:
    return [row for row in model.screening if row.treatment != "undecided"]


@rule
def scope3_base_year(model: ReportModel) -> bool:
    """Tell whether the base year has its reason, its policy and its scope 3 categories."""
    base = model.base_year
    if base is None or not (_stated(base.rationale) and _stated(base.policy)):
        return False
    return any(
        year.year == base.year and any(line.startswith("3.") for line in year.lines)
        for year in model.years
    )


@rule
def scope3_data_described(model: ReportModel) -> bool:
    """Every scope 3 line describes its data and their quality."""
    lines = list(_scope(model, 3))
    return bool(lines) and all(
        _stated(line.data_sources) and line.quality is not None for line in lines
    )


@rule
def scope3_methods(model: ReportModel) -> bool:
    """Every scope 3 line has a method."""
    lines = {line.line for line in _scope(model, 3)}
    return bool(lines) and lines <= {m.line for m in model.methods if m.role == "reported"}


@rule
def scope3_supplier_share(model: ReportModel) -> bool:
    """Every scope 3 line says how much of it is from partners' data."""
    lines = list(_scope(model, 3))
    return bool(lines) and all(line.supplier_share is not None for line in lines)


@rule
def conformity_statable(model: ReportModel) -> bool:
    """Tell whether the statement can be made: no other item of ISO 14064-1 is missing."""
    from linyin.inventory.report.checklist import load_items

    others = {
        item.rule
        for item in load_items()
        if item.standard.startswith("ISO") and item.rule != "conformity_statable"
    }
    return total_mg(model, "location") != 0 and all(
        RULES[name](model) is not False for name in sorted(others)
    )
