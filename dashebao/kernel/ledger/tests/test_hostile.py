"""Forbidden acts as the web login: each must be refused by the database itself."""

import hashlib
import hmac
import time
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from dashebao.kernel.records.api import Actor, sign

pytestmark = pytest.mark.django_db
TABLES = {
    "journal": "kind = 'x'",
    "entry": "amount_fen = 1",
    "subentry": "amount_fen = 1",
    "subtotal": "amount_fen = 1",
    "key": "kind = 'x'",
    "account": "balance_fen = 1",
    "subaccount": "balance_fen = 1",
    "book": "region = '000000'",
    "hold": "amount_fen = 1",
    "holdend": "how = 'voided'",
    "period": "month = 1",
    "closing": "balance_fen = 1",
    "seal": "count = 0",
}
ACTS = {}


def act(name, refused_if=None):
    """Registers one forbidden act; it must raise, or give an answer that `refused_if` accepts."""

    def register(function):
        ACTS[name] = (function, refused_if)
        return function

    return register


for table, change in TABLES.items():
    act(f"update {table}")(lambda w, t=table, c=change: w.run(f"update ledger_{t} set {c}"))
    act(f"delete {table}")(lambda w, t=table: w.run(f"delete from ledger_{t}"))
    act(f"truncate {table}")(lambda w, t=table: w.run(f"set app.allow_truncate = on; truncate ledger_{t} cascade"))
    act(f"lock {table}")(
        lambda w, t=table: w.run(f"do $$ begin lock table ledger_{t} in access exclusive mode; end $$")
    )

INSERTS = {
    "journal (month, id, book_id, kind, key, digest, made_kind, made_by)": (
        "(202611, gen_random_uuid(), {own}, 'k', 'k', '', 'officer', 11)"
    ),
    "entry (month, journal_id, line, book_id, account_id, amount_fen)": "(202611, '{posted}', 9, {own}, 1, 7)",
    "entry_202611 (month, journal_id, line, book_id, account_id, amount_fen)": "(202611, '{posted}', 9, {own}, 1, 7)",
    "subentry (month, subaccount_id, journal_id, amount_fen)": "(202611, 1, '{posted}', 7)",
    "subtotal (month, journal_id, account_id, amount_fen)": "(202611, '{posted}', 1, 7)",
    "subaccount (account_id, holder, part, balance_fen)": "(1, 1, 'mine', 1000000)",
    "account (book_id, code)": "({own}, 'mine')",
    "key (journal_id, book_id, kind, key, month, request)": "(gen_random_uuid(), {own}, 'k', 'k', 202611, '')",
    "period (book_id, month, closed_kind, closed_by)": "({own}, 202611, 'officer', 1)",
    "seal (seq, above, below, count, root, chain)": "(99, 0, 1, 0, '', '')",
}
for what, row in INSERTS.items():
    act(f"insert into {what.split()[0]} directly")(
        lambda w, t=what, r=row: w.run(f"insert into ledger_{t} values {r.format(own=w.own.id, posted=w.posted)}")
    )

STATEMENTS = {
    "read the context key": "select * from ctx.key",
    "read a partition past its policies": "select * from ledger_entry_202611",
    "disable a trigger": "alter table ledger_entry disable trigger all",
    "turn row security off": "alter table ledger_entry disable row level security",
    "change a policy": "alter policy web_reads on ledger_entry using (true)",
    "detach a month": "alter table ledger_entry detach partition ledger_entry_202611",
    "drop a table": "drop table ledger_entry",
    "become the owner": "set role dashebao_owner",
    "become the worker": "set role dashebao_worker",
    "replication role": "set session_replication_role = replica",
    "replace a context function": "create or replace function ctx.region() returns text return '44'",
    "replace the posting function": "create or replace function lg.uuid7() returns uuid return gen_random_uuid()",
    "make a function in the ledger's schema": "create function lg.mine() returns int language sql as 'select 1'",
    "make a table in public": "create table public.mine(id int)",
    "seal as the web login": "select lg.seal()",
    "call a guard's parts": "select lg.write_lines('{}', '{}', '{}', '{}', '{}', '{}')",
    "claim a key": "select lg.claim_keys('{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    "attach guards": "select lg.guard_table('ledger_entry', 'ledger_entry')",
    "sign for itself": "select ctx.sign('officer|1|44')",
}
for what, statement in STATEMENTS.items():
    act(what)(lambda w, s=statement: w.run(s))


