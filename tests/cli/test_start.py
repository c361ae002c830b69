from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linyin.cli.app import AUDIT, COMMANDS, FACTORS
from linyin.cli.words import language, words

from .company import Linyin, UserFolder

HEAVY = ("duckdb", "pyarrow", "numpy", "pandas", "pint", "narwhals", "deltalake", "rich", "polars")
LINYIN = [sys.executable, "-c", "from linyin.cli import main; main()"]


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--help"], ["factors", "--help"], ["calculate", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "from linyin.cli.app import app\n"
        f"try:\n    app.main({arguments!r})\nexcept SystemExit:\n    pass"
    )

    assert loaded_by(code) == set()


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert loaded_by("import linyin; dir(linyin)") == set()


def test_every_public_name_of_the_package_is_there() -> None:
    import linyin

    assert all(callable(getattr(linyin, name)) for name in linyin.__all__)
    with pytest.raises(AttributeError):
        _ = linyin.nothing_of_the_kind  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "command",
    [
        *([name] for name in COMMANDS),
        *(["factors", name] for name in FACTORS),
        *(["audit", name] for name in AUDIT),
    ],
)
def test_every_command_explains_itself_in_both_languages(
    command: list[str], lang: str, linyin: Linyin
) -> None:
    result = linyin(*command, "--help", "--lang", lang)

    key = ".".join(command)
    assert result.exit_code == 0
    first = words()[f"{key}.help"][lang][:12]
    assert first in result.stdout
    options = [line.split() for line in result.stdout.splitlines() if line.startswith("  --")]
    assert all(len(line) > 1 for line in options)
    if command not in (["factors"], ["audit"]):
        assert "--json" in result.stdout


def test_every_text_is_written_in_both_languages_with_the_same_fields() -> None:
    from string import Formatter

    for key, row in words().items():
        fields = [
            {name for _, name, _, _ in Formatter().parse(row[lang]) if name}
            for lang in ("en", "zh")
        ]
        assert fields[0] == fields[1], key
        assert all(row[lang] for lang in ("en", "zh")), key


@pytest.mark.parametrize(
    ("arguments", "linyin_lang", "lang", "spoken"),
    [
        ([], "", "zh_CN.UTF-8", "zh"),
        ([], "", "de_DE.UTF-8", "en"),
        ([], "en", "zh_CN.UTF-8", "en"),
        (["--lang", "zh"], "en", "en_US", "zh"),
        (["x", "--lang=en"], "zh", "zh_CN", "en"),
    ],
)
def test_the_language_is_the_options_then_the_settings_then_the_locales(
    arguments: list[str],
    linyin_lang: str,
    lang: str,
    spoken: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LINYIN_LANG", linyin_lang)
    monkeypatch.setenv("LANG", lang)

    assert language(arguments) == spoken


def test_a_misspelt_command_names_its_neighbours(linyin: Linyin) -> None:
    result = linyin("calculat", "x")

    assert result.exit_code == 2
    assert "calculate" in result.stderr


def test_a_process_answers_json_and_nothing_else(folder: UserFolder) -> None:
    import json

    command = [*LINYIN, "calculate", str(folder.path), "--year", "2023", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["ok"]
    assert done.stderr == ""


def test_a_process_fails_in_words_without_a_traceback(tmp_path: Path) -> None:
    command = [*LINYIN, "check", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "linyin.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_leaves_cleanly_with_130(folder: UserFolder) -> None:
    rows = (f"e{n},SZ,electricity,electricity,2023,1,MWh,invoiced,\n" for n in range(400_000))
    head = "external_id,site,source_type,item,period,quantity,unit,status,evidence_file\n"
    folder.write(activities=head + "".join(rows))
    command = [*LINYIN, "calculate", str(folder.path), "--year", "2023"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2.5)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)

    assert running.returncode == 130, err
    assert "Traceback" not in err
    assert out == ""


def test_a_closed_pipe_is_no_error(folder: UserFolder) -> None:
    command = [*LINYIN, "factors", "search", "diesel", "--limit", "400", "--json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    err = running.stderr.read()
    running.wait(timeout=60)

    assert "Traceback" not in err
