"""Somebody with the server's own rights changes money or the past behind every guard: the proofs must name what he did."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction

from dashebao.business.fund import api as fund
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.records import api as records
from dashebao.kernel.records.api import SYSTEM, Published, acting
from drills.declaring import Found, drill
from drills.folders import PERIOD, running
from drills.ground import Ground, inside

NAMED = {  # how the proofs name a row of a table that keeps no row history
    "ledger_account": "id::text",
    "ledger_closing": "'account ' || account_id",
    "ledger_entry": "journal_id::text",
    "ledger_hold": "account_id::text",
    "ledger_subaccount": "id::text",
    "ledger_subentry": "journal_id::text",
    "ledger_subtotal": "journal_id::text",
    "fund_batchsignature": "(select msg_id from fund_paymentbatch b where b.id = batch_id)",
    "fund_externalentry": "(select statement_id from fund_externalstatement s where s.id = t.statement_id)",
    "fund_externalstatement": "statement_id",
    "fund_paymentbatchline": "month || '-' || line_id",
    "fund_paymentline": "month || '-' || id",
    "fund_reconciliation": "fund || '-' || region_code || ' ' || id",
}
COLUMNS = """  -- but the limits of accounts, which are no money
    select table_name, column_name from information_schema.columns c
     where table_schema = 'public' and column_name like '%%\\_fen' and data_type = 'bigint'
       and column_name not in ('min_balance_fen', 'max_balance_fen')
       and not exists (select 1 from pg_inherits where inhrelid = format('public.%%I', table_name)::regclass)
       and (table_name = any(%s) or exists (select 1 from records_change h where h.table_name = c.table_name))
     order by 1, 2"""
ROWS = """
    select tableoid, ctid::text, {name} from {table} t where {column} is not null
     order by hashtextextended(tableoid || ctid::text || %s, 0) limit 200"""
PLANT = "update {table} set {column} = {column} + %s where tableoid = %s and ctid = %s::tid"

Planted = tuple[str, str]  # what was done, and the word by which the proofs must name the row


@contextmanager
def superuser(data: Path) -> Iterator[None]:
    """This process at work on a running copy with the server's own login and every trigger off; undone at the end."""
    with inside(data, "postgres"), acting(SYSTEM, "a drill"):
        asked("set local session_replication_role = replica")
        yield
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block changes is taken back after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows that a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def differences(published: Sequence[Published] = ()) -> list[str]:
    """What every proof of the installation says."""
    found = [str(difference) for difference in ledger.verify(published=published).differences]
    found += [*records.verify(published).differences, *records.changed_rows(), *fund.proof(PERIOD)]
    return found + [f"{c.fund}-{c.region} {item.reference}" for c in fund.unreconciled(PERIOD) for item in c.items]


@drill(
    "planted-fen",
    breaks=(
        "One fen is planted in every column of money of the books, the payments and every tracked table, or moved from row to row.",
        "在账簿、支付及所有留痕表的每个金额列中多记一分，或在两行之间挪动一分。",
    ),
    claim=(
        "Each is found by the next run of the proofs and its row named; nothing is reported that was not planted.",
        "下一次校验全部发现并指明所在行；没有误报。",
    ),
    control=("A look at totals alone: the moved fen must go unseen.", "只看合计：必须发现挪动的一分未被察觉。"),
)
def planted_fen(ground: Ground, *, guarded: bool) -> Found:
    """Plant everything at once, prove, take it back; again on other rows."""
    found, data, kinds = Found(), ground.copy(ground.finish()), Counter[str]()
    with running(data), superuser(data):
        columns = asked(COLUMNS, list(NAMED))
        if not guarded:
            return by_totals(ground, columns)
        found.wrong += [f"reported without cause: {difference}" for difference in differences()]
        for _round in range(1 if ground.small else 20):
            with undone():
                named_so_far: set[str] = set()
                planted = [one for column in columns for one in plant(ground, *column, taken=named_so_far)]
                said = words(differences())
            kinds.update(what for what, _name in planted)
            found.wrong += [f"{what} of {name} was not found" for what, name in planted if not named(name, said)]
    found.figures = {"kinds": len(kinds), "planted": kinds.total(), "not found": len(found.wrong)}
    ground.drop(data)
    return found


