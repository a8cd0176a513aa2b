"""What a unit's operator sees: overview, services open to employers, and the unit's cases."""

from __future__ import annotations

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import (
    Answer,
    Application,
    answer_correction,
    case_view,
    cases_of_unit,
    letters_of_unit,
    submit,
    today,
    withdraw,
)
from dashebao.kernel.catalogue.api import (
    AnswersInvalid,
    Applicant,
    ApplicantKind,
    Channel,
    ServiceItem,
    UnknownItem,
    categories,
    guide,
    item,
    items_for,
)
from dashebao.kernel.identity.api import MAIN_OPERATOR, require_role, rights_of, roles, roles_of
from dashebao.kernel.registry.api import credit_code_of, region_name, unit
from dashebao.platform.screens.api import Ask, Column, Face, Link, Subject, Table, paged, shown
from dashebao.platform.screens.applying import LONGEST_KEY, Questions, new_key, paper_fields, papers_sent


def home(request: HttpRequest) -> HttpResponse:
    """The unit at a glance: what the businesses say of it, its services and cases."""
    firm = unit(request.user.unit_id)
    context = {
        "unit": firm,
        "credit_code": credit_code_of(firm.pk),
        "region": region_name(firm.region_code),
        "panels": shown(Subject.UNIT, Ask(firm.pk, request.user, Face.EMPLOYER, today())),
        "services": [one for one in _open_to(request) if one.operator_right][:6],
        "rights": [str(roles()[code].name) for code in sorted(roles_of(request.user))],
        "cases": cases_of_unit(firm.pk, 5),
    }
    return render(request, "employer/home.html", context)


def services(request: HttpRequest) -> HttpResponse:
    """The services open to employers."""
    mine = {found.code for found in _open_to(request)}
    groups = [
        (category.title, [found for found in group if found.code in mine])
        for category, group in categories()
        if any(found.code in mine for found in group)
    ]
    return render(request, "employer/services.html", {"groups": groups})


def _open_to(request: HttpRequest) -> list[ServiceItem]:
    """The services this operator holds the right for."""
    held = rights_of(request.user)
    found = items_for(Channel.EMPLOYER, ApplicantKind.UNIT)
    return [one for one in found if (one.operator_right or MAIN_OPERATOR) in held]


def letters(request: HttpRequest) -> HttpResponse:
    """Letters of the office to the unit, newest first."""
    listed = paged(request, letters_of_unit(request.user.unit_id))
    rows = [
        [
            Link(row.label, reverse("employer_letter", args=[row.case_no, row.letter_id])),
            row.item_label,
            row.number,
            row.issued_at,
        ]
        for row in listed.rows
    ]
    columns = [
        Column(_("Letter"), "link"),
        Column(_("Service")),
        Column(_("Number")),
        Column(_("Issued at"), "moment"),
    ]
    table = Table(columns, rows, empty=_("No letter was sent to the unit yet."))
    return render(request, "employer/messages.html", {"table": table, "paged": listed})


def _open_item(code: str) -> ServiceItem:
    try:
        found = item(code)
    except UnknownItem as error:
        raise Http404(str(error)) from error
    if Channel.EMPLOYER not in found.channels or found.applicant is not ApplicantKind.UNIT:
        raise Http404
    return found


def _require_right(request: HttpRequest, found: ServiceItem) -> None:
    needed = found.operator_right or MAIN_OPERATOR
    if needed not in rights_of(request.user):
        require_role(request.user, needed)


def apply(request: HttpRequest, code: str) -> HttpResponse:
    """One application of the unit; what is decided at once is decided here."""
    found = _open_item(code)
    _require_right(request, found)
    questions = Questions(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and questions.is_valid():
        answer = _handed_in(request, found, questions)
        if answer is not None:
            return answer
    invalid = request.method == "POST"
    context = {
        "item": found,
        "guide": guide(found),
        "questions": questions,
        "papers": paper_fields(found),
        "key": request.POST.get("key") or new_key(),
        "row_errors": any(row.errors for row in questions.rows) if invalid else False,
        "menu_name": "employer_services",
    }
    return render(request, "employer/apply.html", context, status=422 if invalid else 200)


def _handed_in(request: HttpRequest, found: ServiceItem, questions: Questions) -> HttpResponse | None:
    firm = unit(request.user.unit_id)
    applicant = Applicant.of_unit(firm.pk, firm.name, firm.region_code)
    try:
        papers = papers_sent(found, request.POST, request.FILES)
        key = request.POST.get("key", "")[:LONGEST_KEY] or new_key()
        made = submit(
            Application(found.code, applicant, questions.answers, Channel.EMPLOYER, key, papers), request.user
        )
    except AnswersInvalid as error:
        questions.take_errors(error.errors)
        return None
    except ValidationError as error:
        questions.form.add_error(None, error)
        return None
    messages.success(request, _("Handed in as case %(number)s.") % {"number": made.case_no})
    return redirect("employer_case", made.case_no)


def cases(request: HttpRequest) -> HttpResponse:
    """The unit's cases, newest first."""
    return render(request, "employer/cases.html", {"cases": cases_of_unit(request.user.unit_id)})


def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case of the unit."""
    if request.method == "POST":
        text = request.POST.get("version", "")
        version = int(text) if text.isdecimal() else None
        if request.POST.get("act") == "withdraw":
            withdraw(number, request.user, 0, "", version)
        elif request.POST.get("act") == "answer_correction":
            found = item(case_view(number).item_code)
            papers = papers_sent(found, request.POST, request.FILES)
            answer_correction(number, request.user, Answer(papers=papers), version)
        else:
            raise Http404
        messages.success(request, _("Done. You find it in the history of the case."))
        return redirect("employer_case", number)
    view = case_view(number, request.user)
    missing = {paper.name for paper in view.materials if paper.state == "expected"}
    papers = [field for field in paper_fields(item(view.item_code)) if field.material.name in missing]
    return render(request, "employer/case.html", {"case": view, "papers": papers, "menu_name": "employer_cases"})


def explained(request: HttpRequest, number: str) -> HttpResponse:
    """The explanation of a calculation on one page."""
    view = case_view(number)
    trace = view.decision.trace if view.decision else None
    return render(request, "employer/explained.html", {"case": view, "trace": trace, "menu_name": "employer_cases"})


def letter(request: HttpRequest, number: str, letter: int) -> HttpResponse:
    """One letter of the unit's case, ready to print."""
    view = case_view(number)
    found = next((one for one in view.letters if one.id == letter), None)
    if found is None:
        raise Http404
    return render(request, "employer/letter.html", {"case": view, "letter": found, "menu_name": "employer_cases"})
