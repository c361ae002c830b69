"""The page about items: what the packs have factors for, by use, with units and technologies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from documentation.text import Lang, code, page, pick, rows_of, table

USES: Final[dict[str, tuple[str, str]]] = {
    "fuel": ("Fuels", "燃料"),
    "grid": ("Electricity", "电力"),
    "heat": ("Heat and steam", "热力与蒸汽"),
    "process": ("Processes", "工艺过程"),
    "fugitive": ("Refrigerants and other gases", "制冷剂与其他逸散气体"),
    "goods": ("Goods and materials", "货物与材料"),
    "spend": ("Spend", "支出"),
    "freight": ("Freight", "货运"),
    "storage": ("Storage", "仓储"),
    "waste": ("Waste", "废弃物"),
    "water": ("Water", "用水与污水"),
    "travel": ("Travel", "出行"),
    "hotel": ("Hotels", "酒店"),
    "commuting": ("Commuting", "通勤"),
    "telework": ("Telework", "居家办公"),
}


def items(lang: Lang) -> str:
    """Return the page about every item that the packs have a factor for."""
    uses: defaultdict[str, defaultdict[str, list[dict[str, str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for release in rows_of("ledger", "packs", "releases.csv"):
        for row in rows_of("ledger", "packs", f"{release['pack']}.csv"):
            uses[row["use"]][row["item"]].append(row)
    called = _called()
    head = pick(
        lang, "Item|Also called|Units|Technologies", "物质（item）|又称|单位|工艺（technology）"
    ).split("|")
    blocks = [
        pick(
            lang,
            "What stands in the column `item` of the activities, by what the factor is for. Units "
            "are those of the factors: a row may use any unit of the same dimension. An item "
            "may be written by any name in *also called* that a fuel has; `linyin factors "
            "search` knows more words.",
            "活动数据 `item` 列的取值，按因子用途列出。单位为因子的单位，"
            "数据可用同一量纲的任何单位。燃料可写其任一别名；"
            "`linyin factors search` 识别更多词语。",
        )
    ]
    for use in (*USES, *sorted(set(uses) - set(USES))):
        if use not in uses:
            continue
        en, zh = USES.get(use, (use, use))
        blocks.append(f"## {pick(lang, en, zh)} (`{use}`)")
        rows = sorted(uses[use].items(), key=lambda pair: pair[0].casefold())
        blocks.append(table(head, (_item_row(item, of, called, lang) for item, of in rows)))
    return page(pick(lang, "Items", "物质"), *blocks)


def _called() -> dict[str, str]:
    return {
        row["item"]: ", ".join(
            name for name in (row["name_en"], row["name_zh"], *row["aliases"].split("|")) if name
        )
        for row in rows_of("ledger", "packs", "fuels.csv")
    }


def _item_row(
    item: str, factors: list[dict[str, str]], called: dict[str, str], lang: Lang
) -> list[object]:
    names = called.get(item, "")
    if not names and len({row[f"name_{lang}"] for row in factors}) == 1:
        names = factors[0][f"name_{lang}"]
    return [
        code(item),
        names,
        _codes(row["unit"] for row in factors),
        _codes(row["technology"] for row in factors),
    ]


def _codes(texts: Iterable[str]) -> str:
    return " ".join(code(text) for text in sorted(set(texts)) if text)
