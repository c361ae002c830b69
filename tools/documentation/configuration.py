"""The page about `linyin.toml`, from a table beside this file that tests hold to the code."""

from __future__ import annotations

import csv
from pathlib import Path

from documentation.text import Lang, code, page, pick, table

SOURCE = Path(__file__).with_name("configuration.csv")
ENVIRONMENT = Path(__file__).with_name("environment.csv")


def keys() -> list[dict[str, str]]:
    """Return a row for every key."""
    return _rows(SOURCE)


def variables() -> list[dict[str, str]]:
    """Return a row for every environment variable."""
    return _rows(ENVIRONMENT)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def configuration(lang: Lang) -> str:
    """Return the page about `linyin.toml`."""
    blocks = [
        pick(
            lang,
            "`linyin.toml` says what the reporter decided. It is read strictly: an unknown key or "
            "a value that is not allowed is an error that names what is.",
            "`linyin.toml` 记录报告主体的选择。读取从严：未知的键或不允许的值会报错并给出可选值。",
        )
    ]
    head = pick(lang, "Key|Type|Default|Allowed|Meaning", "键|类型|默认|允许值|含义").split("|")
    sections: dict[str, list[dict[str, str]]] = {}
    for row in keys():
        sections.setdefault(row["key"].partition(".")[0], []).append(row)
    for section, rows in sections.items():
        blocks += [
            f"## {section}",
            table(
                head,
                (
                    (
                        code(r["key"].partition(".")[2] or r["key"]),
                        r["type"],
                        code(r["default"]),
                        " ".join(code(value) for value in r["allowed"].split("|") if value),
                        r[f"description_{lang}"],
                    )
                    for r in rows
                ),
            ),
        ]
    blocks += [
        f"## {pick(lang, 'Environment', '环境变量')}",
        table(
            pick(lang, "Variable|Default|Meaning", "变量|默认|含义").split("|"),
            (
                (code(r["variable"]), code(r["default"]), r[f"description_{lang}"])
                for r in variables()
            ),
        ),
    ]
    return page(pick(lang, "Configuration: linyin.toml", "配置：linyin.toml"), *blocks)
