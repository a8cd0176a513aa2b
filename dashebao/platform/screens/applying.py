"""Drawing and reading the application of any service item: questions, roster and papers, from its declaration alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import Paper
from dashebao.kernel.catalogue.api import ROWS, Material, ServiceItem

TOTAL = "rows-total"
PAPER_BYTES = 5 * 1024 * 1024
BEGINNINGS = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
MOST_ROWS = 500
LONGEST_KEY = 80


def new_key() -> str:
    """The key of one form shown: sending it twice makes one case."""
    return secrets.token_urlsafe(18)


@dataclass(frozen=True)
class PaperField:
    """One paper an applicant may hand in here."""

    name: str
    material: Material
    error: str = ""


class Questions:
    """The form of an item, empty or filled; `answers` are raw values by field name, as the case machine takes them."""

    def __init__(
        self, item: ServiceItem, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.item = item
        self.data = data
        given = dict(initial or {})
        self.form: forms.Form = item.Form(data) if data is not None else item.Form(initial=given)
        self.rows: list[forms.Form] = []
        self.blank: forms.Form | None = None
        if item.Row is not None:
            self.blank = item.Row(prefix="row-__n__")
            self.rows = self._rows(item.Row, given.get(ROWS) or [])

    def _rows(self, row: type[forms.Form], given: list[Any]) -> list[forms.Form]:
        if self.data is None:
            filled = given or [{}] * max(1, self.item.min_rows)
            return [row(prefix=f"row-{number}", initial=values) for number, values in enumerate(filled)]
        text = self.data.get(TOTAL, "0")
        total = min(int(text), MOST_ROWS) if text.isdecimal() else 0
        numbers = [n for n in range(total) if any(key.startswith(f"row-{n}-") for key in self.data)]
        return [row(self.data, prefix=f"row-{number}") for number in numbers]

    @property
    def total(self) -> int:
        """How many row numbers are used up, for the next row added in the browser."""
        return max((int(str(row.prefix).split("-")[1]) + 1 for row in self.rows), default=0)

    def is_valid(self) -> bool:
        """Whether every answer and row fits; too few rows count as an error of the form."""
        fits = self.form.is_valid()
        wrong = sum(not row.is_valid() for row in self.rows)
        fits = fits and not wrong
        if self.item.Row is not None and len(self.rows) < self.item.min_rows:
            self.form.add_error(None, _("Add at least %(number)d rows.") % {"number": self.item.min_rows})
            return False
        return fits

    @property
    def answers(self) -> dict[str, Any]:
        """The raw answers as sent."""
        found = _raw(self.form)
        if self.item.Row is not None:
            found[ROWS] = [_raw(row) for row in self.rows]
        return found

    def take_errors(self, errors: Mapping[str, list[str]]) -> None:
        """Show errors found by the case machine beside their fields ("rows.2.wage" counts rows from 1)."""
        for name, messages in errors.items():
            target, field = self.form, name
            if name.startswith(f"{ROWS}."):
                _rows, number, field = name.split(".", 2)
                if int(number) <= len(self.rows):
                    target = self.rows[int(number) - 1]
            for message in messages:
                target.add_error(field if field in target.fields else None, message)


def _raw(form: forms.Form) -> dict[str, Any]:
    found = {}
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        if value is not None and not isinstance(value, UploadedFile):
            found[name] = value
    return found


def paper_fields(item: ServiceItem) -> list[PaperField]:
    """The papers an applicant brings himself: those the office does not fetch."""
    return [
        PaperField(f"paper-{number}", material)
        for number, material in enumerate(item.materials)
        if not material.fetched_from
    ]


def papers_sent(item: ServiceItem, data: QueryDict, files: Mapping[str, UploadedFile]) -> dict[str, Paper]:
    """Papers handed in with a form: a file, or only the tick that the paper was seen. ValidationError for a bad file."""
    found: dict[str, Paper] = {}
    for field in paper_fields(item):
        file = files.get(field.name)
        if file is not None:
            found[field.material.name] = _paper(file)
        elif data.get(f"{field.name}-seen"):
            found[field.material.name] = Paper()
        elif data.get(f"{field.name}-promised"):
            found[field.material.name] = Paper(promised=True)
    return found


def _paper(file: UploadedFile) -> Paper:
    kind = str(file.content_type or "")
    content = file.read() if kind in BEGINNINGS and (file.size or 0) <= PAPER_BYTES else b""
    if not content or not content.startswith(BEGINNINGS[kind]):
        raise forms.ValidationError(
            _("%(name)s cannot be taken: send a PDF, JPEG or PNG file of at most 5 MB.") % {"name": file.name}
        )
    return Paper(str(file.name), kind, content)
