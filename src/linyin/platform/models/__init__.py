"""The platform's own records: people, grants, audit trail, approvals, jobs, documents, batches."""

from linyin.platform.models.answer import StoredAnswer
from linyin.platform.models.approval import Approval
from linyin.platform.models.audit import AuditEvent, AuditHead
from linyin.platform.models.batch import LakeBatch, LakePin
from linyin.platform.models.document import Document
from linyin.platform.models.grant import Grant
from linyin.platform.models.job import Job, JobLine, WorkerBeat
from linyin.platform.models.person import Person
from linyin.platform.models.record import Record
from linyin.platform.models.token import ApiToken
from linyin.platform.models.webhook import Delivery, Destination, Webhook

__all__ = [
    "ApiToken",
    "Approval",
    "AuditEvent",
    "AuditHead",
    "Delivery",
    "Destination",
    "Document",
    "Grant",
    "Job",
    "JobLine",
    "LakeBatch",
    "LakePin",
    "Person",
    "Record",
    "StoredAnswer",
    "Webhook",
    "WorkerBeat",
]
