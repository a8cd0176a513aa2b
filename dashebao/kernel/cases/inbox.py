"""Letters by their receiver, across cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashebao.kernel.cases.models import CaseLetter
from dashebao.kernel.cases.queries import known_item
from dashebao.kernel.cases.states import LetterKind


@dataclass(frozen=True)
class LetterLine:
    """One letter of one case, as a list shows it."""

    letter_id: int
    case_no: str
    item_label: str
    label: str
    number: str
    issued_at: datetime


class UnitLetters(Sequence[LetterLine]):
    """A unit's letters, newest first, read slice by slice with one query each; never counted."""

    def __init__(self, unit_id: int) -> None:
        self.unit_id = unit_id

    def __len__(self) -> int:
        raise TypeError("the list is read page by page")

    def __getitem__(self, part: Any) -> Any:
        rows = CaseLetter.objects.filter(case__unit_id=self.unit_id).select_related("case").order_by("-id")[part]
        return [_line(row) for row in rows]


def letters_of_unit(unit_id: int) -> UnitLetters:
    """The letters sent in a unit's cases."""
    return UnitLetters(unit_id)


def _line(row: CaseLetter) -> LetterLine:
    found = known_item(row.case.item_code)
    return LetterLine(
        letter_id=row.pk,
        case_no=row.case.case_no,
        item_label=found.label if found is not None else row.case.item_code,
        label=str(LetterKind(row.kind).label),
        number=row.number,
        issued_at=row.issued_at,
    )
