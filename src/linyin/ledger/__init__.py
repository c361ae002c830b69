"""The carbon ledger: quantities, gases, factors, methods, entries."""

from linyin.ledger.book import CONTEXT_COLUMNS, ENTRY_COLUMNS, MASSES
from linyin.ledger.calculation import Calculated, Job, RunLegs, calculate_entries
from linyin.ledger.carbon import CarbonDefaults
from linyin.ledger.catalog import Catalog, Factor, load_packs, pack_names
from linyin.ledger.choose import Choice, Query, choose
from linyin.ledger.faults import LedgerError
from linyin.ledger.legs import Leg
from linyin.ledger.lines import APPROACHES, Approach
from linyin.ledger.operations import GroupOperations
from linyin.ledger.posting import ACTIVITIES, Prepared, input_header, lake_schema, prepare
from linyin.ledger.runs import GWP_SETS, STANDARDS, Policies, Run, Standard
from linyin.ledger.spend import Rate, Rates
from linyin.ledger.supply import Instrument

__all__ = [
    "ACTIVITIES",
    "APPROACHES",
    "CONTEXT_COLUMNS",
    "ENTRY_COLUMNS",
    "GWP_SETS",
    "MASSES",
    "STANDARDS",
    "Approach",
    "Calculated",
    "CarbonDefaults",
    "Catalog",
    "Choice",
    "Factor",
    "GroupOperations",
    "Instrument",
    "Job",
    "LedgerError",
    "Leg",
    "Policies",
    "Prepared",
    "Query",
    "Rate",
    "Rates",
    "Run",
    "RunLegs",
    "Standard",
    "calculate_entries",
    "choose",
    "input_header",
    "lake_schema",
    "load_packs",
    "pack_names",
    "prepare",
]
