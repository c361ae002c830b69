"""The reference: every page that is made from data, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from documentation.commands import commands
from documentation.configuration import configuration
from documentation.findings import checks, messages
from documentation.items import items
from documentation.json_answers import json_answers
from documentation.lines import lines
from documentation.packs import factor_packs, gases, units
from documentation.python_api import python_api
from documentation.tables import inputs, methods, tables
from documentation.text import LANGUAGES, Lang, page, pick

PAGES: Final[Mapping[str, Callable[[Lang], str]]] = {
    "tables": tables,
    "configuration": configuration,
    "items": items,
    "inputs": inputs,
    "methods": methods,
    "lines": lines,
    "units": units,
    "gases": gases,
    "factor-packs": factor_packs,
    "checks": checks,
    "messages": messages,
    "command-line": commands,
    "json": json_answers,
    "python": python_api,
}


def pages() -> dict[str, str]:
    """Return the text of every page by its path below docs/."""
    made: dict[str, str] = {}
    for lang in LANGUAGES:
        texts = {name: make(lang) for name, make in PAGES.items()}
        made[f"reference/{lang}/index.md"] = _index(lang, texts)
        made |= {f"reference/{lang}/{name}.md": text for name, text in texts.items()}
    return made


def stale(docs: Path) -> list[str]:
    """Return the pages that are not what the data would make of them, extra ones included."""
    made = pages()
    found = {str(p.relative_to(docs)) for p in (docs / "reference").rglob("*.md")}
    wrong = {path for path, text in made.items() if not _is(docs / path, text)}
    return sorted(wrong | (found - set(made)))


def write(docs: Path) -> list[str]:
    """Write the pages that are stale, remove those that no data makes; return both."""
    made, changed = pages(), stale(docs)
    for path in changed:
        target = docs / path
        if path not in made:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(made[path], encoding="utf-8", newline="\n")
    return changed


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _index(lang: Lang, texts: Mapping[str, str]) -> str:
    listed = "\n".join(
        f"- [{text.partition(chr(10))[0].removeprefix('# ')}]({name}.md)"
        for name, text in texts.items()
    )
    told = pick(
        lang,
        "Made by `make reference` from the schemas, tables and commands of this version.",
        "由 `make reference` 根据本版本的数据表结构、数据与命令生成。",
    )
    return page(pick(lang, "Reference", "参考"), told, listed)
