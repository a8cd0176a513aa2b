"""Takes in payment lines: what is owed to whom for which month, once and for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashebao.kernel.records.api import audit, ensure_partition
from dashebao.kernel.registry.api import BankAccount
from dashebao.kernel.secrecy.api import Family, Sealed, person_holder, seal_many

from ..errors import BatchNotOpen, FundError, PaymentConflict
from ..queries.payments import REISSUE
from ..rules import fund_of, pool_region
from ..rules_statements import month_end


@dataclass(frozen=True)
class PaymentLines:
    """Columns of payment lines of one run; empty `payee_person_id`, `seq`: the person, 1.

    Bank columns are given only for payees outside the registry; else the account valid on the run month is frozen in.
    An account number is plain, or Sealed as another row of the same payee holds it.
    """

    run_month: int
    month: Sequence[int]
    person_id: Sequence[int]
    region_code: Sequence[str]
    scheme: Sequence[str]
    benefit_kind: Sequence[str]
    amount_fen: Sequence[int]
    source: Sequence[str]
    payee_person_id: Sequence[int] = ()
    seq: Sequence[int] = ()
    bank_code: Sequence[str] = ()
    account_number: Sequence[str] = ()
    account_name: Sequence[str] = ()


@dataclass(frozen=True)
class AddedLines:
    """How many lines were new, how many were known already, and the money of the new ones."""

    inserted: int
    existed: int
    amount_fen: int


# Columns travel as one text each and are split by the server: quoting arrays on the client costs ten times as much.
SEPARATOR = "\x1f"
_GIVEN = """
with given as (
  select month, person_id, payee_person_id, region_code, scheme, fund, pool_region, benefit_kind, seq, amount_fen,
    coalesce(source, '') as source, coalesce(bank_code, '') as bank_code, coalesce(account_number, '') as account_number,
    coalesce(account_name, '') as account_name
  from unnest(
    string_to_array(%s, chr(31))::int[], string_to_array(%s, chr(31))::bigint[],
    string_to_array(%s, chr(31))::bigint[], string_to_array(%s, chr(31))::text[],
    string_to_array(%s, chr(31))::text[], string_to_array(%s, chr(31))::text[],
    string_to_array(%s, chr(31))::text[], string_to_array(%s, chr(31))::text[],
    string_to_array(%s, chr(31))::int[], string_to_array(%s, chr(31))::bigint[],
    string_to_array(%s, chr(31))::text[], string_to_array(%s, chr(31))::text[],
    string_to_array(%s, chr(31))::text[], string_to_array(%s, chr(31))::text[])
    as g(month, person_id, payee_person_id, region_code, scheme, fund, pool_region, benefit_kind, seq, amount_fen,
         source, bank_code, account_number, account_name)
)"""
# Each payee's accounts are looked up by index, and the one of the day taken: PostgreSQL expects few accounts on a day and would
# otherwise read all of the province's for every chunk of people. `offset` keeps it from joining them so.
_INSERT = """,
fresh as (
  insert into fund_paymentline (id, end_to_end_id, run_month, month, person_id, payee_person_id, region_code, scheme,
    fund, pool_region, benefit_kind, seq, amount_fen, source, bank_code, account_number, account_name)
  select n.id, 'P' || n.month || '-' || n.id, %s, n.month, n.person_id, n.payee_person_id, n.region_code, n.scheme,
    n.fund, n.pool_region, n.benefit_kind, n.seq, n.amount_fen, n.source, n.bank_code, n.account_number, n.account_name
  from (
    select nextval('fund_paymentline_id_seq') as id, g.month, g.person_id, g.payee_person_id, g.region_code, g.scheme,
      g.fund, g.pool_region, g.benefit_kind, g.seq, g.amount_fen, g.source,
      coalesce(nullif(g.bank_code, ''), a.bank_code, '') as bank_code,
      coalesce(nullif(g.account_number, ''), a.number, '') as account_number,
      coalesce(nullif(g.account_name, ''), a.name, '') as account_name
    from given g
    left join lateral (
      select * from {accounts} b where g.account_number = '' and b.person_id = g.payee_person_id offset 0
    ) a on a.valid_during @> %s::date
  ) n
  on conflict (month, person_id, scheme, benefit_kind, seq) do nothing
  returning amount_fen
)
select count(*), coalesce(sum(amount_fen), 0)::bigint from fresh"""
_CONFLICTS = """
select g.person_id, g.month, g.benefit_kind from given g
join fund_paymentline l on l.month = g.month and l.person_id = g.person_id and l.scheme = g.scheme
  and l.benefit_kind = g.benefit_kind and l.seq = g.seq
