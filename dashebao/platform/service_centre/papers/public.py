"""The check page: everybody may ask whether a paper is genuine and still holds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashebao.platform.service_centre.papers.checking import check_file, count_try
from dashebao.platform.service_centre.papers.codes import read_code
from dashebao.platform.service_centre.papers.errors import PaperError, TooManyTries
from dashebao.platform.service_centre.papers.queries import as_row, paper_by_code
from dashebao.platform.service_centre.papers.views import chinese


def check(request: HttpRequest) -> HttpResponse:
    """Ask by check code, or hand in the file."""
    if request.method == "POST":
        return _file(request)
    typed = request.GET.get("code", "").strip()[:60]
    if not typed:
        return _page(request, {})
    code = read_code(typed)
    if not code:
        words = _("A check code has sixteen letters and digits, such as 7F3K-9QXM-22PA-0H4T.")
        return _page(request, {"typed": typed, "code_error": words}, 422)
    return redirect("paper_check_code", code)


def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the register says of the paper with this code; the QR code on it leads here."""
    if request.method == "POST":
        return _file(request)
    try:
        count_try(request)
    except TooManyTries as error:
        return _page(request, {"typed": code, "code_error": str(error)}, 429)
    wanted = read_code(code)
    paper = paper_by_code(wanted) if wanted else None
    if paper is None:
        return _page(request, {"typed": code, "unknown": True}, 404)
    return _page(request, {"typed": code, "found": as_row(paper, chinese())})


def _file(request: HttpRequest) -> HttpResponse:
    try:
        count_try(request)
        result = check_file(request.FILES.get("file"))
    except TooManyTries as error:
        return _page(request, {"file_error": str(error)}, 429)
    except PaperError as error:
        return _page(request, {"file_error": str(error)}, 422)
    found = as_row(result.paper, chinese()) if result.paper is not None else None
    return _page(request, {"file": result, "found": found})


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "papers/check.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
