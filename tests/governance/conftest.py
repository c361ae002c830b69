"""A group with two entities, its people, and the bodies that decide."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from workspace import django_db_modify_db_settings, workspace

sys.path.append(str(Path(__file__).parents[1] / "web"))
__all__ = ["django_db_modify_db_settings", "workspace"]


class Company:
    """G owns A (site A1) and B (site B1); a board of G, a committee of G and a team of A."""

    def __init__(self) -> None:
        from linyin.governance.web.models import Body, Member
        from linyin.organization.web.models import Node, Standing

        self.nodes = {}
        for code, kind, parent in (
            ("G", "group", None), ("A", "entity", "G"), ("B", "entity", "G"),
            ("A1", "site", "A"), ("B1", "site", "B"),
        ):  # fmt: skip
            node = Node.objects.create(code=code, kind=kind, name_en=f"Node {code}")
            Standing.objects.create(node=node, parent=self.nodes.get(parent), country="CN")
            self.nodes[code] = node
        self.board = Body.objects.create(
            code="BOARD", kind="board", name_en="Board", name_zh="董事会", node=self.nodes["G"],
            begin=date(2020, 1, 1),
        )  # fmt: skip
        self.committee = Body.objects.create(
            code="SDC", kind="committee", name_en="Committee", name_zh="管理委员会",
            node=self.nodes["G"], parent=self.board,
        )  # fmt: skip
        self.team = Body.objects.create(
            code="TEAM", kind="project_team", name_en="Team of A", node=self.nodes["A"],
            parent=self.committee,
        )  # fmt: skip
        for name, role in (("Ada", "chair"), ("Bo", "member"), ("Cy", "secretary")):
            Member.objects.create(body=self.committee, name=name, role=role, begin=date(2021, 1, 1))
        Member.objects.create(
            body=self.committee, name="Di", role="member", begin=date(2021, 1, 1),
            end=date(2023, 1, 1),
        )  # fmt: skip

    def actor(self, role: str, node: str = "G"):
        """Somebody with a role on a node."""
        from linyin.platform.actor import Actor
        from linyin.platform.models import Grant, Person

        email = f"{role}-{node}@test.invalid".lower()
        person = Person.objects.filter(email=email).first()
        if person is None:
            person = Person.objects.create_user(
                email, name=f"{role.replace('_', ' ')} {node}", is_demo=True
            )
            Grant.objects.create(person=person, role=role, node=self.nodes[node])
        return Actor(person, "web")

    def client(self, role: str, node: str = "G"):
        """A browser of somebody with a role on a node."""
        from django.test import Client

        client = Client(HTTP_HOST="localhost")
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(self.actor(role, node).person, backend)
        return client


@pytest.fixture
def company(workspace, settings):
    """The company in a workspace of its own."""
    settings.IS_DEMO = True
    return Company()
