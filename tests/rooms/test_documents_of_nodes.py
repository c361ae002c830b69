"""The same bytes are evidence of every node that keeps them, and are stored once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(enterprise):
    from linyin.organization.web.models import Node
    from linyin.platform.documents import upload_document

    def send(node, name="bill.txt"):
        return upload_document(
            enterprise.actor("data_owner", node),
            node=Node.objects.get(code=node),
            upload=SimpleUploadedFile(name, b"10 MWh"),
        )

    return send


def test_who_sends_what_another_node_has_gets_a_document_of_their_own(enterprise, sent):
    from linyin.platform.grants import visible_to
    from linyin.platform.models import Document

    first, second = sent("A1", "ours.txt"), sent("B1", "theirs.txt")

    assert (first.node.code, second.node.code) == ("A1", "B1")
    assert first.path == second.path
    for node, document in (("A1", first), ("B1", second)):
        seen = visible_to(enterprise.actor("data_owner", node), Document, "documents.view")
        assert [one.pk for one in seen] == [document.pk]
        opened = enterprise.client("data_owner", node).get(f"/home/documents/{document.sha256}")
        assert opened.status_code == 200
        assert document.name in opened["Content-Disposition"]
        assert b"".join(opened.streaming_content) == b"10 MWh"


def test_the_same_node_keeps_the_same_bytes_once(sent):
    from django.conf import settings

    from linyin.platform.models import Document

    first, again = sent("A1"), sent("A1", "again.txt")

    assert (again.pk, again.name, Document.objects.count()) == (first.pk, "bill.txt", 1)
    files = [f for f in settings.WORKSPACE.documents.rglob("*") if f.is_file()]
    assert files == [first.path]


def test_what_nobody_may_keep_leaves_no_file(enterprise):
    from django.conf import settings
    from django.core.exceptions import PermissionDenied

    from linyin.organization.web.models import Node
    from linyin.platform.documents import upload_document

    with pytest.raises(PermissionDenied):
        upload_document(
            enterprise.actor("data_owner", "A1"), node=Node.objects.get(code="B1"),
            upload=SimpleUploadedFile("bill.txt", b"10 MWh"),
        )  # fmt: skip

    assert not [f for f in settings.WORKSPACE.documents.rglob("*") if f.is_file()]
