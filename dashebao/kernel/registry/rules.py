"""Pure rules of the registry: what a number says of its holder, checks of whole columns, scores of likeness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

ID_NUMBER_LENGTH = 18
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)  # GB 11643
CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)

# Scores of likeness: an officer looks from LOOK_AT on, and nothing is ever merged by the machine.
SAME_NUMBER, NEAR_NUMBER, SAME_NAME_AND_BIRTH = 100, 80, 60
SAME_MOBILE, SAME_REGION, SAME_SEX = 20, 10, 5
LOOK_AT = 60


@dataclass(frozen=True)
class IdFacts:
    """What a citizen's number says: division of first registration, birth, sex ("1" male, "2" female)."""

    region_code: str
    birth_on: date
    sex: str


def normal_id_number(text: str) -> str:
    """A citizen's number as 18 characters: blanks removed, x as X, an old 15-digit number made longer (GB 11643)."""
    value = "".join(text.split()).upper()
    if len(value) == 15 and value.isdigit():
        value = f"{value[:6]}19{value[6:]}"
        value += check_character(value)
    return value


def check_character(first_17: str) -> str:
    """The check character of GB 11643 for the first 17 digits."""
    total = sum(int(weight) * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True))
    return chr(CHECK_CHARACTERS[total % 11])


def id_facts(id_number: str) -> IdFacts:
    """The facts in an 18-character number; ValueError where its form, date or check character is wrong."""
    digits = id_number[:17]
    if len(id_number) != ID_NUMBER_LENGTH or not digits.isdigit() or not digits.isascii():
        raise ValueError("a citizen's number has 17 digits and a check character")
    if check_character(digits) != id_number[17]:
        raise ValueError("the check character does not fit")
    birth_on = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    return IdFacts(digits[:6], birth_on, "1" if int(digits[16]) % 2 else "2")


def is_id_number(id_number: str) -> bool:
    """Whether an 18-character citizen's number is right in form, date and check character."""
    try:
        id_facts(id_number)
    except ValueError:
        return False
    return True


def is_credit_code(code: str) -> bool:
    """Whether a unified social credit code is right in form and check character (GB 32100)."""
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True


def wrong_id_numbers(id_numbers: Sequence[str]) -> list[int]:
    """Positions of numbers that break GB 11643 in a column of any length; dates are checked to exist."""
    if not id_numbers:
        return []
    lengths = np.fromiter((len(text) if text.isascii() else 0 for text in id_numbers), np.int64, len(id_numbers))
    fixed = np.array([text if length == 18 else "0" * 18 for text, length in zip(id_numbers, lengths, strict=True)])
    bytes_ = np.char.encode(fixed, "ascii").view(np.uint8).reshape(len(id_numbers), ID_NUMBER_LENGTH)
    digits = bytes_[:, :17].astype(np.int64) - ord("0")
    good = (lengths == ID_NUMBER_LENGTH) & ((digits >= 0) & (digits <= 9)).all(axis=1)
    good &= CHECK_CHARACTERS[(digits @ WEIGHTS) % 11] == bytes_[:, 17]
    months, days = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    years = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    good &= (months >= 1) & (months <= 12) & (days >= 1) & (years >= 1850)
    good[good] &= days[good] <= _days_in_month(years[good], months[good])
    return [int(position) for position in np.flatnonzero(~good)]


def _days_in_month(years: "np.ndarray", months: "np.ndarray") -> "np.ndarray":
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[months - 1]
    leap = ((years % 4 == 0) & (years % 100 != 0)) | (years % 400 == 0)
    return days + ((months == 2) & leap)


def near_id_numbers(id_number: str) -> list[str]:
    """All 18-character texts that differ from a number in exactly one place: what a slip of the pen may have written."""
    out = []
    for place, old in enumerate(id_number):
        signs = "0123456789X" if place == ID_NUMBER_LENGTH - 1 else "0123456789"
        out += [f"{id_number[:place]}{new}{id_number[place + 1 :]}" for new in signs if new != old]
    return out


def likeness(reasons: Sequence[str]) -> int:
    """The score of a pair by its reasons, at most 100."""
    points = {
        "number": SAME_NUMBER,
        "near_number": NEAR_NUMBER,
        "name_birth": SAME_NAME_AND_BIRTH,
        "mobile": SAME_MOBILE,
        "region": SAME_REGION,
        "sex": SAME_SEX,
    }
    return min(100, sum(points[reason] for reason in reasons))
