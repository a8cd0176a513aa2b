"""Pages of the papers: choosing and printing at the three faces, the register, revoking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import case_view, today
from dashebao.kernel.identity.api import MAIN_OPERATOR, roles_of
from dashebao.kernel.registry.api import person, unit
from dashebao.platform.screens.api import Face, Subject
from dashebao.platform.service_centre.papers.actions import LANGUAGES, issue, revoke
from dashebao.platform.service_centre.papers.errors import NotYours, PaperError
from dashebao.platform.service_centre.papers.models import IssuedPaper
from dashebao.platform.service_centre.papers.of_cases import RESULT_SOURCE
from dashebao.platform.service_centre.papers.queries import as_row, paper_for, papers_of_person, papers_of_unit
from dashebao.platform.service_centre.papers.register import (
    PaperKind,
    UnknownKind,
    paper_kind,
    paper_kinds,
    result_kind,
)
from dashebao.platform.service_centre.papers.values import Wanted

SHELLS = {"counter": "screens/staff.html", "portal": "screens/portal.html", "employer": "screens/employer.html"}


def chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return (get_language() or "zh").startswith("zh")


def my_papers(request: HttpRequest) -> HttpResponse:
    """The signed-in citizen's papers, with those that can be had at once."""
    return _chosen(request, Subject.PERSON, request.user.person_id, "portal_papers")


def unit_papers(request: HttpRequest) -> HttpResponse:
    """The operator's unit's papers."""
    return _chosen(request, Subject.UNIT, request.user.unit_id, "employer_papers")


def papers_at_the_counter(request: HttpRequest, subject: str, key: int) -> HttpResponse:
    """A person's or a unit's papers at the counter."""
    if subject not in (Subject.PERSON, Subject.UNIT):
        raise Http404
    return _chosen(request, Subject(subject), key, "")


def _chosen(request: HttpRequest, subject: Subject, key: int, name: str) -> HttpResponse:
    face: Face = request.face
    owner = person(key) if subject is Subject.PERSON else unit(key)
    address = reverse(name) if name else reverse("counter_papers", args=[subject.value, key])
    kinds = [kind for kind in paper_kinds(subject, face) if _permitted(request, kind)]
    bound: Form | None = None
    if request.method == "POST":
        kind = next((one for one in kinds if one.code == request.POST.get("kind")), None)
        if kind is None:
            raise Http404
        bound = kind.form(request.POST, prefix=kind.code)
        if bound.is_valid():
            wanted = Wanted(subject_id=key, on=today(), answers=bound.cleaned_data)
            paper = issue(kind, wanted, language=_language(request.POST.get("lang")), by=request.user)
            messages.success(request, _("The paper %(number)s is ready.") % {"number": paper.number})
            return redirect(f"{address}#paper-{paper.pk}")
    rows = papers_of_person(key) if subject is Subject.PERSON else papers_of_unit(key)
    offers = [(kind, bound if bound is not None and bound.prefix == kind.code else kind.form(prefix=kind.code)) for kind in kinds]  # fmt: skip
    context = {
        "shell_template": SHELLS[face.value],
        "face_name": face.value,
        "owner": owner,
        "subject": subject.value,
        "offers": offers,
        "form": bound,
        "rows": [as_row(row, chinese()) for row in rows],
    }
    return render(request, "papers/papers.html", context, status=422 if bound is not None else 200)


def _permitted(request: HttpRequest, kind: PaperKind) -> bool:
    face: Face = request.face
    roles = kind.duties if face is Face.COUNTER else (MAIN_OPERATOR, kind.right) if kind.right else ()
    return face is Face.PORTAL or not roles or bool(roles_of(request.user) & set(roles))


def print_own(request: HttpRequest, kind: str, source: str) -> HttpResponse:
    """A citizen's or a unit's paper that prints one thing (a bill, an award), made if need be."""
    key = request.user.person_id if request.face is Face.PORTAL else request.user.unit_id
    return _printed(request, kind, key, source)


def print_at_the_counter(request: HttpRequest, kind: str, key: int, source: str) -> HttpResponse:
    """The same at the counter, for the person or unit named."""
    return _printed(request, kind, key, source)


def _printed(request: HttpRequest, code: str, key: int, source: str) -> HttpResponse:
    try:
        kind = paper_kind(code)
    except UnknownKind:
        raise Http404 from None
    if code.startswith("case.") or request.face not in kind.faces or not _permitted(request, kind):
        raise Http404
    wanted = Wanted(subject_id=key, on=today(), source=source)
    return _issued(request, kind, wanted)


def print_of_case(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """A letter (by its id) or the result of a case."""
    with translation.override(LANGUAGES[_language(request.GET.get("lang"))]):
        view = case_view(number)
    kind = result_kind(view.item_code) if what == RESULT_SOURCE else paper_kind("case.letter")
    key = view.unit_id if kind.subject is Subject.UNIT else view.person_id
    return _issued(request, kind, Wanted(subject_id=key, on=today(), source=what, case=view))


def _issued(request: HttpRequest, kind: PaperKind, wanted: Wanted) -> HttpResponse:
    try:
        paper = issue(kind, wanted, language=_language(request.GET.get("lang")), by=request.user)
    except NotYours as error:
        raise Http404(str(error)) from error
    return file_of(paper)


def issued_file(request: HttpRequest, paper: int) -> HttpResponse:
    """The file of a paper issued before."""
    found = paper_for(request.user, paper)
    if found is None or not _permitted(request, paper_kind(found.kind)):
        raise Http404
    return file_of(found)


def issued_page(request: HttpRequest, paper: int) -> HttpResponse:
    """A paper in the register at the counter, with revoking."""
    found = paper_for(request.user, paper)
    if found is None:
        raise Http404
    if request.method == "POST":
        revoke(found.pk, request.POST.get("reason", ""), by=request.user)
        messages.success(request, _("The paper is revoked; the check page says so from now on."))
        return redirect("counter_issued_paper", found.pk)
    return render(request, "papers/issued.html", as_row(found, chinese()))


def file_of(paper: IssuedPaper) -> HttpResponse:
    """A paper as a download that opens in the browser."""
    headers = {
        "Content-Disposition": f'inline; filename="{paper.number}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes(paper.pdf), content_type="application/pdf", headers=headers)


def _language(asked: Any) -> str:
    if asked in LANGUAGES:
        return str(asked)
    if asked:
        raise PaperError(_("Papers are made in Chinese or in English."))
    return "zh" if chinese() else "en"
