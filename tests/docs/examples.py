"""Reads the examples out of a page: files to write, edits, commands to run, what they print.

<!-- file: NAME -->            the fenced block below is this file
<!-- replace: NAME: A -> B -->  the reader is told to change A to B
<!-- exits: N -->              the commands below leave with N
<!-- prints: TEXT -->          the block of commands above has printed TEXT
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(
    r"<!-- (?P<note>file|replace|exits|prints): (?P<value>.+?) -->"
    r"|^```(?P<kind>\w*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class WriteFile:
    name: str
    text: str


@dataclass(frozen=True)
class Replace:
    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Run:
    commands: tuple[tuple[str, ...], ...]
    exits: int


@dataclass(frozen=True)
class Python:
    text: str


@dataclass(frozen=True)
class Prints:
    text: str


type Step = WriteFile | Replace | Run | Python | Prints


def steps(page: Path) -> Iterator[Step]:
    """Yield what a reader of the page would do, in order; only `linyin` commands count."""
    name, exits = "", 0
    for token in _TOKEN.finditer(page.read_text(encoding="utf-8")):
        match token["note"]:
            case "file":
                name = token["value"]
            case "exits":
                exits = int(token["value"])
            case "prints":
                yield Prints(token["value"])
            case "replace":
                file, _, change = token["value"].partition(": ")
                old, _, new = change.partition(" -> ")
                yield Replace(file, old, new)
            case None if name:
                yield WriteFile(name, token["body"])
                name = ""
            case None if token["kind"] == "sh":
                lines = (shlex.split(line) for line in token["body"].splitlines())
                commands = tuple(tuple(words[1:]) for words in lines if words[:1] == ["linyin"])
                if commands:
                    yield Run(commands, exits)
                exits = 0
            case None if token["kind"] == "python":
                yield Python(token["body"])
            case _:
                pass