where (l.amount_fen, l.payee_person_id) is distinct from (g.amount_fen, g.payee_person_id) limit 1"""

# A returned payment is made again once, whichever door the order came by.
_AGAIN = """
select g.source from given g join fund_paymentline l on l.person_id = g.person_id and l.benefit_kind = g.benefit_kind
  and l.source = g.source and (l.month, l.scheme, l.seq) is distinct from (g.month, g.scheme, g.seq)
where g.benefit_kind = 'reissue' limit 1"""


def add_payment_lines(lines: PaymentLines) -> AddedLines:
    """Enter payment lines, in bulk and idempotently; the bank account is frozen into each line.

    Raises PaymentConflict, and enters nothing, where a line of the same month, person, scheme, benefit and number is
    there with another amount or payee: no benefit is paid twice. FundError for an amount that is not positive.
    """
    count = len(lines.month)
    if count == 0:
        return AddedLines(0, 0, 0)
    if min(lines.amount_fen) <= 0:
        raise FundError(_("A payment must be more than zero."))
    for month in set(lines.month):
        ensure_partition("fund_paymentline", month)
    columns = _columns(lines, count)
    insert = _INSERT.format(accounts=f'"{BankAccount._meta.db_table}"')
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN + insert, [*columns, lines.run_month, month_end(lines.run_month)])
        inserted, amount = cursor.fetchone()
        if REISSUE in lines.benefit_kind:
            cursor.execute(_GIVEN + _AGAIN, columns)
            if (twice := cursor.fetchone()) is not None:
                raise PaymentConflict(_("Payment %(source)s is being made again already.") % {"source": twice[0]})
        if inserted < count:
            cursor.execute(_GIVEN + _CONFLICTS, columns)
            if (conflict := cursor.fetchone()) is not None:
                _refuse_conflict(*conflict)
    return AddedLines(int(inserted), count - int(inserted), int(amount))


def _refuse_conflict(person: int, month: int, kind: str) -> None:
    text = _(
        "Benefit %(kind)s of person %(person)s for %(month)s was entered before with another amount or payee. "
        "Enter a difference as a line of its own, under the next number."
    )
    raise PaymentConflict(text % {"kind": kind, "person": person, "month": month})


def _columns(lines: PaymentLines, count: int) -> list[str]:
    day = month_end(lines.run_month)
    pairs = list(zip(lines.scheme, lines.region_code, strict=True))
    places = {pair: (fund_of(pair[0]), pool_region(*pair, day)) for pair in set(pairs)}
    blank = [""] * count
    columns: list[Sequence[int] | Sequence[str]] = [
        lines.month, lines.person_id, lines.payee_person_id or lines.person_id, lines.region_code, lines.scheme,
        [places[pair][0] for pair in pairs], [places[pair][1] for pair in pairs], lines.benefit_kind,
        lines.seq or [1] * count, lines.amount_fen, lines.source,
        lines.bank_code or blank, _sealed(lines) or blank, lines.account_name or blank,
    ]  # fmt: skip
    texts = [SEPARATOR.join(map(str, column)) for column in columns]
    if any(text.count(SEPARATOR) != count - 1 for text in texts):
        raise FundError(_("A payment line holds a character that no name or number has."))
    return texts


def _sealed(lines: PaymentLines) -> list[str]:
    """The given accounts, each sealed for its payee."""
    given = list(lines.account_number)
    plain = [place for place, number in enumerate(given) if number and not isinstance(number, Sealed)]
    payees = lines.payee_person_id or lines.person_id
    holders = [person_holder(payees[place] or lines.person_id[place]) for place in plain]
    for place, number in zip(plain, seal_many(Family.ACCOUNT, holders, [given[place] for place in plain]), strict=True):
        given[place] = number
    return given


def withdraw_payment_lines(lines: Sequence[tuple[int, int]], reason: str) -> int:
    """Take back lines (month, line id) that are in no batch yet; returns how many were new.

    Raises BatchNotOpen if one of them is in a batch already: reject the batch first.
    """
    months, ids = [month for month, _line in lines], [line for _month, line in lines]
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from unnest(%s::int[], %s::bigint[]) g(month, line_id)"
            " join fund_paymentbatchline l using (month, line_id)",
            [months, ids],
        )
        taken = cursor.fetchone()[0]
        if taken:
            text = ngettext(
                "%(count)d payment line is in a batch; reject the batch first.",
                "%(count)d payment lines are in a batch; reject the batch first.",
                taken,
            )
            raise BatchNotOpen(text % {"count": taken})
        cursor.execute(
            "insert into fund_paymentwithdrawal (line_month, line_id, reason)"
            " select month, line_id, %s from unnest(%s::int[], %s::bigint[]) g(month, line_id)"
            " on conflict (line_month, line_id) do nothing",
            [reason[:200], months, ids],
        )
        withdrawn = cursor.rowcount
    audit("fund.lines_withdrawn", ("fund.paymentline", withdrawn), reason=reason[:200], lines=len(lines))
    return int(withdrawn)
