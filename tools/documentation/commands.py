"""The page about the command line: the help of every command, as the command prints it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from documentation.text import Lang, page, pick


def commands(lang: Lang) -> str:
    """Return the page about the command line."""
    blocks = [
        pick(
            lang,
            "Exit codes: 0 done; 1 the answer is no (a replay differs); "
            "2 bad input; 130 interrupted. Every command takes `--json` and `--lang en|zh`.",
            "退出码：0 完成；1 答案为否（重算结果不一致）；2 输入有误；130 中断。"
            "所有命令都接受 `--json` 与 `--lang en|zh`。",
        )
    ]
    for path, text in helps(lang):
        blocks += [f"## {path}", f"```text\n{text.strip()}\n```"]
    return page(pick(lang, "Command line", "命令行"), *blocks)


def helps(lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield the path and the help of every command, groups first."""
    from linyin.cli.app import app

    yield from _walk(app, "linyin", None, lang)


def _walk(
    command: click.Command, name: str, parent: click.Context | None, lang: Lang
) -> Iterator[tuple[str, str]]:
    from linyin.cli.command import _LANG

    settings = {**command.context_settings, "terminal_width": 96}
    with click.Context(command, info_name=name, parent=parent, **settings) as context:
        context.meta[_LANG] = lang
        yield context.command_path, command.get_help(context)
        if isinstance(command, click.Group):
            for member in command.list_commands(context):
                found = command.get_command(context, member)
                if found is None:
                    raise LookupError(f"{context.command_path} lists {member} and has none")
                yield from _walk(found, member, context, lang)
