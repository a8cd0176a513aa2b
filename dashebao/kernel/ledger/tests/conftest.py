"""A set of books with money in it, for the tests of the ledger."""

from dataclasses import dataclass

import pytest
from django.db import connection

from dashebao.kernel.ledger.api import Journal, Line, SubLine, open_account, open_books, open_sub_accounts, post
from dashebao.kernel.ledger.tests.hostile import temporary_world
from dashebao.kernel.records.api import SYSTEM, acting

PARTS = ("worker_principal", "worker_interest")


@dataclass(frozen=True)
class Books:
    """Account numbers of one set of books: bank and income are hot, cash keeps a balance, control has holders."""

    id: int
    region: str
    bank: int
    income: int
    cash: int
    control: int
    contra: int

    def give(self, holder: int, amount: int, key: str, month: int = 202611):
        """Put money on a holder's principal."""
        lines = (Line(self.contra, amount), Line(self.control, -amount))
        return post(Journal(self.id, "give", key, month, lines, (SubLine(self.control, holder, PARTS[0], amount),)))


def make_books(region: str = "440100", fund: str = "110") -> Books:
    """Open books with five accounts, 100 holders (1 to 100) and 1,000 fen of cash."""
    with acting(SYSTEM):
        book = open_books(fund, region)
        books = Books(
            book,
            region,
            open_account(book, "1005"),
            open_account(book, "4001"),
            open_account(book, "1001", min_balance_fen=0, max_balance_fen=1_000_000),
            open_account(book, "9001", control=True),
            open_account(book, "9002"),
        )
        for part in PARTS:
            open_sub_accounts(books.control, range(1, 101), part)
        post(Journal(book, "open", "cash", 202610, (Line(books.cash, 1000), Line(books.income, -1000))))
    return books


@pytest.fixture
def books(db) -> Books:
    """Fresh books inside the test's own transaction."""
    return make_books()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two committed sets of books and a connection as the web login."""
    with django_db_blocker.unblock(), temporary_world(make_books) as found:
        connection.close()
        yield found
        connection.close()
