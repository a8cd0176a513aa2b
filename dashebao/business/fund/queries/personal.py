"""Reads of the personal accounts kept under the control account 9001."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.records.api import read_once

from ..models import FundBook
from ..rules import PERSONAL_CONTROL, fund_of
from .statements import find_book


@dataclass(frozen=True)
class PersonalBalances:
    """Columns of balances: one row for each person and part that has a sub-account."""

    person_id: Sequence[int]
    part: Sequence[str]
    balance_fen: Sequence[int]


@read_once
def find_control(scheme: str, pool: str) -> int | None:
    """The control account (9001) of a pool's personal accounts, None before its books are open."""
    book = find_book(fund_of(scheme), pool)
    return None if book is None else ledger.find_account(book, PERSONAL_CONTROL)


def personal_balances(control: int, person_ids: Sequence[int]) -> PersonalBalances:
    """Balances of these people's accounts under a control account; one query."""
    found = ledger.sub_balances(control, person_ids)
    return PersonalBalances(found.holder, found.part, found.balance_fen)


def personal_balances_between(control: int, low: int, high: int) -> PersonalBalances:
    """Balances of the accounts of people with ids from low to high, both included; one query."""
    found = ledger.sub_balances_between(control, low, high)
    return PersonalBalances(found.holder, found.part, found.balance_fen)


def personal_pools(scheme: str) -> list[str]:
    """Pool regions whose books of this scheme are open, for runs over all personal accounts."""
    rows = FundBook.objects.filter(fund=fund_of(scheme)).order_by("region_code")
    return list(rows.values_list("region_code", flat=True))
