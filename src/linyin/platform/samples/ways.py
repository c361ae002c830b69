"""Samples: steps, tabs, chips, search, people."""

from __future__ import annotations

from linyin.platform.parts import Chip, Hit, Hits, Step, Steps, Tab, Tabs
from linyin.platform.samples.text import two

__all__ = ["chips", "hits", "people", "steps", "tabs"]


def steps() -> Steps:
    """Return samples: steps."""
    return Steps(
        [
            Step(two("Upload", "上传"), "done", "#steps"),
            Step(two("Columns", "对应列"), "done", "#steps"),
            Step(two("Errors", "检查错误"), "now"),
            Step(two("Difference", "查看差异")),
            Step(two("Done", "完成")),
        ]
    )


def tabs() -> Tabs:
    """Return samples: tabs."""
    return Tabs(
        [
            Tab(two("Summary", "概览"), "#tabs", is_open=True),
            Tab(two("Findings", "核查发现"), "#tabs", count="12"),
            Tab(two("Entries", "分录"), "#tabs", count="12,408"),
            Tab(two("History", "历史"), "#tabs"),
        ]
    )


def chips() -> list[Chip]:
    """Return samples: chips."""
    tree = [
        (two("Whole group", "整个集团"), "#chips", False, 0),
        (two("China", "中国区"), "#chips", True, 1),
        (two("Songshan Lake campus", "松山湖园区"), "#chips", False, 2),
    ]
    return [
        Chip("node", two("China", "中国区"), tree),
        Chip("year", "2024", [("2024", "#chips", True, 0), ("2023", "#chips", False, 0)]),
        Chip("run", "", [(two("Run 7, locked", "批次 7，已锁定"), "#chips", False, 0)]),
    ]


def hits() -> list[Hits]:
    """Return samples: hits."""
    query = two("elec", "电")
    pages = [
        Hit(two("Month grid", "月度填报表"), "#search", two("Inventory", "碳核查"), "table"),
        Hit(two("Meters", "计量表"), "#search", two("Energy", "能源"), "gauge"),
    ]
    enter = [
        Hit(
            two("Enter data for electricity, Bantian", "填报坂田用电"),
            "#search",
            "2025-03",
            "keyboard",
        )
    ]
    return [
        Hits(query, [(two("Pages", "页面"), pages), (two("Enter", "填报"), enter)]),
        Hits(two("zzz", "无"), []),
    ]


def people() -> list[dict[str, str]]:
    """Return samples: people."""
    return [
        {
            "email": "a",
            "role": two("Carbon office", "碳管理办公室"),
            "name": two("Chen Hua", "陈华"),
            "icon": "leaf",
        },
        {
            "email": "b",
            "role": two("Data owner", "数据责任人"),
            "name": two("Li Na", "李娜"),
            "icon": "keyboard",
        },
        {
            "email": "c",
            "role": two("Verifier", "核查员"),
            "name": two("Anna Keller", "安娜·凯勒"),
            "icon": "shield-check",
        },
    ]
