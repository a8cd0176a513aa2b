"""Errors of the rules package, each with a Chinese and an English sentence."""

from __future__ import annotations


class RulesError(ValueError):
    """A rule could not be found, fed or read; `text` gives the sentence in the reader's language."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.zh, self.en = zh, en

    def text(self, language: str = "en") -> str:
        """The sentence in Chinese for zh…, else in English."""
        return self.zh if language.lower().startswith("zh") else self.en


class ParameterError(RulesError):
    """A parameter file breaks the layout; carries every complaint found."""


class NoParameter(RulesError):
    """No value of a parameter is in force for that region and date."""


class UnknownFormula(RulesError):
    """No formula is registered under that name."""


class BadInput(RulesError):
    """An input of a formula is missing, unknown or not of the right kind."""
