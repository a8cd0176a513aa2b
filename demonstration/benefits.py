"""Writes the pensions that are being paid already, and leaves each account as it stands after what was drawn."""

import datetime
from dataclasses import dataclass, field

import numpy as np

from dashebao.business.insurance.pension.api import PensionerColumns, load_pensioners
from dashebao.business.insurance.pension.rules import payout_tenths_columns
from dashebao.kernel.rules.api import Law
from demonstration.accounts import Accounts
from demonstration.lives import Ints, Lives, Standing
from demonstration.loading import copy_rows

AT_ONCE = 20_000
CATEGORIES = np.array(["M60", "F55", "F50"])
YEARLY_RISE = 1.03


@dataclass
class Pensioners:
    """The pensioners of scheme 110 (positions), what each draws a month, and the account on the day of the award."""

    lives: Lives
    law: Law
    now: int
    rows: Ints = field(init=False)
    start: Ints = field(init=False)  # month index of the first pension
    payout: Ints = field(init=False)  # payout months x 10
    award_balance: Ints = field(init=False)
    monthly: Ints = field(init=False)  # account part a month, everybody (0 before the award)

    def __post_init__(self) -> None:
        people = len(self.lives.sex)
        self.rows = np.nonzero((self.lives.standing == Standing.PENSIONER) & (self.lives.death == 0))[0]
        self.start = np.zeros(people, dtype=np.int64)
        self.start[self.rows] = self.lives.career_end[self.rows]
        self.payout = np.zeros(people, dtype=np.int64)
        ages = (self.lives.career_end - 1 - self.lives.birth)[self.rows]
        self.payout[self.rows] = payout_tenths_columns(ages, self.law)
        self.award_balance = np.zeros(people, dtype=np.int64)
        self.monthly = np.zeros(people, dtype=np.int64)

    def end_year(self, accounts: Accounts, year: int) -> None:
        """Fix the balance of those who retired in `year` and take out what all of them drew in it."""
        self.retire(accounts, year)
        months = np.clip((year + 1) * 12 - np.maximum(self.start, year * 12), 0, 12)
        accounts.draw(self.monthly, np.where(self.start > 0, months, 0))

    def retire(self, accounts: Accounts, year: int) -> None:
        """Remember balance and monthly account part of those whose pension starts in `year`."""
        self._fix(accounts, self.rows[self.start[self.rows] // 12 == year])

    def retire_in_month(self, accounts: Accounts, month: int) -> None:
        """The same for those whose pension starts in one month (index) of the current year."""
        starting = self.rows[self.start[self.rows] == month]
        self._fix(accounts, starting)

    def _fix(self, accounts: Accounts, starting: Ints) -> None:
        self.award_balance[starting] = accounts.balance()[starting]
        tenths = self.payout[starting]
        self.monthly[starting] = (20 * self.award_balance[starting] + tenths) // (2 * tenths)

    def drawing(self, month: int) -> Ints:
        """What each draws in a month (index), 0 where no pension runs."""
        return np.where((self.start > 0) & (self.start <= month), self.monthly, 0)


def write_pensioners(found: Pensioners, accounts: Accounts, calc_base: dict[int, int], regions: list[str]) -> int:
    """Load the awards through the product's door, which computes the amounts; returns how many."""
    lives, first_run = found.lives, _yyyymm(found.now + 1)
    written = 0
    for low in range(0, len(found.rows), AT_ONCE):
        rows = found.rows[low : low + AT_ONCE]
        months = accounts.months[rows]
        index = np.clip(np.round(accounts.index_sum[rows] / np.maximum(months, 1) * 10_000), 4_000, 30_000).astype(
            np.int64
        )
        base = np.array([calc_base[y] for y in (found.start[rows] - 1) // 12], dtype=np.int64)
        written += load_pensioners(
            PensionerColumns(
                law_on=datetime.date(found.now // 12, 1, 1),
                first_run_month=first_run,
                person_id=(rows + 1).tolist(),
                region_code=[regions[r] for r in rows],
                category=CATEGORIES[lives.category[rows]].tolist(),
                retire_month=[_yyyymm(m - 1) for m in found.start[rows].tolist()],
                start_month=[_yyyymm(m) for m in found.start[rows].tolist()],
                paid_months=months.tolist(),
                average_index_e4=index.tolist(),
                calc_base_fen=base.tolist(),
                balance_fen=found.award_balance[rows].tolist(),
                payout_months_e1=found.payout[rows].tolist(),
                increases_fen=_increases(found, rows, base, index, months).tolist(),
                qualified_until_on=_proofs(rows, found.now),
            )
        )
    return written


def write_categories(lives: Lives, regions: list[str], now: int) -> None:
    """The kind of post of every working woman, with its evidence, for the retirement age."""
    rows = np.nonzero((lives.category > 0) & (lives.standing == Standing.EMPLOYEE))[0]
    decided = datetime.date(now // 12, 1, 15)
    copy_rows(
        "pension_retirementcategory",
        {
            "person_id": rows + 1,
            "region_code": [regions[r] for r in rows],
            "category": CATEGORIES[lives.category[rows]].tolist(),
            "evidence": ["劳动合同约定的岗位"] * len(rows),
            "decided_on": [decided] * len(rows),
            "case_no": [""] * len(rows),
        },
    )


def _increases(found: Pensioners, rows: Ints, base: Ints, index: Ints, months: Ints) -> Ints:
    """Yearly increases since the award, to ten fen: about three per cent a year of the first amount."""
    first = base * (1 + index / 10_000) / 2 * months / 1_200 + found.monthly[rows]
    years = np.maximum(found.now // 12 - found.start[rows] // 12, 0)
    return (np.round(first * (YEARLY_RISE**years - 1) / 10) * 10).astype(np.int64)


def _proofs(rows: Ints, now: int) -> list[datetime.date]:
    """The day until which each person's last proof holds: spread over the coming year, a few have just run out."""
    first = datetime.date((now + 1) // 12, (now + 1) % 12 + 1, 1)
    return [
        first - datetime.timedelta(days=3) if row % 331 == 7 else first + datetime.timedelta(days=int(row) % 360 + 1)
        for row in rows.tolist()
    ]


def _yyyymm(index: int) -> int:
    return index // 12 * 100 + index % 12 + 1
