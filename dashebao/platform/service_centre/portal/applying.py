"""One flow for every item open to citizens: answer, check the answers, hand in, receipt; for oneself or as an agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import Application, answers_shown, case_view, submit
from dashebao.kernel.catalogue.api import (
    AnswersInvalid,
    Applicant,
    ApplicantKind,
    Channel,
    Party,
    PartyRole,
    ServiceItem,
    UnknownItem,
    guide,
    item,
)
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import household_of, members_of, person
from dashebao.kernel.secrecy.api import opened_json, sealed_json
from dashebao.platform.screens.applying import Questions, paper_fields, papers_sent
from dashebao.platform.service_centre.portal.actions.drafts import (
    case_of_key,
    draft_of,
    handed_in,
    keep_draft,
)
from dashebao.platform.service_centre.portal.actions.joints import begin
from dashebao.platform.service_centre.portal.actions.mandates import mandate_in_force, principals_for
from dashebao.platform.service_centre.portal.home import is_citizen
from dashebao.platform.service_centre.portal.models import Draft, Mandate
from dashebao.platform.service_centre.portal.partners import Partners

KEPT = "answers of an ended session"
TOGETHER = "joint"  # what a draft became that waits for others


@dataclass(frozen=True)
class Door:
    """Through which an application comes in: the item, and the mandate if an agent applies."""

    item: ServiceItem
    mandate: Mandate | None

    @property
    def mandate_id(self) -> int | None:
        """The mandate's number, or None for an own application."""
        return self.mandate.pk if self.mandate is not None else None

    def address(self, name: str) -> str:
        """The address of a page of the flow, the mandate kept."""
        path = reverse(name, args=[self.item.code])
        return f"{path}?for={self.mandate.pk}" if self.mandate is not None else path


def _open_item(code: str) -> ServiceItem:
    try:
        found = item(code)
    except UnknownItem as error:
        raise Http404(str(error)) from error
    if Channel.PORTAL not in found.channels or found.applicant is ApplicantKind.UNIT:
        raise Http404
    return found


def _door(request: HttpRequest, code: str) -> Door:
    found = _open_item(code)
    wanted = request.GET.get("for", "")
    if not wanted:
        return Door(found, None)
    if not wanted.isdecimal() or found.applicant is not ApplicantKind.PERSON:
        raise Http404
    return Door(found, mandate_in_force(int(wanted), request.user.person_id, code))


