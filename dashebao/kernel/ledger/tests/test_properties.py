"""Any sequence of postings leaves the books as a plain model says, and clean."""

from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashebao.kernel.ledger.api import (
    Journal,
    LedgerError,
    Line,
    Overdraft,
    SubLine,
    account_balances,
    open_account,
    post,
    reverse,
    sub_balances,
    verify,
)
from dashebao.kernel.ledger.tests.conftest import make_books
from dashebao.kernel.records.api import SYSTEM, acting

HOLDERS = (1, 2, 3)
amounts = st.integers(min_value=-300, max_value=300).filter(bool)
steps = st.one_of(
    st.tuples(st.just("cash"), amounts, st.integers(0, 3)),
    st.tuples(st.just("give"), amounts, st.sampled_from(HOLDERS)),
    st.tuples(st.just("move"), amounts, st.sampled_from([(1, 2), (2, 3), (3, 1)])),
    st.tuples(st.just("undo"), st.integers(0, 20), st.none()),
    st.tuples(st.just("again"), st.integers(0, 20), st.none()),
)


class Model:
    """Balances as plain numbers, and every journal that was accepted."""

    def __init__(self):
        self.cash, self.holders = 1000, dict.fromkeys(HOLDERS, 0)
        self.done, self.undone = [], set()

    def allows(self, cash, holders):
        changed = {holder: self.holders[holder] + holders.get(holder, 0) for holder in HOLDERS}
        return 0 <= self.cash + cash <= 1_000_000 and all(amount >= 0 for amount in changed.values())

    def apply(self, cash, holders):
        self.cash += cash
        for holder, amount in holders.items():
            self.holders[holder] += amount


def journal_for(books, step, number):
    """The journal of one step, and what it does to cash and holders."""
    what, amount, who = step
    if what == "cash":
        lines = (Line(books.cash, amount), Line(books.income, -amount))
        return Journal(books.id, "p", f"{number}", 202608 + who, lines), amount, {}
    changes = {who: amount} if what == "give" else {who[0]: -amount, who[1]: amount}
    total = sum(changes.values())
    lines = (
        (Line(books.contra, total), Line(books.control, -total))
        if total
        else (Line(books.control, amount), Line(books.control, -amount))
    )
    subs = tuple(SubLine(books.control, holder, "worker_principal", change) for holder, change in changes.items())
    return Journal(books.id, "p", f"{number}", 202611, lines, subs), 0, changes


def undo(model, chosen, number):
    if not model.done:
        return
    journal, cash, holders, posting = model.done[chosen % len(model.done)]
    mirrored = {holder: -amount for holder, amount in holders.items()}
    allowed = posting.id not in model.undone and model.allows(-cash, mirrored)
    try:
        reverse(posting.id, kind="undo", key=f"{number}", month=202612)
    except LedgerError:
        assert not allowed
    else:
        assert allowed
        model.undone.add(posting.id)
        model.apply(-cash, mirrored)
    assert post(journal).outcome == "exists"


def take(model, books, step, number):
    what, chosen, _ = step
    if what == "undo":
        undo(model, chosen, number)
    elif what == "again":
        if model.done:
            journal, _, _, posting = model.done[chosen % len(model.done)]
            assert post(journal) == type(posting)(posting.id, "exists")
    else:
        journal, cash, holders = journal_for(books, step, number)
        allowed = model.allows(cash, holders)
        try:
            posting = post(journal)
        except Overdraft:
            assert not allowed
        else:
            assert allowed
            model.apply(cash, holders)
            model.done.append((journal, cash, holders, posting))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, min_size=1, max_size=25))
def test_any_sequence_of_postings_follows_the_model(sequence):
    with transaction.atomic():
        books, model = make_books(region=f"66{uuid4().int % 10_000:04d}"), Model()
        with acting(SYSTEM):
            for number, step in enumerate(sequence):
                take(model, books, step, number)
            found = sub_balances(books.control, HOLDERS)
            principal = dict(zip(found.holder[1::2], found.balance_fen[1::2], strict=True))  # parts come in order
            assert principal == model.holders
            assert account_balances(books.id)[books.cash] == model.cash
            assert sum(account_balances(books.id).values()) == 0
            assert open_account(books.id, "9001", control=True) == books.control
            assert verify().differences == ()
        transaction.set_rollback(True)
