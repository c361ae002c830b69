"""Faces whose names are imported when they are first asked for (PEP 562)."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

__all__ = ["lazy_face"]


class Home(NamedTuple):
    """Where a public name is defined."""

    module: str
    name: str


def lazy_face(package: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make a package import its public names one by one, each when it is first asked for.

    The imports under `if TYPE_CHECKING:` in the package's `__init__.py` are the list of names:
    type checkers follow them, and at run time they are looked up instead of executed::

        if TYPE_CHECKING:
            from linyin.ledger.units import parse as parse_unit
        else:
            __getattr__, __dir__ = lazy_face(__name__)

    Parameters
    ----------
    package : str
        The package's `__name__`, while it is being imported.

    Returns
    -------
    __getattr__, __dir__ : functions
        What the package must hold under these names.

    Raises
    ------
    ImportError
        From `__getattr__` and `__dir__`, if Python runs without the package's source.
    """
    module = sys.modules[package]

    @cache
    def homes() -> Mapping[str, Home]:
        return dict(_typed_imports(_parse(module)))

    def get(name: str) -> object:
        home = homes().get(name)
        if home is None:
            raise AttributeError(
                f"module {package!r} has no attribute {name!r}", name=name, obj=module
            )
        value = getattr(import_module(home.module), home.name)
        setattr(module, name, value)
        return value

    def listed() -> list[str]:
        return sorted({*vars(module), *homes()})

    return get, listed


def _parse(module: ModuleType) -> ast.Module:
    file = module.__file__ or ""
    source = "".join(linecache.getlines(file, vars(module)))
    if not source:
        raise ImportError("its source tells what it offers", name=module.__name__, path=file)
    return ast.parse(source, file)


def _typed_imports(tree: ast.Module) -> Iterator[tuple[str, Home]]:
    for block in tree.body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for node in block.body:
                if isinstance(node, ast.ImportFrom) and node.module:
                    for alias in node.names:
                        yield alias.asname or alias.name, Home(node.module, alias.name)
