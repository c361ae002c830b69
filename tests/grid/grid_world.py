"""A small enterprise whose months are entered in the grid."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from linyin.lake import (
    create_revision_table,
    current_revisions,
    load_schema,
    post_revisions,
    sheet_from_arrow,
)
from linyin.ledger import (
    ACTIVITIES,
    activities_lake_schema,
    input_header,
    prepare_activities,
)
from linyin.ledger.web.grid_lines import derive_lines
from linyin.ledger.web.models import SourceLine
from linyin.organization import FiscalCalendar
from linyin.organization.web.models import Node, Standing
from linyin.platform.actor import Actor
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Grant, Person
from second_factor import give_factor

OPERATOR = Actor(None, "cli", is_operator=True)
MONTHS = [date(year, month, 1) for year in (2022, 2023) for month in range(1, 13)]


class World:
    """HEYUAN under GROUP with electricity, gas and diesel; NANJING beside it with electricity."""

    def __init__(self) -> None:
        self.group = self.node("GROUP", "group", None)
        self.site = self.node("HEYUAN", "site", self.group, "Heyuan campus", "河源园区")
        self.other = self.node("NANJING", "site", self.group, "Nanjing campus", "南京园区")
        self.owner = self.person("owner", "data_owner", self.site)
        self.second = self.person("second", "data_owner", self.site)
        self.manager = self.person("manager", "entity_manager", self.site)
        self.stranger = self.person("stranger", "data_owner", self.other)
        self.reader = self.person("reader", "reader", self.site)
        rows = [
            (f"HEYUAN-P1-{m:%Y-%m}", "HEYUAN", "electricity", "electricity", "", m, 1000 + m.month,
             "kWh", "生产线总表 / production lines")
            for m in MONTHS
        ]  # fmt: skip
        rows += [
            (f"HEYUAN-GAS-{m:%Y-%m}", "HEYUAN", "stationary_combustion", "natural_gas",
             "commercial", m, 50, "Nm3", "食堂燃气 / canteen gas")
            for m in MONTHS
        ]  # fmt: skip
        rows += [
            (
                f"NANJING-P1-{m:%Y-%m}",
                "NANJING",
                "electricity",
                "electricity",
                "",
                m,
                300,
                "kWh",
                "",
            )
            for m in MONTHS
        ]
        self.deliver("meters", rows)
        derive_lines(OPERATOR)
        self.power = SourceLine.objects.get(code="HEYUAN-P1")
        self.gas = SourceLine.objects.get(code="HEYUAN-GAS")

    def node(self, code, kind, parent, en="", zh=""):
        node = Node.objects.create(code=code, kind=kind, name_en=en, name_zh=zh)
        Standing.objects.create(node=node, parent=parent, country="CN", place="CN-GD")
        return node

    def person(self, name, role, node, language="en"):
        person = Person.objects.create_user(f"{name}@example.org", name=name, language=language)
        Grant.objects.create(person=person, role=role, node=node)
        give_factor(person)
        return person

    def actor(self, person) -> Actor:
        return Actor(person, "web")

    def deliver(self, source, rows, reason="imported"):
        """Post rows (id, site, source type, item, technology, month, quantity, unit, words)."""
        names = ("external_id", "site", "source_type", "item", "technology", "period", "quantity",
                 "unit", "description")  # fmt: skip
        texts = [
            {
                **dict(zip(names, row, strict=True)),
                "period": f"{row[5]:%Y-%m}",
                "quantity": str(row[6]),
            }
            for row in rows
        ]
        sheet = sheet_from_arrow(pa.table({n: [t[n] for t in texts] for n in names}), source)
        validated, findings = load_schema("ledger", "activities").validate(sheet, input_header)
        prepared = prepare_activities(
            validated, source=source, sites={"HEYUAN", "NANJING", "GROUP"}, places={"CN", "CN-GD"},
            calendar=FiscalCalendar(), aliases={},
        )  # fmt: skip
        assert not findings
        assert not prepared.findings
        lake = workspace_lake()
        if ACTIVITIES not in lake.tables():
            create_revision_table(lake, ACTIVITIES, activities_lake_schema(()))
        return post_revisions(lake, ACTIVITIES, source, prepared.table, reason=reason, full=False)

    def activities(self, where="true"):
        """The current rows of the lake."""
        import duckdb

        lake = workspace_lake()
        with duckdb.connect() as connection:
            query = f"SELECT * FROM ({current_revisions(lake, ACTIVITIES)}) WHERE {where}"
            return connection.sql(f"{query} ORDER BY external_id").to_arrow_table().to_pylist()
