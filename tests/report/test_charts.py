"""Charts as data, and as ECharts draws them."""

import asyncio
import csv
import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest

import linyin.inventory.report as room
from linyin.inventory.charts import (
    Bar,
    Interval,
    StackedYear,
    Step,
    intervals,
    ranked_bars,
    scopes_over_years,
    waterfall,
)
from linyin.inventory.report.drawings import drawings
from linyin.inventory.report.palette import BOOKS, INK, SCOPE2, SCOPES, SEVERITIES, STATUS
from linyin.inventory.report.svg import draw
from linyin.inventory.report.tables import Context

from .sample import model

FOLDER = Path(room.__file__).parent


def rgb(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = (linear(channel) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira, Fernandes (2009): full deficiency, on linear RGB.
DEFICIENCIES = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(colour: str, deficiency: str) -> tuple[float, float, float]:
    seen = [linear(channel) for channel in rgb(colour)]
    red, green, blue = (
        min(max(sum(k * v for k, v in zip(row, seen, strict=True)), 0), 1)
        for row in DEFICIENCIES[deficiency]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("family", [SCOPES, SCOPE2, BOOKS], ids=["scopes", "scope2", "books"])
def test_colours_of_one_family_stay_apart_for_every_eye(family, deficiency):
    for a, b in combinations(family.values(), 2):
        distance = sum(
            (p - q) ** 2 for p, q in zip(lab(a, deficiency), lab(b, deficiency), strict=True)
        )
        assert distance**0.5 > 10, (a, b)


def test_text_has_aa_contrast_and_bars_can_be_seen():
    for name in ("text", "muted", "brand"):
        assert contrast(INK[name], INK["paper"]) >= 4.5
        assert contrast(INK[name], INK["tint"]) >= 4.5
    for colour in [*SEVERITIES.values(), *STATUS.values()]:
        assert contrast(colour, INK["paper"]) >= 4.5
    for colour in [*SCOPES.values(), *SCOPE2.values(), *BOOKS.values(), INK["rest"]]:
        assert contrast(colour, INK["paper"]) >= 3


def test_every_scope_keeps_its_colour():
    option = scopes_over_years(
        [StackedYear("2021", {1: 1.0, 2: 2.0, 3: 3.0}, "6")], {1: "a", 2: "b", 3: "c"}, "t"
    )
    colours = [series["itemStyle"]["color"] for series in option["series"][:3]]
    assert colours == [SCOPES[1], SCOPES[2], SCOPES[3]]
    assert [series["data"] for series in option["series"][:3]] == [[1.0], [2.0], [3.0]]
    assert option["series"][3]["data"][0]["label"]["formatter"] == "6"


def test_a_waterfall_ends_where_its_changes_lead():
    steps = [
        Step("2021", 100.0, "100", level=True),
        Step("up", 20.0, "+20"),
        Step("down", -50.0, "−50"),
        Step("2023", 70.0, "70", level=True),
    ]
    clear, shown = waterfall(steps, "t")["series"]
    tops = [low + bar["value"] for low, bar in zip(clear["data"], shown["data"], strict=True)]
    assert tops == [100.0, 120.0, 120.0, 70.0]
    assert clear["data"][1:3] == [100.0, 70.0]


def test_the_axis_of_a_waterfall_never_hides_a_step():
    steps = [
        Step("a", 1000.0, "", level=True),
        Step("b", -5.0, ""),
        Step("c", 995.0, "", level=True),
    ]
    option = waterfall(steps, "t")
    assert 0 < option["yAxis"]["min"] < 995.0


def test_intervals_are_symmetric_about_zero_on_the_axis():
    axis = intervals([Interval("x", -10.0, 20.0, "")], "%")["xAxis"]
    assert axis["min"] == -axis["max"]
    assert axis["max"] >= 20.0


def test_bars_keep_the_order_they_are_given():
    bars = [Bar("b", 1.0, "1", "#000000"), Bar("a", 2.0, "2", "#000000")]
    option = ranked_bars(bars, "t")
    assert option["yAxis"]["data"] == ["b", "a"]
    assert option["yAxis"]["inverse"] is True


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_options_are_plain_data_and_describe_themselves(lang):
    for drawing in drawings(Context.of(model(), lang)).values():
        assert json.loads(json.dumps(drawing.option, allow_nan=False)) == drawing.option
        assert drawing.caption in drawing.alt
        assert len(drawing.alt) > len(drawing.caption)


def test_echarts_draws_every_chart_with_its_texts_in_the_vendored_font():
    made = drawings(Context.of(model(), "zh"))
    pictures = draw((d.option, d.width, d.height) for d in made.values())
    assert set(made) == {
        "categories", "operations", "years", "years_operations", "causes", "scope2",
        "intervals", "factors",
    }  # fmt: skip
    for picture in pictures:
        assert picture.startswith("<svg")
        assert "<style" not in picture
        families = set(re.findall(r"font-family:([^;\"]+)", picture))
        assert families == {"Noto Sans SC"}
    assert "购买的商品和服务" in pictures[list(made).index("categories")]


def test_names_are_drawn_as_they_are():
    name = '<b>&{c} #eval("1") *x*'
    (picture,) = draw([(ranked_bars([Bar(name, 1.0, "1", "#000000")], "t"), 500, 80)])
    assert "&lt;b&gt;&amp;{c} #eval(&quot;1&quot;) *x*" in picture


def test_the_interpreter_ends_after_drawing():
    code = (
        "from linyin.inventory.report.svg import draw\n"
        "print(len(draw([({'series': []}, 10, 10)])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "1"


def test_vendored_files_are_those_of_the_manifest():
    with (FOLDER / "vendor" / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    listed = {"manifest.csv"}
    for row in rows:
        content = (FOLDER / "vendor" / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
        assert row["version"]
        assert row["licence"]
        listed |= {row["file"], *row["licence_files"].split()}
    assert listed == {file.name for file in (FOLDER / "vendor").iterdir()}


def test_charts_are_drawn_where_an_event_loop_runs_as_in_a_notebook():
    async def drawn():
        return draw([(ranked_bars([Bar("A", 1.0, "1", "#000000")], "t"), 500, 80)])

    # In a thread of its own: in that of the tests a browser may keep a loop running already.
    with ThreadPoolExecutor(1) as threads:
        (picture,) = threads.submit(asyncio.run, drawn()).result()

    assert "<svg" in picture
