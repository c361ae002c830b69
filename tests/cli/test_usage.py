"""What is wrong with a command line is said in the reader's language."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(
    "line",
    [
        "calculate x", "calculate x --yeer 3", "calculate x --year abc", "calculate x --year",
        "calculate x y --year 2023", "calculate x y z --year 2023", "diff a", "calculatte",
        "factors import f --publisher who", "demo --port 99999999", "demo --scale 0",
        "factors import f --publisher epa --published 1/5/2024", "check x --json=1",
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_told_in_chinese(linyin, line):
    result = linyin(*line.split(), "--lang", "zh")

    said = result.stderr.strip().splitlines()[-1]
    assert result.exit_code == 2
    assert said.startswith("错误：")
    written = {"who", "abc", "calculatte", "calculate", "uk-flat", "uk-full", "epa", "ember"}
    written |= {"template", "AFTER", "FOLDER"}
    words = set(re.findall(r"(?<![-\w%])[A-Za-z][\w-]{2,}", said))
    assert words - written == set()


def test_a_wrong_command_line_is_told_in_english_too(linyin):
    result = linyin("calculate", "x", "--lang", "en")

    assert result.stderr.splitlines()[0].startswith("Usage: linyin calculate")
    assert result.stderr.splitlines()[-1] == "Error: Missing option '--year'."


@pytest.mark.parametrize("group", [[], ["factors"], ["audit"]])
@pytest.mark.parametrize(("lang", "begin"), [("en", "Usage: linyin"), ("zh", "用法：linyin")])
def test_a_group_without_a_command_shows_its_help_and_nothing_else(
    linyin, monkeypatch, group, lang, begin
):
    monkeypatch.setenv("LINYIN_LANG", lang)
    result, asked = linyin(*group), linyin(*group, "--help")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(begin)
    assert result.stderr.rstrip() == asked.stdout.rstrip()


def test_a_folder_with_bundles_is_no_bundle_and_names_them(folder, linyin):
    folder.write()
    assert linyin("calculate", folder.path, "--year", 2023).exit_code == 0

    result = linyin("replay", folder.path)

    assert result.exit_code == 2
    named = re.search(r"Name one of them: (\S+)\.$", result.stderr.splitlines()[0])
    assert named
    assert linyin("replay", named[1]).exit_code == 0


def test_a_report_that_cannot_be_written_names_the_file_that_was_asked_for(folder, linyin):
    bundle = folder.path / "run"
    assert linyin("calculate", folder.path, "--year", 2023, "--out", bundle).exit_code == 0

    result = linyin("report", bundle, "--format", "json", "--out", "/nowhere/report.json")

    assert result.exit_code == 2
    assert result.stderr.startswith("✗ /nowhere/report.json: ")
