"""What the page /design shows: parts with invented content, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms

from linyin.platform.parts import (
    Badge,
    Button,
    Change,
    Chart,
    Chip,
    Column,
    Empty,
    Event,
    Figure,
    Figures,
    FileDrop,
    Filter,
    Filters,
    Finding,
    Hit,
    Hits,
    Notice,
    Number,
    Pager,
    Progress,
    Row,
    Step,
    Steps,
    Tab,
    Table,
    Tabs,
    Timeline,
    badge_looks,
)
from linyin.platform.words import lang

__all__ = ["everything"]

_TOKENS = [
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
_LONG_EN = (
    "Central heating plant of the eastern production campus, boilers 1 to 4 including the "
    "standby diesel generators that were taken over in the merger"
)
_LONG_ZH = "东部生产园区集中供热站一至四号锅炉（含合并时接收的备用柴油发电机组及其附属储油设施）"
_SITES = (
    ("Songshan Lake campus", "松山湖园区", "48210.4", "measured", "approved"),
    ("Bantian headquarters", "坂田总部", "31877.05", "invoiced", "submitted"),
    ("Xi'an research centre", "西安研究所", "20514.6", "estimated", "returned"),
    ("Budapest supply centre", "布达佩斯供应中心", "6120.33", "default", "overdue"),
)


def two(en: str, zh: str) -> str:
    """Return the text in the reader's language."""
    return zh if lang() == "zh" else en


def everything() -> dict[str, Any]:
    """Return all samples by the names that the page knows."""
    return {
        "tokens": _TOKENS,
        "figures": _figures(),
        "figure_states": _figure_states(),
        "badges": _badges(),
        "tables": _tables(),
        "filters": _filters(),
        "form": _form(),
        "notices": _notices(),
        "findings": _findings(),
        "timeline": _timeline(),
        "jobs": _jobs(),
        "charts": _charts(),
        "empty": _empty(),
        "files": _files(),
        "steps": _steps(),
        "design_tabs": _tabs(),
        "design_chips": _chips(),
        "hits": _hits(),
        "buttons": _buttons(),
        "design_people": _people(),
        "crumbs": [(two("Inventory", "碳核查"), "#figures"), (two("Runs", "核算批次"), "#tables")],
        "long": two(_LONG_EN, _LONG_ZH),
    }


def _figures() -> Figures:
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
                two("Direct emissions", "直接排放"), "18.4", "kt CO₂e", "2024", "locked",
                [Change("+1.1 %", against, "up", "bad")], mark=Badge("scope", "1"),
            ),
            Figure(
                two("Purchased energy", "外购能源"), "88.7", "kt CO₂e", "2024", "locked",
                [Change("−5.2 %", against, "down", "good")], mark=Badge("scope", "2"),
            ),
            Figure(
                two("Value chain", "价值链"), "9.83", "Mt CO₂e", "2024", "draft",
                [Change("0.0 %", against)], mark=Badge("scope", "3"),
            ),
            Figure(
                two("Figures with evidence", "有凭证的数据"), "94", "%", "2024", "locked",
                note=two("37 of 620 rows have none", "620 行中 37 行无凭证"),
            ),
        ]
    )  # fmt: skip


def _figure_states() -> Figures:
    return Figures(
        [
            Figure(two("Loading", "加载中"), "", "kt CO₂e", "2024", "draft", is_loading=True),
            Figure(
                two("Not known yet", "尚无数值"), "", "kt CO₂e", "2024", "preview",
                note=two("Calculate a run to see it.", "完成核算后显示。"),
            ),
            Figure(two(_LONG_EN, _LONG_ZH), "12,345,678.9", "t CO₂e", "2024", "published"),
            Figure(two("Saved by measures", "措施节约量"), "2.31", "kt CO₂e", "2024", "restated",
                   mark=Badge("book", "savings")),
        ]
    )  # fmt: skip


def _badges() -> list[tuple[str, list[Badge]]]:
    kinds: dict[str, list[Badge]] = {}
    for kind, value in badge_looks():
        kinds.setdefault(kind, []).append(Badge(kind, value))
    return list(kinds.items())


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
    long = two(_LONG_EN, _LONG_ZH)
    rows.append(Row([two("Site of the merger", "并购场所"), long, None, None, None,
                     Badge("status", "waiting")], href="#tables"))  # fmt: skip
    rows.append(
        Row([two("Total", "合计"), "", Number(total, decimals=1), Number(100, decimals=1), "", ""],
            tone="total")
    )  # fmt: skip
    return rows


def _tables() -> dict[str, Table]:
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
    }


def _filters() -> Filters:
    return Filters(
        [
            Filter("status", two("Status", "状态"), "returned",
                   [("approved", two("Approved", "已批准")), ("returned", two("Returned", "已退回"))]),
            Filter("since", two("Since", "自"), "2024-10", type="month"),
        ],
        query="",
        chosen=[(two("Status: Returned", "状态：已退回"), "#filters")],
        clear_href="#filters",
        buttons=[Button(two("Export", "导出"), "#filters", "download")],
    )  # fmt: skip


