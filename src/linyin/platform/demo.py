"""The people of the demonstration, who sign in with one click on this machine.

One in each role, and two more: whoever prepares a run approves it at no level, so that a second
carbon officer, and a data owner of the whole group, are needed to publish one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from linyin.organization.web.models import Node
from linyin.platform.models import Grant, Person
from linyin.platform.roles import roles
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang

__all__ = ["PEOPLE", "add_demo", "demo_context", "make_people", "sign_in", "start_own"]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demonstration: name, role, the node they answer for, icon."""

    email: str
    name: str
    role: str
    node: str
    icon: str


PEOPLE: Final = (
    DemoPerson("lin@demo.invalid", "林晓 Lin Xiao", "carbon_office", "LINYIN", "leaf"),
    DemoPerson("chen@demo.invalid", "陈磊 Chen Lei", "data_owner", "NJ-YUHUA", "edit"),
    DemoPerson(
        "wang@demo.invalid", "王敏 Wang Min", "entity_manager", "LINYIN", "building-factory-2"
    ),
    DemoPerson("zhao@demo.invalid", "赵宁 Zhao Ning", "committee", "LINYIN", "users"),
    DemoPerson("meyer@demo.invalid", "Anna Meyer", "verifier", "LINYIN", "shield-check"),
    DemoPerson("gao@demo.invalid", "高远 Gao Yuan", "data_owner", "LINYIN", "edit"),
    DemoPerson("xu@demo.invalid", "许宁 Xu Ning", "carbon_office", "LINYIN", "leaf"),
    DemoPerson("zhou@demo.invalid", "周凯 Zhou Kai", "administrator", "LINYIN", "settings"),
)

_SHOWN: Final[list[Callable[[], None]]] = []


def add_demo(make: Callable[[], None]) -> Callable[[], None]:
    """Let a room add to the demonstration once its people are there, for use as a decorator.

    What it makes is made once, however often it is called.
    """
    if make not in _SHOWN:
        _SHOWN.append(make)
    return make


def make_people() -> None:
    """Make the people of the demonstration, with their grants; nobody has a password."""
    for one in PEOPLE:
        person, _ = Person.objects.get_or_create(
            email=one.email, defaults={"name": one.name, "is_demo": True}
        )
        node = Node.objects.filter(code=one.node).first()
        if node is not None:
            Grant.objects.get_or_create(person=person, role=one.role, node=node)
    for make in _SHOWN:
        make()


def demo_context(request: HttpRequest) -> dict[str, Any]:
    """Give the sign-in page the cards of the demonstration."""
    if not settings.IS_DEMO or not _is_local(request):
        return {}
    language = lang()
    names = {n.code: n.name(language) for n in Node.objects.filter(code__in=_nodes())}
    people = [
        {
            "email": one.email,
            "name": f"{one.name} · {names[one.node]}" if one.node in names else one.name,
            "role": roles()[one.role].names[language],
            "words": roles()[one.role].descriptions[language],
            "icon": one.icon,
        }
        for one in PEOPLE
    ]
    return {"demo_people": people, "demo_sign_in": reverse("demo-sign-in")}


def _nodes() -> set[str]:
    return {one.node for one in PEOPLE}


@takes("POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as somebody of the demonstration, in the language of the page.

    Only there, only from this machine.
    """
    if not settings.IS_DEMO or not _is_local(request):
        raise Http404
    person = Person.objects.filter(email=request.POST.get("person", ""), is_demo=True).first()
    if person is None:
        raise Http404
    person.language = get_language() or person.language
    person.save(update_fields=["language"])
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")


@signed_in
def start_own(request: HttpRequest) -> HttpResponse:
    """Say how a workspace of one's own is begun, to who looks at the demonstration."""
    if not settings.IS_DEMO:
        raise Http404
    return render(request, "platform/start_own.html")


def _is_local(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
