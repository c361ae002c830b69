"""A group that is verified: the carbon office, two firms of verifiers, evidence, runs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from builders import FolderBuilder


@dataclass
class House:
    """G owns A (site A1) and B (site B1); A and B are calculated for 2022 and 2023.

    Anna of the firm Audit A is engaged on A, 2023 alone; Ben of the firm Audit B on B, 2023.
    """

    runs: dict
    office: object
    anna: object
    ben: object
    engagement: object
    other: object

    @property
    def run(self):
        """The run that Anna is engaged on."""
        return self.runs["A", 2023]

    def actor(self, person, channel="web"):
        """Return somebody as they are now."""
        from linyin.platform.actor import Actor

        return Actor(person, channel)

    def client(self, person):
        """Return the browser of somebody."""
        from django.test import Client

        client = Client(HTTP_HOST="localhost")
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        return client

    def lock(self, run=None):
        """Lock a run."""
        from linyin.inventory.web.actions import lock_run

        return lock_run(self.actor(self.office), run or self.run)

    def draw(self, **plan):
        """Draw a sample of Anna's run as she does."""
        from linyin.inventory.web.verification.draws import draw_sample

        stated = {"method": "pps", "seed": "7", "size": 4} | plan
        stated.setdefault("run", self.run)
        return draw_sample(self.actor(self.anna), self.engagement, **stated)

    def tick(self, sample, verdict="verified", **said):
        """Follow all entries of a sample with one result."""
        from linyin.inventory.web.verification.actions import tick_item

        for item in sample.items.all():
            tick_item(self.actor(self.anna), item, version=item.version, verdict=verdict, **said)

    def state(self, kind="unmodified", text="Fairly stated.", run=None):
        """State Anna's opinion."""
        from linyin.inventory.web.verification.actions import state_opinion

        anna = self.actor(self.anna)
        return state_opinion(anna, self.engagement, run=run or self.run, kind=kind, text=text)


def build(folder: FolderBuilder) -> None:
    """Put the group into the workspace, calculate it, engage the verifiers."""
    from linyin.inventory.web.adopt import adopt
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.verification.actions import open_engagement
    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor

    write(folder)
    adopt(Actor(None, "cli", is_operator=True), folder.path)
    nodes = {node.code: node for node in Node.objects.all()}
    office, anna, ben = (
        somebody(name, role, nodes["G"])
        for name, role in (("Office", "carbon_office"), ("Anna", "verifier"), ("Ben", "verifier"))
    )
    for entity, person in (("A", anna), ("B", ben)):
        runs = calculate(Actor(office, "web"), entity, [2022, 2023])
        open_engagement(
            Actor(office, "web"),
            node=nodes[entity],
            values={
                "name": f"Verification of {entity}", "firm": f"Audit {entity}", "level": "limited",
                "materiality_pct": Decimal(5), "scope": "ISO 14064-1",
            },
            verifiers=[person],
            runs=[run for run in runs if run.year == 2023],
        )  # fmt: skip


def write(folder: FolderBuilder) -> None:
    """Write the group's records, two years of electricity, and a bill for each site and year."""
    folder.packs(["mee-grid-2021-2023"])
    folder.node("G", "group", country="CN", name_en="Group")
    bills = []
    for entity in "AB":
        folder.node(entity, "entity", parent="G", owner="G", ownership_pct=100, control="sole",
                    country="CN")  # fmt: skip
        site = f"{entity}1"
        folder.node(site, parent=entity, country="CN", place="CN-GD")
        for year in (2022, 2023):
            bills.append(f"bill-{site}-{year}.pdf")
            for month in range(1, 13):
                folder.add(
                    "activities", external_id=f"{site}-{year}-{month}", site=site,
                    source_type="electricity", item="electricity", period=f"{year}-{month:02}",
                    quantity=100 * month, unit="MWh", status="invoiced",
                    evidence_file=bills[-1], evidence_page=month,
                )  # fmt: skip
    folder.write()
    evidence = folder.path / "evidence"
    evidence.mkdir()
    for bill in bills:
        (evidence / bill).write_bytes(b"%PDF-1.4 " + bill.encode())


def somebody(name, role, node, *, email=""):
    """Return a new person with a role on a node."""
    from linyin.platform.models import Grant, Person

    address = email or f"{name.lower()}@test.invalid"
    person = Person.objects.create_user(address, name=name, is_demo=True)
    Grant.objects.create(person=person, role=role, node=node)
    return person
