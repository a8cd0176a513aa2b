"""Errors of legal time, each with a Chinese and an English sentence."""

from __future__ import annotations


class TimeError(ValueError):
    """A date, month or limit cannot be computed; `text` gives the sentence in the reader's language."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.zh, self.en = zh, en

    def text(self, language: str = "en") -> str:
        """The sentence in Chinese for zh…, else in English."""
        return self.zh if language.lower().startswith("zh") else self.en


class MissingCalendar(TimeError):
    """No State Council calendar is loaded for a year; weekends are never assumed."""

    def __init__(self, year: int):
        self.year = year
        super().__init__(
            f"没有{year}年的工作日历：请在国务院公布放假安排后录入，系统不会按周末推算",
            f"there is no working-day calendar for {year}: load it once the State Council publishes it; "
            "weekends are not assumed",
        )
