"""The factors of a run as rows of a list: read from its bundle, with what stands on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linyin.inventory import ReportVocabulary
from linyin.inventory.web.factors.rows import place_name, publisher_name
from linyin.ledger.web.called import item_called, items_called
from linyin.platform.resources import Column, Filter
from linyin.platform.resources.lake import LakeSource
from linyin.platform.words import lang

if TYPE_CHECKING:
    from linyin.inventory.web.models import RunRecord

__all__ = ["COLUMNS", "FILTERS", "factors_of"]


def _evidence_name(evidence: str) -> str:
    return ReportVocabulary(lang()).known("evidence", evidence)


COLUMNS: Final = (
    Column("name"),
    Column("factor_id", "code", listed=False),
    Column("item", "code", says=item_called, finds=items_called, listed=False),
    Column("place", "choice", says=place_name),
    Column("data_year", "code"),
    Column("publisher", "choice", says=publisher_name),
    Column("release", "code"),
    Column("licence", "code"),
    Column("evidence", "choice", badge="evidence", says=_evidence_name),
    Column("co2e_mg", "mass"),
)
FILTERS: Final = (
    Filter("place"),
    Filter("data_year"),
    Filter("publisher"),
    Filter("evidence"),
)
_SEARCH: Final = ("factor_id", "name_en", "name_zh", "item", "publisher")


def factors_of(run: RunRecord) -> LakeSource:
    """Return the factors that a run stands on; they are for everybody who sees the run.

    A factor that its bundle does not hold is named by its id alone.
    """

    def relation() -> str | None:
        used = ", ".join(f"({_quoted(n)}, {int(mg)})" for n, mg in run.totals["factors"].items())
        if not used:
            return None
        first, second = (f"NULLIF(name_{language}, '')" for language in _languages())
        factors = _quoted(str(run.path / "inputs" / "factors.parquet"))
        return (
            f"(SELECT u.factor_id, u.co2e_mg, {_quoted(run.node.code)} AS node, "
            f"coalesce({first}, {second}, u.factor_id) AS name, name_en, name_zh, item, place, "
            "data_year, publisher, release, licence, evidence "
            f"FROM (VALUES {used}) AS u (factor_id, co2e_mg) "
            f"LEFT JOIN read_parquet({factors}) AS f USING (factor_id)) AS factors"
        )

    return LakeSource(
        relation,
        key=("factor_id",),
        node="node",
        columns=COLUMNS,
        filters=FILTERS,
        search=_SEARCH,
        order="-co2e_mg",
    )


def _languages() -> tuple[str, str]:
    return ("zh", "en") if lang() == "zh" else ("en", "zh")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
