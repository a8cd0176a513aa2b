"""Citizen numbers (GB 11643), unit codes (GB 32100) and organisation codes (GB 11714), checked with their reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric, uscc

from dashebao.kernel.codes.errors import CodeError

RESIDENT_CARD, HONG_KONG_MACAO, TAIWAN, FOREIGNER = "resident", "hong_kong_macao", "taiwan", "foreigner"
_PERMITS = {"810000": HONG_KONG_MACAO, "820000": HONG_KONG_MACAO, "830000": TAIWAN}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class ResidentFacts:
    """What a citizen number says: the number in 18 characters, kind of card, division, birth and sex."""

    number: str
    kind: str
    region_code: str
    birth_on: date
    sex: str


def resident_check_digit(first_17: str) -> str:
    """The check character of GB 11643 for the first 17 digits."""
    return str(ric.calc_check_digit(first_17 + "0"))  # the library leaves the last character out


def resident_id_18(number: str) -> str:
    """A citizen number in 18 characters: trimmed, x as X, an old 15-digit number with 19 and its check character."""
    text = re.sub(r"[\s-]", "", number).upper()
    if re.fullmatch(r"\d{15}", text):
        first = text[:6] + "19" + text[6:]
        return first + resident_check_digit(first)
    return text


def check_resident_id(number: str, today: date | None = None) -> str:
    """The number in 18 characters if it is right, else CodeError saying which part is wrong."""
    return resident_id_facts(number, today).number


def resident_id_facts(number: str, today: date | None = None) -> ResidentFacts:
    """Read a citizen number, a HK/Macao/Taiwan residence permit (81, 82, 83) or a foreigner's card (9…).

    Reasons: length, characters, birth, future, check_digit. The division may be a historical one.
    """
    text = resident_id_18(number)
    if len(text) != 18:
        raise CodeError(
            "length", "证件号码应为18位（或旧15位），请核对", "the number must have 18 characters (or the old 15)"
        )
    if not re.fullmatch(r"\d{17}[\dX]", text):
        raise CodeError(
            "characters",
            "证件号码只能是数字，末位可为X",
            "the number may hold digits only, and X as the last character",
        )
    birth = _birth(text[6:14])
    if birth > (today or date.max):
        raise CodeError("future", "证件号码中的出生日期晚于今天", "the date of birth in the number lies in the future")
    wanted = resident_check_digit(text[:17])
    if text[17] != wanted:
        raise CodeError(
            "check_digit", "证件号码校验位不符，请逐位核对", "the check character does not fit: compare every digit"
        )
    kind = _PERMITS.get(text[:6], FOREIGNER if text[0] == "9" else RESIDENT_CARD)
    return ResidentFacts(text, kind, text[:6], birth, "1" if int(text[16]) % 2 else "2")


def _birth(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError as error:
        raise CodeError(
            "birth", "证件号码中的出生日期不存在", "the date of birth in the number does not exist"
        ) from error


def make_resident_id(region_code: str, birth_on: date, sequence: int) -> str:
    """A number that is right in form, for invented people: odd sequence male, even female."""
    first = f"{region_code}{birth_on:%Y%m%d}{sequence:03d}"
    return first + resident_check_digit(first)


def check_uscc(code: str) -> str:
    """A unified social credit code in capitals if it is right, else CodeError saying which part is wrong.

    Reasons: length, characters, organisation, check_digit.
    """
    text = re.sub(r"[\s-]", "", code).upper()
    if len(text) != 18:
        raise CodeError(
            "length", "统一社会信用代码应为18位，请核对", "the unified social credit code must have 18 characters"
        )
    if set(text) - set(_USCC_ALPHABET) or not text[2:8].isdigit():
        raise CodeError(
            "characters",
            "统一社会信用代码含有不允许的字符（不使用I、O、S、V、Z）",
            "the code holds characters that are not allowed (I, O, S, V and Z are not used)",
        )
    if text[17] != uscc.calc_check_digit(text[:17]):
        raise CodeError(
            "check_digit",
            "统一社会信用代码校验位不符，请逐位核对",
            "the check character does not fit: compare every character",
        )
    return text


def organisation_check_digit(first_8: str) -> str:
    """The check character of GB 11714: 10 is X, 11 is 0."""
    left = 11 - sum(w * _ORG_ALPHABET.index(c) for w, c in zip(_ORG_WEIGHTS, first_8, strict=True)) % 11
    return {10: "X", 11: "0"}.get(left, str(left))


def make_uscc(authority_kind: str, region_code: str, organisation_8: str) -> str:
    """A code that is right in form: two leading characters, division, eight characters of the organisation code."""
    first = f"{authority_kind}{region_code}{organisation_8}{organisation_check_digit(organisation_8)}"
    return first + str(uscc.calc_check_digit(first))


def masked(number: str) -> str:
    """A number for lists: the first three and last two characters, the rest as stars."""
    return number[:3] + "*" * max(0, len(number) - 5) + number[-2:] if len(number) > 5 else "*" * len(number)
