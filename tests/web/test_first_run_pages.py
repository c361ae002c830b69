"""A workspace is begun in the browser: the first page, sign-in, home with what to do next."""

from __future__ import annotations

import pytest

PASSWORD = "correct horse battery"


@pytest.fixture
def begun_with(workspace):
    from linyin.inventory.web.pages.beginning import begin_key

    return f"/begin?key={begin_key()}"


def test_from_an_empty_workspace_to_home(variant, begun_with, visit_as, settings):
    stranger = visit_as(variant)
    stranger.visit("/begin", status=403, name="begin without a key")
    page = stranger.visit(begun_with, name="begin")
    language = "zh-hans" if variant.language == "zh" else "en"
    assert page.input_value("[name=language]") == language
    page.fill("[name=name]", "林荫")
    page.fill("[name=sites]", "深圳\n河源")
    page.fill("[name=base_year]", "21")
    page.fill("[name=person]", "李")
    page.fill("[name=email]", "a@example.org")
    page.fill("[name=password]", PASSWORD)
    stranger.expected = {422}
    page.click("main button[type=submit]")
    stranger.settle()
    assert page.input_value("[name=name]") == "林荫"
    stranger.check("begin with an error")
    page.fill("[name=base_year]", "2021")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    stranger.settle()
    stranger.check("begin is done")
    assert "林荫" in page.inner_text(".toasts")

    from linyin.platform.models import Person

    settings.IS_DEMO = True
    Person.objects.update(is_demo=True)
    keeper = visit_as(variant, Person.objects.get())
    home = keeper.visit("/", name="home after the beginning")
    assert home.locator("main table tbody tr").count() >= 5
    keeper.visit("/demo/start-your-own")


def test_a_file_of_records_is_brought_in(variant, begun_with, visit_as, settings, tmp_path):
    from django.test import Client

    from linyin.platform.models import Person

    answers = {
        "name": "林荫", "country": "CN", "sites": "深圳", "base_year": "2021", "language": "en",
        "approach": "operational_control", "person": "李", "email": "a@example.org",
        "password": PASSWORD,
    }  # fmt: skip
    assert Client(HTTP_HOST="localhost").post(begun_with, answers).status_code == 302
    settings.IS_DEMO = True
    Person.objects.update(is_demo=True)
    keeper = visit_as(variant, Person.objects.get())
    keeper.visit("/inventory/metrics/")
    page = keeper.visit("/inventory/metrics/import/")
    file = tmp_path / "指标.csv"
    header = "node,metric,begin,end,value,unit\n"
    file.write_text(f"{header}深圳,revenue,2023-01-01,yesterday,1e,CNY\n", encoding="utf-8")
    page.set_input_files("[name=file]", file)
    keeper.expected = {422}
    page.click("main button[type=submit]")
    keeper.settle()
    assert page.locator("main .finding").count() == 2
    keeper.check("metrics with wrong cells")
    file.write_text(f"{header}深圳,revenue,2023-01-01,2024-01-01,10,CNY\n", encoding="utf-8")
    page.set_input_files("[name=file]", file)
    page.click("main button[type=submit]")
    keeper.settle()
    assert page.locator("main tbody tr").count() == 1
