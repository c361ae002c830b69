"""Samples: tables and what surrounds them, nothing to show, buttons."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from linyin.platform.parts import (
    Badge,
    Button,
    Column,
    Empty,
    Filter,
    Filters,
    Number,
    Pager,
    Row,
    Table,
)
from linyin.platform.samples.text import State, long_text, two

__all__ = ["buttons", "empty", "filters", "tables"]

_SITES = (
    ("Songshan Lake campus", "松山湖园区", "48210.4", "measured", "approved"),
    ("Bantian headquarters", "坂田总部", "31877.05", "invoiced", "submitted"),
    ("Xi'an research centre", "西安研究所", "20514.6", "estimated", "returned"),
    ("Budapest supply centre", "布达佩斯供应中心", "6120.33", "default", "overdue"),
)


def _columns() -> list[Column]:
    return [
        Column(two("Site", "场所"), sort_href="?sort=site#tables", sorted="ascending"),
        Column(two("Source", "排放源"), is_wide=True),
        Column(two("Emissions", "排放量"), "t CO₂e", is_number=True, sort_href="?sort=mass#tables"),
        Column(two("Share", "占比"), "%", is_number=True, is_minor=True),
        Column(two("Evidence", "数据质量"), is_minor=True),
        Column(two("Status", "状态")),
    ]


def _rows() -> list[Row]:
    total = sum(Decimal(site[2]) for site in _SITES)
    rows = [
        Row(
            [
                two(en, zh),
                two("Purchased electricity", "外购电力"),
                Number(Decimal(mass), decimals=1, href="#charts"),
                Number(Decimal(mass) / total * 100, decimals=1),
                Badge("evidence", evidence),
                Badge("status", status),
            ],
            href="#tables",
        )
        for en, zh, mass, evidence, status in _SITES
    ]
    rows.append(
        Row(
            [two("Total", "合计"), "", Number(total, decimals=1), Number(100, decimals=1), "", ""],
            tone="total",
        )
    )
    return rows


def _long_row() -> Row:
    return Row([long_text(), long_text(), None, None, None, Badge("status", "waiting")], "#tables")


def tables() -> Mapping[State, Table]:
    """Return samples: tables."""
    pager = Pager("1 – 6", "12,408", "", "?at=next#tables")
    caption = two("Emissions by site", "按场所的排放量")
    start = Button(two("Enter the first month", "填报第一个月"), "#forms", "plus", "primary")
    nothing = Empty(
        two("No activities yet", "还没有活动数据"),
        two(
            "What sites use, buy and drive is entered by month, or imported from a spreadsheet.",
            "场所的能耗、采购和运输数据可按月填报，或从电子表格导入。",
        ),
        "clipboard-list",
        start,
    )
    wrong = two(
        "The list could not be read: the lake does not answer.", "数据湖无响应，无法读取列表。"
    )
    return {
        "full": Table(caption, _columns(), _rows(), pager),
        "loading": Table(caption, _columns(), (), is_loading=True),
        "empty": Table(caption, _columns(), (), empty=nothing),
        "error": Table(caption, _columns(), (), error=wrong),
        "long": Table(caption, _columns(), [_long_row()]),
    }


def filters() -> Filters:
    """Return samples: filters."""
    return Filters(
        [
            Filter(
                "status",
                two("Status", "状态"),
                "returned",
                [("approved", two("Approved", "已批准")), ("returned", two("Returned", "已退回"))],
            ),
            Filter("since", two("Since", "自"), "2024-10", type="month"),
        ],
        query="",
        chosen=[(two("Status: Returned", "状态：已退回"), "#filters")],
        clear_href="#filters",
        buttons=[Button(two("Export", "导出"), "#filters", "download")],
    )


def empty() -> Empty:
    """Return samples: empty."""
    return Empty(
        two("No measures yet", "还没有减排措施"),
        two(
            "Measures say what is done to cut emissions, by whom, at what cost, what it saves.",
            "减排措施记录做什么、由谁做、花费多少以及节约多少。",
        ),
        "target-arrow",
        Button(two("Add a measure", "新增措施"), "#empty", "plus"),
    )


def buttons() -> list[Button]:
    """Return samples: buttons."""
    return [
        Button(two("Approve", "批准"), "#buttons", "check", "primary"),
        Button(two("Return", "退回"), "#buttons", "arrow-back-up"),
        Button(two("Cancel", "取消"), "#buttons", tone="quiet"),
        Button(two("Remove", "删除"), "#buttons", "trash", "danger"),
        Button(two("Wait", "请稍候"), icon="hourglass", is_disabled=True),
        Button(two("Ask", "询问"), icon="message", dialog="design-dialog"),
    ]
