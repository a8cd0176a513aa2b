"""An act, its articles, and how a citation is written in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_DIGITS = "零一二三四五六七八九"
_REGISTER: dict[str, Act] = {}


class UnknownAct(KeyError):
    """No act is registered under that code."""


def chinese_number(number: int) -> str:
    """1 to 9999 in Chinese as articles are numbered: 16 -> 十六, 105 -> 一百零五."""
    if not 0 < number < 10_000:
        raise ValueError(f"{number} is not between 1 and 9999")
    out, pending = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if pending and out else "") + _DIGITS[digit] + unit
            pending = False
        elif out:
            pending = True
    return out[1:] if out.startswith("一十") else out


def _english_part(number: str) -> str:
    """ ", art. 16" for 16 and 第十六条; the usual parts of notices in English words."""
    if number.isdigit():
        return f", art. {number}"
    named = {"全文": "", "附件": ", annex", "附表": ", annexed table", "年度公布": ", yearly figure"}
    if number in named:
        return named[number]
    found = next((n for n in range(1, 200) if number == f"第{chinese_number(n)}条"), None)
    return f", art. {found}" if found else f", {number}"


@dataclass(frozen=True, order=True)
class Article:
    """One article of an act, with paragraph and item if the citation is that close; printed in Chinese."""

    act: Act
    number: str
    paragraph: int = 0
    item: int = 0

    def __str__(self) -> str:
        return self.citation("zh")

    def citation(self, language: str = "zh") -> str:
        """《社会保险法》第十六条第二款第（一）项 or "Social Insurance Law, art. 16(2)(1)"."""
        if not language.lower().startswith("zh"):
            deeper = "".join(f"({part})" for part in (self.paragraph, self.item) if part)
            return f"{self.act.title_en}{_english_part(self.number)}{deeper}"
        head = f"第{chinese_number(int(self.number))}条" if self.number.isdigit() else self.number
        paragraph = f"第{chinese_number(self.paragraph)}款" if self.paragraph else ""
        item = f"第（{chinese_number(self.item)}）项" if self.item else ""
        return f"《{self.act.title}》{head}{paragraph}{item}"


@dataclass(frozen=True, order=True)
class Act:
    """A law, regulation or notice: titles, document number, and the days it is in force (until: first day not)."""

    code: str
    title: str
    title_en: str
    number: str
    in_force: date
    until: date | None = None
    articles: int = 0

    def __getitem__(self, article: int | str | tuple[int, ...]) -> Article:
        """`ACT[16]`, `ACT[14, 1, 3]` (paragraph 1 item 3), or `ACT["第六条"]` for notices in parts."""
        parts = article if isinstance(article, tuple) else (article,)
        number, paragraph, item = (*parts, 0, 0)[:3]
        if isinstance(number, int) and (number < 1 or (self.articles and number > self.articles)):
            raise KeyError(f"{self.title} has no article {number}")
        return Article(self, str(number), int(paragraph), int(item))

    def is_in_force(self, on: date) -> bool:
        """Whether the act binds on a day."""
        return self.in_force <= on and (self.until is None or on < self.until)

    def __str__(self) -> str:
        return f"《{self.title}》（{self.number}）" if self.number else f"《{self.title}》"

    def citation(self, language: str = "zh") -> str:
        """The act as a whole."""
        return str(self) if language.lower().startswith("zh") else f"{self.title_en} ({self.number})"


def register(*acts: Act) -> None:
    """Add acts to the register; a code can be given once."""
    for act in acts:
        if _REGISTER.setdefault(act.code, act) != act:
            raise ValueError(f"the act code {act.code} is taken")


def act(code: str) -> Act:
    """The act with that code; UnknownAct if there is none."""
    if code not in _REGISTER:
        raise UnknownAct(code)
    return _REGISTER[code]


def acts() -> list[Act]:
    """Every registered act, by code."""
    return [_REGISTER[code] for code in sorted(_REGISTER)]
