"""One flow for every item open to citizens: answer, check the answers, hand in, receipt."""

from __future__ import annotations

from typing import Any

from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dashebao.kernel.cases.api import Application, answers_shown, case_view, submit
from dashebao.kernel.catalogue.api import (
    AnswersInvalid,
    Applicant,
    ApplicantKind,
    Channel,
    ServiceItem,
    UnknownItem,
    guide,
    item,
)
from dashebao.kernel.registry.api import person
from dashebao.platform.screens.applying import Questions, new_key, paper_fields, papers_sent


def _open_item(code: str) -> ServiceItem:
    try:
        found = item(code)
    except UnknownItem as error:
        raise Http404(str(error)) from error
    if Channel.PORTAL not in found.channels or found.applicant is not ApplicantKind.PERSON:
        raise Http404
    return found


def _kept(request: HttpRequest, code: str) -> dict[str, Any]:
    return dict(request.session.get(f"apply {code}") or {})


def apply(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of the item; answers wait in the session until they are checked."""
    found = _open_item(code)
    kept = _kept(request, code)
    questions = Questions(found, request.POST if request.method == "POST" else None, kept.get("answers"))
    if request.method == "POST" and questions.is_valid():
        request.session[f"apply {code}"] = {"answers": questions.answers, "key": kept.get("key") or new_key()}
        return redirect("portal_check", code)
    invalid = request.method == "POST"
    context = {"item": found, "guide": guide(found), "questions": questions}
    context["row_errors"] = any(row.errors for row in questions.rows) if invalid else False
    return render(request, "portal/apply.html", context, status=422 if invalid else 200)


def check(request: HttpRequest, code: str) -> HttpResponse:
    """The answers once more, with the papers; handing in makes the case, twice makes it once."""
    found = _open_item(code)
    kept = _kept(request, code)
    if not kept:
        return redirect("portal_apply", code)
    problem = ""
    if request.method == "POST":
        try:
            return _handed_in(request, found, kept)
        except AnswersInvalid:
            return redirect("portal_apply", code)
        except ValidationError as error:
            problem = "; ".join(error.messages)
    answers, rows = answers_shown(found, kept["answers"])
    context = {
        "item": found,
        "guide": guide(found),
        "answers": answers,
        "rows": rows,
        "papers": paper_fields(found),
        "problem": problem,
    }
    return render(request, "portal/check.html", context, status=422 if problem else 200)


def _handed_in(request: HttpRequest, found: ServiceItem, kept: dict[str, Any]) -> HttpResponse:
    human = person(request.user.person_id)
    applicant = Applicant.of_person(human.pk, human.name, human.region_code)
    papers = papers_sent(found, request.POST, request.FILES)
    made = submit(
        Application(found.code, applicant, kept["answers"], Channel.PORTAL, kept["key"], papers), request.user
    )
    request.session.pop(f"apply {found.code}", None)
    return redirect("portal_done", made.case_no)


def done(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt: the case number and what happens next."""
    return render(request, "portal/done.html", {"case": case_view(number, request.user)})
