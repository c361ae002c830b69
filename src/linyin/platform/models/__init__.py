"""The platform's own records: people, grants, audit trail, approvals, jobs, documents, batches."""

from linyin.platform.models.approval import Approval
from linyin.platform.models.audit import AuditEvent, AuditHead
from linyin.platform.models.batch import LakeBatch, LakePin
from linyin.platform.models.document import Document
from linyin.platform.models.grant import Grant
from linyin.platform.models.job import Job, JobLine, WorkerBeat
from linyin.platform.models.person import Person
from linyin.platform.models.record import Record

__all__ = [
    "Approval",
    "AuditEvent",
    "AuditHead",
    "Document",
    "Grant",
    "Job",
    "JobLine",
    "LakeBatch",
    "LakePin",
    "Person",
    "Record",
    "WorkerBeat",
]
