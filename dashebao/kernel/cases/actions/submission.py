"""Handing an application in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction

from dashebao.kernel.cases.actions.common import Desk, open_next, plain
from dashebao.kernel.cases.actions.progress import run_automatic
from dashebao.kernel.cases.clock import now, today
from dashebao.kernel.cases.errors import ChannelClosed, KeyReused, WrongApplicant, constraint_of, translated
from dashebao.kernel.cases.hands import By, Hand, hand_of, require_right, require_standing
from dashebao.kernel.cases.letters import issue
from dashebao.kernel.cases.models import Case, CaseMaterial, CaseParty, CaseStep, PaperFile
from dashebao.kernel.cases.states import LetterKind, PaperState
from dashebao.kernel.catalogue.api import (
    Applicant,
    ApplicantKind,
    Channel,
    Material,
    ServiceItem,
    item,
)
from dashebao.kernel.records.api import acting
from dashebao.kernel.secrecy.api import Family, fingerprint


@dataclass(frozen=True)
class Paper:
    """A paper handed in: received (with or without its file) or promised."""

    file_name: str = ""
    media_type: str = ""
    content: bytes | None = None
    promised: bool = False


@dataclass(frozen=True)
class Application:
    """What is handed in. ``key`` is made once per form shown: the same key again returns the first case.

    ``answers`` are the raw answers by field name (rows under "rows"); ``papers`` maps names of materials to papers.
    """

    item_code: str
    applicant: Applicant
    answers: Mapping[str, Any]
    channel: Channel
    key: str
    papers: Mapping[str, Paper] = field(default_factory=dict)


def submit(application: Application, by: By) -> Case:
    """Hand an application in and return its case; the same key again returns the first case.

    Raises AnswersInvalid (errors by field), ChannelClosed, WrongApplicant, NotAllowed, OwnCase or KeyReused.
    """
    found = item(application.item_code)
    hand = hand_of(by)
    digest = _digest(application)
    with translated(), acting(hand.actor, f"apply {found.code}"):
        first = _first(hand, application.key, digest)
        if first is not None:
            return first
        _require_open(found, application)
        require_standing(hand, application.applicant)
        require_right(hand, found)
        found.clean(application.answers)
        try:
            with transaction.atomic():
                case = _create(application, hand, digest)
        except IntegrityError as error:
            if constraint_of(error) != "cases_case_key":
                raise
            first = _first(hand, application.key, digest)
            if first is None:
                raise
            return first
        desk = Desk(case, found, hand)
        _furnish(desk, application)
        run_automatic(desk)
    return case


def _require_open(found: ServiceItem, application: Application) -> None:
    if application.channel not in found.channels:
        raise ChannelClosed
    applicant = application.applicant
    if applicant.kind is not found.applicant:
        raise WrongApplicant
    if applicant.kind is ApplicantKind.HOUSEHOLD and not applicant.applicants:
        raise WrongApplicant


def _digest(application: Application) -> str:
    applicant = application.applicant
    content = [application.item_code, applicant.kind.value, applicant.id, plain(dict(application.answers))]
    return fingerprint(Family.ANSWER, json.dumps(content, sort_keys=True, ensure_ascii=False))


def _first(hand: Hand, key: str, digest: str) -> Case | None:
    actor = hand.actor
    first = Case.objects.filter(submitted_kind=actor.kind, submitted_by=actor.id, key=key).first()
    if first is not None and first.key_digest != digest:
        raise KeyReused
    return first


def _create(application: Application, hand: Hand, digest: str) -> Case:
    applicant = application.applicant
    kind = applicant.kind
    signing = applicant.applicants
    person_id = next((party.person_id for party in signing if party.person_id), 0)
    seeing = [party.person_id for party in applicant.parties if party.person_id and party.role.value != "respondent"]
    if kind is ApplicantKind.UNIT:
        seeing = []
    case: Case = Case.objects.create(
        case_no=_number(applicant.region_code),
        item_code=application.item_code,
        region_code=applicant.region_code,
        applicant_kind=kind.value,
        applicant_id=applicant.id,
        applicant_name=applicant.name,
        person_id=person_id or None,
        unit_id=applicant.id if kind is ApplicantKind.UNIT and applicant.id else None,
        household_id=applicant.id if kind is ApplicantKind.HOUSEHOLD else None,
        party_person_ids=seeing,
        channel=application.channel.code,
        answers=plain(dict(application.answers)),
        submitted_at=now(),
        submitted_kind=hand.actor.kind,
        submitted_by=hand.actor.id,
        key=application.key,
        key_digest=digest,
    )
    return case


def _number(region_code: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('cases_case_number')")
        serial = int(cursor.fetchone()[0])
    return f"{region_code}{today():%Y%m%d}{serial:08d}"


def _furnish(desk: Desk, application: Application) -> None:
    case, found = desk.case, desk.item
    CaseParty.objects.bulk_create(
        CaseParty(
            case=case,
            role=party.role.value,
            name=party.name,
            person_id=party.person_id or None,
            unit_id=party.unit_id or None,
        )
        for party in application.applicant.parties
    )
    CaseStep.objects.bulk_create(
        CaseStep(
            case=case,
            position=position,
            key=step.name,
            kind=step.kind.value,
            role=step.role,
            level=step.level.value,
            officers=step.officers,
            automatic=step.automatic,
        )
        for position, step in enumerate(found.steps, 1)
    )
    papers = [_paper(case, material, application.papers.get(material.name)) for material in found.materials]
    CaseMaterial.objects.bulk_create(papers)
    open_next(desk)
    issue(case, found, LetterKind.RECEIPT, desk.hand, _received(found, papers))
    desk.note("submitted", channel=case.channel)


def _paper(case: Case, material: Material, given: Paper | None) -> CaseMaterial:
    row = CaseMaterial(case=case, name=material.name, required=material.required)
    if given is not None:
        fill(row, given)
    elif material.fetched_from:
        row.state = PaperState.SHARED
    return row


def fill(row: CaseMaterial, given: Paper) -> None:
    """Put a paper handed in into its row (not saved)."""
    row.state = PaperState.PROMISED if given.promised else PaperState.RECEIVED
    row.received_at = now()
    if given.content is not None:
        row.file = PaperFile.objects.create(
            case=row.case,
            file_name=given.file_name,
            media_type=given.media_type,
            digest=hashlib.sha256(given.content).hexdigest(),
            content=given.content,
            received_at=now(),
        )


def _received(found: ServiceItem, papers: list[CaseMaterial]) -> dict[str, Any]:
    there = {row.name for row in papers if row.state in (PaperState.RECEIVED, PaperState.PROMISED)}
    missing = {row.name for row in papers if row.state == PaperState.EXPECTED and row.required}
    return {
        "received": lambda: [material.label for material in found.materials if material.name in there],
        "expected": lambda: [material.label for material in found.materials if material.name in missing],
    }
