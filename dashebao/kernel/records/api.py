"""The door of the records system."""

from dashebao.kernel.records.audit import audit
from dashebao.kernel.records.context import (
    SYSTEM,
    Actor,
    acting,
    current_actor,
    forget_reference_data,
    sign,
    watch_reference_data,
)
from dashebao.kernel.records.declared import History, Mark, Record, Scope
from dashebao.kernel.records.known import as_known
from dashebao.kernel.records.locks import lock
from dashebao.kernel.records.models import AuditEntry, Change, Generation
from dashebao.kernel.records.once import read_once, reading_once
from dashebao.kernel.records.partitions import CreatePartitionedTable, ensure_partition, next_id, refresh_statistics
from dashebao.kernel.records.resealing import GRACE, RotationRuns, drop_unused, one_at_a_time, reseal, rows_under
from dashebao.kernel.records.rows import changed_rows
from dashebao.kernel.records.seals import Published, newest, seal, verify

__all__ = [
    "GRACE",
    "SYSTEM",
    "Actor",
    "AuditEntry",
    "Change",
    "CreatePartitionedTable",
    "Generation",
    "History",
    "Mark",
    "Published",
    "Record",
    "RotationRuns",
    "Scope",
    "acting",
    "as_known",
    "audit",
    "changed_rows",
    "current_actor",
    "drop_unused",
    "ensure_partition",
    "forget_reference_data",
    "lock",
    "newest",
    "next_id",
    "one_at_a_time",
    "read_once",
    "reading_once",
    "refresh_statistics",
    "reseal",
    "rows_under",
    "seal",
    "sign",
    "verify",
    "watch_reference_data",
]
