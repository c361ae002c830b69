"""The carbon ledger: quantities, gases, factors, methods, entries."""

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
    from linyin.ledger.book import CONTEXT_COLUMNS, ENTRY_COLUMNS, MASSES
    from linyin.ledger.bridges import cross as cross_bridges
    from linyin.ledger.bridges import recorded_steps
    from linyin.ledger.bundle import BundleError, Manifest, write_durably, write_publication
    from linyin.ledger.bundle import canonical_hash as hash_entries
    from linyin.ledger.bundle import manifest_of as read_manifest
    from linyin.ledger.bundle import seal as seal_bundle
    from linyin.ledger.bundle import verify as verify_bundle
    from linyin.ledger.bundle import write_table as write_bundle_table
    from linyin.ledger.calculation import Calculated, Job, RunLegs, calculate_entries
    from linyin.ledger.catalog import Catalog, Factor, load_packs, pack_names
    from linyin.ledger.catalog import released as released_factors
    from linyin.ledger.catalog_out import factors_in as catalog_from_table
    from linyin.ledger.catalog_out import factors_out as catalog_to_table
    from linyin.ledger.choose import SITE
    from linyin.ledger.choose import Choice as FactorChoice
    from linyin.ledger.choose import Query as FactorQuery
    from linyin.ledger.choose import choose as choose_factor
    from linyin.ledger.code_names import code_name
    from linyin.ledger.contexts import Context, amount_unit
    from linyin.ledger.contexts import Input as NamedInput
    from linyin.ledger.contexts import inputs as named_inputs
    from linyin.ledger.correlation import input_groups
    from linyin.ledger.estimates import METHODS as ESTIMATE_METHODS
    from linyin.ledger.estimates import Comparable as ComparableSite
    from linyin.ledger.estimates import Estimate, Reading, Series, estimate_gaps
    from linyin.ledger.estimates import Filling as FilledSeries
    from linyin.ledger.estimates import Gap as OpenGap
    from linyin.ledger.estimates import gaps_of as find_gaps
    from linyin.ledger.explaining import Explanation as FactorExplanation
    from linyin.ledger.explaining import Question as FactorQuestion
    from linyin.ledger.explaining import explain as explain_factor
    from linyin.ledger.factor_search import Found as FoundFactors
    from linyin.ledger.factor_search import find_factors
    from linyin.ledger.faults import LedgerError
    from linyin.ledger.frames import book_frame
    from linyin.ledger.gases import GasError
    from linyin.ledger.gases import column as gas_column
    from linyin.ledger.gases import family as gas_family
    from linyin.ledger.gwp import GwpError, co2e_of
    from linyin.ledger.gwp import Origin as GasOrigin
    from linyin.ledger.gwp import gwp as gwp_of
    from linyin.ledger.gwp import gwp_row as sourced_gwp
    from linyin.ledger.importers.imported import FactorImportError
    from linyin.ledger.importers.imported import Imported as ImportedFactors
    from linyin.ledger.importers.publishers import PUBLISHERS, import_factors
    from linyin.ledger.item_names import called as names_of_item
    from linyin.ledger.item_names import named_parts as names_of_factor
    from linyin.ledger.item_names import near_items
    from linyin.ledger.legs import Leg
    from linyin.ledger.legs_out import contexts_out as contexts_to_table
    from linyin.ledger.legs_out import legs_out as legs_to_table
    from linyin.ledger.lines import APPROACHES, OPERATIONAL_LINES, Approach, approach_called
    from linyin.ledger.market import current as current_instruments
    from linyin.ledger.methods import Method, amount_unit_of
    from linyin.ledger.methods import load as load_methods
    from linyin.ledger.montecarlo import Simulated as SimulatedTotal
    from linyin.ledger.montecarlo import simulate as simulate_total
    from linyin.ledger.multipliers import MG_PER_KG, Multipliers
    from linyin.ledger.multipliers import co2e_kg as factor_co2e_kg
    from linyin.ledger.multipliers import of_factor as factor_multipliers
    from linyin.ledger.names import item_name, pack_name, unit_name
    from linyin.ledger.operations import GroupOperations
    from linyin.ledger.posting import ACTIVITIES, input_header
    from linyin.ledger.posting import Prepared as PreparedActivities
    from linyin.ledger.posting import lake_schema as activities_lake_schema
    from linyin.ledger.posting import prepare as prepare_activities
    from linyin.ledger.quality import Level as PlaceLevel
    from linyin.ledger.quality import Quality as DataQuality
    from linyin.ledger.quality import Scores as QualityScores
    from linyin.ledger.quality import default_interval as default_uncertainty
    from linyin.ledger.quality import place_score, time_score
    from linyin.ledger.quality import weighted_score as weighted_quality
    from linyin.ledger.reference import ReferenceTables
    from linyin.ledger.rollup import rollup as roll_up
    from linyin.ledger.rounding import milligrams as round_to_milligrams
    from linyin.ledger.runs import GWP_SETS, STANDARDS, Policies, Run, Standard
    from linyin.ledger.source_types import SourceType
    from linyin.ledger.source_types import load as load_source_types
    from linyin.ledger.spend import Rate, RateKey, Rates, Step
    from linyin.ledger.supply import Instrument
    from linyin.ledger.supply import Load as EnergyLoad
    from linyin.ledger.supply import allocate as allocate_instruments
    from linyin.ledger.tables import item_aliases, place_names, place_parents
    from linyin.ledger.technology_names import technology_name
    from linyin.ledger.trend import Trend
    from linyin.ledger.trend import trend as trend_uncertainty
    from linyin.ledger.uncertainty import Aggregate, Approach1, UncertaintyError
    from linyin.ledger.uncertainty import Component as UncertaintyComponent
    from linyin.ledger.uncertainty import combine as combine_uncertainty
    from linyin.ledger.unit_table import table as known_units
    from linyin.ledger.units import USUAL as USUAL_UNITS
    from linyin.ledger.units import Unit, UnitError
    from linyin.ledger.units import convert as convert_unit
    from linyin.ledger.units import parse as parse_unit