class _Sample(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"] = forms.DecimalField(
            label=two("Electricity used", "用电量"),
            help_text=two("As on the invoice, in kWh.", "与发票一致，单位为 kWh。"),
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
        self.fields["source"] = forms.ChoiceField(
            label=two("Source", "排放源"),
            choices=[("grid", two("Grid", "电网")), ("own", two("Own generation", "自发电"))],
        )
        self.fields["month"] = forms.DateField(
            label=two("Month", "月份"), widget=forms.DateInput(attrs={"type": "date"})
        )
        self.fields["reason"] = forms.CharField(
            label=two("Reason of the deviation", "偏差原因"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["sure"] = forms.BooleanField(
            label=two("The meter was read on the last day", "于月末抄表"), required=False
        )


def _form() -> forms.Form:
    return _Sample({"quantity": "12,3 MWh", "source": "grid", "month": "", "reason": ""})


def _notices() -> list[Notice]:
    return [
        Notice(two("The run is locked", "批次已锁定"),
               two("It waits for the entity's approval.", "等待主体审批。"), "question",
               Button(two("Open", "打开"), "#notices")),
        Notice(two("March was imported: 1,204 rows", "三月数据已导入：1,204 行"), tone="good"),
        Notice(two("No worker has reported for 40 s", "后台程序已 40 秒无响应"),
               two("Long work waits until an administrator starts one.", "长任务将等待管理员启动后台程序。"), "warning"),
        Notice("activities.xlsx, 用电!D41",
               two("“ton” can mean metric ton (t), long ton or short ton. Write one of: t, long_ton, short_ton.",
                   "“ton”可能指公吨、长吨或短吨，请填写 t、long_ton 或 short_ton。"), "bad"),
    ]  # fmt: skip


def _findings() -> list[Finding]:
    return [
        Finding("error", two("Certificates exceed the owner's load", "绿证超过用电量"),
                two("130 MWh of certificates stand against 100 MWh of electricity in Shenzhen 2023.",
                    "深圳 2023 年绿证 130 MWh，用电量仅 100 MWh。"),
                two("Shenzhen, 2023", "深圳，2023 年"), "#findings", "open", "certificates-over-load",
                Button(two("Open the certificates", "打开绿证"), "#findings")),
        Finding("warning", two("Three months are missing", "缺少三个月的数据"),
                two(_LONG_EN, _LONG_ZH), two("Xi'an research centre", "西安研究所"), "#findings",
                "submitted", "months-missing"),
        Finding("question", two("Is the diesel of July really nine times June's?", "七月柴油用量是六月的九倍，是否属实？"),
                status="closed", code="jump"),
    ]  # fmt: skip


def _timeline() -> Timeline:
    at = [
        datetime(2025, 3, day, hour, 12, tzinfo=UTC) for day, hour in ((14, 9), (12, 16), (11, 8))
    ]
    return Timeline(
        [
            Event(at[0], two("Chen Hua", "陈华"), two("approved the month", "批准了该月数据"), icon="circle-check"),
            Event(at[1], two("Li Na", "李娜"), two("changed a value", "修改了数值"),
                  two("The invoice of the second meter came late.", "第二块电表的发票迟到。"),
                  [(two("Electricity", "用电量"), "12,300 kWh", "14,870 kWh"), (two("Evidence", "凭证"), "", "INV-2025-0312.pdf")],
                  "pencil"),
            Event(at[2], two("Li Na", "李娜"), two("entered the month", "填报了该月数据"), icon="plus"),
        ]
    )  # fmt: skip


def _jobs() -> list[Progress]:
    title = two("Calculate 2024, operational control", "核算 2024 年（运营控制权法）")
    return [
        Progress(title, "running", two("Resolving factors: 3 of 8", "匹配因子：第 3 步，共 8 步"), 37, 100, cancel_url="#jobs"),
        Progress(two("Import activities.xlsx", "导入 activities.xlsx"), "running", two("Reading the file", "读取文件")),
        Progress(title, "done", message=two("107.1 kt CO₂e in 12,408 entries", "107.1 kt CO₂e，共 12,408 条"),
                 href="#jobs", link_label=two("Open the run", "打开批次")),
        Progress(title, "failed", message=two("The lake is full: 0 bytes left. Nothing was written.", "数据湖空间已满，未写入任何数据。")),
    ]  # fmt: skip


def _charts() -> dict[str, Chart]:
    years = ["2021", "2022", "2023", "2024"]
    scopes = {
        two("Scope 1", "范围一"): ("#c2410c", [21.3, 20.1, 18.2, 18.4]),
        two("Scope 2", "范围二"): ("#0d8a94", [106.9, 101.2, 93.6, 88.7]),
    }
    option = {
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 4, "containLabel": True},
        "legend": {"left": 0, "top": 0, "icon": "roundRect", "textStyle": {"color": "#5b6472"}},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": years, "axisTick": {"show": False},
                  "axisLine": {"lineStyle": {"color": "#7d8694"}}, "axisLabel": {"color": "#5b6472"}},
        "yAxis": {"type": "value", "splitLine": {"lineStyle": {"color": "#d5dae1"}},
                  "axisLabel": {"color": "#5b6472"}},
        "series": [
            {"type": "bar", "stack": "scope", "name": name, "data": values, "barMaxWidth": 56,
             "itemStyle": {"color": colour}}
            for name, (colour, values) in scopes.items()
        ],
    }  # fmt: skip
    columns = [Column(two("Year", "年份")), *(Column(s, "kt CO₂e", is_number=True) for s in scopes)]
    rows = [
        Row([year, *(Number(values[i], decimals=1) for _, values in scopes.values())])
        for i, year in enumerate(years)
    ]
    title = two("Scopes 1 and 2 by year, market-based", "历年范围一和范围二（基于市场）")
    table = Table(title, columns, rows, is_dense=True)
    note = two("2024 is a draft.", "2024 年为草稿。")
    nothing = Empty(two("No run yet", "尚无核算批次"), icon="chart-bar",
                    button=Button(two("Calculate", "开始核算"), "#charts"))  # fmt: skip
    wrong = two("The run's figures could not be read.", "无法读取批次数据。")
    return {
        "full": Chart("full", title, option, table, "kt CO₂e", note),
        "loading": Chart("loading", title, {}, table, "kt CO₂e", size="s", is_loading=True),
        "empty": Chart("empty", title, {}, table, size="s", empty=nothing),
        "error": Chart("error", title, {}, table, size="s", error=wrong),
    }


def _empty() -> Empty:
    return Empty(
        two("No measures yet", "还没有减排措施"),
        two(
            "Measures say what is done to cut emissions, by whom, at what cost, and what they save.",
            "减排措施记录做什么、由谁做、花费多少以及节约多少。",
        ),
        "target-arrow",
        Button(two("Add a measure", "新增措施"), "#empty", "plus"),
    )


def _files() -> list[FileDrop]:
    label = two("Evidence", "凭证")
    return [
        FileDrop("evidence", label, two("PDF, image or spreadsheet, at most 20 MB each.", "PDF、图片或电子表格，单个不超过 20 MB。"), ".pdf,.png,.jpg,.xlsx", is_multiple=True),
        FileDrop("wrong", label, error=two("invoice.exe is no document: PDF, PNG, JPG or XLSX are.", "invoice.exe 不是文档，请使用 PDF、PNG、JPG 或 XLSX。"), is_required=True),
    ]  # fmt: skip


def _steps() -> Steps:
    return Steps(
        [
            Step(two("Upload", "上传"), "done", "#steps"),
            Step(two("Columns", "对应列"), "done", "#steps"),
            Step(two("Errors", "检查错误"), "now"),
            Step(two("Difference", "查看差异")),
            Step(two("Done", "完成")),
        ]
    )


def _tabs() -> Tabs:
    return Tabs(
        [
            Tab(two("Summary", "概览"), "#tabs", is_open=True),
            Tab(two("Findings", "核查发现"), "#tabs", count="12"),
            Tab(two("Entries", "分录"), "#tabs", count="12,408"),
            Tab(two("History", "历史"), "#tabs"),
        ]
    )


def _chips() -> list[Chip]:
    tree = [(two("Whole group", "整个集团"), "#chips", False, 0), (two("China", "中国区"), "#chips", True, 1),
            (two("Songshan Lake campus", "松山湖园区"), "#chips", False, 2)]  # fmt: skip
    return [
        Chip("node", two("China", "中国区"), tree),
        Chip("year", "2024", [("2024", "#chips", True, 0), ("2023", "#chips", False, 0)]),
        Chip("run", "", [(two("Run 7, locked", "批次 7，已锁定"), "#chips", False, 0)]),
    ]


def _hits() -> list[Hits]:
    query = two("elec", "电")
    pages = [Hit(two("Month grid", "月度填报表"), "#search", two("Inventory", "碳核查"), "table"),
             Hit(two("Meters", "计量表"), "#search", two("Energy", "能源"), "gauge")]  # fmt: skip
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


def _buttons() -> list[Button]:
    return [
        Button(two("Approve", "批准"), "#buttons", "check", "primary"),
        Button(two("Return", "退回"), "#buttons", "arrow-back-up"),
        Button(two("Cancel", "取消"), "#buttons", tone="quiet"),
        Button(two("Remove", "删除"), "#buttons", "trash", "danger"),
        Button(two("Wait", "请稍候"), icon="hourglass", is_disabled=True),
        Button(two("Ask", "询问"), icon="message", dialog="design-dialog"),
    ]


def _people() -> list[dict[str, str]]:
    return [
        {"email": "a", "role": two("Carbon office", "碳管理办公室"), "name": two("Chen Hua", "陈华"), "icon": "leaf"},
        {"email": "b", "role": two("Data owner", "数据责任人"), "name": two("Li Na", "李娜"), "icon": "keyboard"},
        {"email": "c", "role": two("Verifier", "核查员"), "name": two("Anna Keller", "安娜·凯勒"), "icon": "shield-check"},
    ]  # fmt: skip
