"""The page of a case, drawn from the declaration of its item, and every act an officer may do on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import (
    Answer,
    CaseView,
    Correction,
    Filter,
    Means,
    StepFormInvalid,
    add_papers,
    advance,
    answer_correction,
    ask_correction,
    assessment,
    case_view,
    confirm,
    deliver,
    extend,
    find_cases,
    object_to_notice,
    refuse,
    release,
    resume,
    return_to_step,
    suspend,
    take,
    today,
    withdraw,
)
from dashebao.kernel.catalogue.api import StepKind, item
from dashebao.kernel.registry.api import id_number_of, region_name
from dashebao.platform.screens.api import Paged
from dashebao.platform.screens.applying import paper_fields, papers_sent
from dashebao.platform.screens.paging import SIZE, page_number


def listed(request: HttpRequest) -> HttpResponse:
    """All cases in the officer's area, by number or beginning of the name."""
    number, text = page_number(request), request.GET.get("q", "").strip()
    found = find_cases(request.user, Filter(text=text, page=number, size=SIZE))
    query = f"q={text}" if text else ""
    context = {"paged": Paged(found, number, len(found) == SIZE, query), "text": text}
    return render(request, "counter/cases.html", context)


def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a case; a POST does one act and comes back."""
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            act(_Sent(number, request))
        except StepFormInvalid as error:
            errors = error.errors
            messages.error(request, str(error))
        except ValidationError as error:
            messages.error(request, "; ".join(error.messages))
            return redirect("counter_case", number)
        else:
            messages.success(request, _("Done and recorded."))
            return redirect("counter_case", number)
    return _drawn(request, number, errors)


def _drawn(request: HttpRequest, number: str, errors: dict[str, list[str]]) -> HttpResponse:
    view = case_view(number, request.user)
    open_case = view.state in ("submitted", "accepted", "suspended")
    assessed = assessment(number) if open_case and view.applicant_id else None
    form = view.step_form
    if form is not None and errors:
        form = type(form)({**request.POST.dict()})
        form.is_valid()
    found = item(view.item_code)
    missing = {paper.name for paper in view.materials if paper.state == "expected"}
    context = {
        "case": view,
        "assessed": assessed,
        "checks_ok": sum(1 for check in assessed.checks if check.ok) if assessed else 0,
        "checks_bad": sum(1 for check in assessed.checks if not check.ok) if assessed else 0,
        "trace": view.decision.trace if view.decision else assessed.trace if assessed else None,
        "form": form,
        "eyes": [step for step in view.steps if StepKind(step.kind).four_eyes],
        "earlier": [step for step in view.steps if step.state == "done" and StepKind(step.kind) is not StepKind.WAIT],
        "papers": [field for field in paper_fields(found) if field.material.name in missing],
        "means": Means.choices,
        "region": region_name(view.region_code),
        "id_number": id_number_of(view.person_id) if view.person_id else "",
        "clock": clock(view),
        "menu_name": "counter_tasks",
    }
    return render(request, "counter/case.html", context, status=422 if errors else 200)


@dataclass(frozen=True)
class Clock:
    """The time left of a case: days of the limit that counts, and the whole of it."""

    left: int
    whole: int
    due_on: date
    promised: bool


def clock(view: CaseView) -> Clock | None:
    """The nearest limit of an undecided case, None while none runs."""
    if view.state not in ("submitted", "accepted"):
        return None
    step = view.current
    dues = [(day, kind) for day, kind in ((view.promised_on, True), (view.due_on, False)) if day is not None]
    if step is not None and step.due_on is not None:
        dues.append((step.due_on, False))
    if not dues:
        return None
    due, promised = min(dues)
    start = view.accepted_on or view.submitted_at.date()
    return Clock((due - today()).days, max(1, (due - start).days), due, promised)


def letter(request: HttpRequest, number: str, letter: int) -> HttpResponse:
    """One letter of a case, ready to print."""
    view = case_view(number)
    found = next((one for one in view.letters if one.id == letter), None)
    if found is None:
        raise Http404
    return render(request, "counter/letter.html", {"case": view, "letter": found, "menu_name": "counter_tasks"})


def explained(request: HttpRequest, number: str) -> HttpResponse:
    """The calculation of a case on one page, ready to print."""
    view = case_view(number)
    trace = view.decision.trace if view.decision else assessment(number).trace
    context = {"case": view, "trace": trace, "results": results_of(trace), "menu_name": "counter_tasks"}
    return render(request, "counter/explained.html", context)


def results_of(trace: Any) -> list[tuple[str, Any]]:
    """The results of a trace as pairs for a table."""
    found = (trace or {}).get("results") or {}
    pairs = [(str(name), value) for name, value in found.items() if not isinstance(value, dict | list)]
    return sorted(pairs, key=lambda pair: pair[0] == "total")


class _Sent:
    """What came with an act: the case, the officer, the version shown and the fields."""

    def __init__(self, number: str, request: HttpRequest) -> None:
        self.number, self.user, self.request = number, request.user, request
        text = request.POST.get("version", "")
        self.version = int(text) if text.isdigit() else None

    def text(self, name: str) -> str:
        """A field without surrounding blanks."""
        return self.request.POST.get(name, "").strip()

    def papers(self) -> dict[str, Any]:
        """The papers sent along."""
        found = item(case_view(self.number).item_code)
        return papers_sent(found, self.request.POST, self.request.FILES)


def _advance(sent: _Sent) -> None:
    data = {name: value for name, value in sent.request.POST.items() if name not in ("csrfmiddlewaretoken", "act")}
    advance(sent.number, sent.user, sent.text("opinion"), data, sent.version)


def _correction(sent: _Sent) -> None:
    day = sent.text("answer_by")
    lines = sent.text("lines").splitlines()
    correction = Correction(lines, date.fromisoformat(day) if day else None)
    ask_correction(sent.number, sent.user, correction, sent.version)


def _confirm(sent: _Sent) -> None:
    confirm(sent.number, sent.user, int(sent.text("person") or 0))


def _withdraw(sent: _Sent) -> None:
    withdraw(sent.number, sent.user, int(sent.text("person") or 0), sent.text("reason"), sent.version)


_ACTS: dict[str, Callable[[_Sent], Any]] = {
    "take": lambda sent: take(sent.number, sent.user, sent.version),
    "release": lambda sent: release(sent.number, sent.user, sent.version),
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
