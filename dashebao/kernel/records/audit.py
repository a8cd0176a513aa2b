"""The audit trail: one append-only line per act."""

from typing import Any

from django.db import models

from dashebao.kernel.records.context import current_actor
from dashebao.kernel.records.models import AuditEntry


def audit(
    verb: str,
    subject: models.Model | tuple[str, int | str],
    *,
    region: str = "",
    person: int | None = None,
    **detail: Any,
) -> AuditEntry:
    """Write one audit line in the current transaction and return it.

    `verb` is dotted ("pension.award_granted"); `subject` a row or (kind, id); `person` the person whose data was
    touched, who may read the line in the access log; `detail` JSON values (amounts in fen).
    """
    kind, key = (subject._meta.label_lower, str(subject.pk)) if isinstance(subject, models.Model) else subject
    actor = current_actor()
    return AuditEntry.objects.create(
        verb=verb,
        subject_kind=kind,
        subject_id=str(key),
        subject_person_id=person,
        actor_kind=actor.kind if actor else "database",
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else "",
        region_code=region or getattr(subject, "region_code", ""),
        detail=detail,
    )
