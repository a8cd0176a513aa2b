"""Reads of the personal accounts kept under the control account 9001."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashebao.kernel.ledger import api as ledger

from ..models import FundBook
from ..rules import PERSONAL_CONTROL, fund_of, pool_region
from ..rules_statements import month_end


@dataclass(frozen=True)
class PersonalBalances:
    """Columns of balances: one row for each person and part that has a sub-account."""

    person_id: Sequence[int]
    part: Sequence[str]
    balance_fen: Sequence[int]


def personal_balances(scheme: str, region: str, person_ids: Sequence[int], control: int) -> PersonalBalances:
    """Balances of the personal accounts under a control account; one query."""
    found = ledger.sub_balances(control, person_ids)
    return PersonalBalances(found.holder, found.part, found.balance_fen)


def control_of(scheme: str, region: str, month: int) -> int | None:
    """The control account of a pool without opening anything; None before its first movement."""
    fund, pool = fund_of(scheme), pool_region(scheme, region, month_end(month))
    book = FundBook.objects.filter(fund=fund, region_code=pool).values_list("book", flat=True).first()
    if book is None:
        return None
    return next((row.account for row in ledger.trial_balance(int(book), month) if row.code == PERSONAL_CONTROL), None)
