"""Pages about what Linyin says: messages by room, checks by name."""

from __future__ import annotations

from importlib import resources

from documentation.text import Lang, code, page, pick, rows_of, table


def messages(lang: Lang) -> str:
    """Return the page about every message."""
    rooms = sorted(
        room.name
        for room in resources.files("linyin").iterdir()
        if room.joinpath("messages.csv").is_file()
    )
    head = pick(lang, "Code|Text", "代码|文本").split("|")
    blocks = [
        pick(
            lang,
            "Every message names the file, sheet, row and column before its text. Words in braces "
            "are filled in. `--json` gives code, place and fields as data.",
            "每条消息在文本前注明文件、工作表、行、列；花括号中的内容会被替换。"
            "`--json` 以数据形式给出代码、位置与字段。",
        )
    ]
    for room in rooms:
        blocks += [
            f"## {room}",
            table(
                head, ((code(r["code"]), _plain(r[lang])) for r in rows_of(room, "messages.csv"))
            ),
        ]
    return page(pick(lang, "Messages", "消息"), *blocks)


def checks(lang: Lang) -> str:
    """Return the page about the checks of an inventory."""
    from linyin.inventory import checks as room

    severities = {name: check.severity for name, check in room.CHECKS.items()}
    head = pick(lang, "Check|Severity|Looks for", "检查|级别|查找内容").split("|")
    return page(
        pick(lang, "Checks", "检查"),
        pick(
            lang,
            "Checks run over an inventory and return findings with the row they point at. An "
            "error stops, a warning is told, a question asks a person to decide.",
            "检查作用于核算结果，返回指向具体行的发现。错误会停止，警告会提示，疑问需由人判断。",
        ),
        table(
            head,
            (
                (code(r["check"]), severities[r["check"]], _plain(r[lang]))
                for r in rows_of("inventory", "checks", "checks.csv")
                if r["check"] in severities
            ),
        ),
    )


def _plain(text: str) -> str:
    """Keep Markdown from reading a message as markup."""
    for mark in "*_<>":
        text = text.replace(mark, f"\\{mark}")
    return text
