"""The reference is what the data say, and nothing that users meet is missing from it."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import resources
from pathlib import Path

import click
import pytest

import linyin
from documentation import notice, reference
from documentation.commands import helps
from documentation.configuration import keys, variables
from documentation.text import LANGUAGES
from linyin.cli.app import app
from linyin.inventory import config
from linyin.inventory.folder import TABLES
from linyin.lake import load_schema

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = ROOT / "docs" / "reference"


def test_the_reference_is_not_stale() -> None:
    assert reference.stale(ROOT / "docs") == [], "run: make reference"


def test_every_key_of_the_configuration_is_documented() -> None:
    sections = config._SECTIONS
    known = {f"{s}.{key}" for s, names in sections.items() for key in names}
    known |= {section for section, names in sections.items() if not names}
    assert sorted(row["key"] for row in keys()) == sorted(known)


def test_documented_defaults_of_the_configuration_are_those_of_the_code() -> None:
    empty, _ = config.parse_config({})
    values = {f"inventory.{f.name}": getattr(empty, f.name) for f in fields(empty)}
    values |= {
        f"policies.{f.name}": getattr(empty.policies, f.name) for f in fields(empty.policies)
    }
    values |= {
        f"base_year.{f.name}": getattr(empty.base_year, f.name) for f in fields(empty.base_year)
    }
    plain = {key: value for key, value in values.items() if isinstance(value, str | int | float)}
    said = {row["key"]: row["default"] for row in keys() if row["key"] in plain}

    assert len(said) > 10
    assert said == {key: _toml(plain[key]) for key in said}


def _toml(value: str | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_that_a_user_may_write_is_documented(lang: str) -> None:
    text = (REFERENCE / lang / "tables.md").read_text(encoding="utf-8")
    for table, room in TABLES.items():
        section = text.partition(f"\n## {table}\n")[2].partition("\n## ")[0]
        for column in load_schema(room, table).columns:
            assert f"| `{column.name}` |" in section, (table, column.name)


def test_every_command_and_option_is_documented() -> None:
    for lang in LANGUAGES:
        said = dict(helps(lang))
        text = (REFERENCE / lang / "command-line.md").read_text(encoding="utf-8")
        for path, command in _commands(app, "linyin"):
            assert f"\n## {path}\n" in text
            for parameter in command.params:
                if isinstance(parameter, click.Option) and not parameter.hidden:
                    assert parameter.opts[-1] in said[path], (path, parameter.opts)


def _commands(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            assert member is not None
            found += _commands(member, f"{path} {name}")
    return found


def test_every_environment_variable_that_the_code_reads_is_documented() -> None:
    source = Path(str(resources.files("linyin")))
    read = {
        name
        for file in source.rglob("*.py")
        for name in re.findall(r"[\"'](LINYIN_[A-Z_]+)[\"']", file.read_text(encoding="utf-8"))
    }
    assert read == {row["variable"] for row in variables()}


def test_every_public_name_of_the_package_is_documented() -> None:
    for lang in LANGUAGES:
        text = (REFERENCE / lang / "python.md").read_text(encoding="utf-8")
        for name in linyin.__all__:
            assert f"\n## linyin.{name}\n" in text


def test_both_languages_document_the_same_things() -> None:
    names = [{p.name for p in (REFERENCE / lang).glob("*.md")} for lang in LANGUAGES]
    assert names[0] == names[1]
    for name in names[0]:
        codes = [
            set(re.findall(r"^\| `([^`]+)` \|", (REFERENCE / lang / name).read_text("utf-8"), re.M))
            for lang in LANGUAGES
        ]
        assert codes[0] == codes[1], name


def test_the_notice_attributes_every_pack_as_its_release_asks() -> None:
    text = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert text == notice.notice(), "run: make reference"
    flat = " ".join(text.split())
    for row in notice.rows_of("ledger", "packs", "releases.csv"):
        assert row["attribution"] in flat
        assert f"{row['pack']}.csv" in flat
