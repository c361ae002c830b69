"""The company of these tests: group G, entities E (site S) and F (site T)."""

from __future__ import annotations

from builders import FolderBuilder
from linyin.platform.actor import Actor
from second_factor import give_factor

OPERATOR = Actor(None, "cli", is_operator=True)
ROLES = (
    "administrator",
    "carbon_office",
    "committee",
    "entity_manager",
    "data_owner",
    "verifier",
    "reader",
)


def build(folder: FolderBuilder) -> None:
    """Put the company into the workspace of this process and calculate 2023 for G, E and F."""
    from linyin.inventory.web.adopt import adopt
    from linyin.inventory.web.calculating import calculate

    folder.node("G", "group", country="CN")
    for entity, site in (("E", "S"), ("F", "T")):
        folder.node(entity, "entity", parent="G", owner="G", ownership_pct=100, control="sole")
        folder.node(site, "site", parent=entity, country="CN", place="CN-GD")
        folder.add(
            "metrics", node=entity, metric="revenue", period="2023", value=10, unit="CNY",
            source="accounts",
        )  # fmt: skip
    folder.factor("diesel", use="fuel", item="diesel", unit="L", co2_kg="2.5")
    for number, site in enumerate(("S", "S", "T")):
        folder.activity(
            f"d{number}", site=site, source_type="mobile_combustion", item="diesel",
            quantity=1000 * (number + 1), unit="L",
        )  # fmt: skip
    adopt(OPERATOR, folder.write())
    for node in ("G", "E", "F"):
        calculate(OPERATOR, node, [2023])
    _people()


def _people() -> None:
    """One person of every role on E; one of all roles on G; one without any.

    Whose role asks for a second factor has one.
    """
    from linyin.organization.web.models import Node
    from linyin.platform.models import Grant, Person
    from linyin.platform.roles import roles

    nodes = {node.code: node for node in Node.objects.all()}
    for role in ROLES:
        person = Person.objects.create_user(f"{role}@company.example", name=role)
        Grant.objects.create(person=person, role=role, node=nodes["E"])
        if roles()[role].needs_mfa:
            give_factor(person)
    all_roles = Person.objects.create_user("everything@company.example", name="Everything")
    for role in ROLES:
        Grant.objects.create(person=all_roles, role=role, node=nodes["G"])
    give_factor(all_roles)
    Person.objects.create_user("stranger@company.example", name="Stranger")
