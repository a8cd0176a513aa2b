"""Errors of codes and numbers, each with a Chinese and an English sentence that says what to do."""

from __future__ import annotations

from datetime import date


class CodeError(ValueError):
    """A code or an identifying number is wrong; `reason` is a short key, `text` the sentence."""

    def __init__(self, reason: str, zh: str, en: str):
        super().__init__(en)
        self.reason, self.zh, self.en = reason, zh, en

    def text(self, language: str = "en") -> str:
        """The sentence in Chinese for zh…, else in English."""
        return self.zh if language.lower().startswith("zh") else self.en


class UnknownCode(CodeError):
    """A table does not hold that value (on that day)."""

    def __init__(self, zh: str, en: str, code: str, on: date | None):
        day_zh, day_en = (f"（{on}）", f" on {on}") if on else ("", "")
        super().__init__("unknown", f"{zh}中没有代码“{code}”{day_zh}", f"{en}: there is no code {code!r}{day_en}")
