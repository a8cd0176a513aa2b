"""Signing in and out, the password and the second factor."""

from __future__ import annotations

import pyotp
import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from dashebao.kernel.identity.api import User, actor_of, roles, roles_of
from dashebao.kernel.records.api import SYSTEM, acting, audit
from dashebao.platform.screens.keeping import Kept, unpack
from dashebao.platform.screens.register import Face

HOMES = {"officer": "counter_home", "citizen": "portal_home", "operator": "employer_home"}
SHELLS = {"officer": "screens/staff.html", "citizen": "screens/portal.html", "operator": "screens/employer.html"}
FACES = {face.user_kind: face for face in Face}
NEW_FACTOR = "new second factor"


class SignInForm(forms.Form):
    """User name, password, and the code where a second factor is set."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        error_messages={"required": gettext_lazy("Enter your user name")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        error_messages={"required": gettext_lazy("Enter your password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Security code"),
        help_text=gettext_lazy("Six digits from your authenticator, if you have set one up"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class CodeForm(forms.Form):
    """The first code of a new second factor."""

    code = forms.CharField(
        label=gettext_lazy("Security code"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@never_cache
@sensitive_post_parameters("password", "code")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in and go to the page asked for, or to the home of the account's face."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            with acting(SYSTEM, "sign in"):
                login(request, user)
            kept = unpack(request.POST.get("kept", ""))
            if kept is not None:
                return _go_on(request, user, kept)
            safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
            return HttpResponseRedirect(target) if safe else redirect(HOMES[user.kind])
        form.add_error(
            None,
            _(
                "User name, password or code is wrong, or the account is locked for 15 minutes after five failures. "
                "Check them and try again."
            ),
        )
    context = {"form": form, "next": target, "kept": request.POST.get("kept", "")}
    return render(request, "screens/sign_in.html", context, status=422 if form.errors else 200)


def _go_on(request: HttpRequest, user: User, kept: Kept) -> HttpResponse:
    """After signing in again: the entries of the form that came too late, to be sent by one press."""
    request.face = FACES[user.kind]  # type: ignore[attr-defined]
    with acting(actor_of(user), "sign in"):
        return render(request, "screens/go_on.html", {"kept": kept})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        audit("identity.signed_out", request.user, person=request.user.person_id)
    logout(request)
    return redirect("portal_home")


def _shell(request: HttpRequest) -> str:
    request.face = FACES[request.user.kind]  # type: ignore[attr-defined]
    return SHELLS[request.user.kind]


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The user's own account: duties, office, password and second factor."""
    known = roles()
    held = [known[code].name for code in sorted(roles_of(request.user)) if code in known]
    return render(request, "screens/account.html", {"shell_template": _shell(request), "held": held})


@login_required
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the own password; other sessions end."""
    form = PasswordChangeForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        audit("identity.password_changed", request.user, person=request.user.person_id)
        messages.success(request, _("Your password is changed."))
        return redirect("account")
    context = {"form": form, "shell_template": _shell(request), "heading": _("Change password")}
    return render(request, "screens/account_form.html", context, status=422 if form.errors else 200)


@login_required
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator: the new secret counts only after its first code was entered."""
    user = request.user
    secret = request.session.setdefault(NEW_FACTOR, pyotp.random_base32())
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if pyotp.TOTP(secret).verify(form.cleaned_data["code"].strip(), valid_window=1):
            user.totp_secret, user.totp_last_step = secret, 0
            user.save(update_fields=["totp_secret", "totp_last_step"])
            del request.session[NEW_FACTOR]
            audit("identity.second_factor_started", user, person=user.person_id)
            messages.success(request, _("The second factor is on. You need a code at every sign-in from now on."))
            return redirect("account")
        form.add_error("code", _("This code does not fit. Wait for the next one and enter it at once."))
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name="DaShebao")
    context = {
        "form": form,
        "shell_template": _shell(request),
        "heading": _("Set up a second factor"),
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=2),
        "secret": secret,
    }
    return render(request, "screens/account_form.html", context, status=422 if form.errors else 200)
