"""The service item: one government service in one declaration, checked when the class is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.kernel.catalogue.declaration import Declaration, official_name
from dashebao.kernel.catalogue.parts import Answers, Applicant, Check, Refusal
from dashebao.kernel.catalogue.steps import Step, StepKind

ROWS = "rows"


class AnswersInvalid(ValidationError):
    """The answers do not fit the form; ``errors`` by field, and rows as ``rows.3.wage``."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(_("Some answers are missing or wrong. Correct the marked fields and send again."))
        self.errors = {name: list(messages) for name, messages in errors.items()}


class ServiceItem(Declaration, abstract=True):
    """A government service. Subclasses declare; the first line of their docstring is the official Chinese name."""

    @property
    def name(self) -> str:
        """The official Chinese name, from the docstring."""
        return official_name(type(self))

    @property
    def label(self) -> str:
        """The name in the reader's language: official Chinese, or the English title."""
        return self.name if (get_language() or "zh").startswith("zh") else str(self.title)

    def step(self, name: str) -> Step:
        """The step with this key; KeyError if the declaration has none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(f"{self.code} has no step {name!r}")

    @property
    def decision_step(self) -> Step:
        """The one step that decides."""
        return next(step for step in self.steps if step.kind is StepKind.DECIDE)

    def clean(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers as Python values by field name, rows under ``"rows"``; raises AnswersInvalid with all errors."""
        errors: dict[str, list[str]] = {}
        cleaned = _clean_form(self.Form(dict(answers)), "", errors)
        if self.Row is not None:
            rows = list(answers.get(ROWS) or [])
            if len(rows) < self.min_rows:
                errors[ROWS] = [_("At least %(number)d rows are needed.") % {"number": self.min_rows}]
            cleaned[ROWS] = [
                _clean_form(self.Row(dict(row)), f"{ROWS}.{number}.", errors) for number, row in enumerate(rows, 1)
            ]
        if errors:
            raise AnswersInvalid(errors)
        return cleaned

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Why the application may not be granted today; nothing if it may."""
        return ()

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What the system looked up for the officer."""
        return ()

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """The trace of the amount as JSON (``Trace.as_json()``), or None if nothing is calculated."""
        return None


def _clean_form(form: forms.Form, prefix: str, errors: dict[str, list[str]]) -> dict[str, Any]:
    if form.is_valid():
        return dict(form.cleaned_data)
    for field, messages in form.errors.items():
        errors[f"{prefix}{field}"] = [str(message) for message in messages]
    return {}
