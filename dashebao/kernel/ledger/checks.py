"""The questions `verify` puts to the database; every row that answers one is a difference."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Check:
    """A named question: `statement` returns one text per difference; monthly ones take %(month)s."""

    name: str
    title: str | Promise
    statement: str


LINES = """select journal_id,
                  string_agg(account_id || ':' || amount_fen, ';' order by account_id, amount_fen) as t
             from ledger_entry where month = %(month)s group by journal_id"""
SUB_LINES = """select e.journal_id, string_agg(
                      s.account_id || ':' || s.holder || ':' || s.part || ':' || e.amount_fen, ';' order by s.id) as t
                 from ledger_subentry e join ledger_subaccount s on s.id = e.subaccount_id
                where e.month = %(month)s group by e.journal_id"""

MONTHLY = (
    Check("unbalanced", _("A journal does not balance"), """
        select journal_id::text from ledger_entry where month = %(month)s
         group by journal_id having sum(amount_fen) <> 0 or count(*) < 2"""),
    Check("lines", _("A journal has no lines, or lines have no journal"), """
        select coalesce(j.id, e.journal_id)::text
          from (select id from ledger_journal where month = %(month)s) j
          full join (select distinct journal_id from ledger_entry where month = %(month)s
                     union select distinct journal_id from ledger_subentry where month = %(month)s) e
            on e.journal_id = j.id
         where j.id is null or e.journal_id is null"""),
    Check("content", _("The lines of a journal are not those that were posted"), f"""
        select j.id::text from ledger_journal j
          left join ({LINES}) l on l.journal_id = j.id left join ({SUB_LINES}) s on s.journal_id = j.id
         where j.month = %(month)s
           and j.digest <> sha256(convert_to(coalesce(l.t, '') || '#' || coalesce(s.t, ''), 'UTF8'))"""),  # noqa: S608
    Check("key", _("A journal and its business key do not agree"), """
        select coalesce(j.id, k.journal_id)::text
          from (select * from ledger_journal where month = %(month)s) j
          full join (select * from ledger_key where month = %(month)s) k on k.journal_id = j.id
         where (j.book_id, j.kind, j.key, j.reverses) is distinct from (k.book_id, k.kind, k.key, k.reverses)
            or k.request is distinct from sha256(convert_to(concat_ws('|', j.month, coalesce(j.reverses::text, '-'),
                 encode(j.digest, 'hex')), 'UTF8'))"""),
    Check("book", _("A line stands in other books than its journal or its account"), """
        select distinct e.journal_id || ' account ' || e.account_id from ledger_entry e
          left join ledger_journal j on j.month = e.month and j.id = e.journal_id
          left join ledger_account a on a.id = e.account_id
         where e.month = %(month)s
           and (j.book_id is distinct from e.book_id or a.book_id is distinct from e.book_id)"""),
    Check("tie", _("A control account does not tie to its sub-lines"), """
        with subs as (
          select e.journal_id, s.account_id, sum(e.amount_fen) as total from ledger_subentry e
            left join ledger_subaccount s on s.id = e.subaccount_id where e.month = %(month)s group by 1, 2),
        lines as (
          select e.journal_id, e.account_id, sum(e.amount_fen) as total from ledger_entry e
            join ledger_account a on a.id = e.account_id and a.control where e.month = %(month)s group by 1, 2),
        kept as (select journal_id, account_id, amount_fen from ledger_subtotal where month = %(month)s)
        select journal_id || ' account ' || coalesce(account_id::text, '?')
          from subs full join lines using (journal_id, account_id) full join kept using (journal_id, account_id)
         where subs.total is distinct from kept.amount_fen
            or coalesce(lines.total, 0) <> - coalesce(kept.amount_fen, 0)"""),
    Check("reversal", _("A reversal is not the mirror of its journal"), """
        select distinct r.id::text from ledger_journal r join ledger_key k on k.journal_id = r.reverses
          join lateral (
            select account_id, sum(amount_fen) as total from (
              select account_id, amount_fen from ledger_entry where month = r.month and journal_id = r.id
              union all
              select account_id, amount_fen from ledger_entry where month = k.month and journal_id = r.reverses) b
             group by account_id) d on d.total <> 0
         where r.month = %(month)s and r.reverses is not null"""),
    Check("period", _("A journal was posted into a closed month"), """
        select j.id::text from ledger_journal j join ledger_period p
            on p.book_id = j.book_id and p.month >= j.month and p.closed_at < j.posted_at
         where j.month = %(month)s"""),
)  # fmt: skip

OVERALL = (
    Check("balance", _("An account's balance is not the sum of its lines"), """
        select a.id::text || ' by ' || a.balance_fen - coalesce(e.total, 0) from ledger_account a
          left join (select e.account_id, sum(e.amount_fen) as total from ledger_entry e
                       join ledger_account a on a.id = e.account_id and not a.hot group by 1) e on e.account_id = a.id
         where not a.hot and a.balance_fen <> coalesce(e.total, 0)"""),
    Check("running", _("The balances kept beside an account's lines do not follow from each other"), """
        with lines as (
          select account_id, journal_id, balance_after_fen as after, balance_after_fen - amount_fen as before
            from ledger_entry where balance_after_fen is not null),
        wrong as (
          select account_id, journal_id from lines where before <> 0
             and not exists (select 1 from lines l where l.account_id = lines.account_id and l.after = lines.before)
          union
          select account_id, journal_id from lines
           where not exists (select 1 from lines l where l.account_id = lines.account_id and l.before = lines.after)
             and not exists (select 1 from ledger_account a where a.id = lines.account_id and a.balance_fen = lines.after))
        select journal_id || ' account ' || account_id from wrong"""),
    Check("sub-balance", _("A sub-account's balance is not the sum of its sub-lines"), """
        select coalesce(s.id, e.subaccount_id) || ' by ' || coalesce(s.balance_fen, 0) - coalesce(e.total, 0)
          from ledger_subaccount s
          full join (select subaccount_id, sum(amount_fen) as total from ledger_subentry group by 1) e
            on e.subaccount_id = s.id
         where s.id is null or s.balance_fen <> coalesce(e.total, 0)"""),
    Check("control", _("A control account's balance is not the sum of its sub-accounts"), """
        select a.id::text || ' by ' || coalesce(s.total, 0) + coalesce(e.total, 0) from ledger_account a
          left join (select account_id, sum(balance_fen) as total from ledger_subaccount group by 1) s
            on s.account_id = a.id
          left join (select e.account_id, sum(e.amount_fen) as total from ledger_entry e
                       join ledger_account a on a.id = e.account_id and a.control group by 1) e on e.account_id = a.id
         where coalesce(s.total, 0) + coalesce(e.total, 0) <> 0 and a.control"""),
    Check("hold", _("The money promised on an account is not the sum of its open holds"), """
        select a.id::text from ledger_account a left join (
          select h.account_id, sum(h.amount_fen) as total from ledger_hold h
           where not exists (select 1 from ledger_holdend e where e.hold_id = h.id) group by 1) h on h.account_id = a.id
         where a.pending_fen <> coalesce(h.total, 0)"""),
    Check("closing", _("The balance kept at a month's close is not the sum of the lines"), """
        with months as (
          select book_id, account_id, month, sum(amount_fen) as total from ledger_entry group by 1, 2, 3),
        due as (
          select p.book_id, p.month, m.account_id, sum(m.total) as total from ledger_period p
            join months m on m.book_id = p.book_id and m.month <= p.month group by 1, 2, 3)
        select concat_ws(' ', 'book', book_id, 'month', month, 'account', account_id)
          from due full join ledger_closing c using (book_id, month, account_id)
         where due.total is distinct from c.balance_fen"""),
    Check("guard", _("A guard of the database is missing or switched off"), """
        with tables as (
          select c.oid, c.relname, c.relrowsecurity, i.inhparent
            from pg_class c left join pg_inherits i on i.inhrelid = c.oid
           where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname like 'ledger\\_%%'),
        wanted as (
          select t.oid, t.relname, w.name from tables t
            cross join (values ('frozen', false), ('frozen_truncate', false),
                               ('kept_rows', true), ('kept_truncate', true), ('kept_identity', true)) w(name, changing)
           where w.changing = (t.relname in ('ledger_account', 'ledger_subaccount'))
          union all select oid, relname, 'whole' from tables where relname ~ '^ledger_(sub)?entry')
        select w.relname || ' ' || w.name from wanted w
          left join pg_trigger g on g.tgrelid = w.oid and g.tgname = w.name and g.tgenabled in ('O', 'A')
         where g.oid is null
        union all select relname || ' row security' from tables where not relrowsecurity and inhparent is null"""),
)  # fmt: skip
