"""The room of `docs/how-to/add-a-room.md`, made from the page, does what the page says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from guide_room import FILES, make_room, run

HERE = Path(__file__).parent
LINYIN = [sys.executable, "-c", "from linyin.cli import main; main()"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace that is there, then the room, as the page says; and what people see of it."""
    folder = tmp_path_factory.mktemp("add a room")
    answers = ["--name", "Group", "--site", "East", "--site", "West", "--base-year", "2021"]
    run(
        folder, *LINYIN, "init", "my-workspace", *answers, "--email", "a@example.org",
        LINYIN_ADMIN_PASSWORD="correct horse battery",
    )  # fmt: skip
    room = make_room(folder, folder / "my-workspace")
    run(folder, *LINYIN, "upgrade", "--workspace", "my-workspace", **room)
    return json.loads(run(folder, sys.executable, str(HERE / "room_visits.py"), **room))


def test_the_room_is_short() -> None:
    lines = [line for _, text in FILES for line in text.splitlines()]

    assert len(FILES) == 7
    assert len(lines) <= 80


def test_its_list_is_in_the_menu_and_says_what_belongs_there(told: Any) -> None:
    assert told["empty"] == [200, True]
    assert told["menu"] == [True, True]


def test_its_form_names_what_is_wrong_beside_the_field_and_keeps_what_was_typed(told: Any) -> None:
    assert told["wrong"] == [422, ["height", "species"], []]
    assert told["kept"]
    assert list(told["twice"]) == ["tag"]


def test_a_record_is_made_shown_and_changed_unless_it_has_changed_meanwhile(told: Any) -> None:
    assert told["create"] == [302, ["T-1"]]
    assert told["record"] == [200, True]
    assert told["edit"] == [302, True]
    assert told["stale"] == 409


def test_the_api_lists_makes_and_documents_its_records(told: Any) -> None:
    assert told["openapi"] == [
        "/api/v1/trees", "/api/v1/trees/file.{kind}", "/api/v1/trees/import",
        "/api/v1/trees/{key}", "/api/v1/trees/{key}/fell",
    ]  # fmt: skip
    assert told["api_create"] == [201, "T-2", "7.5"]
    assert told["api_list"] == ["T-1", "T-2"]
    assert told["api_outside"] == 422


def test_an_import_keeps_nothing_and_names_every_wrong_cell(told: Any) -> None:
    status, found, is_untouched = told["import_errors"]

    assert (status, is_untouched) == (422, True)
    assert [at for at, _ in found] == [
        "树 trees.csv, row 3, column planted",
        "树 trees.csv, row 3, column 树种",
        "树 trees.csv, row 4",
        "树 trees.csv, row 5, column Site",
    ]
    assert all(text and "cell-wrong" not in text for _, text in found)
    assert told["import_headers"][0] == 422
    assert told["import_headers"][2]
    assert told["import_kind"] == 422


def test_an_import_is_looked_at_and_then_makes_a_record_of_every_row(told: Any) -> None:
    assert told["import_look"] == [200, True, True]
    assert told["import"] == [302, ["T-1", "T-2", "T-3", "T-4"]]


def test_an_import_by_the_api_tells_what_changes_and_changes_it(told: Any) -> None:
    change = [{"field": "height", "before": "2.5", "after": "3"}]
    expected = [200, [[2, "changed", change], [3, "unchanged", []]]]

    assert told["api_import&dry_run=true"] == told["api_import"] == expected


def test_its_rows_leave_as_csv_and_xlsx(told: Any) -> None:
    header = ["tag", "node", "species", "planted", "height", "felled"]

    assert told["csv"] == [",".join(header), "T-4,East,plane,2022-04-01,3.0,False"]
    assert told["xlsx"] == [header, ["T-4", "East", "plane", "2022-04-01 00:00:00", "3.0", "False"]]


def test_who_answers_for_another_site_sees_and_changes_nothing_of_it(told: Any) -> None:
    assert told["outside"] == [200, 200, 200, 404, 404]
    assert told["outside_rows"] == []
    assert told["outside_import"] == 422
    assert told["outside_act"] == 404
    assert told["untouched"] == [["T-1", "T-2", "T-3", "T-4"], True]


def test_who_may_only_look_is_shown_no_form(told: Any) -> None:
    assert told["reader"] == [200, 403, 403, 200, 403]
    assert told["reader_import"] == 403


def test_its_routes_have_the_cases_of_permission_that_all_routes_have(told: Any) -> None:
    routes = {case for case, _, _ in told["cases"]}

    assert routes == {
        "trees-list", "trees-file", "trees-record", "trees-create", "trees-import", "trees-edit",
        "trees-delete", "trees-act trees.fell",
    }  # fmt: skip
    assert ["trees-edit", "activities.edit", "activities.edit"] in told["cases"]
    assert told["operations"]["GET /api/v1/trees"] == ["activities.view"] * 2
    assert told["operations"]["POST /api/v1/trees/{key}/fell"] == ["activities.view", "trees.fell"]
    assert told["let_in"] == []


def test_nobody_is_sent_to_sign_in(told: Any) -> None:
    assert told["nobody"] == [302] * 5
    assert told["nobody_api"] == 401


def test_its_message_is_told_on_the_page_and_by_the_api(told: Any) -> None:
    text = "“T-1” is felled already. Choose one that stands."

    assert told["refused"] == [422, [text]]
    assert told["api_refused"] == [409, "tree-felled", text]


def test_its_role_does_what_the_room_says_and_its_permission_is_nobody_elses(told: Any) -> None:
    assert told["forester"] == [200, 403, 302, True]
    assert told["holders"] == ["data_owner", "forester"]


def test_its_action_is_offered_once_and_all_is_in_the_audit_trail(told: Any) -> None:
    assert told["act"] == [302, False]
    assert told["audit"] == [
        "trees.create_trees", "trees.update_trees", "trees.create_trees", "trees.create_trees",
        "trees.create_trees", "trees.create_trees.import", "trees.update_trees",
        "trees.create_trees.import", "trees.fell", "trees.fell",
    ]  # fmt: skip
    assert told["audit_reason"] == "storm"
    assert told["audit_broken"] == 0
