"""Months as the open interface writes them: 2026-11."""

from typing import Annotated

from pydantic import Field

MonthText = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"])]


def month_text(month: int | None) -> str | None:
    """yyyymm as yyyy-mm; None for no month."""
    return f"{month // 100}-{month % 100:02d}" if month else None


def month_number(text: str | None, default: int) -> int:
    """yyyy-mm as yyyymm; the default for nothing."""
    return int(text[:4]) * 100 + int(text[5:7]) if text else default
