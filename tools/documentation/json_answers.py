"""The page about `--json`, from a table beside this file that tests hold to the commands."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from documentation.text import Lang, code, page, pick, table

SOURCE = Path(__file__).with_name("json_keys.csv")
SHARED: Final = {
    "finding": ("A finding", "一条发现"),
    "run": ("A run", "一次核算"),
    "factor": ("A factor", "一个因子"),
    "failure": ("A failure", "失败"),
}
_TYPES: Final = {
    "text": "文本", "integer": "整数", "number": "数值", "boolean": "布尔", "date": "日期",
    "object": "对象", "map": "映射", "finding": "发现", "run": "核算", "factor": "因子",
}  # fmt: skip


def keys() -> list[dict[str, str]]:
    """Return a row for every key: the answer it belongs to, its type, its meaning."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def json_answers(lang: Lang) -> str:
    """Return the page about what commands print with `--json`."""
    blocks = [
        pick(
            lang,
            "With `--json` a command prints one JSON object on standard output and nothing else. "
            "Its keys are those below; further ones may come with a later version. Masses are "
            "whole milligrams (`_mg`), shares are fractions of 1. `[]` stands for every member "
            "of a list, `*` for names that are data, `?` for what may be null or missing.",
            "加 `--json` 时，命令仅在标准输出打印一个 JSON 对象，键如下；后续版本可能增加。"
            "质量为整数毫克（`_mg`），份额为小数。`[]` 表示列表的每个元素，"
            "`*` 表示由数据决定的名称，`?` 表示可为 null 或缺省。",
        )
    ]
    sections: dict[str, list[dict[str, str]]] = {}
    for row in keys():
        sections.setdefault(row["answer"], []).append(row)
    shared = sections.pop("*")
    commands = [name for name in sections if name not in SHARED]
    for name in commands:
        blocks += [f"## linyin {name}", _table([*shared, *sections[name]], lang)]
    for name, title in SHARED.items():
        blocks += [f"## {pick(lang, *title)}", _table(sections[name], lang)]
    return page(pick(lang, "Answers as JSON", "JSON 输出"), *blocks)


def _table(rows: list[dict[str, str]], lang: Lang) -> str:
    head = pick(lang, "Key|Type|Meaning", "键|类型|含义").split("|")
    return table(head, [(code(r["key"]), _type(r["type"], lang), r[lang]) for r in rows])


def _type(name: str, lang: Lang) -> str:
    bare = name.removesuffix("?")
    return pick(lang, bare, _TYPES[bare]) + name[len(bare) :]
