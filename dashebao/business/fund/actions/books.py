"""Opens books, accounts and personal accounts of the funds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dashebao.kernel.exchange import api as exchange
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry import api as registry

from ..errors import FundError, NotSetUp
from ..models import FundAccount, FundBook
from ..queries.statements import find_book
from ..rules import PARTS, PERSONAL_CONTROL, PERSONAL_COUNTERPART, chart, fund_of, funds, never_negative, pool_region
from ..rules_statements import month_end

OUTSIDE_ACCOUNTS = {"1003": "CZ", "1004": "ZC", "1005": "GK"}


def today() -> date:
    """The day by which the chart and the pooling level are chosen when none is given."""
    return timezone.localdate()


def books(scheme: str, region: str, on: date | None = None) -> int:
    """Ledger number of the books that keep `scheme` for `region`; opened with the whole chart on first use."""
    day = on or today()
    return _book_of(fund_of(scheme), pool_region(scheme, region, day), day)


def _book_of(fund: str, pool: str, day: date) -> int:
    found = find_book(fund, pool)
    return _open_books(fund, pool, day) if found is None else found


def books_of(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ledger books by (fund, pool region), opening what is missing; one query for all that exist."""
    wanted = set(pairs)
    rows = FundBook.objects.filter(fund__in={f for f, _r in wanted}).values_list("fund", "region_code", "book")
    known = {(fund, region): int(book) for fund, region, book in rows}
    return {pair: known[pair] if pair in known else _open_books(*pair, today()) for pair in wanted}


def _open_books(fund: str, pool: str, day: date) -> int:
    book = ledger.open_books(fund, pool)
    ledger.open_accounts(book, [(row.code, _settings(row.code, "")) for row in chart(fund, day)])
    FundBook.objects.get_or_create(fund=fund, region_code=pool, defaults={"book": book})
    audit("fund.books_opened", ("fund.book", book), region=pool, fund=fund)
    return book


def _settings(code: str, detail: str) -> ledger.AccountOptions:
    floor = 0 if code in never_negative() else None
    return {"detail": detail, "control": code == PERSONAL_CONTROL, "min_balance_fen": floor, "hot": floor is None}


def account(scheme: str, region: str, code: str, detail: str = "") -> int:
    """Ledger account of a scheme and region; opened if the detail is new. UnknownFund if the chart has no such code."""
    return account_in(books(scheme, region), fund_of(scheme), code, detail)


def account_in(book: int, fund: str, code: str, detail: str) -> int:
    """Ledger account in known books; FundError if the fund's chart has no such code."""
    if all(row.code != code for row in chart(fund, today())):
        raise FundError(_("The fund %(fund)s has no account %(code)s.") % {"fund": fund, "code": code})
    return ledger.open_account(book, code, **_settings(code, detail))


def personal_control(scheme: str, region: str) -> int:
    """The control account (9001) of the personal accounts."""
    return account(scheme, region, PERSONAL_CONTROL)


def personal_pair(scheme: str, region: str) -> tuple[int, int, int]:
    """Books, control account (9001) and counterpart (9002) of the personal accounts."""
    book, fund = books(scheme, region), fund_of(scheme)
    return book, account_in(book, fund, PERSONAL_CONTROL, ""), account_in(book, fund, PERSONAL_COUNTERPART, "")


def open_personal_accounts(
    scheme: str, region: str, person_ids: Sequence[int], places: Sequence[str] | None = None
) -> None:
    """Open the four parts of the personal account of every person; idempotent, in bulk.

    `places`: the region each person belongs to, which decides what county officers see of a provincial pool.
    """
    control = personal_control(scheme, region)
    for part in PARTS:
        ledger.open_sub_accounts(control, person_ids, part, places)


@dataclass(frozen=True)
class FundSetup:
    """What a set of books starts with: the month before the first month of business and the surplus brought in.

    Where the months from `since` to `month` are taken over as journals, `moved_fen` is what they change on the fiscal
    special account: the opening entry then stands in the month before `since`, and is smaller by it.
    """

    scheme: str
    region: str
    month: int
    opening_fen: int = 0
    bank_code: str = "102"
    since: int = 0
    moved_fen: int = 0


def set_up_fund(setup: FundSetup) -> int:
    """Open the books, the outside accounts and the opening balance, and tell bank and finance; idempotent.

    Returns the ledger number of the books. The opening balance stands on the fiscal special account (Dr1003 Cr3001).
    """
    day = month_end(setup.month)
    fund, pool = fund_of(setup.scheme), pool_region(setup.scheme, setup.region, day)
    book = books(setup.scheme, setup.region, day)
    own = _own_accounts(fund, pool, setup.bank_code)
    row = FundBook.objects.get(fund=fund, region_code=pool)
    if row.first_month is None:
        row.first_month = month_plus(setup.month, 1)
        row.save(update_fields=["first_month"])
        audit("fund.set_up", row, region=pool, opening_fen=setup.opening_fen)
    if setup.opening_fen:
        _post_opening(book, fund, setup)
    _tell_partners(fund, pool, setup, own)
    return book


def _own_accounts(fund: str, pool: str, bank_code: str) -> dict[str, FundAccount]:
    with translation.override("zh-hans"):  # the holder's name at the bank is the official one
        name = f"{registry.region_name(pool)}{funds()[fund].name}"[:140]
    out = {}
    for code, letters in OUTSIDE_ACCOUNTS.items():
        defaults = {"number": f"{letters}{fund}{pool}", "name": name, "bank_code": bank_code}
        out[code], _new = FundAccount.objects.get_or_create(fund=fund, region_code=pool, code=code, defaults=defaults)
    return out


def _post_opening(book: int, fund: str, setup: FundSetup) -> None:
    brought = setup.opening_fen - setup.moved_fen
    month = month_plus(setup.since, -1) if setup.since else setup.month
    lines = (
        ledger.Line(account_in(book, fund, "1003", ""), brought),
        ledger.Line(account_in(book, fund, "3001", ""), -brought),
    )
    ledger.post(ledger.Journal(book, "fund.opening", f"opening-{fund}", month, lines))


def _tell_partners(fund: str, pool: str, setup: FundSetup, own: dict[str, FundAccount]) -> None:
    body = {
        "scheme": fund,
        "pool": pool,
        "on": month_end(setup.month).isoformat(),
        "special_account": own["1003"].number,
        "expenditure_account": own["1004"].number,
        "treasury_account": own["1005"].number,
        "name": own["1004"].name,
        "special_opening_fen": setup.opening_fen,
        "expenditure_opening_fen": 0,
        "treasury_opening_fen": 0,
    }
    exchange.send("finance", "F00", body, key=f"F00:{fund}:{pool}")
    exchange.send("bank", "B00", body, key=f"B00:{fund}:{pool}")


def fund_account(fund: str, pool: str, code: str) -> FundAccount:
    """An outside account of the fund; NotSetUp if it was never named."""
    found: FundAccount | None = FundAccount.objects.filter(fund=fund, region_code=pool, code=code).first()
    if found is None:
        text = _("Fund %(fund)s of region %(region)s has no account %(code)s: set the fund up first.")
        raise NotSetUp(text % {"fund": fund, "region": pool, "code": code})
    return found
