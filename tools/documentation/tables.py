"""Pages about the files that users write: one a table, from its schema."""

from __future__ import annotations

from typing import Final

from documentation.text import Lang, code, codes, page, pick, rows_of, table
from linyin.inventory import FOLDER_TABLES
from linyin.lake import load_schema

ABOUT: Final[dict[str, tuple[str, str]]] = {
    "organization": (
        "Nodes of the management tree, who owns and controls them, and when.",
        "管理树的节点、股权与控制关系及其生效时间。",
    ),
    "activities": (
        "What happened: one row a meter reading, invoice, purchase, trip, shipment or sale. "
        "The inputs of a method stand in columns of their own, such as `distance [km]`; "
        "see [inputs](inputs.md) and [methods](methods.md).",
        "发生了什么：每行一条抄表、发票、采购、行程、运输或销售记录。"
        "核算方法的参数各占一列，如 `distance [km]`，参见[参数](inputs.md)与[方法](methods.md)。",
    ),
    "metrics": (
        "What intensities and allocations divide by: revenue, heads, floor area, throughput.",
        "强度与分摊的分母：营业收入、人数、面积、流量等。",
    ),
    "factors": (
        "Your own factors, such as a supplier's. The packs that come with Linyin have the same "
        "columns; see [factor packs](factor-packs.md).",
        "自有因子，如供应商特定因子。内置因子包的列与此相同，参见[因子包](factor-packs.md)。",
    ),
    "instruments": (
        "Certificates, contracts and suppliers' factors that scope 2 by market may use.",
        "基于市场的范围二可使用的绿证、合同与供应商特定因子。",
    ),
    "rates": (
        "Exchange rates, price indices, VAT rates and margins that spend is converted with.",
        "支出换算所用的汇率、价格指数、增值税率与生产者价格占比。",
    ),
    "allocations": (
        "How the activities of a shared site are divided among the nodes that use it.",
        "共用场所的活动数据如何分摊到各使用节点。",
    ),
    "profiles": (
        "How a row that covers several periods is spread over time, where not evenly by days.",
        "跨期记录不按日均分时的时间分摊曲线。",
    ),
}


def tables(lang: Lang) -> str:
    """Return the page about all tables."""
    blocks = [
        pick(
            lang,
            "A folder holds these files as `.csv`, `.tsv`, `.xlsx` or `.parquet`; a table may be "
            "several files that begin with its name (`activities-2023.csv`). CSV is read as UTF-8 "
            "or GBK. Columns may stand in any order; an unknown column is an error, so that no "
            "misspelt one is lost. A unit may be written in the header: `quantity [kWh]`.",
            "文件夹中放置以下文件，格式可为 `.csv`、`.tsv`、`.xlsx` 或 `.parquet`；"
            "同一张表可拆成多个以表名开头的文件（如 `activities-2023.csv`）。"
            "CSV 可为 UTF-8 或 GBK 编码。列的顺序不限；未知的列会报错，以免漏读拼错的列。"
            "单位可写在表头：`quantity [kWh]`。",
        )
    ]
    for name, room in FOLDER_TABLES.items():
        en, zh = ABOUT[name]
        blocks += [f"## {name}", pick(lang, en, zh), load_schema(room, name).reference(lang)]
    return page(pick(lang, "Tables", "数据表"), *blocks)


def inputs(lang: Lang) -> str:
    """Return the page about the named inputs of methods."""
    operation = {
        "multiply": pick(lang, "multiplies", "相乘"),
        "divide": pick(lang, "divides", "相除"),
    }
    head = pick(lang, "Input|Unit|Effect|Meaning", "参数|单位|作用|含义").split("|")
    return page(
        pick(lang, "Inputs of methods", "方法参数"),
        pick(
            lang,
            "A method's inputs are columns of `activities` with their unit in the header: "
            "`distance [km]`, or in the cell: `1000 km`. They are converted to the unit below; "
            "one of another dimension is an error.",
            "方法参数是 `activities` 的列，单位写在表头（`distance [km]`）或单元格中（`1000 km`），"
            "读取时换算为下列单位；量纲不符则报错。",
        ),
        table(
            head,
            (
                (
                    code(r["input"]),
                    code(r["unit"]),
                    operation[r["operation"]],
                    r[f"description_{lang}"],
                )
                for r in rows_of("ledger", "schemas", "inputs.csv")
            ),
        ),
    )


def methods(lang: Lang) -> str:
    """Return the page about methods."""
    blocks = [
        pick(
            lang,
            "Methods are versioned: a bundle keeps the version that it was calculated with. "
            "Where `method` of a row is empty, it is derived from the source type, the kind of "
            "unit and the inputs that the row states. Runs by GB/T 32150 derive `carbon_balance` "
            "first, for every fuel whose carbon is fossil.",
            "方法带有版本：结果包始终使用其核算时的版本。`method` 为空时，"
            "由排放源类型、单位种类和所给参数推导。按 GB/T 32150 核算时，"
            "化石燃料优先采用 `carbon_balance`。",
        )
    ]
    by_source: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("ledger", "methods.csv"):
        by_source.setdefault(row["source_types"], []).append(row)
    head = pick(
        lang,
        "Method|Name|Formula|Units of|Required inputs|Optional inputs|After",
        "方法|名称|公式|单位种类|必需参数|可选参数|依据",
    ).split("|")
    for sources, rows in by_source.items():
        blocks += [
            f"## {', '.join(sources.split())}",
            table(
                head,
                (
                    (
                        f"`{r['method']}` v{r['version']}",
                        r[f"name_{lang}"],
                        r[f"formula_{lang}"],
                        pick(lang, "any", "不限") if r["kinds"] == "*" else r["kinds"],
                        codes(r["required"]),
                        codes(r["optional"]),
                        r["reference"],
                    )
                    for r in rows
                ),
            ),
        ]
    return page(pick(lang, "Methods", "核算方法"), *blocks)
