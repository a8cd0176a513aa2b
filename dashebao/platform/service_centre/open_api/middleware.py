"""What stands around every call of the open interface: no cookies, limits of the body, problems, record, ETags."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.open_api.callers import Caller, rate_headers
from dashebao.platform.service_centre.open_api.models import ApiCall
from dashebao.platform.service_centre.open_api.problems import DETAILS, MEDIA_TYPE, Problem, problem_response
from dashebao.platform.service_centre.open_api.serving import ROOT

LARGEST = 5 * 1024 * 1024
PERSONAL = ("cases", "persons", "units")
Handler = Callable[[HttpRequest], HttpResponse]


class OpenApiMiddleware:
    """Takes cookies away from calls, refuses what cannot be read, and makes every error a problem."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        began = time.monotonic()
        request.META.pop("HTTP_COOKIE", None)
        request.api_request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        with translation.override(get_language_from_request(request)):
            response = self._answered(request)
            _finish(request, response)
        _record(request, response, began)
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        problem = _unreadable(request)
        if problem is not None:
            return _problem(request, problem)
        response = self.get_response(request)
        if response.status_code >= 400 and not response.headers["Content-Type"].startswith(MEDIA_TYPE):
            kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
            return _problem(request, Problem(response.status_code, headers=kept))
        if response.status_code == 301:  # a slash too many or too few
            return _problem(request, Problem(404))
        return response


def _unreadable(request: HttpRequest) -> Problem | None:
    """What is wrong with a request before its body is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        return Problem(400)
    if int(length) > LARGEST:
        return Problem(413, str(DETAILS[413]) % {"size": LARGEST // 1024 // 1024})
    if request.method == "POST" and request.content_type != "application/json":
        return Problem(415, headers={"Accept-Post": "application/json"})
    if not any(request.accepts(kind) for kind in ("application/json", MEDIA_TYPE)):
        return Problem(406)
    return None


def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem_response(problem, request.api_request_id)  # type: ignore[attr-defined]


def _finish(request: HttpRequest, response: HttpResponse) -> None:
    headers = dict(getattr(request, "api_headers", {})) if response.status_code < 400 else {}
    caller: Caller | None = getattr(request, "api_caller", None)
    if caller is not None:
        headers |= rate_headers(caller)
    for name, value in headers.items():
        response.headers[name] = value
    response.headers["Request-Id"] = request.api_request_id  # type: ignore[attr-defined]
    patch_vary_headers(response, ("Accept-Language", "Authorization"))
    personal = request.path_info.removeprefix(ROOT).split("/")[0] in PERSONAL
    response.headers["Cache-Control"] = "private, no-store" if personal else "private, no-cache"
    if request.method == "GET" and response.status_code == 200:
        if not personal:
            response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        _unchanged(request, response)


def _unchanged(request: HttpRequest, response: HttpResponse) -> None:
    """Answer 304 without a body where the program has this very answer."""
    etag = response.headers.get("ETag")
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if etag and etag in known:
        response.status_code = 304
        response.content = b""
        del response.headers["Content-Type"]


def _record(request: HttpRequest, response: HttpResponse, began: float) -> None:
    """One row for every call of a known client, answered or refused, in a transaction of its own."""
    caller: Caller | None = getattr(request, "api_caller", None)
    if caller is None:
        return
    with acting(SYSTEM, "record of a call"):
        ApiCall.objects.create(
            client=caller.client,
            key=caller.key,
            request_id=request.api_request_id,  # type: ignore[attr-defined]
            method=request.method or "",
            operation=caller.operation,
            status=response.status_code,
            region_code=caller.region,
            purpose=caller.purpose or caller.client.purpose,
            milliseconds=int((time.monotonic() - began) * 1000),
            **caller.touched,
        )
