"""Pages of the code tables and of the texts of letters."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.codes.api import Code, UnknownCode, table, tables
from dashebao.kernel.identity.api import has_role
from dashebao.platform.administration import forms, texts
from dashebao.platform.administration.actions import PROPOSER, Grounds, Wanted, propose
from dashebao.platform.administration.errors import AdministrationRefused
from dashebao.platform.administration.models import Enactment, Kind, Proposal
from dashebao.platform.administration.names import chinese
from dashebao.platform.administration.screens_proposals import letter_title
from dashebao.platform.screens.api import paged

CODES_ON_A_PAGE = 100


def code_tables(request: HttpRequest) -> HttpResponse:
    """Every code table with its standard; one query."""
    text = request.GET.get("q", "").strip().lower()
    changed = set(Enactment.objects.filter(kind=Kind.CODE).values_list("subject", flat=True))
    found = [table(name) for name in tables()]
    rows = [
        (one, one.zh if chinese() else one.en, len(one.codes), one.name in changed)
        for one in found
        if text in f"{one.name} {one.zh} {one.en} {one.standard}".lower()
    ]
    return render(request, "administration/codes.html", {"rows": rows, "text": text})


def code_table(request: HttpRequest, name: str) -> HttpResponse:
    """One table: its codes with the days they may be used."""
    try:
        found = table(name)
    except UnknownCode as error:
        raise Http404(str(error)) from error
    today = timezone.localdate()
    changed = set(Enactment.objects.filter(kind=Kind.CODE, subject=name).values_list("part", flat=True))
    page = paged(request, list(found.codes.values()), CODES_ON_A_PAGE)
    context = {
        "table": found,
        "title": found.zh if chinese() else found.en,
        "paged": page,
        "rows": [(code, *_state(code, today), code.code in changed) for code in page.rows],
        "may_propose": has_role(request.user, PROPOSER),
        "open": Proposal.objects.filter(kind=Kind.CODE, subject=name, enactment=None, closure=None),
        "menu_name": "admin_codes",
    }
    return render(request, "administration/code.html", context)


def _state(code: Code, today: object) -> tuple[str, str]:
    if code.is_valid(today):  # type: ignore[arg-type]
        return _("In use"), "ok"
    if code.since is not None and code.since > today:  # type: ignore[operator]
        return _("Not begun"), "info"
    return _("Ended"), ""


def propose_code(request: HttpRequest, name: str) -> HttpResponse:
    """A new code, or a known one with another label or end."""
    try:
        found = table(name)
    except UnknownCode as error:
        raise Http404(str(error)) from error
    known = found.codes.get(request.GET.get("code", ""))
    initial = (
        {"code": known.code, "zh": known.zh, "en": known.en, "valid_since": known.since, "valid_until": known.until}
        if known
        else {}
    )
    form = forms.CodeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = Wanted(Kind.CODE, name, timezone.localdate(), form.content(), data["code"])
        grounds = Grounds(data["act_title"], data["act_article"], data["reason"], data["act_url"])
        try:
            made = propose(wanted, grounds, by=request.user)
        except AdministrationRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect("admin_proposal", made.pk)
    context = {
        "form": form,
        "heading": _("Propose a code: %(title)s") % {"title": found.zh if chinese() else found.en},
        "lead": found.standard,
        "button": _("Propose"),
        "back": "admin_codes",
        "back_title": _("Code tables"),
        "menu_name": "admin_codes",
    }
    return render(request, "administration/form.html", context, status=422 if form.errors else 200)


def letters(request: HttpRequest) -> HttpResponse:
    """Every text a letter is written from; one query."""
    changed = dict(Enactment.objects.filter(kind=Kind.TEXT).order_by("since").values_list("subject", "since"))
    rows = [(name, letter_title(name), changed.get(name), len(texts.current(name))) for name in texts.names()]
    return render(request, "administration/letters.html", {"rows": rows})


def letter(request: HttpRequest) -> HttpResponse:
    """One text with the placeholders it may use, and the form to propose another."""
    name = request.GET.get("name", "")
    if not name:
        return redirect("admin_letters")
    if name not in texts.names():
        raise Http404
    may = has_role(request.user, PROPOSER)
    initial = {"text": texts.current(name), "since": timezone.localdate()}
    form = forms.TextForm(request.POST or None, initial=initial)
    if request.method == "POST" and may and form.is_valid():
        data = form.cleaned_data
        wanted = Wanted(Kind.TEXT, name, data["since"], {"text": data["text"].replace("\r\n", "\n")})
        grounds = Grounds(data["act_title"], data["act_article"], data["reason"], data["act_url"])
        try:
            made = propose(wanted, grounds, by=request.user)
        except AdministrationRefused as error:
            form.add_error("text", str(error))
        else:
            return redirect("admin_proposal", made.pk)
    context = {
        "title": letter_title(name),
        "name": name,
        "current": texts.current(name),
        "tokens": list(dict.fromkeys(texts.tokens(texts.original(name)))),
        "versions": Enactment.objects.filter(kind=Kind.TEXT, subject=name).order_by("-since"),
        "open": Proposal.objects.filter(kind=Kind.TEXT, subject=name, enactment=None, closure=None),
        "form": form if may else None,
        "menu_name": "admin_letters",
    }
    return render(request, "administration/letter.html", context, status=422 if form.errors else 200)