@act(
    "shadow the accounts by search_path",
    refused_if=lambda w, before: before == w.web.execute("select count(*) from pg_temp.ledger_account").fetchone()[0],
)
def _(w):
    w.run("create temp table ledger_account(like public.ledger_account)")
    w.run("set search_path = pg_temp, public")
    w.post([(w.own.bank, -1), (w.own.income, 1)])
    return 0


@act("fool the balance check with a temporary table")
def _(w):
    w.run("create temp table ledger_entry(month int, journal_id uuid, account_id bigint, amount_fen bigint)")
    w.run("set search_path = pg_temp, public")
    w.post([(w.own.bank, -50), (w.own.income, 49)])


@act("fool the closed month with a temporary table")
def _(w):
    w.run("create temp table ledger_period(book_id bigint, month int)")
    w.run("set search_path = pg_temp, public")
    w.run("select lg.close_period(%s, 202512)", w.own.id)
    w.post([(w.own.bank, -1), (w.own.income, 1)], month=202512)


LINES = {
    "unbalanced": lambda b, f: [(b.bank, -50), (b.income, 49)],
    "one line": lambda b, f: [(b.bank, 50)],
    "no lines": lambda b, f: [],
    "zero lines": lambda b, f: [(b.bank, 0), (b.income, 0)],
    "overdraft": lambda b, f: [(b.cash, -100_000), (b.bank, 100_000)],
    "over the ceiling": lambda b, f: [(b.cash, 1_000_000), (b.bank, -1_000_000)],
    "another region's account": lambda b, f: [(f.bank, -5), (b.bank, 5)],
    "an unknown account": lambda b, f: [(424_242_424, -5), (b.bank, 5)],
    "an account that is null": lambda b, f: [("null", -5), (b.bank, 5)],
    "bigint overflow": lambda b, f: [(b.bank, -(2**63)), (b.income, 2**63 - 1)],
    "overflow of the sum": lambda b, f: [
        (b.cash, 2**63 - 1),
        (b.cash, 2**63 - 1),
        (b.bank, -(2**63)),
        (b.bank, -(2**63) + 2),
    ],
    "a fraction of a fen": lambda b, f: [(b.bank, -0.5), (b.income, 0.5)],
    "not a number": lambda b, f: [(b.bank, "NaN"), (b.income, 1)],
    "a control account alone": lambda b, f: [(b.contra, 5), (b.control, -5)],
}
for what, lines in LINES.items():
    act(f"post {what}")(lambda w, make=lines: w.post(make(w.own, w.foreign)))

PRINCIPAL = "worker_principal"


def given(books):
    return [(books.contra, 5), (books.control, -5)]


SUBS = {
    "more to the holder than to the control account": lambda b, f: (given(b), [(b.control, 1, PRINCIPAL, 6)]),
    "sub-lines without a control line": lambda b, f: ([(b.bank, 5), (b.income, -5)], [(b.control, 1, PRINCIPAL, 5)]),
    "a sub-balance below zero": lambda b, f: ([(b.contra, -5), (b.control, 5)], [(b.control, 99, PRINCIPAL, -5)]),
    "below zero hidden by another holder": lambda b, f: (
        [(b.control, 5), (b.control, -5)],
        [(b.control, 98, PRINCIPAL, -5), (b.control, 97, PRINCIPAL, 5)],
    ),
    "sub-lines under an ordinary account": lambda b, f: ([(b.bank, 5), (b.income, -5)], [(b.bank, 1, PRINCIPAL, 5)]),
    "another region's holder": lambda b, f: (given(b), [(f.control, 1, PRINCIPAL, 5)]),
    "another region's holders between themselves": lambda b, f: (
        [(b.bank, 5), (b.income, -5)],
        [(f.control, 1, PRINCIPAL, 5), (f.control, 2, PRINCIPAL, -5)],
    ),
    "an unknown holder": lambda b, f: (given(b), [(b.control, 4711, PRINCIPAL, 5)]),
    "an unknown part": lambda b, f: (given(b), [(b.control, 1, "gold", 5)]),
    "a zero sub-line": lambda b, f: (given(b), [(b.control, 1, PRINCIPAL, 5), (b.control, 2, PRINCIPAL, 0)]),
    "sub-amounts that overflow": lambda b, f: (given(b), [(b.control, 1, PRINCIPAL, 2**63 - 1)] * 2),
}
for what, make in SUBS.items():
    act(f"post {what}")(lambda w, m=make: w.post(*m(w.own, w.foreign)))


