"""Inputs of forms that a browser draws with a picker of its own, and the fields of months."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dashebao.kernel.legal_time.api import month_number, month_text

MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")


class DayInput(forms.DateInput):
    """The browser's day picker; a value is always shown as yyyy-mm-dd, the only form browsers take, in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MonthInput(forms.DateInput):
    """The browser's month picker; a value is always shown as yyyy-mm."""

    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m")


class MonthField(forms.CharField):
    """A month written yyyy-mm; its cleaned value is the number yyyymm (None if left empty)."""

    widget = MonthInput

    def clean(self, value: Any) -> Any:
        """The month as yyyymm; ValidationError for anything else."""
        text = str(super().clean(value)).strip()[:7]
        if not text:
            return None
        if not MONTH.fullmatch(text):
            raise forms.ValidationError(_("Write the month as year-month, for example 2026-11."))
        return month_number(text)


class MonthTextField(MonthField):
    """The same field, cleaned to the text yyyy-mm itself ("" if left empty)."""

    def clean(self, value: Any) -> str:
        """The month as yyyy-mm; ValidationError for anything else."""
        month = super().clean(value)
        return month_text(month) if month else ""
