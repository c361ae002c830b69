"""The files behind the look: vendored ones, icons, colours, class names, words."""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from linyin.inventory.report import palette
from linyin.platform import parts
from linyin.platform.sections import SECTIONS
from linyin.platform.words import words

SOURCE = Path(__file__).parents[2] / "src" / "linyin"
STATIC = SOURCE / "platform" / "static" / "linyin"
TEMPLATES = sorted(p for p in SOURCE.rglob("*.html") if "templates" in p.parts)
CODE = sorted(SOURCE.glob("platform/**/*.py")) + sorted(SOURCE.glob("*/web/**/*.py"))
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", TOKENS)
}
THEMES = pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])


@pytest.mark.parametrize("folder", [STATIC / "vendor", Path(__file__).parent / "vendor"], ids=str)
def test_vendored_files_are_those_of_the_manifest(folder):
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    listed = {"manifest.csv"}
    for row in rows:
        assert hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest() == row["sha256"]
        assert row["source"].startswith(f"npm:{row['name']}@{row['version']} ")
        assert row["licence"]
        for licence in row["licence_files"].split():
            assert len((folder / licence).read_text(encoding="utf-8")) > 500
        listed |= {row["file"], *row["licence_files"].split()}
    assert listed == {file.name for file in folder.iterdir()}


def test_no_file_of_ours_or_vendored_loads_anything_from_elsewhere():
    for file in itertools.chain(STATIC.rglob("*.css"), STATIC.rglob("*.svg"), TEMPLATES):
        text = file.read_text(encoding="utf-8")
        assert not re.findall(r"(?:url\(|@import|src=|href=)[\"' ]*(?:https?:)?//", text), file


def test_no_template_has_a_style_or_a_script_of_its_own():
    for file in [*TEMPLATES, *CODE]:
        text = file.read_text(encoding="utf-8")
        assert not re.findall(r"<style|\sstyle=\"|\son[a-z]+=\"|hx-on|javascript:", text), file
        assert not re.findall(r"<script(?![^>]*\bsrc=)", text), file


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "vendor/icons.svg").read_text()))
    named = {section.icon for section in SECTIONS}
    named |= {look.icon for look in parts.badge_looks().values()}
    for file in TEMPLATES:
        named |= set(re.findall(r'{% icon "([\w-]+)"', file.read_text(encoding="utf-8")))
        named |= set(re.findall(r'icon="([\w-]+)"', file.read_text(encoding="utf-8")))
    for file in CODE:
        named |= set(re.findall(r'\bicon="([\w-]+)"', file.read_text(encoding="utf-8")))
    assert named <= drawn


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: str, second: str) -> float:
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


GROUNDS = ["ground", "surface", "raised", "sunken"]
JUDGEMENTS = ["good", "warning", "bad", "question", "neutral"]


@THEMES
def test_text_has_a_contrast_of_at_least_four_and_a_half(theme):
    pairs = [
        *itertools.product(["ink", "ink-soft", "ink-muted", "brand-ink", *JUDGEMENTS], GROUNDS)
    ]
    pairs += [(tone, f"{tone}-tint") for tone in JUDGEMENTS]
    pairs += [("brand-ink", "brand-tint"), ("ink-soft", "brand-tint"), ("ink-soft", "neutral-tint")]
    pairs += [("on-brand", "brand"), ("on-brand", "brand-hover"), ("rail-ink", "rail")]
    for text, ground in pairs:
        contrast = _contrast(COLOURS[text][theme], COLOURS[ground][theme])
        assert contrast >= 4.5, f"{text} on {ground}: {contrast:.2f}"


@THEMES
def test_marks_and_edges_have_a_contrast_of_at_least_three(theme):
    marks = [n for n in COLOURS if re.match(r"(scope|book)-", n)] + [
        "line-strong",
        "focus",
        "brand",
    ]
    for mark, ground in itertools.product(marks, GROUNDS):
        contrast = _contrast(COLOURS[mark][theme], COLOURS[ground][theme])
        assert contrast >= 3, f"{mark} on {ground}: {contrast:.2f}"


def test_light_colours_are_those_of_the_printed_reports():
    printed = {f"scope-{number}": colour for number, colour in palette.SCOPES.items()}
    printed |= {f"scope-2-{method}": colour for method, colour in palette.SCOPE2.items()}
    printed |= {f"book-{book}": colour for book, colour in palette.BOOKS.items()}
    printed |= {"bad": palette.SEVERITIES["error"], "warning": palette.SEVERITIES["warning"]}
    printed |= {"question": palette.SEVERITIES["question"], "good": palette.STATUS["good"]}
    ink = palette.INK
    printed |= {"ink": ink["text"], "ink-muted": ink["muted"], "line-strong": ink["rest"]}
    printed |= {"line": ink["line"], "sunken": ink["tint"], "brand": ink["brand"]}
    printed |= {"brand-tint": ink["brand_tint"], "surface": ink["paper"]}
    assert {name: COLOURS[name][0] for name in printed} == printed


def test_every_colour_of_a_report_has_a_dark_value():
    tables = (palette.SCOPES, palette.SCOPE2, palette.BOOKS, palette.CHANGE, palette.SEVERITIES,
              palette.STATUS, palette.INK)  # fmt: skip
    light = {light for light, _ in COLOURS.values()}
    assert {colour for table in tables for colour in table.values()} <= light


def test_one_colour_of_a_report_has_one_dark_value():
    pairs: dict[str, set[str]] = {}
    for light, dark in COLOURS.values():
        if light != "#ffffff":  # surfaces that are white by day differ by night
            pairs.setdefault(light, set()).add(dark)
    assert {light for light, dark in pairs.items() if len(dark) > 1} == set()


CLASS = re.compile(r'class="((?:{%.*?%}|{{.*?}}|[^"])*)"')
# Tabler's, meant to be: its buttons are the base of ours.
SHARED = {"btn", "btn-primary", "btn-danger", "btn-list", "form-control", "form-select", "icon",
          "visually-hidden"}  # fmt: skip


def _classes(css: str) -> set[str]:
    return set(re.findall(r"\.([a-zA-Z_][\w-]*)", css))


def test_classes_of_ours_do_not_mean_something_else_to_tabler():
    ours = set().union(*(_classes(f.read_text()) for f in (STATIC / "css").glob("*.css")))
    tabler = _classes((STATIC / "vendor" / "tabler.min.css").read_text())
    assert ours & tabler <= SHARED


def test_every_class_of_a_template_is_known_to_a_stylesheet():
    known = set().union(*(_classes(f.read_text()) for f in STATIC.rglob("*.css")))
    # Hooks of scripts and of tests, without a look of their own.
    known |= {"person", "hit-label", "filedrop", "figure-year"}
    known |= {"mg-reopen", "mg-state", "mg-step", "mg-submit"}
    for file in TEMPLATES:
        for stated in CLASS.findall(file.read_text(encoding="utf-8")):
            names = re.sub(r"{%.*?%}|{{.*?}}", "\0", stated).split()
            assert {name for name in names if "\0" not in name} <= known, file


def test_every_badge_has_words():
    assert {f"{kind}.{value}" for kind, value in parts.badge_looks()} <= words().keys()


def test_every_key_that_a_template_names_has_words():
    for file in TEMPLATES:
        keys = re.findall(r'{% say "([\w.-]+)"', file.read_text(encoding="utf-8"))
        assert set(keys) <= words().keys(), file


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.stem)
def test_every_template_can_be_read(file):
    name = file.as_posix().rpartition("templates/")[2]
    assert get_template(name)
