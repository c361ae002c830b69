"""Draw ECharts options to SVG with ECharts itself, in an embedded V8, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

from py_mini_racer import MiniRacer

from linyin.inventory.charts import Option

__all__ = ["draw"]

_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_SECONDS = 60.0
_DRAW = """(function (option, width, height) {
  const size = {renderer: 'svg', ssr: true, width: width, height: height};
  const chart = echarts.init(null, null, size);
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
})"""


def draw(charts: Iterable[tuple[Option, int, int]]) -> list[str]:
    """Draw charts with one engine.

    Parameters
    ----------
    charts : iterable of (option, width, height)
        ECharts options without functions, and the size of each picture. [px]

    Returns
    -------
    list of str
        One SVG document a chart, without style sheets; text stays text.

    Raises
    ------
    py_mini_racer.JSEvalException
        If ECharts refuses an option.

    """
    # The engine keeps time only in a thread without an event loop, which a notebook's has.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_draw, list(charts)).result()


def _draw(charts: Iterable[tuple[Option, int, int]]) -> list[str]:
    library = files("linyin.inventory.report").joinpath("vendor", "echarts.min.js")
    with MiniRacer() as engine:  # without closing it, the interpreter hangs at its exit
        engine.eval("var self = this;")
        engine.eval(library.read_text("utf-8"), timeout_sec=_SECONDS)
        drawn = []
        for option, width, height in charts:
            arguments = f"({json.dumps(option)}, {width:d}, {height:d})"
            svg = str(engine.eval(_DRAW + arguments, timeout_sec=_SECONDS))
            drawn.append(_STYLE.sub("", svg))
    return drawn
