"""Pages of a run: its findings, its factors, in the reader's words."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(enterprise):
    from linyin.inventory.web.calculating import calculate

    (made,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    return made


@pytest.fixture
def chinese(enterprise):
    office = enterprise.actor("carbon_office").person
    office.language = "zh-hans"
    office.save()
    return enterprise.client("carbon_office")


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_findings_of_all_runs_are_told_in_words_and_reached_from_a_run(run, chinese):
    page = read(chinese, f"/inventory/runs/{run.pk}/findings/")
    listed = read(chinese, "/inventory/run-findings/")
    finding = run.findings.order_by("pk").first()
    record = read(chinese, f"/inventory/run-findings/{finding.pk}/")
    exported = b"".join(chinese.get("/inventory/run-findings/file.csv")).decode()

    assert 'href="/inventory/run-findings/"' in page
    for code in run.findings.values_list("code", flat=True):
        assert f">{code}<" not in listed
        assert code in exported
    assert str(finding).removesuffix("…") in listed
    assert f">{finding.code}<" not in record


def test_a_long_finding_in_chinese_keeps_its_beginning():
    from linyin.inventory.web.finding_words import cut

    assert cut("碳" * 100) == "碳" * 79 + "…"
    assert cut("short") == "short"
