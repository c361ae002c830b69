"""A small enterprise in a workspace: two entities, three sites, people in their roles."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from workspace import cookie_of, django_db_modify_db_settings, other_workspace, workspace

__all__ = ["django_db_modify_db_settings", "other_workspace", "workspace"]


@dataclass
class Enterprise:
    """An adopted folder, and actors by role and node."""

    folder: object

    def actor(self, role: str, node: str = "G", *, subtree: bool = True, name: str = ""):
        """Somebody with a role on a node, who acts in the web app."""
        from linyin.organization.web.models import Node
        from linyin.platform.actor import Actor
        from linyin.platform.models import Grant, Person

        email = f"{name or role}-{node}@test.invalid".lower()
        person = Person.objects.filter(email=email).first()
        if person is None:
            person = Person.objects.create_user(email, name=name or role.replace("_", " "))
            Grant.objects.create(
                person=person, role=role, node=Node.objects.get(code=node), subtree=subtree
            )
        return Actor(person, "web")

    def client(self, role: str, node: str = "G"):
        """A browser of somebody with a role on a node, second factor set up."""
        from django.test import Client

        actor = self.actor(role, node)
        actor.person.is_demo = True
        actor.person.save()
        client = Client(HTTP_HOST="localhost")
        client.force_login(actor.person, "django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def people_of():
    """Somebody in every role of an adopted folder."""
    return Enterprise


@pytest.fixture
def enterprise(workspace, folder, settings):
    """G owns A (sites A1, A2) and B (site B1); electricity of 2023 by month, in Guangdong."""
    from linyin.inventory.web.adopt import adopt
    from linyin.platform.actor import Actor

    settings.IS_DEMO = True
    folder.packs(["mee-grid-2021-2023"])
    folder.node("G", "group", country="CN", name_en="Group")
    for entity, sites in (("A", ("A1", "A2")), ("B", ("B1",))):
        folder.node(entity, "entity", parent="G", owner="G", ownership_pct=100, control="sole",
                    country="CN")  # fmt: skip
        for site in sites:
            folder.node(site, parent=entity, country="CN", place="CN-GD")
            for month in range(1, 13):
                folder.add(
                    "activities", external_id=f"{site}-{month}", site=site,
                    source_type="electricity", item="electricity", period=f"2023-{month:02}",
                    quantity=100, unit="MWh", status="invoiced",
                )  # fmt: skip
    folder.add("metrics", node="G", metric="revenue", period="2023", value=10, unit="亿元")
    folder.write()
    adopt(Actor(None, "cli", is_operator=True), folder.path)
    return Enterprise(folder)


@pytest.fixture
def come(enterprise, browser, live_server):
    """Let somebody come with a browser of their own: `come(actor)` gives their visitor."""
    from contextlib import ExitStack

    from django.test import Client

    if (pages := str(Path(__file__).parents[1] / "web")) not in sys.path:
        sys.path.append(pages)
    from visits import Variant, visitor

    desk = Variant("en", "light", "desk")
    with ExitStack() as stack:

        def opened(actor, variant=desk):
            person = actor.person
            person.language = {"zh": "zh-hans", "en": "en"}[variant.language]
            person.theme, person.is_demo = variant.look, True
            person.save()
            client = Client()
            client.force_login(person, "django.contrib.auth.backends.ModelBackend")
            session = cookie_of(client)
            return stack.enter_context(visitor(browser, live_server.url, variant, session))

        yield opened


@pytest.fixture
def work():
    """Do the jobs that wait, as a worker does; return of what kind they were."""

    def done():
        from linyin.platform.models import Job
        from linyin.platform.work.run import run

        kinds = []
        while job := Job.objects.filter(state="waiting").order_by("made_at").first():
            run(job.pk)
            job.refresh_from_db()
            assert job.state == "done", (job.kind, job.error)
            kinds.append(job.kind)
        return kinds

    return done
