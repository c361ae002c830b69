"""What the pages tell a reader to type works, in the order of the page, in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import Prints, Python, Replace, Run, WriteFile, steps

from linyin.cli.app import app

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("tutorial*.md"))]
PAGES += sorted((ROOT / "docs" / "how-to").glob("*.md"))
PAGES += sorted((ROOT / "src" / "linyin" / "platform" / "guides").rglob("*.md"))
WITH_FILES = [page for page in PAGES if any(isinstance(s, WriteFile) for s in steps(page))]


def _run(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        app.main(list(arguments))
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out + said.err


@pytest.mark.parametrize("page", WITH_FILES, ids=lambda page: page.stem)
def test_what_a_page_says_can_be_typed(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINYIN_LANG", "en")
    monkeypatch.delenv("LINYIN_ENGINE", raising=False)
    printed = ""
    for step in steps(page):
        match step:
            case WriteFile(name, text):
                (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name).write_text(text, encoding="utf-8")
            case Replace(name, old, new):
                text = (tmp_path / name).read_text(encoding="utf-8")
                assert text.count(old) == 1
                (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
            case Run(commands, exits):
                answers = [_run(command, capsys) for command in commands]
                printed = "".join(text for _, text in answers)
                assert [code for code, _ in answers] == [exits] * len(commands), printed
            case Python(text):
                exec(compile(text, page.name, "exec"), {"__name__": page.stem})
                printed = capsys.readouterr().out
            case Prints(text):
                assert " ".join(text.split()) in " ".join(printed.split())


def _commands(page: Path) -> list[tuple[str, ...]]:
    runs = (step for step in steps(page) if isinstance(step, Run))
    return [command for run in runs for command in run.commands]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_that_pages_name_exist_with_their_options(page: Path) -> None:
    for words in _commands(page):
        command, rest = app, list(words)
        while rest and hasattr(command, "get_command"):
            found = command.get_command(None, rest.pop(0))
            assert found is not None, words
            command = found
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known, words
