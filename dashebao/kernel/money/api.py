"""Money in whole fen: text to fen and back, half-up rounding, Chinese capital amounts."""

from __future__ import annotations

import re
from fractions import Fraction

_YUAN = re.compile(r"([+-]?)(\d{1,16})(?:\.(\d{1,2}))?$")
_GROUPED = re.compile(r"[+-]?\d{1,3}([,，]\d{3})+(\.\d{1,2})?$")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL = ("", "拾", "佰", "仟")
_LARGE = ("", "万", "亿", "兆")


class MoneyError(ValueError):
    """Text that is not an amount of money; `text` gives the sentence in the reader's language."""

    def __init__(self, given: object):
        self.zh = f"“{given}”不是金额：请写成元，最多两位小数，例如 1234.50"
        self.en = f"{given!r} is not an amount: write yuan with at most two decimals, e.g. 1234.50"
        super().__init__(self.en)

    def text(self, language: str = "en") -> str:
        """The sentence in Chinese for zh…, else in English."""
        return self.zh if language.lower().startswith("zh") else self.en


def parse_yuan(text: str | int) -> int:
    """Yuan as text ("1,234.5", "1234.50", "¥12") or whole yuan to fen; MoneyError for anything else."""
    if isinstance(text, bool) or not isinstance(text, (str, int)):
        raise MoneyError(text)
    given = str(text).strip().lstrip("¥￥").strip()
    if _GROUPED.match(given):
        given = given.replace(",", "").replace("，", "")
    found = _YUAN.match(given)
    if not found:
        raise MoneyError(text)
    fen = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -fen if found[1] == "-" else fen


def format_yuan(fen: int, *, grouped: bool = False) -> str:
    """Fen as yuan with two decimals: 123450 -> "1234.50", grouped "1,234.50"."""
    sign, size = ("-" if fen < 0 else ""), abs(fen)
    yuan = f"{size // 100:,}" if grouped else str(size // 100)
    return f"{sign}{yuan}.{size % 100:02d}"


def half_up(amount: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    size = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return size if amount >= 0 else -size


def capital_yuan(fen: int) -> str:
    """An amount in Chinese capitals for papers: 123450 -> 壹仟贰佰叁拾肆元伍角整."""
    sign, size = ("负" if fen < 0 else ""), abs(fen)
    yuan, jiao, cent = size // 100, size // 10 % 10, size % 10
    out = _capital_whole(yuan) + "元" if yuan else ""
    if jiao:
        out += _DIGITS[jiao] + "角"
    elif cent and yuan:
        out += "零"
    if cent:
        return sign + out + _DIGITS[cent] + "分"
    return sign + (out or "零元") + "整"


def _capital_whole(number: int) -> str:
    out, gap = "", False
    digits = str(number)
    for place, digit in enumerate(map(int, digits)):
        power = len(digits) - 1 - place
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + _SMALL[power % 4]
            gap = False
        else:
            gap = True
        if power % 4 == 0 and power and (number // 10**power) % 10_000:
            out += _LARGE[power // 4]
    return out


__all__ = ["MoneyError", "capital_yuan", "format_yuan", "half_up", "parse_yuan"]
