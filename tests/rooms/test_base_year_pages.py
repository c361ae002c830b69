"""The base year in the workspace: assessed from a run, told in words, restated, reported."""

import json

import pytest

from linyin.inventory import Inventory, assess_base_year, read_folder
from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grown(workspace, folder, settings, people_of):
    """A group that bought the site NEW in 2023; the base year is 2021, the threshold 5 %."""
    from linyin.inventory.web.adopt import adopt
    from linyin.platform.actor import Actor

    settings.IS_DEMO = True
    folder.config["inventory"]["reporter"] = "G"
    folder.config["base_year"] = {"year": 2021, "threshold_pct": 5.0}
    folder.packs(["mee-grid-2021-2023"])
    folder.company("OLD")
    folder.node(
        "NEW", parent="G", country="CN", place="CN-GD", opened="2015-01-01", name_zh="新厂",
        **{"from": "2023-01-01"},
    )  # fmt: skip
    for year in (2021, 2023):
        folder.electricity("OLD", 1000, str(year)).electricity("NEW", 150, str(year))
    folder.write()
    adopt(Actor(None, "cli", is_operator=True), folder.path)
    return people_of(folder)


def calculated(enterprise, year, **asked):
    from linyin.inventory.web.calculating import calculate

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [year], **asked)
    return run


def published(run):
    from django.utils import timezone

    run.state, run.published_at = "published", timezone.now()
    run.save()
    return run


def assessed(run):
    from linyin.inventory.web.baseyear import assess

    found = assess(run)
    run.refresh_from_db()
    return found


def test_what_the_workspace_finds_is_what_the_folder_finds(grown):
    stated, run = published(calculated(grown, 2021)), calculated(grown, 2023)

    found = assessed(run)
    expected = assess_base_year(
        read_folder(grown.folder.path), 2021, 2023, entity="G", stated=Inventory(stated.path)
    )

    assert found == expected
    assert run.assessment["stated"] == stated.pk
    (change,) = found.changes
    assert (change.cause, change.node) == ("acquisition", "NEW")
    assert change.share == pytest.approx(0.15)


def test_outsourcing_is_seen_in_the_lake_as_in_the_folder(grown):
    rows = grown.folder.tables["activities"]
    for row in rows:
        relation = "outsourced" if row["period"] == "2023" and row["site"] == "OLD" else ""
        row |= {"source_type": "electricity", "relation": relation}
    grown.folder.write()
    from linyin.inventory import post_activities
    from linyin.platform.lake import workspace_lake

    read = read_folder(grown.folder.path)
    post_activities(read, workspace_lake(grown.actor("carbon_office")))
    stated, run = published(calculated(grown, 2021)), calculated(grown, 2023)

    found = assessed(run)

    assert found == assess_base_year(read, 2021, 2023, entity="G", stated=Inventory(stated.path))
    assert {c.cause for c in found.changes} == {"acquisition", "outsourcing"}


def test_the_page_offers_tells_and_leads_to_the_restatement(grown):
    from linyin.inventory.web.models import RunRecord

    stated, run = published(calculated(grown, 2021)), calculated(grown, 2023)
    office = grown.client("carbon_office")
    office.post("/preferences", {"language": "zh-hans", "next": "/"})
    page = f"/inventory/runs/{run.pk}/base-year/"

    before = office.get(page).content.decode()
    assessed(run)
    after = office.get(page).content.decode()
    href = f"/inventory/runs/new/?seen_from={run.pk}&amp;restated=2021"

    assert "inventory.assess_base_year" in before
    assert href not in before
    assert href in after
    assert "15.00" in after
    assert "新厂" in after
    assert "收购" in after
    form = office.get(href.replace("&amp;", "&"))
    assert form.context["form"].initial["years"] == "2021"
    assert "新厂" in form.context["form"].initial["reason"]

    restated = calculated(grown, 2021, reason="NEW", restates=stated.pk, structure_of=2023)

    assert Inventory(restated.path).total("location") == run.assessment["restated_mg"]
    assert restated.restates == stated
    told = Inventory(restated.path).run
    assert (told["restated_to"], told["restates"]) == ("2023-12-31", stated.entries_hash)
    assert RunRecord.objects.get(pk=stated.pk).state == "published"


def test_the_report_tells_what_was_assessed_and_is_another_file(grown, tmp_path):
    from linyin.inventory import write_report
    from linyin.inventory.web.baseyear import assessment_of
    from linyin.inventory.web.reported import report_file

    published(calculated(grown, 2021))
    run = calculated(grown, 2023)
    before = report_file(run, "json", "en")
    assert assessment_of(run) is None
    found = assessed(run)

    assert assessment_of(run) == found
    assert report_file(run, "json", "en") != before
    written = write_report(
        Inventory(run.path), tmp_path / "r.json", "json", "en", assessment=assessment_of(run)
    )
    kinds = [one["kind"] for one in json.loads(written.read_text())["base_year"]["recalculations"]]
    assert kinds == ["acquisition"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"base_year": {}}, "assessment-base-year-unset"),
        ({"base_year": {"year": 2024}}, "assessment-before-base-year"),
        ({"inventory": {"gwp": "AR6-100"}}, "assessment-other-rules"),
    ],
)
def test_a_run_from_which_no_base_year_is_seen_says_why(grown, changed, code):
    from linyin.inventory.web.actions import assess_base_year as asked
    from linyin.inventory.web.models import Settings
    from linyin.platform.models import Job

    run = calculated(grown, 2023)
    settings = Settings.now()
    settings.config |= changed
    settings.save()

    with pytest.raises(BadInput) as refused:
        asked(grown.actor("carbon_office"), run)

    assert [finding.code for finding in refused.value.findings] == [code]
    assert not Job.objects.filter(kind="inventory.assess").exists()
    page = grown.client("carbon_office").get(f"/inventory/runs/{run.pk}/base-year/")
    assert "assess_base_year" not in page.content.decode()


def test_several_years_are_not_restated_under_one_structure(grown):
    from linyin.inventory.web.calculating import calculate

    for years in ([2021, 2023], [2024]):
        with pytest.raises(BadInput) as refused:
            calculate(grown.actor("carbon_office"), "G", years, structure_of=2023)
        assert refused.value.findings[0].code == "run-structure-earlier"
