"""A company whose people have each role on one of its two entities."""

import logging
import sys
from functools import partial
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import override_settings
from furniture import furnish

from builders import FolderBuilder
from workspace import django_db_modify_db_settings, module_workspace

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS / "api"), str(TESTS / "web")]

from company import build  # noqa: E402

__all__ = ["django_db_modify_db_settings", "module_workspace"]


@pytest.fixture(scope="module")
def company(module_workspace, tmp_path_factory):
    """Group G, entities E and F with a record of every kind; keys of those inside E and outside.

    Everybody is a person of the demonstration, so needs no code.
    """
    from linyin.inventory.web.models import Engagement
    from linyin.organization.web.models import Node
    from linyin.platform import urls
    from linyin.platform.models import Person

    build(FolderBuilder(tmp_path_factory.mktemp("folder")))
    Person.objects.update(is_demo=True)
    everything = Person.objects.get(email="everything@company.example")
    verifier = Person.objects.get(email="verifier@company.example")
    for node, verifiers in (("E", [verifier, everything]), ("F", [everything])):
        engagement = Engagement.objects.create(
            node=Node.objects.get(code=node), name=f"Verification of {node}", materiality_pct=5,
            level="limited",
        )  # fmt: skip
        engagement.verifiers.set(verifiers)
    inside, outside = furnish(everything)
    refusals = logging.getLogger("django.request")
    with override_settings(IS_DEMO=True), pytest.MonkeyPatch.context() as quick:
        quick.setattr(refusals, "disabled", True)
        for status in (403, 404):  # what their pages say is tested with the other pages
            answer = partial(_refuse, status=status)
            quick.setattr(urls, f"handler{status}", answer, raising=False)
        yield inside, outside


def _refuse(request, exception, *, status: int) -> HttpResponse:
    return HttpResponse(status=status)
