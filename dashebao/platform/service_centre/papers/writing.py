"""Turns the parts of a paper into plain strings for the template; nothing of it is ever read as markup."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dashebao.platform.screens.api import Facts, Link, Table, Tag, TraceSheet
from dashebao.platform.screens.templatetags.screens import cell, trace_lines, yuan
from dashebao.platform.service_centre.papers.values import Body, Content, Part, Prose

NARROWEST, WIDEST, FIRST_WIDE = 6, 40, 0x2E7F
LONGEST_INDEX = 40  # lines of one rule repeated for every year; more are left to the explanation on screen


def written(content: Content) -> dict[str, Any]:
    """What a paper says, as JSON values in the active language."""
    return {
        "heading": content.heading or str(content.title),
        "own_number": content.own_number,
        "note": str(content.note),
        "wide": content.wide,
        "letter": content.letter,
        "dated": content.dated.isoformat() if content.dated else "",
        "parts": [_part(part) for part in content.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {"title": str(part.title), **_WRITERS[type(part.body)](part.body)}


def text_of(value: Any, kind: str = "text") -> str:
    """One value as it stands on paper."""
    if isinstance(value, Tag | Link):
        return str(value.text)
    if kind == "note":
        return str(value)
    return str(cell(value, kind))


def _facts(body: Facts) -> dict[str, Any]:
    items = [[str(fact.label), text_of(fact.value, fact.kind)] for fact in body.items]
    return {"kind": "facts", "columns": 1 if body.columns == 1 else 2, "items": items}


def _table(body: Table) -> dict[str, Any]:
    rows = [[text_of(value, column.kind) for value, column in zip(row, body.columns, strict=True)] for row in body.rows]
    totals = body.totals
    foot = []
    if totals is not None:
        foot = [
            "" if one is None else text_of(one, column.kind) for one, column in zip(totals, body.columns, strict=True)
        ]
        if not foot[0]:
            foot[0] = _("Total")
    head = [str(column.label) for column in body.columns]
    return {
        "kind": "table",
        "head": head,
        "right": [column.right for column in body.columns],
        "weights": [_weight(head[at], [row[at] for row in rows]) for at in range(len(head))],
        "rows": rows,
        "foot": foot,
        "empty": str(body.empty) or _("Nothing on record."),
    }


def _weight(head: str, values: list[str]) -> int:
    """How wide a column wants to be beside the others: the widest value, a Chinese character counting twice."""
    widest = max((_width(value) for value in values), default=0)
    return min(max(widest, _width(head) * 2 // 3, NARROWEST), WIDEST)


def _width(text: str) -> int:
    return sum(2 if ord(char) > FIRST_WIDE else 1 for char in text)


def _trace(body: TraceSheet) -> dict[str, Any]:
    lines = [
        {
            "label": line["label"],
            "value": f"{line['value']} {line['unit']}".strip(),
            "how": [text for text in (line["formula"], _equation(line)) if text],
            "rows": [f"{row['numbers']} = {row['value']}" for row in line.get("rows", ())][:LONGEST_INDEX],
            "why": [*line["law"], *line["parameters"], *([line["rounding"]] if line["rounding"] else [])],
        }
        for line in trace_lines(body.trace)
    ]
    total = "" if body.total_fen is None else f"¥ {yuan(body.total_fen)}"
    return {"kind": "trace", "lines": lines, "total": total, "total_label": str(body.total_label)}


def _equation(line: dict[str, Any]) -> str:
    if line.get("rows") or not line["numbers"] or line["numbers"] == line["formula"]:
        return ""
    return f"= {line['numbers']}"


def _prose(body: Prose) -> dict[str, Any]:
    return {"kind": "prose", "addressee": body.addressee, "paragraphs": [text.strip() for text in body.paragraphs]}


_WRITERS: dict[type[Body], Any] = {Facts: _facts, Table: _table, TraceSheet: _trace, Prose: _prose}
