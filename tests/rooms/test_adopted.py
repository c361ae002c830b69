"""A folder becomes a workspace: the same milligrams, the same records, refused twice."""

import pytest

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_workspace_calculates_the_milligrams_of_its_folder(enterprise):
    from linyin.inventory.web.calculating import calculate

    of_folder = enterprise.folder.calculate(2023)

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])

    assert run.entries_hash == of_folder.manifest.content
    third = {line: str(mg // 3) for line, mg in of_folder.by_line("location").items()}
    assert set(third) == {"2.1", "3.3"}
    assert run.totals["cells"]["location"] == dict.fromkeys(("A1", "A2", "B1"), third)


def test_a_folder_is_adopted_by_an_empty_workspace_only(enterprise):
    from linyin.inventory.web.adopt import adopt
    from linyin.platform.actor import Actor

    with pytest.raises(BadInput) as refused:
        adopt(Actor(None, "cli", is_operator=True), enterprise.folder.path)

    assert [finding.code for finding in refused.value.findings] == ["workspace-not-empty"]


def test_a_draft_of_the_same_question_is_replaced_and_a_locked_run_stays(enterprise):
    from linyin.inventory.web.actions import lock_run
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunRecord

    office = enterprise.actor("carbon_office")
    (draft,) = calculate(office, "G", [2023])
    (second,) = calculate(office, "G", [2023])
    assert not RunRecord.objects.filter(pk=draft.pk).exists()
    assert not draft.path.exists()

    lock_run(office, second)
    (third,) = calculate(office, "G", [2023])

    assert set(RunRecord.objects.values_list("pk", "state")) == {
        (second.pk, "locked"), (third.pk, "draft"),
    }  # fmt: skip
    assert second.path.is_dir()
    assert third.path.is_dir()


def test_a_node_without_a_run_gets_its_part_of_the_run_above(enterprise):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.figures import figures_of

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    whole = figures_of(enterprise.actor("carbon_office"), "G", 2023)

    part = figures_of(enterprise.actor("reader", "A"), "A", 2023)

    assert part.is_part
    assert part.run == run
    assert part.total * 3 == whole.total * 2
    assert figures_of(enterprise.actor("reader", "A"), "B", 2023) is None
