"""What a calculation would refuse or leave out is told when it is entered, not when it is late."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.sql


def metric(**stated):
    return {
        "metric": "heads", "item": "", "begin": "2023-01-01", "end": "2024-01-01", "value": "10",
        "unit": "1", "source": "HR",
    } | stated  # fmt: skip


def sent(enterprise, **stated):
    from linyin.organization.web.models import Node

    client = enterprise.client("carbon_office")
    node = Node.objects.get(code="A1").pk
    return client.post("/inventory/metrics/new/", metric(**stated) | {"node": node})


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        ({"begin": "2023-06-01"}, "begin"),
        ({"begin": "2024-01-01", "end": "2025-01-01", "unit": "kWh"}, "unit"),
        ({"begin": "2024-01-01", "end": "2025-01-01", "value": "-5"}, "value"),
    ],
)
def test_a_metric_that_no_calculation_takes_is_refused_beside_its_field(enterprise, stated, field):
    from linyin.organization.web.models import Metric

    assert sent(enterprise).status_code == 302
    answer = sent(enterprise, **stated)
    assert answer.status_code == 422
    assert answer.context["form"].errors.get(field), answer.context["form"].errors
    assert Metric.objects.filter(node__code="A1", metric="heads").count() == 1
    assert sent(enterprise, begin="2024-01-01", end="2025-01-01").status_code == 302


def test_a_unit_stays_while_months_are_typed_in_it(enterprise):
    from datetime import date

    from linyin.lake import BadInput
    from linyin.ledger.web.grid_lines import derive_lines
    from linyin.ledger.web.grid_models import CellDraft, SourceLine
    from linyin.ledger.web.grid_resources import lines
    from linyin.platform.resources.records import require_keepable

    actor = enterprise.actor("data_owner", "A")
    derive_lines(actor)
    line = SourceLine.objects.filter(site__code="A1").first()
    draft = CellDraft.objects.create(line=line, month=date(2024, 1, 1), text="5", quantity=5)
    line.unit = "GWh"
    with pytest.raises(BadInput) as refused:
        require_keepable(actor, lines, line)
    assert [f.code for f in refused.value.findings] == ["grid-line-unit-typed"]
    draft.delete()
    require_keepable(actor, lines, line)


def test_months_that_are_typed_and_not_submitted_are_told_before_a_calculation(enterprise):
    from datetime import date

    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.pages.common import told_of_typed
    from linyin.ledger.web.grid_lines import derive_lines
    from linyin.ledger.web.grid_models import CellDraft, SourceLine

    client = enterprise.client("carbon_office")
    derive_lines(enterprise.actor("data_owner", "A"))
    line = SourceLine.objects.filter(site__code="A1").first()
    for month in (1, 2):
        CellDraft.objects.create(line=line, month=date(2023, month, 1), text="5", quantity=5)
    calculate(enterprise.actor("carbon_office"), "G", [2023])
    (shown,) = client.get("/inventory/runs/new/").context["notices"]
    assert "2 site-months" in shown.title

    (notice,) = told_of_typed(["A1", "A2"], [2023])
    assert "2" in notice.title
    assert list(told_of_typed(["A2"], [2023])) == []
    assert list(told_of_typed(["A1"], [2022])) == []


def test_every_kind_of_gap_is_told_beside_the_figure_and_leads_to_its_findings(enterprise):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunFinding
    from linyin.inventory.web.pages.common import told_of_run

    office = enterprise.actor("carbon_office")
    (run,) = calculate(office, "G", [2023])
    run.findings.all().delete()
    for code in ("months-missing", "period-uncovered", "spike"):
        told = {"code": code, "severity": "warning", "at": {}, "fields": {}}
        RunFinding.objects.create(run=run, code=code, severity="warning", finding=told)
    (notice,) = told_of_run(run)
    assert "2 sources lack" in notice.title
    assert "code=months-missing&code=period-uncovered" in notice.button.href
    assert told_of_run(run, is_part=True) == []
    run.findings.update(state="settled")
    assert told_of_run(run) == []
