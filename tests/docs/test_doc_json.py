"""The page about `--json` says what the commands really print: no key more, no key less."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from json_company import answers

from documentation.json_answers import SHARED, keys
from linyin.cli.app import AUDIT, COMMANDS, FACTORS, app

TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "date": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "map": (dict,),
}
Documented = Mapping[str, str]


def documented(answer: str) -> Documented:
    return {row["key"]: row["type"] for row in keys() if row["answer"] == answer}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return dict(answers(tmp_path_factory.mktemp("json")))


class Reading:
    """Holds an answer to its table: notes what is unknown, of another type, and seen."""

    def __init__(self, table: Documented) -> None:
        self.table = table
        self.faults: list[str] = []
        self.seen: set[str] = set()

    def read(self, value: Any, path: str) -> None:
        key = self._key(path)
        if key is None:
            self._inside(value, path)
            return
        self.seen.add(key)
        kind = self.table[key]
        bare = kind.removesuffix("?")
        if value is None:
            if kind == bare:
                self.faults.append(f"{path} is null")
        elif bare in SHARED:
            inside = Reading(documented(bare))
            inside.read_members(value)
            self.faults += [f"{path}: {fault}" for fault in inside.faults]
        elif not isinstance(value, TYPES[bare]) or (bare == "integer" and value is True):
            self.faults.append(f"{path} is {type(value).__name__}, said to be {bare}")
        elif bare == "object":
            self._inside(value, path)

    def read_members(self, value: Any) -> None:
        for name, inside in value.items():
            self.read(inside, name)

    def _inside(self, value: Any, path: str) -> None:
        if isinstance(value, dict):
            for name, inside in value.items():
                self.read(inside, f"{path}.{name}")
        elif isinstance(value, list):
            for inside in value:
                self.read(inside, f"{path}[]")
        else:
            self.faults.append(f"{path} is not documented")

    def _key(self, path: str) -> str | None:
        exact = [k for k in self.table if k == path]
        alike = [k for k in self.table if re.fullmatch(re.escape(k).replace(r"\*", "[^.]+"), path)]
        return next(iter([*exact, *alike]), None)


def command_names() -> list[str]:
    # `mcp` speaks a protocol of its own on standard output.
    plain = [name for name in COMMANDS if name not in ("factors", "audit", "mcp")]
    families = {"factors": FACTORS, "audit": AUDIT}
    return [*plain, *(f"{f} {name}" for f, members in families.items() for name in members)]


def test_every_command_has_a_section_and_is_asked(said: dict[str, Any]) -> None:
    sections = {row["answer"] for row in keys()} - {"*", *SHARED}

    assert sections == set(command_names()) == set(said)


@pytest.mark.parametrize("name", command_names())
def test_an_answer_has_the_documented_keys_and_types(name: str, said: dict[str, Any]) -> None:
    reading = Reading(documented(name) | documented("*"))

    reading.read_members(said[name])

    always = {key for key, kind in reading.table.items() if not kind.endswith("?")}
    assert reading.faults == []
    assert always - reading.seen == set()


def test_the_documented_keys_of_runs_and_findings_all_occur(said: dict[str, Any]) -> None:
    run = Reading(documented("run"))
    for one in said["calculate"]["runs"]:
        run.read_members(one)
    finding = Reading(documented("finding"))
    for one in said["check"]["findings"]:
        finding.read_members(one)

    assert set(documented("run")) - run.seen == set()
    assert set(documented("finding")) - finding.seen == set()


def test_a_failure_has_the_documented_keys(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["calculate", str(tmp_path), "--year", "2023", "--json"])

    reading = Reading(documented("failure"))
    reading.read_members(json.loads(result.stdout))
    assert result.exit_code == 2
    assert reading.faults == []
    assert reading.seen == set(documented("failure"))
