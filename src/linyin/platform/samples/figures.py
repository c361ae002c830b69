"""Samples: figures, badges, charts."""

from __future__ import annotations

from collections.abc import Mapping

from linyin.platform.parts import (
    Badge,
    Button,
    Change,
    Chart,
    Column,
    Empty,
    Figure,
    Figures,
    Number,
    Row,
    Table,
    badge_looks,
)
from linyin.platform.samples.text import State, long_text, two

__all__ = ["TOKENS", "badges", "charts", "figure_states", "figures"]

TOKENS = [
    "ground",
    "surface",
    "sunken",
    "line-strong",
    "ink",
    "ink-soft",
    "ink-muted",
    "brand",
    "brand-tint",
    "good",
    "warning",
    "bad",
    "question",
    "scope-1",
    "scope-2",
    "scope-3",
    "book-actual",
    "book-plan",
    "book-savings",
    "book-instruments",
    "book-avoided",
]


def figures() -> Figures:
    """Return samples: figures."""
    against = two("against 2023", "较 2023 年")
    since = two("against base year 2021", "较基准年 2021")
    headline = Figure(
        two("Scopes 1 and 2, market-based", "范围一和范围二，基于市场"),
        "107.1",
        "kt CO₂e",
        "2024",
        "locked",
        [Change("−4.2 %", against, "down", "good"), Change("−16.5 %", since, "down", "good")],
        href="#tables",
        is_headline=True,
    )
    return Figures(
        [
            headline,
            Figure(
                two("Direct emissions", "直接排放"),
                "18.4",
                "kt CO₂e",
                "2024",
                "locked",
                [Change("+1.1 %", against, "up", "bad")],
                mark=Badge("scope", "1"),
            ),
            Figure(
                two("Purchased energy", "外购能源"),
                "88.7",
                "kt CO₂e",
                "2024",
                "locked",
                [Change("−5.2 %", against, "down", "good")],
                mark=Badge("scope", "2"),
            ),
            Figure(
                two("Value chain", "价值链"),
                "9.83",
                "Mt CO₂e",
                "2024",
                "draft",
                [Change("0.0 %", against)],
                mark=Badge("scope", "3"),
            ),
            Figure(
                two("Figures with evidence", "有凭证的数据"),
                "94",
                "%",
                "2024",
                "locked",
                note=two("37 of 620 rows have none", "620 行中 37 行无凭证"),
            ),
        ]
    )


def figure_states() -> Figures:
    """Return samples: figure states."""
    return Figures(
        [
            Figure(two("Loading", "加载中"), "", "kt CO₂e", "2024", "draft", is_loading=True),
            Figure(
                two("Not known yet", "尚无数值"),
                "",
                "kt CO₂e",
                "2024",
                "preview",
                note=two("Calculate a run to see it.", "完成核算后显示。"),
            ),
            Figure(long_text(), "12,345,678.9", "t CO₂e", "2024", "published"),
            Figure(
                two("Saved by measures", "措施节约量"),
                "2.31",
                "kt CO₂e",
                "2024",
                "restated",
                mark=Badge("book", "savings"),
            ),
        ]
    )


def badges() -> list[tuple[str, list[Badge]]]:
    """Return samples: badges."""
    kinds: dict[str, list[Badge]] = {}
    for kind, value in badge_looks():
        kinds.setdefault(kind, []).append(Badge(kind, value))
    return list(kinds.items())


def charts() -> Mapping[State, Chart]:
    """Return samples: charts."""
    years = ["2021", "2022", "2023", "2024"]
    scopes = {
        two("Scope 1", "范围一"): ("#c2410c", [21.3, 20.1, 18.2, 18.4]),
        two("Scope 2", "范围二"): ("#0d8a94", [106.9, 101.2, 93.6, 88.7]),
    }
    option = {
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 4, "containLabel": True},
        "legend": {"left": 0, "top": 0, "icon": "roundRect", "textStyle": {"color": "#5b6472"}},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "category",
            "data": years,
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": "#7d8694"}},
            "axisLabel": {"color": "#5b6472"},
        },
        "yAxis": {
            "type": "value",
            "splitLine": {"lineStyle": {"color": "#d5dae1"}},
            "axisLabel": {"color": "#5b6472"},
        },
        "series": [
            {
                "type": "bar",
                "stack": "scope",
                "name": name,
                "data": values,
                "barMaxWidth": 56,
                "itemStyle": {"color": colour},
            }
            for name, (colour, values) in scopes.items()
        ],
    }
    columns = [Column(two("Year", "年份")), *(Column(s, "kt CO₂e", is_number=True) for s in scopes)]
    rows = [
        Row([year, *(Number(values[i], decimals=1) for _, values in scopes.values())])
        for i, year in enumerate(years)
    ]
    title = two("Scopes 1 and 2 by year, market-based", "历年范围一和范围二（基于市场）")
    table = Table(title, columns, rows, is_dense=True)
    note = two("2024 is a draft.", "2024 年为草稿。")
    nothing = Empty(
        two("No run yet", "尚无核算批次"),
        icon="chart-bar",
        button=Button(two("Calculate", "开始核算"), "#charts"),
    )
    wrong = two("The run's figures could not be read.", "无法读取批次数据。")
    return {
        "full": Chart("full", title, option, table, "kt CO₂e", note),
        "loading": Chart("loading", title, {}, table, "kt CO₂e", size="s", is_loading=True),
        "empty": Chart("empty", title, {}, table, size="s", empty=nothing),
        "error": Chart("error", title, {}, table, size="s", error=wrong),
        "long": Chart("long", long_text(), option, table, "kt CO₂e", long_text(), size="s"),
    }