def apply(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of the item. The answers wait in a draft until they are handed in.

    The page is open so that a form sent after the session ended is not lost: its answers wait for the sign-in.
    """
    if not is_citizen(request):
        return _after_sign_in(request, code)
    door = _door(request, code)
    me = request.user.person_id
    draft = draft_of(me, code, door.mandate_id)
    partners = Partners(door.item, request.POST if request.method == "POST" else None, draft.partners if draft else [])
    waiting = opened_json(request.session.pop(KEPT, None)) if request.method == "GET" else None
    given = waiting["answers"] if waiting and waiting["code"] == code else (draft.answers if draft else _asked(request))
    questions = Questions(door.item, request.POST if request.method == "POST" else None, given)
    invalid = False
    if request.method == "POST":
        fits = questions.is_valid()
        if partners.is_valid() and fits:
            keep_draft(me, code, door.mandate_id, questions.answers, partners.named)
            return redirect(door.address("portal_check"))
        invalid = True
    context = {
        "item": door.item,
        "guide": guide(door.item),
        "door": door,
        "questions": questions,
        "partners": partners,
        "draft": draft if not invalid else None,
        "waiting": bool(waiting),
        "principals": principals_for(me, code) if door.item.applicant is ApplicantKind.PERSON else [],
        "row_errors": any(row.errors for row in questions.rows) if invalid else False,
    }
    return render(request, "portal/apply.html", context, status=422 if invalid else 200)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Answers another page put into the address (a month of the record); the form decides what they are worth."""
    return {name: value for name, value in request.GET.items() if name not in ("for", "next")}


def _after_sign_in(request: HttpRequest, code: str) -> HttpResponse:
    if request.user.is_authenticated:
        raise PermissionDenied(_("This page belongs to another kind of account. Sign in with the right one."))
    if request.method == "POST":
        questions = Questions(_open_item(code), request.POST)
        request.session[KEPT] = sealed_json({"code": code, "answers": questions.answers})
    return redirect_to_login(request.get_full_path())


def check(request: HttpRequest, code: str) -> HttpResponse:
    """The answers once more, with the papers; handing in makes the case, twice makes it once."""
    door = _door(request, code)
    me = request.user.person_id
    if request.method == "POST" and (first := case_of_key(me, request.POST.get("key", ""))):
        return redirect("portal_agents") if first == TOGETHER else redirect("portal_done", first)
    draft = draft_of(me, code, door.mandate_id)
    if draft is None:
        return redirect(door.address("portal_apply"))
    problem = ""
    if request.method == "POST":
        problem = _stale(request, draft)
        if not problem:
            try:
                return _hand_in(request, door, draft)
            except AnswersInvalid:
                return redirect(door.address("portal_apply"))
            except ValidationError as error:
                problem = " ".join(error.messages)
    answers, rows = answers_shown(door.item, draft.answers)
    context = {
        "item": door.item,
        "guide": guide(door.item),
        "door": door,
        "door_apply": door.address("portal_apply"),
        "draft": draft,
        "answers": answers,
        "rows": rows,
        "papers": [] if draft.partners else paper_fields(door.item),
        "problem": problem,
        "promised": {name for name in request.POST if name.endswith("-promised")},
    }
    return render(request, "portal/check.html", context, status=422 if problem else 200)


def _stale(request: HttpRequest, draft: Draft) -> str:
    if request.POST.get("version", str(draft.version)) == str(draft.version):
        return ""
    return _("The answers were changed in another window since this page was shown. Check them again, then hand in.")


def _hand_in(request: HttpRequest, door: Door, draft: Draft) -> HttpResponse:
    if draft.partners:
        begin(draft, draft.partners, by=request.user)
        handed_in(draft, TOGETHER)
        return redirect("portal_agents")
    papers = papers_sent(door.item, request.POST, request.FILES)
    applicant = _applicant(request, door)
    made = submit(
        Application(door.item.code, applicant, draft.answers, Channel.PORTAL, draft.key, papers), request.user
    )
    handed_in(draft, made.case_no)
    return redirect("portal_done", made.case_no)


def _applicant(request: HttpRequest, door: Door) -> Applicant:
    me = person(request.user.person_id)
    if door.mandate is not None:
        agent = Party(me.name, person_id=me.pk, role=PartyRole.AGENT)
        principal = door.mandate
        return Applicant.of_person(principal.principal_id, principal.principal_name, principal.region_code, agent)
    if door.item.applicant is ApplicantKind.HOUSEHOLD:
        return _household(request)
    if door.item.applicant is ApplicantKind.PERSONS:
        return Applicant.of_persons(me.region_code, Party(me.name, person_id=me.pk))
    return Applicant.of_person(me.pk, me.name, me.region_code)


def _household(request: HttpRequest) -> Applicant:
    """The household the citizen belongs to in the registry: the citizen signs, the others are members."""
    me = person(request.user.person_id)
    with acting(SYSTEM, f"household of {actor_of(request.user).id}"):
        found = household_of(me.pk)
        members = members_of(found.pk) if found is not None else []
        names = [(row.person_id, row.person.name) for row in members if row.person_id != me.pk]
    others = [Party(name, person_id=key, role=PartyRole.MEMBER) for key, name in names]
    signer = Party(me.name, person_id=me.pk)
    return Applicant.of_household(found.pk if found is not None else 0, me.region_code, signer, *others)


def done(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt: the case number and what happens next."""
    return render(request, "portal/done.html", {"case": case_view(number, request.user)})
