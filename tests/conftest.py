import gc
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from builders import FolderBuilder

# A busy machine is slow, which is no finding.
settings.register_profile("linyin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linyin")


BROWSER = ("part", "browser")
DATABASE_FIXTURES = {"workspace", "module_workspace", "other_workspace", "db", "transactional_db"}


def pytest_collection_modifyitems(items):
    """Mark the tests that use the database; how pages look is tested once, jobs on both."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        is_look = "browser" in used and not item.path.stem.endswith("_browser")
        if used & DATABASE_FIXTURES and not is_look:
            item.add_marker("sql")


def pytest_collection_finish():
    """Let the collector pass over what was imported and collected: it stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Mark what a test of the browser took."""
    report = yield
    if "browser" in getattr(item, "fixturenames", ()):
        report.user_properties.append(BROWSER)
    return report


def pytest_terminal_summary(terminalreporter, config):
    """Tell how long the browser part took: it is to stay under ten minutes on the clock."""
    reports = [r for several in terminalreporter.stats.values() for r in several]
    marked = [r for r in reports if BROWSER in getattr(r, "user_properties", ())]
    processes = max(1, len(config.getoption("tx", None) or ()))
    if marked:
        spent = sum(report.duration for report in marked)
        terminalreporter.write_line(
            f"browser: {spent:.0f} s of tests in {processes} processes, "
            f"{spent / processes / 60:.1f} min on the clock"
        )


@pytest.fixture(autouse=True)
def _no_language_of_another_test():
    """Begin in the language of the settings, whatever a request of an earlier test left on."""
    if translation := sys.modules.get("django.utils.translation"):
        translation.deactivate()


@pytest.fixture
def folder(tmp_path: Path) -> FolderBuilder:
    """An empty folder of plain files; factor packs are off until asked for."""
    return FolderBuilder(tmp_path / "folder")


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, one for all tests of pages.

    Playwright's synchronous API keeps an event loop running in the thread of the tests, which
    makes Django refuse its database there. So from then on Django is told that it is fine; the
    server answers in threads of its own.
    """
    from playwright.sync_api import sync_playwright

    from browser import ARGUMENTS, chromium

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()
