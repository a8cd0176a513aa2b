"""What a citizen sees of himself: insurance, cases, letters, explanations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import (
    Answer,
    CaseView,
    add_papers,
    answer_correction,
    case_view,
    cases_of_person,
    confirm,
    today,
    withdraw,
)
from dashebao.kernel.catalogue.api import AnswersInvalid, item
from dashebao.kernel.registry.api import id_number_of, person, region_name
from dashebao.platform.screens.api import Ask, Face, Figures, Subject, pages, shown
from dashebao.platform.screens.applying import Questions, paper_fields, papers_sent
from dashebao.platform.service_centre.portal.actions.drafts import discard, open_drafts
from dashebao.platform.service_centre.portal.actions.joints import joints_of
from dashebao.platform.service_centre.portal.actions.ratings import RATABLE, rate, rating_of
from dashebao.platform.service_centre.portal.models import STARS


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
    """What is begun and the own cases, newest first."""
    me = request.user.person_id
    if request.method == "POST":
        key = request.POST.get("draft", "")
        if key.isdecimal() and discard(me, int(key)):
            messages.success(request, _("The draft is deleted."))
        return redirect("portal_cases")
    drafts = [(row, item(row.item_code)) for row in open_drafts(me)]
    context = {"cases": cases_of_person(me), "drafts": drafts, "joints": joints_of(me)}
    return render(request, "portal/cases.html", context)


def case(request: HttpRequest, number: str) -> HttpResponse:
    """One own case: progress, letters, result; complete papers, confirm, withdraw or rate."""
    questions: Questions | None = None
    if request.method == "POST":
        try:
            _act(request, number)
        except AnswersInvalid as error:
            questions = Questions(item(case_view(number).item_code), request.POST)
            questions.is_valid()
            questions.take_errors(error.errors)
        except ValidationError as error:
            messages.error(request, "; ".join(error.messages))
            return redirect("portal_case", number)
        else:
            return redirect("portal_case", number)
    view = case_view(number, request.user)
    return render(
        request, "portal/case.html", _case_context(request, view, questions), status=422 if questions else 200
    )


def _case_context(request: HttpRequest, view: CaseView, questions: Questions | None) -> dict[str, Any]:
    found = item(view.item_code)
    wanted = {paper.name for paper in view.materials if paper.state in ("expected", "promised")}
    papers = [field for field in paper_fields(found) if field.material.name in wanted]
    me = request.user.person_id
    own = any(party.person_id == me and party.role == "applicant" for party in view.parties)
    given = {answer.name: answer for answer in view.answers}
    if questions is None and "answer_correction" in view.can and given:
        questions = Questions(found, None, view.raw_answers)
    rating = rating_of(view.case_no, me)
    reply = [(label, value) for step in view.steps if step.kind == "decide" for label, value in step.recorded]
    return {
        "case": view,
        "papers": papers,
        "questions": questions,
        "mine": me,
        "own": own,
        "reply": reply if view.decision else [],
        "rating": rating,
        "ratable": view.state in RATABLE and rating is None,
        "stars": STARS,
    }


def _act(request: HttpRequest, number: str) -> None:
    act, text = request.POST.get("act"), request.POST.get("version", "")
    version = int(text) if text.isdecimal() else None
    found = item(case_view(number).item_code)
    if act == "withdraw":
        withdraw(number, request.user, request.user.person_id, request.POST.get("reason", ""), version)
    elif act == "confirm":
        confirm(number, request.user, request.user.person_id)
    elif act == "answer_correction":
        papers = papers_sent(found, request.POST, request.FILES)
        answers = Questions(found, request.POST).answers if "with-answers" in request.POST else {}
        answer_correction(number, request.user, Answer(answers=answers, papers=papers), version)
    elif act == "add_papers":
        papers = papers_sent(found, request.POST, request.FILES)
        if not papers:
            raise ValidationError(_("Choose a file for at least one paper."))
        add_papers(number, request.user, papers, version)
    elif act == "rate":
        stars = request.POST.get("stars", "")
        if stars not in ("1", "2", "3", "4", "5"):
            raise ValidationError(_("Choose how satisfied you are."))
        rate(number, int(stars), request.POST.get("text", "")[:500], by=request.user)
        messages.success(request, _("Thank you. A bad rating is answered by the office."))
        return
    else:
        raise Http404
    messages.success(request, _("Done. You find it in the history of the case."))


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
