"""Items that another system has assessed and the tax office collects: what it says about them goes back to that system."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import connection

from dashebao.business.levy.actions.collecting import INSERT_RECEIPTS, TaxRows


@dataclass(frozen=True)
class Voucher:
    """Whether the tax office took an item over (T03): its voucher, or why not."""

    accepted: bool
    voucher: str
    problem: str


@dataclass(frozen=True)
class Payment:
    """What the tax office collected for an item (T04): its ticket, the day at the treasury, the amount."""

    ticket: str
    on: date
    amount_fen: int


class Owner(Protocol):
    """The system that has assessed an item; `number` is the item's own number without the prefix."""

    def taken_over(self, number: int, answer: Voucher) -> None:
        """Keep the tax office's answer."""

    def due_fen(self, number: int) -> int:
        """What is still due on the item, 0 if nothing is: other money waits as money without a bill."""

    def paid(self, number: int, payment: Payment) -> None:
        """Book a payment of exactly what is due."""


@dataclass(frozen=True)
class Item:
    """An item of another system, as a message of the tax office names it."""

    owner: Owner
    number: int


_owners: dict[str, Owner] = {}


def register_collected(prefix: str, owner: Owner) -> None:
    """Let a system receive what the tax office says about items that begin with `prefix` (for example "RY-")."""
    known = _owners.setdefault(prefix, owner)
    if type(known) is not type(owner):
        raise ValueError(f"items {prefix} belong to {type(known).__name__} already")


def item_of(text: str) -> Item | None:
    """The item of another system with this name; None for one of ours, or of nobody."""
    prefix, sign, digits = text.partition("-")
    owner = _owners.get(prefix + sign)
    return Item(owner, int(digits)) if owner is not None and digits.isdecimal() else None


def take_payments(rows: TaxRows, found: Iterable[Item], key: str, month: int) -> None:
    """Keep receipts of other systems' items and tell each system of its payment; a known ticket is passed over."""
    if not len(rows):
        return
    values: dict[str, Any] = {**rows.columns, "key": key, "month": month}
    with connection.cursor() as cursor:
        cursor.execute(f"{INSERT_RECEIPTS} returning ticket", values)
        fresh = {ticket for (ticket,) in cursor.fetchall()}
    columns = (rows.columns[name] for name in ("tickets", "days", "principals"))
    for one, ticket, day, principal in zip(found, *columns, strict=True):
        if ticket in fresh:
            one.owner.paid(one.number, Payment(ticket, day, principal))
