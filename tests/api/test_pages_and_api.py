"""Whatever an action a page does, an operation of the API does too."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType

from django.urls import URLPattern, get_resolver

from linyin.platform.actions import ACTIONS, Action
from linyin.platform.api.build import api
from linyin.platform.resources import RESOURCES

# Action → why only pages do it.
ONLY_PAGES = {
    "platform.create_token": "a token that made tokens would outlive its own end",
}


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code and those of the functions in it."""
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from codes(part)


def named_by(function: FunctionType) -> Iterator[object]:
    """Yield what a function names: globals, what it imports, what it closes over."""
    for code in codes(function.__code__):
        imported = [sys.modules[name] for name in code.co_names if name in sys.modules]
        known = [function.__globals__.get(name) for name in code.co_names]
        modules = [*imported, *(one for one in known if isinstance(one, ModuleType))]
        yield from known
        yield from (getattr(one, name, None) for one in modules for name in code.co_names)
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue


def actions_of(view: object) -> set[Action]:
    """Return the actions that a view calls, itself or by functions of the house."""
    found: set[Action] = set()
    seen: set[FunctionType] = set()
    waiting: list[object] = [view]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Action):  # before it is unwrapped: it wraps its function
            found.add(one)
            continue
        function = inspect.unwrap(getattr(one, "__func__", one))
        if isinstance(function, FunctionType) and function not in seen:
            seen.add(function)
            if function.__module__.startswith("linyin."):
                waiting += [n for n in named_by(function) if isinstance(n, FunctionType | Action)]
    return found


def pages(patterns=None) -> Iterator[URLPattern]:
    """Yield the addresses that are not of the API."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLPattern):
            yield one
        elif not str(one.pattern).startswith("api/"):
            yield from pages(one.url_patterns)


def of_resources() -> set[Action]:
    """Return the actions of resources: their pages and their routes follow from them alike."""
    return {action for resource in RESOURCES.values() for action in resource.actions}


def of_pages() -> set[Action]:
    return of_resources().union(*(actions_of(page.callback) for page in pages()))


def of_the_api() -> set[Action]:
    views = [
        operation.view_func
        for _, router in api()._routers
        for path in router.path_operations.values()
        for operation in path.operations
    ]
    return of_resources().union(*(actions_of(view) for view in views))


def test_what_pages_do_the_api_does():
    missing = {one.name for one in of_pages() - of_the_api()}

    assert missing == set(ONLY_PAGES)


def test_the_comparison_sees_actions_in_pages_and_in_routes():
    both = {
        "inventory.open_engagement", "inventory.change_engagement", "governance.plan_year",
        "platform.invite_person",
    }  # fmt: skip
    assert both <= {one.name for one in of_pages()}
    assert both <= {one.name for one in of_the_api()}


def test_what_is_excepted_is_an_action_and_has_a_reason():
    assert set(ONLY_PAGES) <= set(ACTIONS)
    assert all(ONLY_PAGES.values())
