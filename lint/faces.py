"""House rule: a room is known to others only by its face, `linyin/<room>/__init__.py`.

An import from another room names the room and a name of its `__all__`, nothing behind it, also
not by `import_module`. No name of a face is also that of a module of the room: the import of the
module would put it in the name's place.

The platform and the rooms' `web/` are Django's side of the house: Django finds their modules by
name, and so do pages, jobs and commands. Who may import them at all is import-linter's to say.

import-linter cannot say the rest: it takes `from linyin.ledger import trend` for an import of the
module of that name, though the face may offer a function.

    lint/faces.py    lists what breaks the rule; exit code 1 if there is any
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.util import resolve_name
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "linyin"


def faults(source: Path) -> Iterator[str]:
    """Say what breaks the rule below `source`, the folder of a package."""
    offered = {p.parent.name: _offered(p) for p in sorted(source.glob("*/__init__.py"))}
    for room, names in offered.items():
        modules = {p.stem for p in (source / room).iterdir()}
        for name in sorted(modules.intersection(names)):
            yield f"{source.name}.{room} offers {name}, which is also a module of the room"
    for file in sorted(source.rglob("*.py")):
        parts = file.relative_to(source.parent).with_suffix("").parts
        here = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        others = {
            f"{source.name}.{room}": names
            for room, names in offered.items()
            if parts[1:2] != (room,)
        }
        package = here if parts[-1] == "__init__" else here.rpartition(".")[0]
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        djangos = re.compile(rf"{re.escape(source.name)}\.(platform|\w+\.web)\b.*")
        for line, reached in _reached(tree, package, others):
            if djangos.fullmatch(reached):
                continue
            yield f"{here}, line {line}: {reached} is behind a face; import it from the room"


def _offered(face: Path) -> frozenset[str]:
    for node in ast.parse(face.read_text(encoding="utf-8"), str(face)).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def _reached(
    tree: ast.Module, package: str, others: Mapping[str, frozenset[str]]
) -> Iterator[tuple[int, str]]:
    behind = re.compile(rf"({'|'.join(map(re.escape, others))})\.[\w.]*") if others else None
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            names = [f"{module}.{alias.name}" for alias in node.names]
            allowed = {f"{module}.{name}" for name in others.get(module, ())}
        elif isinstance(node, ast.Import):
            names, allowed = [alias.name for alias in node.names], set()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names, allowed = [node.value], set()
        else:
            continue
        if behind:
            yield from ((node.lineno, n) for n in names if n not in allowed and behind.fullmatch(n))


def main() -> int:
    """List what breaks the rule; return an exit code."""
    found = list(faults(SOURCE))
    print(*found, f"faces: {len(found)} faults", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
