"""Refusals of the administration, in words for the officer."""

from django.utils.translation import get_language


class AdministrationRefused(Exception):
    """An act is refused; the text says what is wrong and what to do."""


def told(error: Exception) -> AdministrationRefused:
    """A kernel's error, which has a sentence in each language, as a refusal in the reader's."""
    text = getattr(error, "text", None)
    return AdministrationRefused(text(get_language() or "zh") if text else str(error))
