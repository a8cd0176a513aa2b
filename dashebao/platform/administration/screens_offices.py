"""Pages of offices and of officers' coming, moving, duties and leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import (
    FAMILY_NAMES,
    Delegation,
    Grant,
    Joiner,
    Office,
    SignedIn,
    User,
    end_role,
    end_sessions,
    grant_role,
    hire,
    keep_office,
    leave,
    lock_account,
    move,
    reset_password,
    reset_second_factor,
    roles,
    unlock_account,
)
from dashebao.kernel.records.api import AuditEntry
from dashebao.platform.administration import forms
from dashebao.platform.administration.acts import act_name, actor_name, detail_text
from dashebao.platform.administration.names import office_name, offices_below, own_prefix, place_name
from dashebao.platform.screens.api import paged, whole

ACTS_SHOWN = 12


def offices(request: HttpRequest) -> HttpResponse:
    """The offices of the own area with their officers counted; two queries."""
    text = request.GET.get("q", "").strip()
    active = Count("user", filter=Q(user__kind="officer", user__is_active=True))
    found = offices_below(request.user).select_related("parent").annotate(officers=active)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text))
    page = paged(request, found)
    rows = [(one, office_name(one), place_name(_short(one.region_code))) for one in page.rows]
    return render(request, "administration/offices.html", {"paged": page, "rows": rows, "text": text})


def _short(code: str) -> str:
    while code.endswith("00"):
        code = code[:-2]
    return code


def office(request: HttpRequest, key: int = 0) -> HttpResponse:
    """One office to change, or a new one."""
    found = offices_below(request.user).filter(pk=key).first() if key else Office()
    if found is None:
        raise Http404
    form = forms.OfficeForm(request.POST or None, instance=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        made.region_code = form.cleaned_data["region_code"]
        keep_office(made, by=request.user)
        messages.success(request, _("The office “%(name)s” is saved.") % {"name": office_name(made)})
        return redirect("admin_offices")
    staff = User.objects.filter(office=found, kind="officer").order_by("-is_active", "username") if key else []
    context = {
        "form": form,
        "office": found if key else None,
        "title": office_name(found) if key else _("New office"),
        "staff": [(one, held) for one, held in _with_roles(staff)],
        "menu_name": "admin_offices",
    }
    return render(request, "administration/office.html", context, status=422 if form.errors else 200)


def _with_roles(users: Any) -> list[tuple[User, list[str]]]:
    rows = list(users)
    held: dict[int, list[str]] = {}
    known = roles()
    today = timezone.localdate()
    for user_id, code in Grant.objects.filter(user__in=rows, valid_during__contains=today).values_list("user", "role"):
        held.setdefault(user_id, []).append(str(known[code].name) if code in known else code)
    return [(user, held.get(user.pk, [])) for user in rows]


def officers(request: HttpRequest) -> HttpResponse:
    """Officers of the own area: by name, office, role and state; three queries."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "role", "state")}
    found = User.objects.filter(kind="officer", office__region_code__startswith=own_prefix(request.user))
    if asked["q"]:
        found = found.filter(
            Q(name__icontains=asked["q"]) | Q(username__icontains=asked["q"]) | Q(office__name__icontains=asked["q"])
        )
    if asked["role"] in roles():
        found = found.filter(grants__role=asked["role"], grants__valid_during__contains=timezone.localdate())
    states = {
        "locked": Q(is_active=False, left_on=None) | Q(locked_until__gt=timezone.now()),
        "left": Q(left_on__isnull=False),
        "active": Q(is_active=True),
    }
    if asked["state"] in states:
        found = found.filter(states[asked["state"]])
    page = paged(request, found.select_related("office").order_by("office__region_code", "username"))
    context = {
        "paged": page,
        "rows": [(user, office_name(user.office), held, state_of(user)) for user, held in _with_roles(page.rows)],
        "asked": asked,
        "roles": forms.role_choices(),
    }
    return render(request, "administration/officers.html", context)


def state_of(user: User) -> tuple[str, str]:
    """An account's state in words and its tone."""
    if user.left_on is not None:
        return _("Left"), ""
    if not user.is_active:
        return _("Locked"), "err"
    if user.locked_until and user.locked_until > timezone.now():
        return _("Locked after wrong passwords"), "warn"
    if user.must_change_password:
        return _("Waits for the own password"), "info"
    return _("Active"), "ok"