def by_totals(ground: Ground, columns: Sequence[tuple[str, str]]) -> Found:
    """What a look at totals alone says of fen that were moved."""
    before = [total(*column) for column in columns]
    moved = [what for column in columns for what, _name in plant(ground, *column, taken=set(), more=False)]
    return Found(
        [f"{len(moved)} moved fen change no total"] if before == [total(*column) for column in columns] else []
    )


def plant(ground: Ground, table: str, column: str, *, taken: set[str], more: bool = True) -> list[Planted]:
    """A fen more in one row, and a fen moved between two others; what the tables' own rules refuse is not planted.

    No name is planted under twice (`taken` keeps them): two fen in one statement could take each other back.
    """
    name = NAMED.get(table, f"'{table} ' || id")
    rows = []
    for row in asked(ROWS.format(table=table, column=column, name=name), str(ground.chance.random())):
        if len(rows) < 3 and row[2] not in taken:
            taken.add(row[2])
            rows.append(row)
    kinds = {f"{table}.{column} one more": rows[:1] if more else [], f"{table}.{column} moved": rows[1:3]}
    done = []
    for what, changes in kinds.items():
        if len(changes) == 2 or what.endswith("more"):
            with suppress(DatabaseError), transaction.atomic():
                for row, fen in zip(changes, (1, -1), strict=False):
                    asked(PLANT.format(table=table, column=column), fen, row[0], row[1])
                done += [(what, str(row[2])) for row in changes]
    return done


def total(table: str, column: str) -> int:
    """The sum of a column."""
    return int(asked(f"select coalesce(sum({column}), 0)::bigint from {table}")[0][0])


def words(texts: list[str]) -> str:
    """Texts as one, every word between spaces."""
    return f" {re.sub(r'[^0-9A-Za-z_-]+', ' ', ' '.join(texts))} "


def named(name: str, said: str) -> bool:
    """Whether the proofs say this name in full."""
    return words([name]) in said


JOURNAL = (
    "(select id from ledger_journal where xid < %(below)s order by hashtextextended(id::text || %(chance)s, 0) limit 1)"
)
LOGGED = (
    "(select id from records_{} where xid < %(below)s order by hashtextextended(id::text || %(chance)s, 0) limit 1)"
)
AUDIT, CHANGE = LOGGED.format("auditentry"), LOGGED.format("change")
NEW = "'00000000-0000-4000-8000-000000000001'"
SEALED = """
    select min(below) from (select max(below) as below from ledger_seal
                            union all select max(below_xid) from records_seal group by log) newest"""
