"""The page of a case, drawn from the declaration of its item, and every act an officer may do on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import (
    CaseError,
    CaseLine,
    CaseView,
    Filter,
    Means,
    NotFound,
    State,
    StepFormInvalid,
    assessment,
    case_view,
    find_cases,
    paper_file,
    refusal_draft,
    today,
)
from dashebao.kernel.catalogue.api import AnswersInvalid, StepKind, item
from dashebao.kernel.identity.api import roles_of
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.api import id_number_of, region_name
from dashebao.platform.screens.api import Paged
from dashebao.platform.screens.applying import paper_fields
from dashebao.platform.screens.paging import SIZE, kept_query, page_number
from dashebao.platform.service_centre.counter.acting import ACTS, Sent
from dashebao.platform.service_centre.counter.handover import colleagues


def listed(request: HttpRequest) -> HttpResponse:
    """All cases in the officer's area, by number or beginning of the name, and by state."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    state = state if state in State.values else ""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    found = find_cases(request.user, Filter(text=text, state=state, size=SIZE + 1, after=after, before=before))
    context = {
        "paged": _paged(request, found, after, before),
        "text": text,
        "states": State.choices,
        "state": state,
    }
    return render(request, "counter/cases.html", context)


def _paged(request: HttpRequest, found: list[CaseLine], after: str, before: str) -> Paged:
    """One page of one row more than it shows; the odd one lies where the reading went."""
    over = len(found) > SIZE
    rows = found[-SIZE:] if before else found[:SIZE]
    more, number = bool(before) or over, page_number(request) if after or before else 1
    first, last = (rows[0].case_no, rows[-1].case_no) if rows else ("", "")
    return Paged(rows, number, more and bool(rows), kept_query(request), first, last)


def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a case; a POST does one act and comes back.

    An act that is refused (a colleague was faster, a paper is missing) shows the case as it stands now with everything
    that was typed still in place.
    """
    if request.method != "POST":
        return _drawn(request, number, {})
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(Sent(number, request))
    except NotFound:
        raise
    except (StepFormInvalid, AnswersInvalid) as error:
        messages.error(request, str(error) if isinstance(error, StepFormInvalid) else "; ".join(error.messages))
        return _drawn(request, number, error.errors, 422)
    except CaseError as error:
        messages.error(request, str(error))
        return _drawn(request, number, {}, 409)
    except ValidationError as error:
        messages.error(request, "; ".join(error.messages))
        return _drawn(request, number, {}, 422)
    messages.success(request, _("Done and recorded."))
    return redirect("counter_case", number)


def _drawn(request: HttpRequest, number: str, errors: dict[str, list[str]], status: int = 200) -> HttpResponse:
    view = case_view(number, request.user)
    if status == 200:
        subject = ("cases.case", number)
        audit("cases.viewed", subject, region=view.region_code, person=view.person_id or None, case_no=number)
    open_case = view.state in ("submitted", "accepted", "suspended")
    assessed = assessment(number) if open_case and view.applicant_id else None
    checks = sorted(assessed.checks, key=lambda check: (check.ok, not check.blocking)) if assessed else []
    form = view.step_form
    if form is not None and errors and request.POST.get("act") == "advance":
        form = type(form)({**request.POST.dict()})
        form.is_valid()
    found = item(view.item_code)
    missing = {paper.name for paper in view.materials if paper.state == "expected"}
    context = {
        "case": view,
        "assessed": assessed,
        "checks": checks,
        "checks_ok": sum(check.ok for check in checks),
        "checks_bad": sum(not check.ok for check in checks),
        "trace": view.decision.trace if view.decision else assessed.trace if assessed else None,
        "form": form,
        "eyes": [step for step in view.steps if StepKind(step.kind).four_eyes],
        "earlier": [step for step in view.steps if step.state == "done" and StepKind(step.kind) is not StepKind.WAIT],
        "papers": [field for field in paper_fields(found) if field.material.name in missing],
        "means": Means.choices,
        "sent": request.POST,
        "wrong": errors,
        "open_entries": [one for one in view.reentries if one.current],
        "past_entries": [one for one in view.reentries if not one.current],
        "colleagues": colleagues(request.user) if "reassign" in view.can else (),
        "may_note": bool(roles_of(request.user) & {step.role for step in found.steps if step.role}),
        "region": region_name(view.region_code),
        "id_number": id_number_of(view.person_id) if view.person_id else "",
        "clock": clock(view),
        "menu_name": "counter_tasks",
    }
    return render(request, "counter/case.html", context, status=status)


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


def refusing(request: HttpRequest, number: str) -> HttpResponse:
    """The letter a refusal would send, before it is sent: the opinion can still be changed, a POST shows it anew."""
    view = case_view(number, request.user)
    if "refuse" not in view.can:
        return redirect("counter_case", number)
    opinion = (request.POST if request.method == "POST" else request.GET).get("opinion", "").strip()
    draft = refusal_draft(number, request.user, opinion)
    context = {"case": view, "draft": draft, "opinion": opinion, "menu_name": "counter_tasks"}
    return render(request, "counter/refusing.html", context)


def file(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The file of a paper, to look at; the reading is recorded."""
    file_name, kind, content = paper_file(number, name)
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-File-Name"] = file_name.encode("ascii", "ignore").decode() or "paper"
    return answer


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
