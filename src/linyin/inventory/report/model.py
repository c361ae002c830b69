"""What a report shows, as data: nothing here reads a bundle, formats or draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

type Lang = Literal["en", "zh"]
type Scope2Method = Literal["location", "market", ""]

SCOPE2_METHODS: tuple[Scope2Method, ...] = ("location", "market")


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages; an empty one falls back on the other."""

    en: str = ""
    zh: str = ""

    def of(self, lang: Lang) -> str:
        """Return the name in a language."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


type State = Literal["draft", "locked", "approved", "published"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is on its way to publication, and who answers for it; '' = nobody yet."""

    state: State
    prepared_by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports what, for when, worked out by which run.

    `begin` and `end` are half-open. `authenticated` says whether accounts proved the names of
    `prepared_by` and `approved_by`. `statements` are further ones by key (`contact`, `frequency`,
    `dissemination`, `targets`, `performance`, `removals`). Empty texts were not stated.
    """

    run_id: str
    entity: str
    name: Label
    standard: str
    approach: str
    gwp_set: str
    year: int
    begin: date
    end: date
    state: State = "draft"
    description: Label = Label()
    gwp_source: str = ""
    responsible: str = ""
    purpose: Label = Label()
    intended_users: Label = Label()
    verification: Label = Label()
    prepared_by: str = ""
    approved_by: str = ""
    authenticated: bool = False
    reason: str = ""
    created: str = ""
    code_version: str = ""
    content_hash: str = ""
    statements: Mapping[str, Label] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Boundary:
    """Statements on boundaries, as the reporter wrote them."""

    organizational: Label = Label()
    reporting: Label = Label()
    significance_criteria: Label = Label()
    biogenic_treatment: Label = Label()
    scope2_tracking_method: Scope2Method = ""
    contractual_notes: Label = Label()


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity or site of the boundary; `share` is the fraction booked, where known. [0..1]"""

    code: str
    name: Label
    kind: str = "entity"
    parent: str = ""
    place: str = ""
    ownership: float | None = None
    control: str = ""
    operator: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class GasAmount:
    """One gas of one line: its own mass where known, and its CO2e. [mg]"""

    gas: str
    co2e_mg: int
    mass_mg: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One inventory line under one scope-2 method; masses in mg, shares 0..1.

    `supplier_share` is the part of the CO2e from data of suppliers or other value-chain
    partners, `estimated_share` the part whose activity is estimated or a default, `quality` the
    emission-weighted data-quality score, 1 best to 5.
    """

    line: str
    scope2_method: Scope2Method
    iso_category: int
    co2e_mg: int
    gases: tuple[GasAmount, ...] = ()
    biogenic_co2_mg: int = 0
    estimated_share: float = 0.0
    supplier_share: float | None = None
    quality: float | None = None
    data_sources: Label = Label()


@dataclass(frozen=True, slots=True)
class SiteTotal:
    """What one site adds under one consolidation, by scope. [mg]"""

    site: str
    name: Label
    entity: str
    place: str
    scope1_mg: int
    scope2_location_mg: int
    scope2_market_mg: int
    scope3_mg: int


@dataclass(frozen=True, slots=True)
class Scope2Market:
    """Consumption of one market and both its figures; kWh and mg."""

    market: str
    consumption_kwh: float
    covered_kwh: float
    location_mg: int
    market_mg: int
    residual: Label = Label()


@dataclass(frozen=True, slots=True)
class YearTotals:
    """Totals of one year on the boundary of this report. [mg]"""

    year: int
    lines: Mapping[str, int]
    scope2_market_mg: int
    restated: bool = False
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of the change from the base year. [mg]"""

    cause: str
    co2e_mg: int


@dataclass(frozen=True, slots=True)
class Recalculation:
    """One change of the base year that was weighed against the threshold. [mg]

    `effect_mg` is None where a restated run tells its reason alone; `applied` is None where the
    threshold is passed and the base year is not restated yet.
    """

    kind: str
    note: Label
    effect_mg: int | None
    applied: bool | None


@dataclass(frozen=True, slots=True)
class BaseYear:
    """The base year, the change since, and what was done to keep the two comparable.

    `assessed` says that somebody looked for events: only then no recalculations means none.
    """

    year: int
    rationale: Label = Label()
    policy: Label = Label()
    threshold_pct: float | None = None
    recalculations: tuple[Recalculation, ...] = ()
    limits: Label = Label()
    from_mg: int = 0
    to_mg: int = 0
    method: str = ""
    causes: tuple[Cause, ...] = ()
    trend_pct: float | None = None
    trend_low_pct: float | None = None
    trend_high_pct: float | None = None
    assessed: bool = False