def new_officer(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    form = forms.HireForm(request.POST or None, by=request.user, initial={"office": request.user.office_id})
    if request.method == "POST" and form.is_valid():
        made, password = hire(Joiner(**form.cleaned_data), by=request.user)
        return render(
            request, "administration/password.html", {"officer": made, "password": password} | _officers_menu()
        )
    context = {"form": form, "heading": _("New officer"), "button": _("Open the account")} | _officers_menu()
    return render(request, "administration/form.html", context, status=422 if form.errors else 200)


def _officers_menu() -> dict[str, str]:
    return {"menu_name": "admin_officers", "back": "admin_officers", "back_title": _("Officers")}


@dataclass(frozen=True)
class Held:
    """One role of an officer with its time and what may be done with it."""

    grant: Grant
    name: str
    family: str
    state: str
    tone: str
    by: str

    @property
    def open(self) -> bool:
        """Whether it can still be ended."""
        return self.tone != ""


def officer(request: HttpRequest, key: int) -> HttpResponse:
    """One officer: duties with their times, delegations, sessions, acts; and everything that can be done."""
    user = _reached(request, key)
    if request.method == "POST":
        return _done(request, user)
    names = dict(User.objects.filter(pk__in=user.grants.values("granted_by")).values_list("pk", "name"))
    today = timezone.localdate()
    given = Delegation.objects.filter(Q(giver=user) | Q(taker=user)).select_related("giver", "taker").order_by("-id")
    known = roles()
    context = {
        "officer": user,
        "office_title": office_name(user.office),
        "state": state_of(user),
        "held": [_held(grant, names, today) for grant in user.grants.order_by("-valid_during")],
        "delegations": [
            (d, str(known[d.role].name) if d.role in known else d.role, _current(d, today)) for d in given[:20]
        ],
        "sessions": SignedIn.objects.filter(user=user).order_by("-seen_at"),
        "acts": [
            (entry, act_name(entry.verb), detail_text(entry.detail), actor_name(entry.actor_kind, entry.actor_name))
            for entry in AuditEntry.objects.filter(subject_kind="identity.user", subject_id=str(user.pk)).order_by(
                "-id"
            )[:ACTS_SHOWN]
        ],
        "grant_form": forms.GrantForm(today=today),
        "move_form": forms.MoveForm(by=request.user),
        "own": user.pk == request.user.pk,
    } | _officers_menu()
    return render(request, "administration/officer.html", context)


def _current(row: Any, today: Any) -> bool:
    return (
        bool(row.valid_during)
        and not row.valid_during.isempty
        and (not row.valid_during.upper or row.valid_during.upper > today)
    )


def _held(grant: Grant, names: dict[int, str], today: Any) -> Held:
    role = roles().get(grant.role)
    during = grant.valid_during
    if during.isempty or (during.upper and during.upper <= today):
        state, tone = _("Ended"), ""
    elif during.lower and during.lower > today:
        state, tone = _("Not begun"), "info"
    else:
        state, tone = _("In force"), "ok"
    name = str(role.name) if role else grant.role
    by = names.get(grant.granted_by or 0, _("Set-up"))
    return Held(grant, name, str(FAMILY_NAMES.get(grant.family, grant.family)), state, tone, by)


def _reached(request: HttpRequest, key: int) -> User:
    found = User.objects.select_related("office").filter(
        pk=key, kind="officer", office__region_code__startswith=own_prefix(request.user)
    )
    user = found.first()
    if user is None:
        raise Http404
    return user


def _done(request: HttpRequest, user: User) -> HttpResponse:
    act, by = request.POST.get("act", ""), request.user
    reason = request.POST.get("reason", "").strip()[:200]
    if act == "grant":
        form = forms.GrantForm(request.POST, today=timezone.localdate())
        if not form.is_valid():
            messages.error(request, _("Choose a role and the day it begins."))
            return redirect("admin_officer", user.pk)
        data = form.cleaned_data
        grant_role(user, data["role"], by=by, since=data["since"], until=data["until"])
        messages.success(request, _("The role is granted."))
    elif act == "end":
        grant = Grant.objects.filter(pk=whole(request.POST.get("grant")), user=user).first()
        if grant is None:
            raise Http404
        end_role(grant, by=by)
        messages.success(request, _("The role ends today."))
    elif act == "move":
        target = offices_below(by).filter(pk=whole(request.POST.get("office"))).first()
        if target is None:
            messages.error(request, _("Choose the new office."))
            return redirect("admin_officer", user.pk)
        move(user, target, by=by, window=request.POST.get("window", "")[:20])
        messages.success(
            request, _("The officer is moved. The duties of the old post ended today; grant the new ones.")
        )
    elif act == "password":
        context = {"officer": user, "password": reset_password(user, by=by)} | _officers_menu()
        return render(request, "administration/password.html", context)
    else:
        _simple(request, user, act, reason)
    return redirect("admin_officer", user.pk)


def _simple(request: HttpRequest, user: User, act: str, reason: str) -> None:
    by = request.user
    if act in ("lock", "leave") and not reason:
        messages.error(request, _("Enter the reason."))
    elif act == "lock":
        lock_account(user, by=by, reason=reason)
        messages.success(request, _("The account is locked and signed out everywhere."))
    elif act == "leave":
        leave(user, by=by, reason=reason)
        messages.success(request, _("The account is closed. Duties, delegations and sessions ended."))
    elif act == "unlock":
        unlock_account(user, by=by)
        messages.success(request, _("The account is open again."))
    elif act == "factor":
        reset_second_factor(user, by=by)
        messages.success(request, _("The second factor is taken away. The officer sets up a new one after signing in."))
    elif act == "sessions":
        messages.success(request, _("%(count)d sessions were ended.") % {"count": end_sessions(user, by=by)})
