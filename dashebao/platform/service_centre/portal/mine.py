"""What a citizen sees of himself: insurance, cases, letters, explanations, and who looked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import (
    Answer,
    answer_correction,
    case_view,
    cases_of_person,
    confirm,
    today,
    withdraw,
)
from dashebao.kernel.catalogue.api import item
from dashebao.kernel.records.api import AuditEntry
from dashebao.kernel.registry.api import id_number_of, person, region_name
from dashebao.platform.screens.api import Ask, Face, Figures, Subject, paged, pages, shown
from dashebao.platform.screens.applying import paper_fields, papers_sent


def insurance(request: HttpRequest) -> HttpResponse:
    """The own person with everything the businesses know."""
    human = person(request.user.person_id)
    panels = shown(Subject.PERSON, Ask(human.pk, request.user, Face.PORTAL, today()))
    context = {
        "person": human,
        "id_number": id_number_of(human.pk),
        "region": region_name(human.region_code),
        "figures": Figures(
            [figure for one in panels if isinstance(one.content, Figures) for figure in one.content.items]
        ),
        "panels": [one for one in panels if not isinstance(one.content, Figures)],
        "tools": [page for page in pages(Face.PORTAL) if page.group],
    }
    return render(request, "portal/insurance.html", context)


def cases(request: HttpRequest) -> HttpResponse:
    """The own cases, newest first."""
    return render(request, "portal/cases.html", {"cases": cases_of_person(request.user.person_id)})


def case(request: HttpRequest, number: str) -> HttpResponse:
    """One own case: progress, letters, result; complete papers, confirm or withdraw."""
    if request.method == "POST":
        try:
            _act(request, number)
        except ValidationError as error:
            messages.error(request, "; ".join(error.messages))
        else:
            messages.success(request, _("Done. You find it in the history of the case."))
        return redirect("portal_case", number)
    view = case_view(number, request.user)
    missing = {paper.name for paper in view.materials if paper.state == "expected"}
    papers = [field for field in paper_fields(item(view.item_code)) if field.material.name in missing]
    return render(request, "portal/case.html", {"case": view, "papers": papers, "mine": request.user.person_id})


def _act(request: HttpRequest, number: str) -> None:
    act, text = request.POST.get("act"), request.POST.get("version", "")
    version = int(text) if text.isdigit() else None
    if act == "withdraw":
        withdraw(number, request.user, request.user.person_id, request.POST.get("reason", ""), version)
    elif act == "confirm":
        confirm(number, request.user, request.user.person_id)
    elif act == "answer_correction":
        found = item(case_view(number).item_code)
        papers = papers_sent(found, request.POST, request.FILES)
        answer_correction(number, request.user, Answer(papers=papers), version)
    else:
        raise Http404


def explained(request: HttpRequest, number: str) -> HttpResponse:
    """The explanation of a decided award on one page."""
    view = case_view(number)
    trace: Any = view.decision.trace if view.decision else None
    found = (trace or {}).get("results") or {}
    pairs = [(str(name), value) for name, value in found.items() if not isinstance(value, dict | list)]
    results = sorted(pairs, key=lambda pair: pair[0] == "total")
    return render(request, "portal/explained.html", {"case": view, "trace": trace, "results": results})


def letter(request: HttpRequest, number: str, letter: int) -> HttpResponse:
    """One letter of an own case, ready to print."""
    view = case_view(number)
    found = next((one for one in view.letters if one.id == letter), None)
    if found is None:
        raise Http404
    return render(request, "portal/letter.html", {"case": view, "letter": found})


def access(request: HttpRequest) -> HttpResponse:
    """Who looked at or changed the own data, and when."""
    found = AuditEntry.objects.filter(subject_person_id=request.user.person_id).order_by("-id")
    return render(request, "portal/access.html", {"paged": paged(request, found)})