RAW = """select lg.post_set(array[{book}]::bigint[], '{{k}}', {key}, '{{202611}}', '{{m}}', array[{reverses}]::uuid[],
    array[null]::bigint[], '{{1,1}}', array[{bank}, {income}]::bigint[], '{{-1,1}}',
    '{{}}', '{{}}', '{{}}', '{{}}', '{{}}')"""


def raw(w, key="array['raw']", reverses="null"):
    """The posting function called by hand, past all Python."""
    own = w.own
    return w.run(RAW.format(book=own.id, bank=own.bank, income=own.income, key=key, reverses=reverses))


def minimal(w):
    return [(w.own.bank, -1), (w.own.income, 1)]


act("post into another region's books")(
    lambda w: w.post([(w.foreign.bank, -1), (w.foreign.income, 1)], book=w.foreign.id)
)
act("post into books of nobody")(lambda w: w.post(minimal(w), book=987_654_321))
act("approve one's own posting")(lambda w: w.post(minimal(w), approved_by=11))
act("post into no month")(lambda w: w.post(minimal(w), month=202613))
act("post under an empty key")(lambda w: raw(w, key="array['']"))
act("post under a null key")(lambda w: raw(w, key="array[null]::text[]"))
act("the same key with another amount")(lambda w: w.post([(w.own.bank, -60), (w.own.income, 60)], key="levy-1"))
act("the same key in another month")(
    lambda w: w.post([(w.own.bank, -50), (w.own.income, 50)], key="levy-1", month=202612)
)
act("a replay moves no money", refused_if=lambda w, answer: answer == w.posted)(
    lambda w: w.post([(w.own.bank, -50), (w.own.income, 50)], key="levy-1")
)
act("reverse with other lines")(lambda w: w.post([(w.own.bank, 49), (w.own.income, -49)], reverses=w.posted))
act("reverse a journal that is not there")(lambda w: w.post(minimal(w), reverses=uuid4()))


@act("post into a closed month")
def _(w):
    w.run("select lg.close_period(%s, 202601)", w.own.id)
    w.post(minimal(w), month=202601)


@act("close another region's month")
def _(w):
    w.run("select lg.close_period(%s, 202601)", w.foreign.id)


@act("reverse twice")
def _(w):
    journal = w.post([(w.own.bank, -7), (w.own.income, 7)])
    w.post([(w.own.bank, 7), (w.own.income, -7)], reverses=journal)
    w.post([(w.own.bank, 7), (w.own.income, -7)], reverses=journal)


act("reverse another region's journal")(lambda w: raw(w, reverses=f"'{w.posted_abroad}'"))


def forged(text, old, new):
    return text.replace(old, new, 1)


def wrong_key(actor):
    text = f"{actor.kind}|{actor.id}|{actor.region}|{actor.unit_id}|{int(time.time()) + 600}|1"
    return text + "|" + hmac.new(b"guess", text.encode(), hashlib.sha256).hexdigest()


CONTEXTS = {
    "no context": lambda w: "",
    "a forged region": lambda w: forged(sign(w.officer()), w.own.region[:4], w.foreign.region[:4]),
    "a forged officer": lambda w: forged(sign(w.officer()), "|11|", "|12|"),
    "a forged kind": lambda w: forged(sign(w.officer()), "officer", "system"),
    "a longer life": lambda w: sign(w.officer()).replace("|1|", "9|1|"),
    "the wrong key": lambda w: wrong_key(w.officer()),
    "an expired context": lambda w: sign(w.officer(), lifetime=-5),
    "a number of no key": lambda w: sign(w.officer()).replace("|1|", "|2|"),
    "nonsense": lambda w: "|||||||",
}
for what, make in CONTEXTS.items():
    act(f"post with {what}")(lambda w, m=make: (w.sign_in(m(w)), w.send(w.web, minimal(w)))[1])
    act(f"read with {what}", refused_if=lambda w, rows: rows == [])(
        lambda w, m=make: (w.sign_in(m(w)), w.run("select * from ledger_entry"))[1]
    )

ACTORS = {
    "a person": Actor("person", 1),
    "an operator of a unit": Actor("unit", 5, unit_id=1),
    "an officer without a region": Actor("officer", 11),
    "an officer of another province": Actor("officer", 11, region="99"),
}
for what, actor in ACTORS.items():
    act(f"post as {what}")(lambda w, a=actor: (w.sign_in(a), w.send(w.web, minimal(w)))[1])
    act(f"open an account as {what}")(
        lambda w, a=actor: (
            w.sign_in(a),
            w.run("select lg.open_account(%s, 'mine', '', false, 'person', null, null, true)", w.own.id),
        )[1]
    )
    act(f"read journals as {what}", refused_if=lambda w, rows: rows == [])(
        lambda w, a=actor: (w.sign_in(a), w.run("select * from ledger_journal"))[1]
    )
    act(f"read sub-accounts of others as {what}", refused_if=lambda w, rows: rows == [])(
        lambda w, a=actor: (w.sign_in(a), w.run("select * from ledger_subaccount where holder <> 1"))[1]
    )
