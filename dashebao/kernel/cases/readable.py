"""Answers in readable words, and what an item's rules say of a case today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dashebao.kernel.cases.models import Case
from dashebao.kernel.cases.rows import active_parties
from dashebao.kernel.cases.values import AnswerView, Assessment
from dashebao.kernel.catalogue.api import ROWS, Applicant, ApplicantKind, Party, PartyRole, ServiceItem
from dashebao.kernel.records.api import reading_once

HIDDEN = "••••••"


def assess(case: Case, found: ServiceItem) -> Assessment:
    """Checks, refusals and the trace of the amount as of today; computed, not stored."""
    applicant = Applicant(
        ApplicantKind(case.applicant_kind),
        case.applicant_id,
        case.applicant_name,
        case.region_code,
        tuple(
            Party(row.name, row.person_id or 0, row.unit_id or 0, PartyRole(row.role)) for row in active_parties(case)
        ),
    )
    answers = found.clean(case.answers)
    with reading_once():
        checks, refusals = tuple(found.checks(applicant, answers)), tuple(found.refusals(applicant, answers))
        trace = found.calculation(applicant, answers) if not refusals else None
    return Assessment(checks, refusals, trace)


def answers_shown(
    found: ServiceItem, answers: Mapping[str, Any], blind: frozenset[str] = frozenset()
) -> tuple[tuple[AnswerView, ...], tuple[tuple[AnswerView, ...], ...]]:
    """The answers, and the roster's rows, as labels and readable values in the order of the form; `blind` ones hidden."""
    secret = {answers.get(name) for name in blind if isinstance(answers.get(name), str)} - {""}
    hidden = blind | {name for name, value in answers.items() if isinstance(value, str) and value in secret}
    shown = fields_shown(found.Form(), answers)
    main = tuple(AnswerView(one.name, one.label, HIDDEN, True) if one.name in hidden else one for one in shown)
    rows: tuple[tuple[AnswerView, ...], ...] = ()
    if found.Row is not None:
        form = found.Row()
        rows = tuple(tuple(fields_shown(form, row)) for row in answers.get(ROWS) or [])
    return main, rows


def fields_shown(form: forms.Form, answers: Mapping[str, Any]) -> Iterable[AnswerView]:
    """Label and readable value of each field of a form."""
    for name, field in form.fields.items():
        yield AnswerView(name, str(form[name].label), _readable(field, answers.get(name)))


def _readable(field: forms.Field, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value in (True, "true", "True", "on", "1") else _("No")
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    if isinstance(field, forms.ChoiceField):
        words = {str(key): str(word) for key, word in _flat(field.choices)}
        values = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in values)
    if isinstance(field, forms.DateField):
        try:
            day = field.to_python(value)
            return date_format(day, "DATE_FORMAT") if day is not None else "—"
        except forms.ValidationError:
            return str(value)
    return str(value)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for key, words in choices:
        if isinstance(words, list | tuple):
            yield from words
        else:
            yield key, words
