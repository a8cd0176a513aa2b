"""Pure rules of the registry: what a number says of its holder, checks of whole columns, scores of likeness."""

from collections.abc import Sequence

import numpy as np

from dashebao.kernel.codes.api import ResidentFacts, resident_check_digit, resident_id_18, resident_id_facts

ID_NUMBER_LENGTH = 18
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)  # GB 11643
CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)

# Scores of likeness: an officer looks from LOOK_AT on, and nothing is ever merged by the machine.
SAME_NUMBER, NEAR_NUMBER, SAME_NAME_AND_BIRTH = 100, 80, 60
SAME_MOBILE, SAME_REGION, SAME_SEX = 20, 10, 5
LOOK_AT = 60


def normal_id_number(text: str) -> str:
    """A citizen's number as 18 characters: blanks removed, x as X, an old 15-digit number made longer (GB 11643)."""
    return resident_id_18(text)


def id_facts(id_number: str) -> ResidentFacts:
    """Division, birth and sex in a citizen's number; CodeError with the reason where the number is wrong."""
    return resident_id_facts(id_number)


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
    return np.asarray(days + ((months == 2) & leap))


def near_id_numbers(id_number: str) -> list[str]:
    """All numbers whose first 17 digits differ from a citizen's number in exactly one place.

    The check character catches a single wrong digit, so a slip that got in was made before it was computed: the
    candidates carry their own right check character.
    """
    out = []
    for place, old in enumerate(id_number[:17]):
        for new in "0123456789":
            if new != old:
                digits = f"{id_number[:place]}{new}{id_number[place + 1 : 17]}"
                out.append(digits + resident_check_digit(digits))
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
