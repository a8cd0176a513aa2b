"""Error pages in words of the reader's language: what is wrong and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _page(request: HttpRequest, code: int, icon: str, heading: str, sentence: str) -> HttpResponse:
    context = {"code": code, "icon": icon, "heading": heading, "sentence": sentence}
    return render(request, "screens/failure.html", context, status=code)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    sentence = _("The address or the form could not be read. Go back and try again.")
    return _page(request, 400, "unplug", _("The request could not be read"), sentence)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason if the refusal gave one."""
    sentence = str(exception) or _("Your account may not open this page. Ask your user administrator.")
    return _page(request, 403, "lock", _("You may not open this page"), sentence)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    sentence = _("There is nothing at this address, or it lies outside your area. Check the number or search again.")
    return _page(request, 404, "search-x", _("Page not found"), sentence)


def broken(request: HttpRequest) -> HttpResponse:
    """500; nothing of the request was kept."""
    sentence = _("Something went wrong on our side. Nothing was saved. Try again in a minute; if it stays, call 12333.")
    return _page(request, 500, "server-crash", _("The page could not be made"), sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose key expired."""
    sentence = _(
        "This form is too old or was opened in another session. Go back, load the page again and send it again."
    )
    return _page(request, 403, "shield-alert", _("The form expired"), sentence)
