"""The documentation page at /api/ and the description programs read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashebao.kernel.catalogue.api import UnknownItem, item
from dashebao.platform.service_centre.open_api.document import document, operations
from dashebao.platform.service_centre.open_api.examples import sample_body
from dashebao.platform.service_centre.open_api.interface import interface
from dashebao.platform.service_centre.open_api.problems import CODES, DETAILS, TITLES


@dataclass(frozen=True)
class Line:
    """One parameter or value of a body: name, type, whether it is needed, what it says."""

    name: str
    kind: str
    needed: bool
    said: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Named:
    """One operation as the page lists it."""

    id: str
    method: str
    path: str
    summary: str


@dataclass(frozen=True)
class Shown(Named):
    """One operation with everything about it."""

    description: str
    scope: str
    parameters: tuple[Line, ...]
    body: tuple[Line, ...]
    answer: tuple[Line, ...]
    curl: str


def described(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description in the language asked for."""
    body = json.dumps(document(interface()), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json")


def page(request: HttpRequest) -> HttpResponse:
    """The documentation page: how to begin, and every operation by name; its details are fetched when it is opened."""
    groups: dict[str, list[Named]] = {}
    for path, method, operation in operations(document(interface())):
        named = Named(operation["operationId"], method.upper(), path, operation["summary"])
        groups.setdefault(operation["tags"][0], []).append(named)
    problems = [(status, CODES[status], TITLES[status], DETAILS.get(status, "")) for status in sorted(CODES)]
    context = {"groups": groups.items(), "problems": problems, "host": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "open_api/docs.html", context)


def operation_titles() -> dict[str, str]:
    """What every operation does, in the reader's language, by its id."""
    return {said["operationId"]: said["summary"] for _path, _method, said in operations(document(interface()))}


def one(request: HttpRequest, name: str) -> HttpResponse:
    """One operation with its parameters, bodies and an example: a part of the page, or a page of its own."""
    found = document(interface())
    place = next((place for place in operations(found) if place[2]["operationId"] == name), None)
    if place is None:
        raise Http404
    fragment = bool(getattr(request, "htmx", False))
    context = {"one": _shown(found, *place)}
    return render(request, "open_api/_operation.html" if fragment else "open_api/operation.html", context)


def _shown(found: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Shown:
    parameters = [_resolved(found, one) for one in operation["parameters"]]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = next(one for status, one in operation["responses"].items() if str(status).startswith("2"))
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        scope=operation.get("x-scope", ""),
        parameters=tuple(
            Line(one["name"], _kind(found, one["schema"]), one["required"], one.get("description", ""))
            for one in parameters
        ),
        body=tuple(_lines(found, body)) if body else (),
        answer=tuple(_lines(found, answer["content"]["application/json"]["schema"])),
        curl=_curl(path, method, operation),
    )


def _resolved(found: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        target: Any = found
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def _lines(found: dict[str, Any], schema: dict[str, Any], prefix: str = "", depth: int = 0) -> list[Line]:
    """The values of a schema, nested ones with a dot, entries of lists with []."""
    schema = _plain(found, schema)
    lines: list[Line] = []
    needed = set(schema.get("required", ()))
    for name, one in schema.get("properties", {}).items():
        inner = _plain(found, one)
        labels = inner.get("x-labels") or one.get("x-labels") or {}
        said = one.get("description") or inner.get("description", "")
        title = one.get("title") or inner.get("title", "")
        text = " — ".join(part for part in (title if prefix.startswith(("answers", "rows")) else "", said) if part)
        lines.append(Line(prefix + name, _kind(found, one), name in needed, text, tuple(labels.items())))
        entries = _plain(found, inner["items"]) if inner.get("type") == "array" and "items" in inner else inner
        if depth < 3 and entries.get("properties"):
            dot = "[]." if inner.get("type") == "array" else "."
            lines += _lines(found, entries, f"{prefix}{name}{dot}", depth + 1)
    return lines


def _plain(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    schema = _resolved(found, schema)
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return _resolved(found, options[0]) if options else schema


def _kind(found: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in a few words: string, integer ≥ 0, list of …, one of …."""
    plain = _plain(found, schema)
    if "const" in plain:
        return json.dumps(plain["const"])
    if "enum" in plain:
        return " | ".join(str(one) for one in plain["enum"]) if len(plain["enum"]) < 6 else _("one of a list")
    kind = str(plain.get("type", _("any value")))
    if kind == "array":
        return _("list of %(kind)s") % {"kind": _kind(found, plain.get("items", {}))}
    more = plain.get("format") or ""
    if not more and "maxLength" in plain and "pattern" not in plain:
        more = f"≤ {plain['maxLength']}"
    if "pattern" in plain and len(plain["pattern"]) < 50:
        more = plain["pattern"]
    return f"{kind} {more}".strip()


def _curl(path: str, method: str, operation: dict[str, Any]) -> str:
    shown = path.replace("{case_no}", "4401062026112200000012").replace("{code}", "SI-103")
    shown = shown.replace("{person}", "$PERSON").replace("{unit}", "own")
    lines = [f"curl -X {method.upper()} $HOST{shown}", '  -H "Authorization: Bearer $KEY"']
    names = {parameter.get("name") for parameter in operation["parameters"]}
    if "Idempotency-Key" in names:
        lines.append('  -H "Idempotency-Key: 2026-12-0001"')
    if method == "post":
        lines += ['  -H "Content-Type: application/json"', f"  -d '{_body(operation)}'"]
    return " \\\n".join(lines)


def _body(operation: dict[str, Any]) -> str:
    try:
        body = sample_body(item(operation["x-item"])) if "x-item" in operation else BODIES[operation["operationId"]]
    except UnknownItem:
        body = {}
    return json.dumps(body, ensure_ascii=False)


BODIES: dict[str, dict[str, Any]] = {
    "answerCorrection": {"answers": {"month": "2026-12"}},
    "withdrawCase": {"reason": "sent by mistake"},
    "findPerson": {"id_number": "11010519491231002X", "name": "林小岚"},
    "findUnit": {"credit_code": "91350100M000100Y43"},
}
