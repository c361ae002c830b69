"""Own factors as people write and submit them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.4 the meter's certificate"
STATED = {
    "factor_id": "own-power-2023", "name_en": "Power of our supplier", "name_zh": "供应商电力",
    "use": "grid", "item": "electricity", "unit": "kWh", "boundary": "combustion",
    "basis": "average", "place": "A1", "co2_kg": "0.1", "data_year": 2023,
    "published": date(2024, 1, 31), "publisher": "Supplier", "release": "2023",
    "source": "letter, page 2", "licence": "own use",
}  # fmt: skip


@pytest.fixture
def write(enterprise):
    """Write a factor as the carbon office, with other values than usual where they are stated."""

    def make(by="writer", node="G", **other):
        from linyin.ledger.web.factor_resources import own_factors
        from linyin.organization.web.models import Node

        values = {**STATED, **other, "node": Node.objects.get(code=node)}
        return own_factors.create(office(enterprise, by), values=values)

    return make


def office(enterprise, name, node="G"):
    return enterprise.actor("carbon_office", node, name=name)


@pytest.fixture
def proposed(enterprise, write):
    """A factor with its document, submitted by its writer."""
    return submitted(enterprise, write())


def submitted(enterprise, factor, by="writer", content=PDF):
    from linyin.ledger.web.actions import attach_evidence, submit_factor
    from linyin.platform.documents import upload_document

    actor = office(enterprise, by)
    upload = SimpleUploadedFile("certificate.pdf", content)
    document = upload_document(actor, node=factor.node, upload=upload)
    attach_evidence(actor, factor, sha256=document.sha256)
    return submit_factor(actor, factor)
