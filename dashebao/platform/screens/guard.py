"""Who may open a page, and what happens to errors meant for the user; default is to refuse."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import NotFound
from dashebao.kernel.identity.api import MAIN_OPERATOR, OPERATOR_RIGHTS, NotPermitted, require_role
from dashebao.kernel.records.api import reading_once
from dashebao.kernel.registry.api import NoSuchPerson, NoSuchUnit
from dashebao.platform.screens.account import SignInForm
from dashebao.platform.screens.keeping import pack
from dashebao.platform.screens.register import Face, Page

View = Callable[..., HttpResponse]
SHELLS = {
    Face.COUNTER: "screens/staff.html",
    Face.PORTAL: "screens/portal.html",
    Face.EMPLOYER: "screens/employer.html",
}


def guarded(page: Page) -> View:
    """The page's view behind its rule: signed in at the right face, with one of its roles."""

    @functools.wraps(page.view)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.face = page.face  # type: ignore[attr-defined]
        request.page = page  # type: ignore[attr-defined]
        if not page.public:
            if not request.user.is_authenticated:
                return keep_and_ask(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
            _require(request, page)
        _refuse_nul(request, kwargs)
        try:
            reading = reading_once() if request.method in ("GET", "HEAD") else nullcontext()
            with transaction.atomic(), reading:
                response: HttpResponse = page.view(request, *args, **kwargs)
                if hasattr(response, "render") and callable(response.render):
                    response = response.render()
                return response
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except (NotFound, NoSuchPerson, NoSuchUnit) as error:
            raise Http404(str(error)) from error
        except page.told as error:
            return told(request, str(error))

    return view


def _require(request: HttpRequest, page: Page) -> None:
    if getattr(request.user, "kind", "") != page.face.user_kind:
        raise PermissionDenied(_("This page belongs to another kind of account. Sign in with the right one."))
    needed = page.roles
    if page.face is Face.EMPLOYER:
        needed = (MAIN_OPERATOR, *(needed or OPERATOR_RIGHTS))
    if needed:
        try:
            require_role(request.user, *needed)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error


def _refuse_nul(request: HttpRequest, values: dict[str, Any]) -> None:
    """No text of the database holds a NUL; whoever sends one gets 400 and not a failure of ours."""
    sent = [text for entries in (request.GET, request.POST) for _name, texts in entries.lists() for text in texts]
    if any("\0" in text for text in (*sent, *map(str, values.values()))):
        raise BadRequest


def keep_and_ask(request: HttpRequest) -> HttpResponse:
    """The sign-in page for a form that came after its session had ended, with the entries kept in it."""
    context = {"form": SignInForm(), "next": request.get_full_path(), "kept": pack(request), "ended": True}
    return render(request, "screens/sign_in.html", context, status=401)


def told(request: HttpRequest, sentence: str) -> HttpResponse:
    """Show a sentence meant for the user: after a form, back on the page it came from; else on a page of its own."""
    if request.method == "POST":
        messages.error(request, sentence)
        return HttpResponseRedirect(request.get_full_path())
    context = {"sentence": sentence, "shell_template": SHELLS[request.face]}  # type: ignore[attr-defined]
    return render(request, "screens/told.html", context, status=409)


def addresses(prefix: str, registered: Iterable[Page]) -> list[URLPattern]:
    """URL patterns of pages below a prefix, each behind its guard; a path from "/" on leaves the prefix out."""
    return [
        path(page.path[1:] if page.path.startswith("/") else f"{prefix}{page.path}", guarded(page), name=page.name)
        for page in registered
    ]
