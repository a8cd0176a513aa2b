"""The description of the open interface as OpenAPI 3.1, in the reader's language."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext, gettext_noop, override
from ninja import NinjaAPI

from dashebao.kernel.catalogue.api import item
from dashebao.platform.service_centre.open_api.answers import WORDS
from dashebao.platform.service_centre.open_api.problems import MEDIA_TYPE, TITLES

PREFIX = "api/v1/"
METHODS = ("get", "post")
TOLD = ("summary", "description")
EVERYWHERE, WRITING = (400, 401, 403, 404, 406, 422, 429), (409, 413, 415)
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": gettext_noop("An error (RFC 9457); title, detail and messages follow Accept-Language"),
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": gettext_noop("The kind of error, for programs")},
        "instance": {"type": "string", "description": gettext_noop("Number of the request, also in Request-Id")},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
HEADERS = {
    "Request-Id": {"description": gettext_noop("Number of the request"), "schema": {"type": "string"}},
    "RateLimit-Limit": {"description": gettext_noop("Calls allowed a minute"), "schema": {"type": "integer"}},
    "RateLimit-Remaining": {
        "description": gettext_noop("Calls left in the running minute"),
        "schema": {"type": "integer"},
    },
}
PARAMETERS = {
    "Region": {
        "name": "Dashebao-Region",
        "in": "header",
        "required": False,
        "description": gettext_noop("Region a partner acts in, within its own; without it the first of its own"),
        "schema": {"type": "string", "pattern": "^[0-9]{6}$"},
    },
    "Purpose": {
        "name": "Dashebao-Purpose",
        "in": "header",
        "required": False,
        "description": gettext_noop("Purpose of this call in ASCII, recorded for the person concerned"),
        "schema": {"type": "string", "pattern": "^[ -~]{0,200}$"},
    },
}
RETRY = {"Retry-After": {"description": gettext_noop("Seconds to wait"), "schema": {"type": "integer"}}}
BEARER = gettext_noop("The key as it was shown once when it was issued")


def document(api: NinjaAPI) -> dict[str, Any]:
    """The description in the active language; made once for each language and not to be changed."""
    return _in_language(api, get_language() or "zh-hans")


@cache
def _in_language(api: NinjaAPI, language: str) -> dict[str, Any]:
    with override(language):
        found: dict[str, Any] = _translated(_whole(api))
        info = found["info"]
        title = info["title"]
        info["title"] = gettext(title)
        for _path, _method, operation in operations(found):
            if "x-item" in operation:
                operation["summary"] = item(operation["x-item"]).label
        return found


@cache
def _whole(api: NinjaAPI) -> dict[str, Any]:
    with override("en"):
        made: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=PREFIX)))
    made.pop("servers", None)
    made["jsonSchemaDialect"] = "https://spec.openapis.org/oas/3.1/dialect/base"
    components = made["components"]
    components["schemas"]["Problem"] = copy.deepcopy(PROBLEM)
    components["headers"] = copy.deepcopy(HEADERS)
    components["parameters"] = copy.deepcopy(PARAMETERS)
    components["securitySchemes"] = {"Bearer": {"type": "http", "scheme": "bearer", "description": BEARER}}
    for _path, method, operation in operations(made):
        _complete(method, operation)
    return made


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of a description: path, method, operation."""
    for path, methods in described["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add what every operation shares: headers and problems."""
    writing = method == "post"
    operation["parameters"] += [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS]
    names = {parameter.get("name") for parameter in operation["parameters"]}
    for answer in operation["responses"].values():
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    statuses = [*EVERYWHERE, *(WRITING if writing else ()), *((412,) if "If-Match" in names else ())]
    for status in sorted(statuses):
        operation["responses"][status] = _problem(status)
    if not writing:
        operation["responses"][304] = {"description": gettext_noop("Unchanged since the ETag in If-None-Match")}


def _problem(status: int) -> dict[str, Any]:
    with override("en"):
        title = str(TITLES[status])
    found: dict[str, Any] = {
        "description": title,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 429:
        found["headers"] = copy.deepcopy(RETRY)
    return found


def _translated(value: Any, within: str = "") -> Any:
    """Titles, summaries, descriptions, tags and labels of choices in the active language."""
    if isinstance(value, dict):
        if within == "properties":  # names of values, not words
            return {key: _translated(one) for key, one in value.items()}
        return {key: _worded(str(key), one, within) for key, one in value.items()}
    if isinstance(value, list):
        return [_translated(one) for one in value]
    return value


def _english() -> bool:
    return (get_language() or "zh").startswith("en")


def _worded(key: str, value: Any, within: str) -> Any:
    if isinstance(value, str) and (key == "title" or within == "x-labels"):
        known = WORDS.get(value)
        return str(known) if known is not None else value
    if isinstance(value, str) and key in TOLD:
        said = gettext(value) if value else ""
        return "" if said == value and key == "description" and not _english() else said
    if key == "tags" and isinstance(value, list):
        return [gettext(tag) for tag in value]
    return _translated(value, key)
