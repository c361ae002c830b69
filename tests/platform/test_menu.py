from linyin.platform.menu import menu_of
from linyin.platform.sections import SECTIONS, MenuPage

INVENTORY = next(section for section in SECTIONS if section.name == "inventory")
PAGES = [
    MenuPage("inventory", "runs.title", "runs-list", "inventory.view"),
    MenuPage("inventory", "nodes.title", "nodes-list", "organization.view", group="organization"),
    MenuPage("inventory", "metrics.title", "metrics-list", "metrics.view", group="organization"),
]


def row(pages, path="/inventory/metrics/"):
    return menu_of([(INVENTORY, pages, True)], path, "year=2023")[0]


def test_pages_of_a_group_stand_in_the_row_as_one_that_leads_to_the_first():
    runs, group = row(PAGES).pages

    assert not runs.is_open
    assert group.is_open
    assert group.href == "/inventory/nodes/?year=2023"
    assert [tab.is_open for tab in group.pages] == [False, True]


def test_a_group_of_which_a_reader_sees_one_page_is_that_page():
    _, only = row(PAGES[:2]).pages

    assert not only.pages
    assert only.label == row(PAGES).pages[1].pages[0].label


def test_the_pages_themselves_are_found_behind_their_groups():
    assert [leaf.href.partition("?")[0] for leaf in row(PAGES).leaves] == [
        "/inventory/runs/",
        "/inventory/nodes/",
        "/inventory/metrics/",
    ]
