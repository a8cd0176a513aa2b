"""Errors as programs read them: application/problem+json (RFC 9457), in the language they asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("The request could not be read"),
    401: gettext_lazy("No valid key"),
    403: gettext_lazy("Not allowed for this key"),
    404: gettext_lazy("Nothing found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("Only JSON is answered"),
    409: gettext_lazy("Not possible now"),
    412: gettext_lazy("The case has changed"),
    413: gettext_lazy("The request is too large"),
    415: gettext_lazy("Only JSON is taken"),
    422: gettext_lazy("Some values do not fit"),
    429: gettext_lazy("Too many calls"),
    500: gettext_lazy("Something went wrong on our side"),
    503: gettext_lazy("Not available at the moment"),
}
DETAILS = {
    400: gettext_lazy("The body is not valid JSON, or the address cannot be read. Correct it and send it again."),
    401: gettext_lazy("Send a valid key in the header “Authorization: Bearer …”."),
    403: gettext_lazy("This key may not do that. Ask the office that issued it."),
    404: gettext_lazy("There is nothing at this address, or it lies outside of what this key may see."),
    405: gettext_lazy("This address takes another method; the header Allow names it."),
    406: gettext_lazy("Accept application/json; errors come as application/problem+json."),
    413: gettext_lazy("Send at most %(size)d MB at once."),
    415: gettext_lazy("Send the body as application/json."),
    500: gettext_lazy("Nothing was saved. Send the same request with the same Idempotency-Key again in a minute."),
}
KINDS = {  # pydantic's error types in our words; what is not here gets the last sentence
    "missing": gettext_lazy("This value is needed."),
    "extra_forbidden": gettext_lazy("There is no such value. Remove it."),
    "string_type": gettext_lazy("Write this as a text."),
    "string_unicode": gettext_lazy("This text has characters that cannot be read."),
    "string_too_long": gettext_lazy("At most %(max_length)s characters."),
    "string_too_short": gettext_lazy("At least %(min_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("This must fit the pattern %(pattern)s."),
    "int_type": gettext_lazy("Write this as a whole number."),
    "int_parsing": gettext_lazy("Write this as a whole number."),
    "int_from_float": gettext_lazy("Write this as a whole number."),
    "bool_type": gettext_lazy("Write true or false."),
    "bool_parsing": gettext_lazy("Write true or false."),
    "greater_than_equal": gettext_lazy("At least %(ge)s."),
    "less_than_equal": gettext_lazy("At most %(le)s."),
    "literal_error": gettext_lazy("One of: %(expected)s."),
    "enum": gettext_lazy("One of: %(expected)s."),
    "list_type": gettext_lazy("Write this as a list."),
    "too_long": gettext_lazy("At most %(max_length)s entries."),
    "too_short": gettext_lazy("At least %(min_length)s entries."),
    "date_type": gettext_lazy("Write a date as 2026-11-30."),
    "date_parsing": gettext_lazy("Write a date as 2026-11-30."),
    "date_from_datetime_parsing": gettext_lazy("Write a date as 2026-11-30."),
    "model_type": gettext_lazy("Write this as a JSON object."),
    "model_attributes_type": gettext_lazy("Write this as a JSON object."),
    "dict_type": gettext_lazy("Write this as a JSON object."),
}
OTHER = gettext_lazy("This value does not fit.")


class Problem(Exception):
    """An error meant for the calling program; everything the request did is undone."""

    def __init__(
        self,
        status: int,
        detail: Any = "",
        *,
        code: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, str(detail))
        self.status, self.detail, self.code = status, detail, code or CODES.get(status, "error")
        self.errors, self.headers = list(errors), dict(headers or {})


CODES = {
    400: "unreadable", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 409: "conflict", 412: "changed", 413: "too-large", 415: "unsupported-media-type",
    422: "invalid", 429: "too-many-calls", 500: "server-error", 503: "unavailable",
}  # fmt: skip


def problem_response(problem: Problem, request_id: str = "") -> HttpResponse:
    """A problem as it is sent; without a detail of its own the usual one of its status."""
    body: dict[str, Any] = {
        "type": f"/api/#problem-{problem.code}",
        "title": str(TITLES.get(problem.status, TITLES[500])),
        "status": problem.status,
        "detail": str(problem.detail or DETAILS.get(problem.status, "")),
        "code": problem.code,
        "instance": request_id,
    }
    if problem.errors:
        body["errors"] = problem.errors
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=problem.status, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = get_language() or "zh-hans"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def field_errors(errors: Iterable[Mapping[str, Any]], within: str = "") -> list[dict[str, str]]:
    """Errors of pydantic as pairs of place and sentence; `within` stands before every place."""
    return [{"field": _place(error["loc"], within), "message": sentence(error)} for error in errors]


def _place(place: Sequence[Any], within: str) -> str:
    parts = [str(part) for part in place]
    if len(parts) > 1 and parts[0] == "body":
        parts = parts[2:] or parts[:1]  # body, then the name of the parameter that takes it
    return ".".join([within, *parts] if within else parts)


def sentence(error: Mapping[str, Any]) -> str:
    """One error of pydantic in the reader's language."""
    words = KINDS.get(str(error.get("type")))
    if words is None:
        return str(OTHER)
    try:
        return str(words) % {name: str(value) for name, value in dict(error.get("ctx") or {}).items()}
    except (KeyError, ValueError):
        return str(OTHER)


def answers_problem(errors: Mapping[str, Sequence[str]]) -> Problem:
    """What the item's own form found wrong: fields as `answers.month`, rows counted from 0 as `rows.2.name`."""
    found = [{"field": _answer_place(name), "message": message} for name, said in errors.items() for message in said]
    return Problem(422, _("Correct the values named in “errors” and send the request again."), errors=found)


def _answer_place(name: str) -> str:
    parts = name.split(".")
    if parts[0] != "rows":
        return "answers" if name == "__all__" else f"answers.{name}"
    if len(parts) > 2:
        parts[1] = str(int(parts[1]) - 1)
    return ".".join(part for part in parts if part != "__all__")
