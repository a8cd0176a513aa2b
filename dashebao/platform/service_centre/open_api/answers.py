"""The JSON of an application, derived from the item's own form, and back: JSON in, raw answers of the form out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import Promise
from django.utils.translation import override
from pydantic import BaseModel, ConfigDict, Field, create_model

from dashebao.kernel.catalogue.api import ROWS, ServiceItem
from dashebao.kernel.money.api import format_yuan

MONTH = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOST_FEN = 100_000_000_000
MOST_ROWS = 500
LONGEST = 2000
WORDS: dict[str, Promise] = {}  # English labels of fields -> the lazily translated ones


class Strict(BaseModel):
    """Base of everything a program sends: exact types, nothing undeclared."""

    model_config = ConfigDict(strict=True, extra="forbid")


def name_of(found: ServiceItem, part: str) -> str:
    """The name of a schema of an item: SI-103 -> SI103Answers."""
    return re.sub(r"[^A-Za-z0-9]", "", found.code) + part


def answers_model(found: ServiceItem) -> type[Strict]:
    """The answers to an item's questions; required as the form requires them."""
    return _model(name_of(found, "Answers"), found.Form(), partial=False)


def changes_model(found: ServiceItem) -> type[Strict]:
    """The same answers, each of which may be left out: what a correction changes."""
    return _model(name_of(found, "Changes"), found.Form(), partial=True)


def row_model(found: ServiceItem) -> type[Strict] | None:
    """One row of the item's roster, or None if it has none."""
    return _model(name_of(found, "Row"), found.Row(), partial=False) if found.Row is not None else None


def _model(name: str, form: forms.BaseForm, *, partial: bool) -> type[Strict]:
    with override("en"):
        declared = {key: _field(key, field, partial) for key, field in form.fields.items()}
    return create_model(name, __base__=Strict, **declared)  # type: ignore[call-overload,no-any-return]


def _field(name: str, field: forms.Field, partial: bool) -> Any:
    kind, more = _kind(name, field)
    label = _worded(field.label) or name.replace("_", " ").capitalize()
    shown = {"title": label, "description": _worded(field.help_text) or None, **more}
    if field.required and not partial:
        return Annotated[kind, Field(**shown)], ...
    return Annotated[Annotated[kind, Field(**_limits(more))] | None, Field(**_words(shown))], None


def _limits(more: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in more.items() if key != "json_schema_extra"}


def _words(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key in ("title", "description", "json_schema_extra")}


def _worded(text: Any) -> str:
    """A label in English, remembered so that the documentation can say it in the reader's language."""
    if isinstance(text, Promise) and str(text):
        WORDS[str(text)] = text
    return str(text or "")


def _kind(name: str, field: forms.Field) -> tuple[Any, dict[str, Any]]:
    """The JSON type of a form's field and its limits; what JSON cannot say is left to the form."""
    if name.endswith("_fen"):
        return int, {"ge": 0, "le": MOST_FEN}
    if isinstance(field, forms.NullBooleanField | forms.BooleanField):
        return (Literal[True] if field.required else bool), {}
    if isinstance(field, forms.ModelChoiceField):
        return str, {"max_length": 60}
    if isinstance(field, forms.ChoiceField):
        return _choice(field)
    if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField | forms.FloatField):
        return int, {"ge": _bound(field.min_value, -(2**31)), "le": _bound(field.max_value, 2**31 - 1)}
    if isinstance(field, forms.DateField):
        return str, {"pattern": DAY, "json_schema_extra": {"format": "date"}}
    if getattr(field.widget, "input_type", "") == "month":
        return str, {"pattern": MONTH, "json_schema_extra": {"examples": ["2026-12"]}}
    limits: dict[str, Any] = {"max_length": min(getattr(field, "max_length", None) or LONGEST, LONGEST)}
    if field.required:
        limits["min_length"] = max(1, getattr(field, "min_length", None) or 1)
    return str, limits


def _bound(value: Any, other: int) -> int:
    found = value() if callable(value) else value
    return other if found is None else int(found)


def _choice(field: forms.ChoiceField) -> tuple[Any, dict[str, Any]]:
    if isinstance(field.choices, CallableChoiceIterator):  # told by the database, not by the declaration
        one: Any = Annotated[str, Field(max_length=60)]
        labels: dict[str, str] = {}
    else:
        labels = {str(key): _worded(label) for key, label in _flat(field.choices) if str(key)}
        one = Literal[tuple(labels)] if labels else Annotated[str, Field(max_length=60)]
    if isinstance(field, forms.MultipleChoiceField | forms.TypedMultipleChoiceField):
        return list[one], {"max_length": 50, "json_schema_extra": {"x-labels": labels}}  # type: ignore[valid-type]
    return one, {"json_schema_extra": {"x-labels": labels}}


def _flat(choices: Any) -> Any:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def raw_answers(answers: BaseModel | None, rows: list[Any] | None = None) -> dict[str, Any]:
    """Raw answers as the case machine takes them: money in yuan as the form reads it, what is left out left out."""
    found = _raw(answers) if answers is not None else {}
    if rows is not None:
        found[ROWS] = [_raw(row) for row in rows]
    return found


def _raw(model: BaseModel) -> dict[str, Any]:
    values = model.model_dump(exclude_none=True)
    return {name: format_yuan(value) if name.endswith("_fen") else value for name, value in values.items()}
