"""A month is typed in one way everywhere; an item takes it as a number or as the text."""

import pytest
from django.core.exceptions import ValidationError

from dashebao.kernel.catalogue.api import MonthField, MonthTextField


@pytest.mark.parametrize(("typed", "number", "text"), [("2026-11", 202611, "2026-11"), ("", None, "")])
def test_a_month_as_number_and_as_text(typed, number, text):
    assert MonthField(required=False).clean(typed) == number
    assert MonthTextField(required=False).clean(typed) == text


@pytest.mark.parametrize("typed", ["2026-13", "202611", "1826-11", "20２６-11", "soon"])
def test_what_is_no_month_is_refused(typed):
    for field in (MonthField(), MonthTextField()):
        with pytest.raises(ValidationError):
            field.clean(typed)
