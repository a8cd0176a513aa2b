"""One operation for each item that programs may hand in, with the JSON of its own form."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, Field, create_model

from dashebao.kernel.cases.api import Application, Paper, case_view, submit
from dashebao.kernel.catalogue.api import Applicant, ApplicantKind, Channel, ServiceItem
from dashebao.kernel.registry.api import Person, Unit, credit_code_of, find_unit, person_by_id_number, unit
from dashebao.platform.screens.applying import BEGINNINGS
from dashebao.platform.service_centre.open_api.answers import (
    MOST_ROWS,
    Strict,
    answers_model,
    name_of,
    raw_answers,
    row_model,
)
from dashebao.platform.service_centre.open_api.callers import Caller
from dashebao.platform.service_centre.open_api.models import ClientKind
from dashebao.platform.service_centre.open_api.problems import Problem
from dashebao.platform.service_centre.open_api.serving import ROOT, header, look, once
from dashebao.platform.service_centre.open_api.shown import CaseShown, case_shown

PAPER_CHARACTERS = 4 * 1024 * 1024  # of base64: 3 MB of the file


class PersonApplies(Strict):
    """The person who applies; the name must belong to the number."""

    id_number: Annotated[str, Field(pattern=r"^[0-9]{17}[0-9X]$", examples=["11010519491231002X"])]
    name: Annotated[str, Field(min_length=1, max_length=60)]


class UnitApplies(Strict):
    """The unit that applies; an employer's own software may leave it out."""

    credit_code: Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$", examples=["91350100M000100Y43"])]


class PaperSent(Strict):
    """A paper handed in: with its file (base64), or only the promise to bring it."""

    name: str
    file_name: Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f/\\]*$")] = ""
    media_type: Literal["application/pdf", "image/jpeg", "image/png"] | None = None
    content: (
        Annotated[str, Field(max_length=PAPER_CHARACTERS, description=gettext_noop("The file in base64"))] | None
    ) = None
    promised: Annotated[bool, Field(description=gettext_noop("True: the paper follows later"))] = False


def submission_model(found: ServiceItem) -> type[Strict]:
    """The body of an application for an item: who applies, the answers, the roster, the papers."""
    answers = answers_model(found)
    needed = any(field.is_required() for field in answers.model_fields.values())
    parts: dict[str, Any] = {"answers": (answers, ... if needed else answers())}
    if found.applicant is ApplicantKind.UNIT:
        parts["applicant"] = (UnitApplies | None, None)
    else:
        parts["applicant"] = (PersonApplies, ...)
    row = row_model(found)
    if row is not None:
        default: Any = ... if found.min_rows else []
        parts["rows"] = (Annotated[list[row], Field(min_length=found.min_rows, max_length=MOST_ROWS)], default)  # type: ignore[valid-type]
    names = tuple(paper.name for paper in found.materials)
    if names:
        paper = create_model(name_of(found, "Paper"), __base__=PaperSent, name=(Literal[names], ...))  # type: ignore[call-overload]
        parts["papers"] = (Annotated[list[paper], Field(max_length=len(names))], [])  # type: ignore[valid-type]
    return create_model(name_of(found, "Submission"), __base__=Strict, **parts)  # type: ignore[no-any-return]


def hand_in(request: HttpRequest, found: ServiceItem, sent: BaseModel, key: str) -> dict[str, Any]:
    """Hand an application in, once per key; the case as it stands then."""

    def act(caller: Caller) -> CaseShown:
        applicant = _applicant(caller, found, getattr(sent, "applicant", None))
        if applicant.kind is ApplicantKind.PERSON:
            look(caller, applicant.id, applicant.region_code)
        answers = raw_answers(sent.answers, getattr(sent, "rows", None))  # type: ignore[attr-defined]
        papers = papers_of(getattr(sent, "papers", ()))
        application = Application(found.code, applicant, answers, Channel.API, f"api:{key}", papers)
        made = submit(application, caller.actor)
        return case_shown(case_view(made.case_no, caller.actor))

    body = once(request, key, sent, act)
    header(request, "Location", f"{ROOT}cases/{body['case_no']}")
    return body


def papers_of(sent: Sequence[Any]) -> dict[str, Paper]:
    """Papers as the case machine takes them; Problem 422 for a file that is none."""
    found: dict[str, Paper] = {}
    for number, paper in enumerate(sent):
        content = _file(paper, f"papers.{number}.content") if paper.content is not None else None
        found[paper.name] = Paper(paper.file_name or "paper", paper.media_type or "", content, paper.promised)
    return found


def _file(paper: PaperSent, place: str) -> bytes:
    try:
        content = base64.b64decode(paper.content or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _wrong_file(place) from error
    if paper.media_type is None or not content.startswith(BEGINNINGS[paper.media_type]):
        raise _wrong_file(place)
    return content


def _wrong_file(place: str) -> Problem:
    error = {"field": place, "message": _("Send a PDF, JPEG or PNG file in base64 and name its media_type.")}
    return Problem(422, _("A file cannot be read."), errors=[error])


def _applicant(caller: Caller, found: ServiceItem, given: Any) -> Applicant:
    if found.applicant is ApplicantKind.UNIT:
        firm = unit_of(caller, given.credit_code if given is not None else "")
        caller.touch(unit_id=firm.pk)
        return Applicant.of_unit(firm.pk, firm.name, firm.region_code)
    if caller.client.kind == ClientKind.UNIT:
        raise Problem(403, _("This key acts for a unit and cannot apply for a person."), code="wrong-applicant")
    human = person_of(given.id_number, given.name)
    return Applicant.of_person(human.pk, human.name, human.region_code)


def unit_of(caller: Caller, credit_code: str) -> Unit:
    """The unit a call is about: the caller's own, or the one with this code in the caller's region."""
    if caller.client.kind == ClientKind.UNIT:
        own = unit(int(caller.client.unit_id or 0))
        if credit_code and credit_code != credit_code_of(own.pk):
            raise Problem(403, _("This key acts for another unit."), code="wrong-applicant")
        return own
    firm = find_unit(credit_code) if credit_code else None
    if firm is None:
        raise Problem(404, _("There is no unit with this credit code in the region of this key."))
    return firm


def person_of(id_number: str, name: str) -> Person:
    """The person with this number and this name in the caller's region; one answer for every way it can be wrong."""
    human = person_by_id_number(id_number)
    if human is None or human.name != name:
        raise Problem(404, _("There is nobody with this number and this name in the region of this key."))
    return human
