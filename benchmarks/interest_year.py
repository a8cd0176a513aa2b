"""A year's interest of personal accounts by the product's step, beside one SQL statement of the same sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from benchmarks.measuring import Figures, growth_of, in_turn, median
from benchmarks.running import done, planned
from benchmarks.scratch import as_owner, settle, sql
from dashebao.business.fund.api import (
    PersonalEntries,
    books,
    open_personal_accounts,
    personal_control,
    post_personal,
    post_personal_months,
)
from dashebao.business.insurance.pension.jobs import PensionInterest
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.rules.api import parameters

SIZES = (2_000, 10_000)
SCHEME, POOL = "110", "440000"
FIRST_YEAR = 2021
OPENING, CREDIT = 8_300_017, 48_013
AT_ONCE = 5_000
TABLES = ("ledger_subaccount", "ledger_subentry", "ledger_entry", "common_interestcredit")

# The interest of every account by month products, written as one entry for each side and added to its balance.
BY_HAND = """
with held as (
  select id, holder, left(part, 6) as side, balance_fen from ledger_subaccount
  where account_id = %(control)s and holder between %(low)s and %(high)s
), moved as (
  select e.subaccount_id as id, sum(e.amount_fen)::bigint as since,
    (sum(e.amount_fen * (13 - e.month %% 100)) filter (where e.month / 100 = %(year)s))::bigint as product
  from ledger_subentry e join held on held.id = e.subaccount_id where e.month > %(year)s * 100 group by 1
), facts as (
  select holder, side, sum(balance_fen - coalesce(since, 0))::bigint as opening,
    coalesce(sum(product), 0)::bigint as product
  from held left join moved using (id) where balance_fen <> 0 or since is not null group by 1, 2
), gained as (
  select holder, side, (2 * opening * %(n)s + %(d)s) / (2 * %(d)s) + (2 * product * %(n)s + 12 * %(d)s) / (24 * %(d)s)
    as amount from facts
), entered as (
  insert into bench_entry select %(year)s * 100 + 12, holder, side, amount from gained where amount <> 0
  returning holder, side, amount
)
update bench_account a set balance = a.balance + e.amount from entered e where a.holder = e.holder and a.side = e.side
"""
SUM_ALONE = BY_HAND.split(", entered as (")[0] + " select sum(amount)::bigint from gained"


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Accounts credited in a second, for one size of accounts after the other."""
    told: list[Figures] = []
    low = 1
    for size in sizes:
        accounts = Accounts(low, low + size - 1)
        low += size
        theirs, ours = in_turn(accounts.by_hand, accounts.credit, before=accounts.next_year)
        detail = {
            "wrong": accounts.wrong, "sum_alone_s": round(median(accounts.sums), 3),
            "entries_of_a_year": 12 * size, "growth": growth_of(told, size, median(ours)),
        }  # fmt: skip
        ratio = median(ours) / median(theirs)
        told.append(Figures("interest-year", size, "s", median(ours), median(theirs), ratio, 2.0, False, detail))
    return told


@dataclass
class Accounts:
    """Personal accounts of the holders low..high: a balance brought forward and twelve credits in each year."""

    low: int
    high: int
    year: int = FIRST_YEAR - 1
    wrong: int = 0
    sums: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        with acting(SYSTEM, "benchmark"):
            books(SCHEME, POOL)
            for people in self._people():
                open_personal_accounts(SCHEME, POOL, people)
                amounts = [OPENING + person % 1_000 for person in people]
                parts = ["worker_principal"] * len(people)
                key = f"opening {people[0]}"
                month = (FIRST_YEAR - 1) * 100 + 12
                post_personal(PersonalEntries(SCHEME, POOL, month, "benchmark", key, people, parts, amounts))
        with as_owner():
            sql("drop table if exists bench_account, bench_entry")
            sql("create table bench_entry (month int, holder bigint, side text, amount bigint)")
            sql("create table bench_account (holder bigint, side text, balance bigint, primary key (holder, side))")
            sql("grant all on bench_entry, bench_account to public")
            sql(
                "insert into bench_account select h, side, 0 from generate_series(%s::bigint, %s) h,"
                " unnest(array['worker', 'employ']) side",
                [self.low, self.high],
            )

    def _people(self) -> list[list[int]]:
        return [list(range(at, min(at + AT_ONCE, self.high + 1))) for at in range(self.low, self.high + 1, AT_ONCE)]

    def next_year(self) -> None:
        """Post the credits of the next year's months; what the year's run will find."""
        self.year += 1
        with acting(SYSTEM, "benchmark"):
            for people in self._people():
                parts, amounts = ["worker_principal"] * len(people), [CREDIT + person % 100 for person in people]
                post_personal_months(
                    [
                        PersonalEntries(
                            SCHEME, POOL, month, "benchmark", f"{month}:{people[0]}", people, parts, amounts
                        )
                        for month in range(self.year * 100 + 1, self.year * 100 + 13)
                    ]
                )
            self.control = personal_control(SCHEME, POOL)
        settle(*TABLES, "bench_account")
        with as_owner():
            sql("truncate bench_entry")
        self._read_the_sum()

    def credit(self) -> None:
        """The step of the year, each chunk in its own transaction."""
        step = PensionInterest()
        ours = []
        for chunk in planned(step, self.year):
            low, high = max(chunk.args["low"], self.low), min(chunk.args["high"], self.high)
            if (chunk.args["scheme"], chunk.args["pool"]) == (SCHEME, POOL) and low <= high:
                ours.append(replace(chunk, args={**chunk.args, "low": low, "high": high}))
        credited = sum(counts.fen for counts in done(step, self.year, ours))
        self.wrong += credited != self.expected

    def by_hand(self) -> None:
        """The same sum in one statement, without books, guards, or a trace of what was done."""
        with acting(SYSTEM, "interest by hand"):
            sql(BY_HAND, self._values())

    def _read_the_sum(self) -> None:
        def read() -> None:
            with acting(SYSTEM, "sum"):
                self.expected = int(sql(SUM_ALONE, self._values())[0][0])

        self.sums.append(in_turn(read, runs=1)[0][0])

    def _values(self) -> dict[str, int]:
        law = parameters(POOL, date(self.year, 12, 31)).for_year(self.year)
        rate = law["pension.interest_rate"].fraction()
        return {
            "control": self.control, "year": self.year, "low": self.low, "high": self.high,
            "n": rate.numerator, "d": rate.denominator,
        }  # fmt: skip
