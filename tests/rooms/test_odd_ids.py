"""Ids of rows as other systems write them: with slashes, blanks, signs and Chinese."""

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
IDS = ("4500/12", "a b", "发票 #7", "50%?&=", "../up", "plus+", "semi;colon", "tilde~x")


@pytest.fixture
def odd(enterprise):
    from linyin.ledger.web.row_posting import post_rows, prepare_rows
    from linyin.platform.lake import workspace_lake

    rows = [
        {
            "source": "erp/1", "external_id": odd, "site": "A1", "source_type": "electricity",
            "item": "electricity", "relation": "owned", "kind": "normal", "status": "invoiced",
            "period": f"2023-{month:02}", "quantity": "5", "unit": "kWh",
        }
        for month, odd in enumerate(IDS, start=1)
    ]  # fmt: skip
    prepared = prepare_rows(rows, "erp/1", "A1", sites={"A1"})
    assert [f for f in prepared.findings if f.severity == "error"] == []
    post_rows(workspace_lake(enterprise.actor("data_owner", "A")), prepared, "erp/1", reason="odd")
    return enterprise.client("carbon_office")


def test_rows_of_odd_ids_are_listed_opened_and_corrected(odd):
    page = odd.get("/inventory/activities/?source=erp/1")
    assert page.status_code == 200
    rows = page.context["table"].rows
    assert len(rows) == len(IDS)
    for row in rows:
        assert odd.get(row.href).status_code == 200, row.href
        assert odd.get(row.href.partition("?")[0] + "correct/").status_code == 200, row.href


def test_rows_of_odd_ids_open_by_the_api(odd):
    from urllib.parse import quote

    told = odd.get("/api/v1/activities?source=erp/1").json()["items"]
    assert len(told) == len(IDS)
    for row in told:
        one = odd.get(f"/api/v1/activities/{quote(row['id'], safe='')}")
        assert one.status_code == 200, row["id"]
        assert one.json()["external_id"] == row["external_id"]