act("read one's own number among the units as a person", refused_if=lambda w, rows: rows == [])(
    lambda w: (w.sign_in(Actor("unit", 5, unit_id=1)), w.run("select * from ledger_subaccount"))[1]
)
act("read sub-entries of others as a person", refused_if=lambda w, rows: rows == [])(
    lambda w: (w.sign_in(Actor("person", 99)), w.run("select * from ledger_subentry"))[1]
)
act("read a stranger's statement", refused_if=lambda w, rows: rows == [])(
    lambda w: (w.sign_in(Actor("person", 99)), w.run("select * from lg.statement(%s, 1)", w.own.control))[1]
)
act("read another region's accounts", refused_if=lambda w, rows: rows == [])(
    lambda w: w.run("select * from ledger_account where book_id = %s", w.foreign.id)
)
act("read another region's sub-accounts", refused_if=lambda w, rows: rows == [])(
    lambda w: w.run("select * from ledger_subaccount where account_id = %s", w.foreign.control)
)
act("read another region's statement", refused_if=lambda w, rows: rows == [])(
    lambda w: w.run("select * from lg.statement(%s, 1)", w.foreign.control)
)


@act("leak another region's row by an error", refused_if=lambda w, rows: rows == [])
def _(w):
    try:
        return w.run("select 1 from ledger_account where 1 / (id - %s) > 99", w.foreign.bank)
    except psycopg.errors.DivisionByZero:
        return "leaked"


@act("end a hold twice", refused_if=lambda w, answer: answer == "already")
def _(w):
    hold = uuid4()
    w.run("select lg.reserve(%s, %s, 10, 15)", hold, w.own.cash)
    w.run("select lg.release(%s, 'voided', null)", hold)
    return w.run("select lg.release(%s, 'voided', null)", hold)[0][0]


act("hold more than there is")(lambda w: w.run("select lg.reserve(%s, %s, 100000, 15)", uuid4(), w.own.cash))
act("hold a negative amount")(lambda w: w.run("select lg.reserve(%s, %s, -5, 15)", uuid4(), w.own.cash))
act("hold on an account that keeps no balance")(
    lambda w: w.run("select lg.reserve(%s, %s, 5, 15)", uuid4(), w.own.bank)
)
act("hold another region's money")(lambda w: w.run("select lg.reserve(%s, %s, 5, 15)", uuid4(), w.foreign.cash))


@act("post a hold without its journal")
def _(w):
    hold = uuid4()
    w.run("select lg.reserve(%s, %s, 10, 15)", hold, w.own.cash)
    try:
        w.run("select lg.release(%s, 'posted', %s)", hold, w.posted)
    finally:
        w.run("select lg.release(%s, 'voided', null)", hold)


act("open a sub-account under an ordinary account")(
    lambda w: w.run("select lg.open_sub_accounts(%s, 'p', '{1}', '{}')", w.own.bank)
)
act("open sub-accounts in another region")(
    lambda w: w.run("select lg.open_sub_accounts(%s, 'p', '{1}', '{}')", w.foreign.control)
)
act("move another region's holders")(
    lambda w: w.run("select lg.place_holders(%s, '{1}', '{710000}')", w.foreign.control)
)
act("open books elsewhere")(lambda w: w.run("select lg.open_book('999', '990000')"))
act("loosen an account's limits")(
    lambda w: w.run("select lg.open_account(%s, '1001', '', false, 'person', null, null, true)", w.own.id)
)


@pytest.mark.parametrize("name", ACTS)
def test_a_forbidden_act_is_refused(world, name):
    forbidden, refused_if = ACTS[name]
    world.fresh()
    try:
        answer = forbidden(world)
    except psycopg.Error:
        refused = True
    else:
        refused = bool(refused_if and refused_if(world, answer))
    finally:
        world.fresh()
    assert refused


def test_the_web_login_owns_nothing_and_bypasses_nothing(world):
    world.fresh()
    assert world.run("select count(*) from pg_class where pg_get_userbyid(relowner) = current_user")[0][0] == 0
    assert world.run("select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = current_user") == [
        (False,)
    ]
    assert len(ACTS) >= 71
    assert settings.CONTEXT_KEY
