"""The inventory: a folder calculated into bundles, checked, compared, reported."""

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
    from linyin.inventory.assurance import SamplingError
    from linyin.inventory.attribution import DecompositionError
    from linyin.inventory.attribution import Method as DecompositionMethod
    from linyin.inventory.baseyear import BaseYearAssessment, stated_base_year, under_structure_of
    from linyin.inventory.baseyear import assess as assess_base_year
    from linyin.inventory.baseyear import restate as restate_base_year
    from linyin.inventory.baseyear_rows import LakeRows
    from linyin.inventory.calculate import calculate as calculate_folder
    from linyin.inventory.calculate import calculate_posted
    from linyin.inventory.checks import CHECKS, Check, run_checks
    from linyin.inventory.checks import GAPS as GAP_CHECKS
    from linyin.inventory.config import APPROVAL_LEVELS, Config, parse_config
    from linyin.inventory.config import FILE as CONFIG_FILE
    from linyin.inventory.diff import Diff, SourceChange
    from linyin.inventory.diff import diff as diff_inventories
    from linyin.inventory.dryrun import Checked as CheckedFolder
    from linyin.inventory.dryrun import check as check_folder
    from linyin.inventory.dryrun import check_read as check_read_folder
    from linyin.inventory.estimate import DEFAULT_METHODS as DEFAULT_ESTIMATE_METHODS
    from linyin.inventory.estimate import EstimateReport
    from linyin.inventory.estimate import estimate as estimate_folder
    from linyin.inventory.folder import TABLES as FOLDER_TABLES
    from linyin.inventory.folder import Folder, read_folder
    from linyin.inventory.frames import calculate as calculate_inventory
    from linyin.inventory.frames import check as check_inventory
    from linyin.inventory.frames import folder_of_frames as frames_folder
    from linyin.inventory.inventory import LINES as INVENTORY_LINES
    from linyin.inventory.inventory import Inventory, Scope2Method
    from linyin.inventory.jobs import Request as CalculationRequest
    from linyin.inventory.population import Candidate as SampleCandidate
    from linyin.inventory.population import candidates as sample_candidates
    from linyin.inventory.population import is_candidate
    from linyin.inventory.posting import post_activities
    from linyin.inventory.publish import publish as publish_bundle
    from linyin.inventory.replay import Replay
    from linyin.inventory.replay import replay as replay_bundle
    from linyin.inventory.report.checklist import Item as ReportItem
    from linyin.inventory.report.checklist import load_items as report_items
    from linyin.inventory.report.checklist import missing_items as report_lacks
    from linyin.inventory.report.model import Label as ReportLabel
    from linyin.inventory.report.model import Standing as ReportStanding
    from linyin.inventory.report.model import State as ReportState
    from linyin.inventory.report.texts import Texts as ReportVocabulary
    from linyin.inventory.report.write import Format as ReportFormat
    from linyin.inventory.report.write import report_model, write_report
    from linyin.inventory.sampling import Method as SamplingMethod
    from linyin.inventory.sampling import Sample
    from linyin.inventory.sampling import draw as draw_sample
    from linyin.inventory.trace import SharedPart, count_entries
    from linyin.inventory.trace import Term as TracedTerm
    from linyin.inventory.trace import Traced as TracedEntry
    from linyin.inventory.trace import trace as trace_entry
    from linyin.inventory.uncertainty import Assessment as UncertaintyAssessment
    from linyin.inventory.uncertainty import aggregates as uncertainty_aggregates
    from linyin.inventory.uncertainty import assess as assess_uncertainty
    from linyin.inventory.uncertainty import trend_between
else:
    __getattr__, __dir__ = lazy_face(__name__)

__all__ = [
    "APPROVAL_LEVELS",
    "CHECKS",
    "CONFIG_FILE",
    "DEFAULT_ESTIMATE_METHODS",
    "FOLDER_TABLES",
    "GAP_CHECKS",
    "INVENTORY_LINES",
    "BaseYearAssessment",
    "CalculationRequest",
    "Check",
    "CheckedFolder",
    "Config",
    "DecompositionError",
    "DecompositionMethod",
    "Diff",
    "EstimateReport",
    "Folder",
    "Inventory",
    "LakeRows",
    "Replay",
    "ReportFormat",
    "ReportItem",
    "ReportLabel",
    "ReportStanding",
    "ReportState",
    "ReportVocabulary",
    "Sample",
    "SampleCandidate",
    "SamplingError",
    "SamplingMethod",
    "Scope2Method",
    "SharedPart",
    "SourceChange",
    "TracedEntry",
    "TracedTerm",
    "UncertaintyAssessment",
    "assess_base_year",
    "assess_uncertainty",
    "calculate_folder",
    "calculate_inventory",
    "calculate_posted",
    "check_folder",
    "check_inventory",
    "check_read_folder",
    "count_entries",
    "diff_inventories",
    "draw_sample",
    "estimate_folder",
    "frames_folder",
    "is_candidate",
    "parse_config",
    "post_activities",
    "publish_bundle",
    "read_folder",
    "replay_bundle",
    "report_items",
    "report_lacks",
    "report_model",
    "restate_base_year",
    "run_checks",
    "sample_candidates",
    "stated_base_year",
    "trace_entry",
    "trend_between",
    "uncertainty_aggregates",
    "under_structure_of",
    "write_report",
]
