"""Samples: forms, notices, findings, jobs, the audit trail, evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms

from linyin.platform.parts import Button, Event, FileDrop, Notice, Progress, Timeline
from linyin.platform.parts import Finding as FindingPart
from linyin.platform.samples.text import long_text, two

__all__ = ["files", "findings", "form", "jobs", "notices", "timeline"]


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


def form() -> forms.Form:
    """Return samples: form."""
    return _Sample({"quantity": "12,3 MWh", "source": "grid", "month": "", "reason": ""})


def notices() -> list[Notice]:
    """Return samples: notices."""
    return [
        Notice(
            two("The run is locked", "批次已锁定"),
            two("It waits for the entity's approval.", "等待主体审批。"),
            "question",
            Button(two("Open", "打开"), "#notices"),
        ),
        Notice(two("March was imported: 1,204 rows", "三月数据已导入：1,204 行"), tone="good"),
        Notice(
            two("No worker has reported for 40 s", "后台程序已 40 秒无响应"),
            two(
                "Long work waits until an administrator starts one.",
                "长任务将等待管理员启动后台程序。",
            ),
            "warning",
        ),
        Notice(
            "activities.xlsx, 用电!D41",
            two(
                "“12,3,4” is no number. Write digits with a decimal point, such as 1234.5.",
                "“12,3,4”不是数值。请用数字和小数点填写，如 1234.5。",
            ),
            "bad",
        ),
    ]


def findings() -> list[FindingPart]:
    """Return samples: findings."""
    return [
        FindingPart(
            "error",
            two("Certificates exceed the owner's load", "绿证超过用电量"),
            two(
                "130 MWh of certificates stand against 100 MWh of electricity in Shenzhen 2023.",
                "深圳 2023 年绿证 130 MWh，用电量仅 100 MWh。",
            ),
            two("Shenzhen, 2023", "深圳，2023 年"),
            "#findings",
            "open",
            "certificates-over-load",
            Button(two("Open the certificates", "打开绿证"), "#findings"),
        ),
        FindingPart(
            "warning",
            two("Three months are missing", "缺少三个月的数据"),
            long_text(),
            two("Xi'an research centre", "西安研究所"),
            "#findings",
            "submitted",
            "months-missing",
        ),
        FindingPart(
            "question",
            two(
                "Is the diesel of July really nine times June's?",
                "七月柴油用量是六月的九倍，是否属实？",
            ),
            status="closed",
            code="jump",
        ),
    ]


def timeline() -> Timeline:
    """Return samples: timeline."""
    at = [
        datetime(2025, 3, day, hour, 12, tzinfo=UTC) for day, hour in ((14, 9), (12, 16), (11, 8))
    ]
    return Timeline(
        [
            Event(
                at[0],
                two("Chen Hua", "陈华"),
                two("approved the month", "批准了该月数据"),
                icon="circle-check",
            ),
            Event(
                at[1],
                two("Li Na", "李娜"),
                two("changed a value", "修改了数值"),
                two("The invoice of the second meter came late.", "第二块电表的发票迟到。"),
                [
                    (two("Electricity", "用电量"), "12,300 kWh", "14,870 kWh"),
                    (two("Evidence", "凭证"), "", "INV-2025-0312.pdf"),
                ],
                "pencil",
            ),
            Event(
                at[2], two("Li Na", "李娜"), two("entered the month", "填报了该月数据"), icon="plus"
            ),
        ]
    )


def jobs() -> list[Progress]:
    """Return samples: jobs."""
    title = two("Calculate 2024, operational control", "核算 2024 年（运营控制权法）")
    return [
        Progress(
            title,
            "running",
            two("Resolving factors: 3 of 8", "匹配因子：第 3 步，共 8 步"),
            37,
            100,
            cancel_url="#jobs",
        ),
        Progress(
            two("Import activities.xlsx", "导入 activities.xlsx"),
            "running",
            two("Reading the file", "读取文件"),
        ),
        Progress(
            title,
            "done",
            message=two("107.1 kt CO₂e in 12,408 entries", "107.1 kt CO₂e，共 12,408 条"),
            href="#jobs",
            link_label=two("Open the run", "打开批次"),
        ),
        Progress(
            title,
            "failed",
            message=two(
                "The lake is full: 0 bytes left. Nothing was written.",
                "数据湖空间已满，未写入任何数据。",
            ),
        ),
    ]


def files() -> list[FileDrop]:
    """Return samples: files."""
    label = two("Evidence", "凭证")
    return [
        FileDrop(
            "evidence",
            label,
            two(
                "PDF, image or spreadsheet, at most 20 MB each.",
                "PDF、图片或电子表格，单个不超过 20 MB。",
            ),
            ".pdf,.png,.jpg,.xlsx",
            is_multiple=True,
        ),
        FileDrop(
            "wrong",
            label,
            error=two(
                "invoice.exe is no document: PDF, PNG, JPG or XLSX are.",
                "invoice.exe 不是文档，请使用 PDF、PNG、JPG 或 XLSX。",
            ),
            is_required=True,
        ),
    ]