TAMPERINGS = {
    "the words of a journal changed": f"update ledger_journal set memo = memo || '.' where id = {JOURNAL}",
    "the maker of a journal changed": f"update ledger_journal set made_by = made_by + 1 where id = {JOURNAL}",
    "the time of a journal changed": f"update ledger_journal set posted_at = posted_at - interval '1 day' where id = {JOURNAL}",
    "the lines of a journal exchanged": f"update ledger_entry set amount_fen = -amount_fen where journal_id = {JOURNAL}",
    "a journal deleted": f"""
        with gone as (delete from ledger_journal where id = {JOURNAL} returning id),
        keys as (delete from ledger_key where journal_id in (select id from gone)),
        subs as (delete from ledger_subentry where journal_id in (select id from gone)),
        totals as (delete from ledger_subtotal where journal_id in (select id from gone))
        delete from ledger_entry where journal_id in (select id from gone)""",
    "a journal put back in time": f"""
        with made as (
          insert into ledger_journal (month, id, book_id, kind, key, digest, made_kind, made_by, xid, pos)
          select month, {NEW}, book_id, kind, key || '-2', digest, made_kind, made_by, xid, pos + 1000000
            from ledger_journal where id = {JOURNAL} returning month)
        insert into ledger_entry (month, journal_id, line, book_id, account_id, amount_fen)
        select month, {NEW}, line, book_id, account_id, amount_fen from ledger_entry where journal_id = {JOURNAL}""",
    "an act of the trail changed": f"update records_auditentry set verb = verb || '.' where id = {AUDIT}",
    "another actor in the trail": f"update records_auditentry set actor_id = coalesce(actor_id, 0) + 1 where id = {AUDIT}",
    "an act of the trail deleted": f"delete from records_auditentry where id = {AUDIT}",
    "an act put into the trail": f"""
        insert into records_auditentry (at, xid, verb, subject_kind, subject_id, actor_kind, actor_name, region_code, detail)
        select at, xid, verb, subject_kind, subject_id, actor_kind, actor_name, region_code, detail
          from records_auditentry where id = {AUDIT}""",
    "the history of a row changed": f"update records_change set why = why || '.' where id = {CHANGE}",
    "the history of a row deleted": f"delete from records_change where id = {CHANGE}",
    "a seal of the trail removed": "delete from records_seal where number = 1 and log = 'audit'",
    "a seal of the journals rewritten": "update ledger_seal set root = sha256('x') where seq = 1",
}


@drill(
    "tampering",
    breaks=(
        "Somebody with the server's own rights changes, deletes or slips in journals, acts and history, and may seal all anew.",
        "有人以服务器自身权限改动、删除或插入凭证、审计与历史，并可能重新封印。",
    ),
    claim=(
        "Each is found by the proofs, the cunning one by the seals that were published before.",
        "全部被校验发现；重新封印者由此前公布的封印发现。",
    ),
    control=(
        "No seal was published: the past that was sealed anew must go unseen.",
        "未公布封印：必须发现重新封印的历史未被察觉。",
    ),
)
def tampering(ground: Ground, *, guarded: bool) -> Found:
    """Each kind by itself, plainly and sealed anew; taken back after it."""
    found, data, tried = Found(), ground.copy(ground.finish()), 0
    names = ground.chance.sample(sorted(TAMPERINGS), 6 if ground.small else len(TAMPERINGS))
    with running(data):
        with inside(data):
            records.seal()
            ledger.seal()
            published = [*records.newest(), *ledger.newest_seal()]
        with superuser(data):
            found.equal("differences before", differences(published), [])
            for number in range(len(names) * (1 if ground.small else 10)):
                name = names[number % len(names)]
                anew = not name.startswith("a seal") and (not guarded or ground.chance.random() < 0.5)
                with undone():
                    tampered(ground, name)
                    if anew:
                        seal_anew()
                    said = proofs_of_the_past(published if guarded else [])
                found.expect(bool(said), f"{name}{', sealed anew' * anew}: nobody noticed")
                tried += 1
    found.figures = {"kinds": len(names), "tried": tried, "found": tried - len(found.wrong)}
    ground.drop(data)
    return found


def tampered(ground: Ground, name: str) -> None:
    """One tampering of a sealed row by chance."""
    (below,) = asked(SEALED)[0]
    with connection.cursor() as cursor:
        cursor.execute(TAMPERINGS[name], {"below": below, "chance": str(ground.chance.random())})


def seal_anew() -> None:
    """Remove every seal and seal what is there now, as the cunning do."""
    for table in ("ledger_seal", "records_seal"):
        asked(f"delete from {table}")
    records.seal()
    ledger.seal()


def proofs_of_the_past(published: Sequence[Published]) -> list[str]:
    """What `ledger verify` and the seals of `audit verify` say."""
    found = [str(difference) for difference in ledger.verify(published=published).differences]
    return found + list(records.verify(published).differences)
