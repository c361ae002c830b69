"""One call of a command: its language, its two consoles, how it shows and fails."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from linyin.cli.words import Lang, say

if TYPE_CHECKING:
    from rich.console import Console

    from linyin.cli.command import Answer
    from linyin.cli.failures import Failure
    from linyin.cli.steps import Steps

__all__ = ["Session"]

PIPED: Final = 160
_STEERING: Final = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Session:
    """What a command speaks through.

    Parameters
    ----------
    lang : str
    as_json : bool
        Whether standard output is for a program: one JSON value and nothing else.

    """

    def __init__(self, lang: Lang, *, as_json: bool = False) -> None:
        self.lang, self.as_json = lang, as_json

    @cached_property
    def out(self) -> Console:
        """The console of answers: standard output."""
        return _console()

    @cached_property
    def err(self) -> Console:
        """The console of progress and failures: standard error."""
        return _console(stderr=True)

    def say(self, key: str, **fields: object) -> str:
        """Return a text in the language of the session."""
        return say(key, self.lang, **fields)

    def steps(self, names: Sequence[str]) -> Steps:
        """Return progress bars for named steps, on standard error."""
        from linyin.cli.steps import Steps

        return Steps(self, names)

    def show(self, answer: Answer) -> None:
        """Print an answer; what is to be copied, and all text that is piped, is never wrapped."""
        if self.as_json:
            self._json(answer.data)
            return
        from rich.text import Text

        for part in answer.view:
            is_line = isinstance(part, str | Text)
            to_copy = isinstance(part, Text) and part.no_wrap
            self.out.print(part, soft_wrap=is_line and (to_copy or not self.out.is_terminal))

    def fail(self, failure: Failure) -> None:
        """Print what went wrong: as JSON on standard output, else in words on standard error."""
        from linyin.cli.findings import finding_data, print_failure

        if self.as_json:
            found = [finding_data(finding, self.lang) for finding in failure.findings]
            self._json({"ok": False, "exit_code": 2, "findings": found})
        else:
            print_failure(self, failure)

    def tell(self, text: str) -> None:
        """Say on standard error where something is to be found: never wrapped, to be copied."""
        self.err.print(text, soft_wrap=True)

    def interrupted(self) -> None:
        """Say that the user stopped the command."""
        self.err.print(self.say("interrupted"), style="yellow")

    def _json(self, data: Any) -> None:
        text = json.dumps(data, ensure_ascii=False, indent=2)
        sys.stdout.write(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
        sys.stdout.flush()


def _console(*, stderr: bool = False) -> Console:
    """Open a console; where no terminal sets a width, there is room for every column."""
    from linyin.cli.console import SafeConsole

    console = SafeConsole(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdecimal():
        console.width = PIPED
    return console
