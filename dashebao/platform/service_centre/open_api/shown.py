"""What programs are answered about items and cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import Field

from dashebao.kernel.cases.api import CaseLine, CaseView
from dashebao.kernel.catalogue.api import Guide, ServiceItem, guide
from dashebao.platform.service_centre.open_api.register import Answer


class ItemLine(Answer):
    """One item programs may hand in."""

    code: str = Field(examples=["SI-103"])
    name: str = Field(description=_("Name in the language asked for; the official Chinese name is in the guide"))
    applicant: str = Field(description=_("Who applies: person or unit"))
    category: str


class PaperGuide(Answer):
    """One paper asked for."""

    name: str
    note: str
    law: str
    must_bring: bool


class StepGuide(Answer):
    """One step of the way."""

    key: str
    title: str
    limit: str


class ItemGuide(Answer):
    """Everything an applicant may ask beforehand."""

    code: str
    official_name: str
    title: str
    summary: str
    category: str
    who: str
    channels: list[str]
    papers: list[PaperGuide]
    steps: list[StepGuide]
    legal_limit: str
    promised_limit: str
    law: list[str]
    fee_fen: int = Field(description=_("In fen"))
    result: str


class ItemList(Answer):
    """The items programs may hand in."""

    items: list[ItemLine]


class StepShown(Answer):
    """One step of a case."""

    key: str
    title: str
    state: str = Field(description=_("ahead, open, running, done or dropped"))
    done_at: datetime | None
    due_on: date | None


class PaperShown(Answer):
    """One paper of a case."""

    name: str
    label: str
    required: bool
    state: str


class CaseShown(Answer):
    """A case: where it stands and what may be done now."""

    case_no: str = Field(examples=["4401062026112200000012"])
    version: int = Field(description=_("Send it as If-Match with a change; the case must not have changed since"))
    item_code: str
    item: str
    state: str = Field(description=_("submitted, accepted, suspended, granted, refused, withdrawn or delivered"))
    state_label: str
    applicant: str
    channel: str
    submitted_at: datetime
    accepted_on: date | None
    promised_on: date | None
    due_on: date | None
    closed_at: datetime | None
    asked_for: str = Field(description=_("What is still to be completed, while the case is suspended for it"))
    acts: list[str] = Field(description=_("What this key may do now: withdraw, answer_correction"))
    steps: list[StepShown]
    papers: list[PaperShown]


class CaseRow(Answer):
    """One line of the list of cases."""

    case_no: str
    item_code: str
    item: str
    applicant: str
    state: str
    state_label: str
    step: str
    submitted_at: datetime
    due_on: date | None


class CasePage(Answer):
    """One page of cases, newest first."""

    items: list[CaseRow]
    next_cursor: str | None = Field(description=_("The cursor of the next page; null on the last one"))


class LetterShown(Answer):
    """One paper the office issued in the case."""

    kind: str
    label: str
    number: str
    body: str
    issued_at: datetime


class GroundShown(Answer):
    """A ground of a refusal with its article."""

    sentence: str
    article: str


class ResultShown(Answer):
    """The decision of a case with its explanation, and the letters issued so far."""

    case_no: str
    state: str
    state_label: str
    outcome: str | None = Field(description=_("granted, refused or not_accepted; null while undecided"))
    decided_at: datetime | None
    grounds: list[GroundShown]
    calculation: Any = Field(description=_("Every line of the calculation with its law and parameters, or null"))
    effect: Any = Field(description=_("What the decision made, as the item tells it, or null"))
    letters: list[LetterShown]


class SubjectShown(Answer):
    """A person or unit found: the reference that stands in addresses, good for this client only."""

    reference: str
    name: str
    region_code: str


def item_line(found: ServiceItem) -> ItemLine:
    """One line of the list of items."""
    return ItemLine(code=found.code, name=found.label, applicant=found.applicant.value, category=found.category)


def item_guide(found: ServiceItem) -> ItemGuide:
    """The guide of an item."""
    told: Guide = guide(found)
    return ItemGuide(
        code=told.code,
        official_name=told.name,
        title=told.title,
        summary=told.summary,
        category=told.category,
        who=told.who,
        channels=list(told.channels),
        papers=[PaperGuide(name=p.name, note=p.note, law=p.law, must_bring=p.must_bring) for p in told.papers],
        steps=[StepGuide(key=step.key, title=step.title, limit=step.limit) for step in told.steps],
        legal_limit=told.legal_limit,
        promised_limit=told.promised_limit,
        law=list(told.law),
        fee_fen=told.fee_fen,
        result=told.result,
    )


OWN_ACTS = ("withdraw", "answer_correction")


def case_shown(view: CaseView) -> CaseShown:
    """A case as programs see it: no officers' names, no opinions."""
    return CaseShown(
        case_no=view.case_no,
        version=view.version,
        item_code=view.item_code,
        item=view.item_label,
        state=view.state,
        state_label=view.state_label,
        applicant=view.applicant_name,
        channel=view.channel,
        submitted_at=view.submitted_at,
        accepted_on=view.accepted_on,
        promised_on=view.promised_on,
        due_on=view.due_on,
        closed_at=view.closed_at,
        asked_for=view.pause if view.state == "suspended" else "",
        acts=[act for act in OWN_ACTS if act in view.can],
        steps=[
            StepShown(key=s.key, title=s.title, state=s.state, done_at=s.done_at, due_on=s.due_on) for s in view.steps
        ],
        papers=[PaperShown(name=m.name, label=m.label, required=m.required, state=m.state) for m in view.materials],
    )


def case_row(line: CaseLine) -> CaseRow:
    """One line of the list of cases."""
    return CaseRow(
        case_no=line.case_no,
        item_code=line.item_code,
        item=line.item_label,
        applicant=line.applicant_name,
        state=line.state,
        state_label=line.state_label,
        step=line.step_title,
        submitted_at=line.submitted_at,
        due_on=line.due_on,
    )


def result_shown(view: CaseView) -> ResultShown:
    """The decision of a case as programs see it."""
    decision = view.decision
    return ResultShown(
        case_no=view.case_no,
        state=view.state,
        state_label=view.state_label,
        outcome=decision.outcome if decision else None,
        decided_at=decision.decided_at if decision else None,
        grounds=[GroundShown(sentence=one, article=law) for one, law in decision.grounds] if decision else [],
        calculation=decision.trace if decision else None,
        effect=decision.result if decision else None,
        letters=[
            LetterShown(kind=one.kind, label=one.label, number=one.number, body=one.body, issued_at=one.issued_at)
            for one in view.letters
        ],
    )
