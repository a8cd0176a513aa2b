"""Checks of a declaration's rows against the staff list and the limits of each scheme."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashebao.business.levy.queries.enrolments import StaffRow, registration_of, staff_of
from dashebao.business.levy.rates import rates_of
from dashebao.business.levy.schemes import BY_CODE
from dashebao.business.levy.workbooks import SheetRow
from dashebao.kernel.secrecy.api import Family, digests


@dataclass(frozen=True)
class DeclaredRow:
    """One row of a declaration; a refused row has a `problem` code and perhaps no person or wage."""

    row_no: int
    id_number: str
    name: str = ""
    person_id: int | None = None
    wage_fen: int | None = None
    problem: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckedRows:
    """The rows with what is wrong; and who of the staff is not among them (their wage stays as it is)."""

    rows: tuple[DeclaredRow, ...]
    left_out: tuple[StaffRow, ...]

    @property
    def ready(self) -> tuple[DeclaredRow, ...]:
        """The rows that may be submitted."""
        return tuple(row for row in self.rows if not row.problem)

    @property
    def refused(self) -> tuple[DeclaredRow, ...]:
        """The rows that must be corrected."""
        return tuple(row for row in self.rows if row.problem)


def check_rows(unit_id: int, month: int, rows: Sequence[SheetRow]) -> CheckedRows:
    """Compare rows with the unit's staff of the month: unknown, twice, another name, below or above limits.

    A wage outside a scheme's limits is not refused: the base is held at the limit and the row carries a notice such
    as "110 floor".
    """
    staff = {row.digest: row for row in staff_of(unit_id, month)}
    registration = registration_of(unit_id)
    limits = _limits(registration.region_code, month) if registration else {}
    seen: set[str] = set()
    checked = []
    for row, digest in zip(rows, digests(Family.IDENTITY, [row.id_number for row in rows]), strict=True):
        checked.append(_checked(row, staff.get(digest), digest in seen, limits))
        seen.add(digest)
    left_out = tuple(row for digest, row in staff.items() if digest not in seen)
    return CheckedRows(tuple(checked), left_out)


def notices_for(
    wage_fen: int, schemes: Sequence[str], limits: dict[str, tuple[int | None, int | None]]
) -> tuple[str, ...]:
    """Where a wage is outside the limits: "110 floor" or "110 cap" for each scheme the person is in."""
    out = []
    for code in schemes:
        floor, cap = limits.get(code, (None, None))
        if floor is not None and wage_fen < floor:
            out.append(f"{code} floor")
        elif cap is not None and wage_fen > cap:
            out.append(f"{code} cap")
    return tuple(out)


def _checked(
    row: SheetRow, person: StaffRow | None, seen: bool, limits: dict[str, tuple[int | None, int | None]]
) -> DeclaredRow:
    problem = row.problem
    if not problem and person is None:
        problem = "unknown_person"
    elif not problem and seen:
        problem = "duplicate"
    elif not problem and person and row.name and row.name != person.name:
        problem = "name_differs"
    notices: tuple[str, ...] = ()
    if not problem and person and row.wage_fen is not None:
        notices = notices_for(row.wage_fen, person.schemes, limits)
    return DeclaredRow(
        row_no=row.row_no,
        id_number=row.id_number,
        name=row.name or (person.name if person else ""),
        person_id=person.person_id if person else None,
        wage_fen=row.wage_fen,
        problem=problem,
        notices=notices,
    )


def _limits(region_code: str, month: int) -> dict[str, tuple[int | None, int | None]]:
    terms = rates_of(region_code, month).terms
    out: dict[str, tuple[int | None, int | None]] = {}
    for code in BY_CODE:
        floor, cap = terms[code].floor_fen, terms[code].cap_fen
        out[code] = (
            floor if isinstance(floor, int) else None,
            cap if isinstance(cap, int) else None,
        )
    return out
