"""`linyin` and its commands; a command's module is imported when it is called, not before."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from linyin.cli.command import INTERRUPTED, Speaking, language_of
from linyin.cli.words import LANGUAGES, language, say

__all__ = ["AUDIT", "COMMANDS", "FACTORS", "app"]

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "linyin.cli.demo:demo",
    "template": "linyin.cli.template:template",
    "check": "linyin.cli.check:check",
    "estimate": "linyin.cli.estimate:estimate",
    "calculate": "linyin.cli.calculate:calculate",
    "trace": "linyin.cli.trace:trace",
    "diff": "linyin.cli.diff:diff",
    "base-year": "linyin.cli.base_year:base_year",
    "report": "linyin.cli.report:report",
    "sample": "linyin.cli.sample:sample",
    "publish": "linyin.cli.publish:publish",
    "replay": "linyin.cli.replay:replay",
    "factors": "linyin.cli.app:factors",
    "init": "linyin.cli.init:init",
    "serve": "linyin.cli.serve:serve",
    "worker": "linyin.cli.worker:worker",
    "upgrade": "linyin.cli.upgrade:upgrade",
    "backup": "linyin.cli.backup:backup",
    "restore": "linyin.cli.restore:restore",
    "audit": "linyin.cli.app:audit",
    "mcp": "linyin.cli.mcp:mcp",
}
FACTORS: Final[Mapping[str, str]] = {
    "search": "linyin.cli.factors_search:search",
    "show": "linyin.cli.factors_search:show",
    "explain": "linyin.cli.factors_explain:explain",
    "import": "linyin.cli.factors_import:import_",
}
AUDIT: Final[Mapping[str, str]] = {"verify": "linyin.cli.audit_verify:verify"}


class Family(Speaking, click.Group):
    """A group of commands that are imported one by one, when they are needed."""

    def __init__(self, name: str, prefix: str, members: Mapping[str, str], **attrs: Any) -> None:
        super().__init__(name=name, help=prefix.rstrip(".") or name, **attrs)
        self.prefix, self.members = prefix, members

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands in the order in which they are used."""
        return list(self.members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        place = self.members.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line, or name those that are spelt like it."""
        if args and args[0] not in self.members and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], self.members, n=2) or self.members
            lang = language_of(ctx)
            ctx.fail(say("command.unknown", lang, name=args[0], near=", ".join(near)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        lang = language_of(ctx)
        with formatter.section(say("help.commands", lang)):
            formatter.write_dl(
                [(name, say(f"{self.prefix}{name}.short", lang)) for name in self.members]
            )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> NoReturn:
        """Run a command line; exit with 0, 1 (the answer is no), 2 (bad input) or 130 (Ctrl-C)."""
        name = extra.pop("prog_name", None) or "linyin"
        extra.pop("standalone_mode", None)
        try:
            code = super().main(args, prog_name=name, standalone_mode=False, **extra)
        except click.ClickException as error:
            _show(error, sys.argv[1:] if args is None else args)
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except OSError as error:
            if error.errno != errno.EPIPE:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        sys.exit(code if isinstance(code, int) else 0)


def _show(error: click.ClickException, arguments: Sequence[str]) -> None:
    """Say what is wrong with a command line: as JSON where it asks for JSON."""
    from linyin.cli.usage import shown_usage, usage_problem

    lang = language(arguments)
    if "--json" not in arguments:
        shown = shown_usage(error, lang) if isinstance(error, click.UsageError) else str(error)
        click.echo(shown, err=True)
        return
    from linyin.cli.failures import Failure
    from linyin.cli.session import Session
    from linyin.lake import Finding

    problem = {"problem": usage_problem(error, lang).rstrip(".。")}
    failure = Failure((Finding("usage-wrong", "error", fields=problem),))
    Session(lang, as_json=True).fail(failure)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"linyin {version('linyin')}")
        ctx.exit()


def _lang() -> click.Option:
    return click.Option(["--lang"], type=click.Choice(LANGUAGES), help="option.lang")


app = Family(
    "linyin",
    "",
    COMMANDS,
    params=[
        _lang(),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="option.version",
        ),
    ],
    callback=lambda **_: None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)
factors = Family(
    "factors",
    "factors.",
    FACTORS,
    params=[_lang()],
    callback=lambda **_: None,
    no_args_is_help=True,
)
audit = Family(
    "audit",
    "audit.",
    AUDIT,
    params=[_lang()],
    callback=lambda **_: None,
    no_args_is_help=True,
)