else:
    __getattr__, __dir__ = lazy_face(__name__)

__all__ = [
    "ACTIVITIES",
    "APPROACHES",
    "CONTEXT_COLUMNS",
    "ENTRY_COLUMNS",
    "ESTIMATE_METHODS",
    "GWP_SETS",
    "MASSES",
    "MG_PER_KG",
    "OPERATIONAL_LINES",
    "PUBLISHERS",
    "SITE",
    "STANDARDS",
    "USUAL_UNITS",
    "Aggregate",
    "Approach",
    "Approach1",
    "BundleError",
    "Calculated",
    "Catalog",
    "ComparableSite",
    "Context",
    "DataQuality",
    "EnergyLoad",
    "Estimate",
    "Factor",
    "FactorChoice",
    "FactorExplanation",
    "FactorImportError",
    "FactorQuery",
    "FactorQuestion",
    "FilledSeries",
    "FoundFactors",
    "GasError",
    "GasOrigin",
    "GroupOperations",
    "GwpError",
    "ImportedFactors",
    "Instrument",
    "Job",
    "LedgerError",
    "Leg",
    "Manifest",
    "Method",
    "Multipliers",
    "NamedInput",
    "OpenGap",
    "PlaceLevel",
    "Policies",
    "PreparedActivities",
    "QualityScores",
    "Rate",
    "RateKey",
    "Rates",
    "Reading",
    "ReferenceTables",
    "Run",
    "RunLegs",
    "Series",
    "SimulatedTotal",
    "SourceType",
    "Standard",
    "Step",
    "Trend",
    "UncertaintyComponent",
    "UncertaintyError",
    "Unit",
    "UnitError",
    "activities_lake_schema",
    "allocate_instruments",
    "amount_unit",
    "amount_unit_of",
    "approach_called",
    "book_frame",
    "calculate_entries",
    "catalog_from_table",
    "catalog_to_table",
    "choose_factor",
    "co2e_of",
    "code_name",
    "combine_uncertainty",
    "contexts_to_table",
    "convert_unit",
    "cross_bridges",
    "current_instruments",
    "default_uncertainty",
    "estimate_gaps",
    "explain_factor",
    "factor_co2e_kg",
    "factor_multipliers",
    "find_factors",
    "find_gaps",
    "gas_column",
    "gas_family",
    "gwp_of",
    "hash_entries",
    "import_factors",
    "input_groups",
    "input_header",
    "item_aliases",
    "item_name",
    "known_units",
    "legs_to_table",
    "load_methods",
    "load_packs",
    "load_source_types",
    "named_inputs",
    "names_of_factor",
    "names_of_item",
    "near_items",
    "pack_name",
    "pack_names",
    "parse_unit",
    "place_names",
    "place_parents",
    "place_score",
    "prepare_activities",
    "read_manifest",
    "recorded_steps",
    "released_factors",
    "roll_up",
    "round_to_milligrams",
    "seal_bundle",
    "simulate_total",
    "sourced_gwp",
    "technology_name",
    "time_score",
    "trend_uncertainty",
    "unit_name",
    "verify_bundle",
    "weighted_quality",
    "write_bundle_table",
    "write_durably",
    "write_publication",
]
