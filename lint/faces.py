"""House rule: a room is imported by others only through its face, `linyin/<room>/__init__.py`.

    lint/faces.py            lists imports that reach behind a face; exit code 1 if there are any
    lint/faces.py --accept   writes what is left into lint/faces_debt.csv

Imports listed in lint/faces_debt.csv are debts: they pass, and one that is paid must leave the
list. import-linter cannot say this: it takes `from linyin.ledger import trend` for an import of
the module of that name, though the face offers the function.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "linyin"
DEBT = Path(__file__).with_name("faces_debt.csv")


class Reach(NamedTuple):
    """A module that imports something behind another room's face."""

    importer: str
    imported: str


def reaches(source: Path) -> set[Reach]:
    """Return every import below `source` (the package `linyin`) that reaches behind a face."""
    rooms = {p.name for p in source.iterdir() if (p / "__init__.py").is_file()}
    found: set[Reach] = set()
    for file in source.rglob("*.py"):
        parts = file.relative_to(source.parent).with_suffix("").parts
        importer = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        own = parts[1] if len(parts) > 2 else ""
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        for module in _imported(tree):
            path = module.split(".")
            if path[0] == source.name and len(path) > 2 and path[1] in rooms - {own}:
                found.add(Reach(importer, ".".join(path[:3])))
    return found


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def debts(path: Path) -> set[Reach]:
    """Return the debts that are written down."""
    with path.open(encoding="utf-8", newline="") as file:
        return {Reach(row["importer"], row["imported"]) for row in csv.DictReader(file)}


def main(arguments: list[str]) -> int:
    """Compare the code with the debts; return an exit code."""
    found = reaches(SOURCE)
    if arguments == ["--accept"]:
        with DEBT.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(Reach._fields)
            writer.writerows(sorted(found))
        return 0
    known = debts(DEBT)
    for importer, imported in sorted(found - known):
        print(f"{importer} imports {imported}; import it from the room's face")
    for importer, imported in sorted(known - found):
        print(f"{importer} no longer imports {imported}; remove it from {DEBT.name}")
    print(f"faces: {len(found)} imports behind a face, {len(found - known)} of them new")
    return int(found != known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
