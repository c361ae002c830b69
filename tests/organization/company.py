"""Builders of organizations in the field's language."""

from datetime import date
from fractions import Fraction

from linyin.lake.messages import messages, placeholders
from linyin.organization.organization import Organization


def day(text):
    return date.fromisoformat(text) if text else None


def told(findings):
    """The findings, each with a text whose placeholders are all filled in both languages."""
    for finding in findings:
        assert finding.code in messages()
        for lang in ("en", "zh"):
            assert set(placeholders(messages()[finding.code].texts[lang])) <= set(finding.fields)
    return findings


class Company:
    """Rows of organization.csv as validation hands them over."""

    def __init__(self):
        self.rows = []

    def row(self, code, kind, **cells):
        for column in ("opened", "closed", "from", "to"):
            if column in cells:
                cells[column] = day(cells[column])
        place = {"_file": "organization.csv", "_sheet": "", "_row": len(self.rows) + 2}
        self.rows.append({"code": code, "kind": kind, **cells, **place})
        return self

    def group(self, code="G", **cells):
        return self.row(code, "group", **cells)

    def entity(self, code, parent="G", owner="G", pct=100, **cells):
        return self.row(code, "entity", parent=parent, owner=owner, ownership_pct=pct, **cells)

    def site(self, code, parent, **cells):
        return self.row(code, "site", parent=parent, **cells)

    def department(self, code, parent, **cells):
        return self.row(code, "department", parent=parent, **cells)

    def findings(self):
        return told(Organization.from_rows(self.rows)[1])

    def build(self):
        """The organization, which must have no error."""
        organization, findings = Organization.from_rows(self.rows)
        assert [f for f in findings if f.severity == "error"] == []
        return organization


def percent(value):
    return Fraction(str(value)) / 100
