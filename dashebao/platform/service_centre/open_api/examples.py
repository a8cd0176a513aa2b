"""Examples of bodies, from the examples that every item declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashebao.kernel.catalogue.api import ROWS, ApplicantKind, Example, ServiceItem
from dashebao.kernel.money.api import parse_yuan


def sample_body(found: ServiceItem, example: Example | None = None) -> dict[str, Any]:
    """The body that hands an example of an item in: its answers as JSON, money in fen."""
    answers = dict((example or found.examples[0]).answers)
    rows = answers.pop(ROWS, None)
    body: dict[str, Any] = {"answers": json_answers(answers)}
    if found.applicant is ApplicantKind.PERSON:
        body["applicant"] = {"id_number": "11010519491231002X", "name": "林小岚"}
    if rows is not None and found.Row is not None:
        body["rows"] = [json_answers(row) for row in rows]
    needed = [paper.name for paper in found.materials if paper.required and not paper.fetched_from]
    if needed:
        body["papers"] = [{"name": name, "promised": True} for name in needed]
    return body


def json_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Raw answers of a form as the open interface takes them: what is empty left out, yuan as fen."""
    found: dict[str, Any] = {}
    for name, value in answers.items():
        if value in ("", None):
            continue
        found[name] = parse_yuan(str(value).replace(",", "")) if name.endswith("_fen") else _plain(value)
    return found


def _plain(value: Any) -> Any:
    if value == "on":  # a box that was ticked
        return True
    return value.isoformat() if hasattr(value, "isoformat") else value
