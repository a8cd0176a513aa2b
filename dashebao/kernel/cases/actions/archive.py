"""Closing a case: the result reaches the applicant, the end state stands, the snapshot is frozen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from dashebao.kernel.cases.actions.common import Desk, finish, plain
from dashebao.kernel.cases.clock import now
from dashebao.kernel.cases.models import (
    Archive,
    Case,
    CaseEvent,
    CaseLetter,
    CaseMaterial,
    CaseParty,
    CaseStep,
    ClockSuspension,
    Decision,
    Delivery,
    PaperFile,
    PartyAct,
    Reentry,
    Signature,
)
from dashebao.kernel.cases.states import Means, State, StepState
from dashebao.kernel.secrecy.api import digested_json

PARTS: tuple[tuple[str, Any], ...] = (
    ("parties", CaseParty),
    ("steps", CaseStep),
    ("signatures", Signature),
    ("party_acts", PartyAct),
    ("reentries", Reentry),
    ("materials", CaseMaterial),
    ("files", PaperFile),
    ("letters", CaseLetter),
    ("suspensions", ClockSuspension),
    ("decision", Decision),
    ("delivery", Delivery),
    ("events", CaseEvent),
)
LEFT_OUT = {"content", "case_id", "version"}


def close(desk: Desk, means: str = Means.ELECTRONIC, receiver: str = "") -> None:
    """Record how the result reached the applicant (electronically if nobody hands it over) and seal the archive."""
    case = desk.case
    Delivery.objects.create(
        case=case, means=means, receiver=receiver, delivered_at=now(), recorded_by=desk.hand.actor.id
    )
    if case.state == State.GRANTED:
        case.state = State.DELIVERED
    seal_case(desk)


def seal_case(desk: Desk) -> None:
    """Drop what was not needed, set the day of closing, freeze the snapshot."""
    case = desk.case
    for step in CaseStep.objects.filter(case=case, state__in=(StepState.AHEAD, StepState.OPEN, StepState.RUNNING)):
        step.state = StepState.DROPPED
        step.save()
    case.closed_at = now()
    desk.note("closed")
    desk.save()
    content = snapshot(case)
    Archive.objects.create(case=case, snapshot=content, digest=digest_of(content), sealed_at=now())


def snapshot(case: Case) -> dict[str, Any]:
    """The whole case as JSON values: application, parties, steps, signatures, letters, decision with trace, track."""
    content = {"format": 1, "case": _row(case)}
    for name, model in PARTS:
        rows = model.objects.filter(case=case).order_by("id")
        content[name] = [_row(row) for row in (rows.defer("content") if model is PaperFile else rows)]
    return dict(plain(content))


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a snapshot, long numbers by their keyed digests."""
    told = json.dumps(digested_json(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _row(row: Any) -> dict[str, Any]:
    fields = (field.attname for field in row._meta.concrete_fields)
    return {name: getattr(row, name) for name in fields if name not in LEFT_OUT}


def finish_delivery(desk: Desk, step: CaseStep, means: str, receiver: str) -> None:
    """Finish the delivery step and close the case."""
    finish(desk, step, data={"means": means, "receiver": receiver})
    close(desk, means, receiver)
