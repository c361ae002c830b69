"""The page about inventory lines: where an activity counts, asked of the code itself."""

from __future__ import annotations

from fractions import Fraction

from documentation.text import Lang, code, page, pick, rows_of, table
from linyin.lake import load_schema
from linyin.ledger import APPROACHES, Approach, LedgerError
from linyin.ledger.lines import positions


def lines(lang: Lang) -> str:
    """Return the page about lines."""
    names = {
        row["key"].removeprefix("line."): row[lang]
        for row in rows_of("inventory", "report", "texts.csv")
        if row["key"].startswith("line.")
    }
    allowed = {c.name: c.allowed for c in load_schema("ledger", "activities").columns}
    approaches: list[Approach] = list(APPROACHES)  # type: ignore[arg-type]
    return page(
        pick(lang, "Lines", "核算类目"),
        pick(
            lang,
            "An activity never states its scope. Its line follows from its source type, its "
            "relation, the consolidation approach of the run and the reporter's share on the day. "
            "Lines 1.x are scope 1, 2.x scope 2, 3.x the categories of scope 3.",
            "活动数据不填写范围。其类目由排放源类型、关系、合并方法及当日份额推导。"
            "1.x 为范围一，2.x 为范围二，3.x 为范围三各类别。",
        ),
        f"## {pick(lang, 'By source type', '按排放源类型')}",
        table(
            pick(
                lang,
                "Source type|Owned|Name|Outsourced",
                "排放源类型|自有|类目名称|外包",
            ).split("|"),
            (
                (
                    code(source),
                    _line(source, "owned", "operational_control"),
                    names[_line(source, "owned", "operational_control")],
                    _line(source, "outsourced", "operational_control"),
                )
                for source in allowed["source_type"]
            ),
        ),
        "## "
        + pick(
            lang, "Fuel, processes, leaks and power by relation", "燃料、过程、逸散与能源按关系"
        ),
        pick(
            lang,
            "With electricity (2.1) as the example; 1.1 to 2.2 move alike. Leases follow the "
            "Corporate Standard's appendix F.",
            "以电力（2.1）为例，1.1 至 2.2 同理。租赁依据《企业标准》附录F。",
        ),
        table(
            [pick(lang, "Relation", "关系"), *(code(approach) for approach in approaches)],
            (
                (code(relation), *(_line("electricity", relation, a) for a in approaches))
                for relation in allowed["relation"]
            ),
        ),
        f"## {pick(lang, 'Associates', '联营企业')}",
        pick(
            lang,
            f"Where the reporter has equity in an operation but no share under the approach, its "
            f"scopes 1 and 2 count in {_associate()} with the equity share.",
            "报告主体对某运营仅有权益、按合并方法无份额时，"
            f"其范围一和范围二按权益比例计入 {_associate()}。",
        ),
    )


def _line(source: str, relation: str, approach: Approach) -> str:
    """Return the line of a relation, a dash where the ledger refuses it."""
    try:
        found = positions(source, relation, approach, share=Fraction(1), equity=Fraction(1))
    except LedgerError:
        return "–"
    return found.line if found else ""


def _associate() -> str:
    found = positions(
        "electricity", "owned", "operational_control", share=Fraction(0), equity=Fraction(1, 5)
    )
    return found.line if found else ""
