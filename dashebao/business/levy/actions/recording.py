"""Movements that change no enrolment: personal data of somebody insured."""

from collections.abc import Sequence

from django.db import connection

from dashebao.business.levy.models import MovementKind

_CHANGED = """
insert into levy_movement (kind, person_id, unit_id, region_code, schemes, effective_month, reason_code, document,
                           case_no, moved_at)
select %(kind)s, e.person_id, e.unit_id, e.region_code, e.schemes, %(month)s, '', %(fields)s, '', now()
from levy_enrolment e where e.person_id = %(person)s and upper_inf(e.valid_during)
"""


def record_change(person_id: int, month: int, fields: Sequence[str]) -> int:
    """Record that a person's data changed (信息变更) with every running relation; returns how many there are."""
    values: dict[str, int | str] = {
        "kind": str(MovementKind.CHANGE),
        "person": person_id,
        "month": month,
        "fields": ", ".join(fields)[:200],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, values)
        return int(cursor.rowcount)
