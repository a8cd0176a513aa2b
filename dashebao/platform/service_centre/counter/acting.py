"""Every act an officer may do on a case page, by the name its button sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import (
    Answer,
    Correction,
    add_note,
    add_papers,
    advance,
    answer_correction,
    ask_correction,
    case_view,
    confirm,
    correct_entry,
    deliver,
    extend,
    object_to_notice,
    reassign,
    reenter,
    refuse,
    release,
    resume,
    return_to_step,
    settle_difference,
    suspend,
    take,
    take_over,
    withdraw,
)
from dashebao.kernel.catalogue.api import item
from dashebao.platform.screens.applying import papers_sent
from dashebao.platform.service_centre.counter.handover import colleague

NOT_DATA = ("csrfmiddlewaretoken", "act", "version", "opinion")


class Sent:
    """What came with an act: the case, the officer, the version shown and the fields."""

    def __init__(self, number: str, request: HttpRequest) -> None:
        self.number, self.user, self.request = number, request.user, request
        text = request.POST.get("version", "")
        self.version = int(text) if text.isdecimal() else None

    def text(self, name: str) -> str:
        """A field without surrounding blanks."""
        return self.request.POST.get(name, "").strip()

    def papers(self) -> dict[str, Any]:
        """The papers sent along."""
        found = item(case_view(self.number).item_code)
        return papers_sent(found, self.request.POST, self.request.FILES)


def _advance(sent: Sent) -> None:
    data = {name: value for name, value in sent.request.POST.items() if name not in NOT_DATA}
    advance(sent.number, sent.user, sent.text("opinion"), data, sent.version)


def _correction(sent: Sent) -> None:
    day = sent.text("answer_by")
    try:
        until = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise ValidationError(_("Write the day as year-month-day.")) from error
    ask_correction(sent.number, sent.user, Correction(sent.text("lines").splitlines(), until), sent.version)


def _confirm(sent: Sent) -> None:
    confirm(sent.number, sent.user, int(sent.text("person") or 0))


def _withdraw(sent: Sent) -> None:
    withdraw(sent.number, sent.user, int(sent.text("person") or 0), sent.text("reason"), sent.version)


def _reassign(sent: Sent) -> None:
    reassign(sent.number, sent.user, colleague(sent.user, sent.text("to")), sent.text("reason"), sent.version)


def _reenter(sent: Sent) -> None:
    typed = {
        name.removeprefix("again-"): value for name, value in sent.request.POST.items() if name.startswith("again-")
    }
    reenter(sent.number, sent.user, typed, sent.version)


ACTS: dict[str, Callable[[Sent], Any]] = {
    "take": lambda sent: take(sent.number, sent.user, sent.version),
    "release": lambda sent: release(sent.number, sent.user, sent.version),
    "take_over": lambda sent: take_over(sent.number, sent.user, sent.text("reason"), sent.version),
    "reassign": _reassign,
    "note": lambda sent: add_note(sent.number, sent.user, sent.text("note")),
    "reenter": _reenter,
    "settle": lambda s: settle_difference(s.number, s.user, s.text("field"), s.text("reason"), s.version),
    "correct_entry": lambda s: correct_entry(s.number, s.user, s.text("field"), s.text("value"), s.version),
    "advance": _advance,
    "ask_correction": _correction,
    "answer_correction": lambda s: answer_correction(s.number, s.user, Answer(papers=s.papers()), s.version),
    "add_papers": lambda sent: add_papers(sent.number, sent.user, sent.papers(), sent.version),
    "suspend": lambda s: suspend(s.number, s.user, s.text("reason"), s.text("basis"), s.version),
    "resume": lambda sent: resume(sent.number, sent.user, sent.text("opinion"), sent.version),
    "extend": lambda sent: extend(sent.number, sent.user, sent.text("reason"), sent.version),
    "refuse": lambda sent: refuse(sent.number, sent.user, sent.text("opinion"), version=sent.version),
    "return_to_step": lambda s: return_to_step(s.number, s.user, s.text("step"), s.text("reason"), s.version),
    "deliver": lambda s: deliver(s.number, s.user, s.text("means") or "direct", s.text("receiver"), s.version),
    "object_to_notice": lambda s: object_to_notice(s.number, s.user, s.text("text"), s.version),
    "confirm": _confirm,
    "withdraw": _withdraw,
}
