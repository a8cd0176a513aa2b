"""Applications begun: kept until handed in, whatever happens to the session, and never handed in twice."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from dashebao.platform.service_centre.portal.models import Draft


def draft_of(person_id: int, item_code: str, mandate_id: int | None) -> Draft | None:
    """The open draft of a person for a service, for himself or under a mandate."""
    return Draft.objects.filter(person_id=person_id, item_code=item_code, mandate_id=mandate_id, case_no="").first()


def keep_draft(
    person_id: int, item_code: str, mandate_id: int | None, answers: Mapping[str, Any], partners: list[Any]
) -> Draft:
    """Write the answers down; the first time makes the draft with the key of its case."""
    row = draft_of(person_id, item_code, mandate_id)
    if row is None:
        row = Draft(person_id=person_id, item_code=item_code, mandate_id=mandate_id, key=secrets.token_urlsafe(18))
    elif row.answers != answers or row.partners != partners:
        row.version = row.version + 1
    row.answers, row.partners = dict(answers), partners
    row.save()
    return row


def handed_in(row: Draft, case_no: str) -> None:
    """The draft became a case; the answers are the case's now."""
    row.case_no, row.answers = case_no, {}
    row.save()


def case_of_key(person_id: int, key: str) -> str:
    """The number of the case a form with this key became, or nothing."""
    found = Draft.objects.filter(person_id=person_id, key=key).values_list("case_no", flat=True).first()
    return found or ""


def open_drafts(person_id: int) -> list[Draft]:
    """What a person has begun and not handed in, newest first."""
    return list(
        Draft.objects.filter(person_id=person_id, case_no="").order_by("-changed_at").select_related("mandate")[:10]
    )


def discard(person_id: int, draft_id: int) -> bool:
    """Throw a draft away."""
    return bool(Draft.objects.filter(person_id=person_id, pk=draft_id, case_no="").delete()[0])