@dataclass(frozen=True, slots=True)
class Intensity:
    """Emissions over a metric of the entity; the quotient is left to the reader of both."""

    metric: Label
    denominator: float
    unit: str
    subject: Literal["total", "scope12"]
    scope2_method: Scope2Method
    co2e_mg: int


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """95 % interval of a subject (`total`, `scope1` … or a line) in percent of its figure."""

    subject: str
    scope2_method: Scope2Method
    co2e_mg: int
    approach1_pct: float | None = None
    approach2_low_pct: float | None = None
    approach2_high_pct: float | None = None
    draws: int = 0
    seed: int | None = None
    warnings: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A method used on a line, with what it rests on. [mg]"""

    line: str
    scope2_method: Scope2Method
    method: str
    version: int
    name: Label
    reference: str
    formula: Label
    co2e_mg: int
    reason: Label = Label()
    assumptions: Label = Label()
    change: Label = Label()
    role: Literal["reported", "alternative"] = "reported"


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor used, with its provenance; `value` is kg CO2e per `unit` as a decimal string.

    `lines` are in the order of the emissions that the factor has there, the largest first.
    """

    factor_id: str
    pack: str
    name: Label
    value: str
    unit: str
    place: str
    boundary: str
    basis: str
    publisher: str
    release: str
    source: str
    licence: str
    evidence: str
    copies_read: int | None
    data_year: int
    published: date | None
    lines: tuple[str, ...]
    co2e_mg: int
    sha256: str = ""
    draft: bool = False
    waived_by: str = ""
    gwp_set: str = ""
    uncertainty_pct: float | None = None
    uncertainty_evidence: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Rows that stand for data that was missing. [mg]"""

    site: str
    line: str
    method: str
    status: str
    rows: int
    co2e_mg: int
    note: Label = Label()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A source, sink, site or category left out, and why; size where it was estimated. [mg]"""

    what: Label
    reason: Label
    line: str = ""
    co2e_mg: int | None = None


@dataclass(frozen=True, slots=True)
class Screening:
    """What was decided for one indirect line."""

    line: str
    treatment: Literal["quantified", "excluded", "not_applicable", "undecided"]
    significant: bool | None
    share: float
    reason: Label = Label()


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding of the checks, rendered in both languages."""

    code: str
    severity: str
    text: Label


@dataclass(frozen=True, slots=True)
class Instrument:
    """A certificate, contract or tariff behind market-based figures; factor in kg CO2e/kWh."""

    instrument: str
    kind: str
    owner: str
    market: str
    technology: str
    vintage: str
    kwh: float
    used_kwh: float
    factor: str
    registry: str
    meets_criteria: bool | None
    note: Label = Label()


@dataclass(frozen=True, slots=True)
class Memo:
    """An amount outside the totals: Montreal gases, lifetimes of projects. [mg]"""

    kind: Literal["montreal", "project_lifetime", "other"]
    item: Label
    mass_mg: int | None
    co2e_mg: int | None
    note: Label = Label()


@dataclass(frozen=True, slots=True)
class Elimination:
    """An amount between entities of the group that was taken out, visibly. [mg]"""

    line: str
    entity: str
    counterparty: str
    co2e_mg: int


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal, never netted with emissions. [mg]"""

    name: Label
    line: str
    co2e_mg: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry and the row that it is from.

    `amount` is at 100 % in `unit`, of which the entry is the part `fraction`, and of that the
    part `share` is booked; `last` is the last day. `entry` is what `linyin trace` takes. [mg, 0..1]
    """

    entry: str
    site: str
    entity: str
    line: str
    scope2_method: Scope2Method
    role: str
    flow: str
    status: str
    source_type: str
    item: str
    begin: date
    last: date
    amount: float
    unit: str
    fraction: float
    share: float
    factor_id: str
    co2e_mg: int
    biogenic_co2_mg: int
    file: str
    sheet: str
    row: int | None


@dataclass(frozen=True, slots=True)
class ReportModel:
    """Everything one report shows; see the fields' own types for units.

    `entries` are the largest of `entries_in_all`; only a workbook shows them.
    """

    identity: Identity
    boundary: Boundary
    lines: tuple[Line, ...]
    entities: tuple[Entity, ...] = ()
    sites: tuple[SiteTotal, ...] = ()
    scope2: tuple[Scope2Market, ...] = ()
    years: tuple[YearTotals, ...] = ()
    base_year: BaseYear | None = None
    intensities: tuple[Intensity, ...] = ()
    uncertainty: tuple[Uncertainty, ...] = ()
    methods: tuple[Method, ...] = ()
    factors: tuple[Factor, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    screening: tuple[Screening, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    memos: tuple[Memo, ...] = ()
    eliminations: tuple[Elimination, ...] = ()
    removals: tuple[Removal, ...] = ()
    notes: tuple[Label, ...] = ()
    entries: tuple[EntryRow, ...] = ()
    entries_in_all: int = 0
