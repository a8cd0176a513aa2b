"""What the fund's pages share: names in the reader's language and the choice of books and month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import User
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import months_through
from dashebao.kernel.registry.api import region_name
from dashebao.platform.screens.api import Link, Tag

from . import api
from .models import BatchState, FundBook, PaymentBatch
from .rules import funds, templates
from .words import JOURNAL_KINDS, LINE_STATES

STATE_TONES = {"drafted": "", "made": "info", "checked": "info", "approved": "teal", "sent": "warn", "answered": "ok"}
LINE_TONES = {"paid": "ok", "failed": "err", "returned": "err", "withdrawn": "", "sent": "warn"}


def in_chinese() -> bool:
    """Whether the reader reads Chinese, so that the official names are shown."""
    return (get_language() or "").startswith("zh")


def named(row: Any) -> str:
    """The name of a chart row, fund or statement row in the reader's language."""
    return str(row.name if in_chinese() else row.name_en)


def short_name(fund: str) -> str:
    """The short name of a fund in the reader's language, for lists."""
    return funds()[fund].short if in_chinese() else funds()[fund].short_en


def book_title(row: FundBook) -> str:
    """A set of books by name: region and fund."""
    return f"{region_name(row.region_code)} · {named(funds()[row.fund])}"


@dataclass(frozen=True)
class Chosen:
    """The set of books and month a page is about, and what else may be chosen."""

    row: FundBook
    month: int
    books: list[tuple[int, str]]
    months: list[int]

    @property
    def title(self) -> str:
        """The books by name."""
        return book_title(self.row)

    @property
    def query(self) -> str:
        """The choice as an address."""
        return f"book={self.row.book}&month={self.month}"

    @property
    def heading(self) -> str:
        """The choice as the first line of a file."""
        return f"{self.title} · {self.month // 100}-{self.month % 100:02d}"

    @property
    def name(self) -> str:
        """The choice as part of a file name."""
        return f"{self.row.fund}-{self.row.region_code}-{self.month}"


def chosen(request: HttpRequest) -> Chosen:
    """The books and month of the address; the first books in business and their open month where none is given."""
    rows = api.running_books() or api.fund_books()
    if not rows:
        raise api.NotSetUp(_("No fund has been set up yet."))
    wanted = request.GET.get("book", "")
    row = next((r for r in rows if str(r.book) == wanted), rows[0])
    first = row.first_month or int(timezone.localdate().strftime("%Y%m"))
    newest = max(ledger.closed_through(row.book), first, int(timezone.localdate().strftime("%Y%m")))
    months = sorted(months_through(first, newest) or [first], reverse=True)
    asked = request.GET.get("month", "").replace("-", "")
    month = (
        int(asked)
        if asked.isdecimal() and 1 <= int(asked) % 100 <= 12 and len(asked) == 6
        else _open_month(row, months)
    )
    return Chosen(row, month, [(r.book, book_title(r)) for r in rows], sorted({*months, month}, reverse=True))


def _open_month(row: FundBook, months: list[int]) -> int:
    closed = ledger.closed_through(row.book)
    return closed if closed in months else months[0]


def state_tag(state: str) -> Tag:
    """The state of a batch as a tag."""
    return Tag(BatchState(state).label, STATE_TONES.get(state, "err"))


def line_tag(state: str, reason: str = "") -> Tag:
    """The state of a payment line as a tag."""
    text = LINE_STATES.get(state, state)
    return Tag(f"{text} {reason}" if reason else text, LINE_TONES.get(state, ""))


def page_of(request: HttpRequest) -> int:
    """The page asked for, from 1."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def voucher_name(kind: str) -> str:
    """The name of a journal's voucher template in the reader's language; the bare kind where it has none."""
    found = templates().get(kind.removeprefix("fund."))
    return named(found) if found else str(JOURNAL_KINDS.get(kind, kind))


def book_title_of(book: int) -> str:
    """A set of books by name, from its number in the ledger."""
    row = FundBook.objects.filter(book=book).first()
    return book_title(row) if row else str(book)


def source_of(key: str) -> Link | None:
    """Where a journal came from: the payment batch its key names, or None."""
    found = PaymentBatch.objects.filter(msg_id=key.split("/")[0].split(":")[0]).exclude(msg_id="").first()
    return Link(found.msg_id, reverse("fund_batch", args=[found.pk])) if found else None


def officer(request: HttpRequest) -> User:
    """The officer who is signed in; the page's guard has let nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
