"""What all commands share: `--json`, `--lang`, exit codes, failures in words, help by language."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from linyin.cli.words import LANGUAGES, Lang, language, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from linyin.cli.session import Session

__all__ = ["INTERRUPTED", "Answer", "Command", "Speaking", "argument", "command", "option"]

INTERRUPTED: Final = 130
_LANG: Final = "linyin.lang"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say.

    Attributes
    ----------
    data
        The documented structure that `--json` prints.
    view
        What a person sees, in order.
    code
        Exit code: 0, or 1 where the answer is no.

    """

    data: Mapping[str, Any]
    view: Sequence[RenderableType] = ()
    code: int = 0


def language_of(context: click.Context) -> Lang:
    """Return the language that a command line is answered in."""
    known: Lang = context.meta.get(_LANG) or language()
    return known


class Speaking(click.Command):
    """A command whose help is in the reader's language: `help` names a row of `words.csv`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Look for the language before anything is answered, `--help` included."""
        if ctx.parent is None:
            ctx.meta[_LANG] = language(args)
        return super().parse_args(ctx, args)

    def get_short_help_str(self, limit: int = 60) -> str:
        """Return the one line of the list of commands."""
        context = click.get_current_context(silent=True)
        lang = language_of(context) if context else language()
        return say(f"{self.help}.short", lang)[: limit + 40]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        usage = say("help.usage", language_of(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=usage)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(f"{self.help}.help", language_of(ctx)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each option means."""
        lang = language_of(ctx)
        records = [_record(parameter, ctx, lang) for parameter in self.get_params(ctx)]
        listed = [record for record in records if record]
        if listed:
            with formatter.section(say("help.options", lang)):
                formatter.write_dl(listed)


def _record(parameter: click.Parameter, ctx: click.Context, lang: Lang) -> tuple[str, str] | None:
    if not isinstance(parameter, click.Option):
        return None
    spoken = copy.copy(parameter)
    if "--help" in spoken.opts:
        spoken.help = say("option.help", lang)
    elif spoken.help:
        spoken.help = say(spoken.help, lang)
    return spoken.get_help_record(ctx)


class Command(Speaking):
    """A command that answers with an :class:`Answer` and fails in words, never in tracebacks."""

    def invoke(self, ctx: click.Context) -> NoReturn:
        """Run the command, print its answer or its failure, exit with the code."""
        from linyin.cli.session import Session

        values = dict(ctx.params)
        as_json = bool(values.pop("as_json", False))
        session = Session(values.pop("lang", None) or language_of(ctx), as_json=as_json)
        ctx.exit(self._run(session, values))

    def _run(self, session: Session, values: Mapping[str, Any]) -> int:
        if self.callback is None:
            raise TypeError(f"{self.name} does nothing")
        try:
            answer: Answer = self.callback(session, **values)
        except KeyboardInterrupt:
            session.interrupted()
            return INTERRUPTED
        except Exception as error:
            from linyin.cli.failures import failure_of, is_interrupt

            if is_interrupt(error):
                session.interrupted()
                return INTERRUPTED
            failure = failure_of(error)
            if failure is None:
                raise
            session.fail(failure)
            return 2
        session.show(answer)
        return answer.code


def command(name: str, key: str = "") -> Callable[[Callable[..., Answer]], Command]:
    """Make a function `(session, …) -> Answer` a command with `--lang` and `--json`."""

    def decorate(function: Callable[..., Answer]) -> Command:
        made = click.command(name, cls=Command, help=key or name)(function)
        made.params += [
            click.Option(["--json", "as_json"], is_flag=True, help="option.json"),
            click.Option(["--lang"], type=click.Choice(LANGUAGES), help="option.lang"),
        ]
        return made

    return decorate


argument = click.argument
option = click.option
