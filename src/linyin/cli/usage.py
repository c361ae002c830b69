"""What is wrong with a command line, in the reader's language: click speaks English only."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from linyin.cli.words import say

if TYPE_CHECKING:
    import click

    from linyin.cli.words import Lang

__all__ = ["shown_usage", "usage_problem"]

_FIELD = re.compile(r"\\\{(\w+)\\\}")


def usage_problem(error: click.ClickException, lang: Lang) -> str:
    """Return what is wrong with a command line; in click's words where the table lacks them."""
    problem = error.format_message()
    return _in_chinese(problem) if lang == "zh" else problem


def shown_usage(error: click.UsageError, lang: Lang) -> str:
    """Return a command's usage, where its help stands, and what is wrong with the line.

    Of a group without a command it is the group's help.
    """
    from click.exceptions import NoArgsIsHelpError

    if isinstance(error, NoArgsIsHelpError):
        return error.format_message()
    lines = []
    if error.ctx is not None:
        command = f"{error.ctx.command_path} {error.ctx.help_option_names[0]}"
        lines = [error.ctx.get_usage(), say("usage.help", lang, command=command), ""]
    return "\n".join([*lines, say("usage.wrong", lang, problem=usage_problem(error, lang))])


def _in_chinese(problem: str) -> str:
    for pattern, zh in _sentences():
        if match := pattern.fullmatch(problem):
            fields = match.groupdict()
            if "message" in fields:
                fields["message"] = _in_chinese(fields["message"])
            return zh.format(**fields)
    return problem


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files(__package__).joinpath("usage.csv").read_text(encoding="utf-8")
    return tuple(
        (re.compile(_FIELD.sub(r"(?P<\1>.*)", re.escape(row["click"])), re.DOTALL), row["zh"])
        for row in csv.DictReader(text.splitlines())
    )
