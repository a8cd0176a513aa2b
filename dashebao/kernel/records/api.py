"""The door of the records system."""

from dashebao.kernel.records.audit import audit
from dashebao.kernel.records.context import SYSTEM, Actor, acting, current_actor, sign
from dashebao.kernel.records.declared import History, Mark, Record, Scope
from dashebao.kernel.records.known import as_known
from dashebao.kernel.records.locks import lock
from dashebao.kernel.records.models import AuditEntry, Change
from dashebao.kernel.records.partitions import CreatePartitionedTable, ensure_partition, next_id
from dashebao.kernel.records.seals import seal, verify

__all__ = [
    "SYSTEM",
    "Actor",
    "AuditEntry",
    "Change",
    "CreatePartitionedTable",
    "History",
    "Mark",
    "Record",
    "Scope",
    "acting",
    "as_known",
    "audit",
    "current_actor",
    "ensure_partition",
    "lock",
    "next_id",
    "seal",
    "sign",
    "verify",
]
