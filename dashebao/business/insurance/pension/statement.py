"""The yearly statement of rights: bases by month, months paid, the account from opening to closing (权益记录单)."""

from dataclasses import dataclass

from dashebao.business.insurance.common.api import PARTS, Balances, interest_credited, parts_at_year_end
from dashebao.business.insurance.pension.queries import career_of
from dashebao.business.levy.api import paid_months
from dashebao.kernel.registry.api import person


@dataclass(frozen=True)
class MonthPaid:
    """A month with the base it was paid on (fen)."""

    month: int
    base_fen: int


@dataclass(frozen=True)
class Statement:
    """One person's pension insurance in one year."""

    person_id: int
    year: int
    months: tuple[MonthPaid, ...]
    opening: Balances
    closing: Balances
    interest_fen: int
    total_months: int

    @property
    def credited_fen(self) -> int:
        """What came in (less what went out), without interest."""
        return self.closing.total - self.opening.total - self.interest_fen

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """Part, opening, closing."""
        return [(part, getattr(self.opening, part), getattr(self.closing, part)) for part in PARTS]


def statement(person_id: int, year: int) -> Statement:
    """The statement of a year; for the running year the closing is today's balance (社会保险法 art. 74)."""
    human = person(person_id)
    rows = paid_months([human.id], year * 100 + 1, year * 100 + 12)
    months = tuple(MonthPaid(int(month), int(base)) for month, base in zip(rows.month, rows.base_fen, strict=True))
    opening, closing = parts_at_year_end(human.id, human.region_code, year)
    return Statement(
        person_id=human.id,
        year=year,
        months=months,
        opening=opening,
        closing=closing,
        interest_fen=interest_credited(human.id, year),
        total_months=career_of(human.id).months,
    )
