"""A journal posted alone takes a shorter way than one in a set; both write the same and refuse the same."""

from dataclasses import replace

import pytest
from django.db import connection

from dashebao.kernel.ledger.api import (
    Journal,
    KeyConflict,
    LedgerError,
    Line,
    Overdraft,
    PeriodClosed,
    SubLine,
    Unbalanced,
    UnknownAccount,
    close_period,
    post,
    post_all,
    verify,
)
from dashebao.kernel.ledger.rules import as_columns
from dashebao.kernel.ledger.tests.conftest import PARTS
from dashebao.kernel.records.api import SYSTEM, Actor, acting


@pytest.fixture(autouse=True)
def _as_system(db):
    with acting(SYSTEM):
        yield


def credit(books, key, amounts=((3, 70), (1, 20), (3, 5)), **more):
    """Money for holders, one of them twice, over four lines of which two are on the control account."""
    total = sum(amount for _holder, amount in amounts)
    lines = (
        Line(books.control, -total - 7),
        Line(books.contra, total + 7),
        Line(books.control, 7),
        Line(books.contra, -7),
    )
    subs = tuple(SubLine(books.control, holder, PARTS[0], amount) for holder, amount in amounts)
    return Journal(books.id, "credit", key, 202611, lines, subs, **more)


def in_a_set(*journals):
    return post_all(as_columns(journals))


def rows(statement, journal):
    with connection.cursor() as cursor:
        cursor.execute(statement, [journal])
        return cursor.fetchall()


WRITTEN = (
    "select digest, made_kind, made_by, memo, approved_by from ledger_journal where id = %s",
    "select request from ledger_key where journal_id = %s",
    "select line, account_id, amount_fen, balance_after_fen from ledger_entry where journal_id = %s order by line",
    "select subaccount_id, amount_fen from ledger_subentry where journal_id = %s order by 1",
    "select account_id, amount_fen from ledger_subtotal where journal_id = %s",
)


def test_alone_and_in_a_set_the_same_rows_are_written(books):
    cash = Journal(books.id, "cash", "a", 202611, (Line(books.cash, 40), Line(books.income, -40)), memo="in")
    alone = [post(credit(books, "a")), post(cash)]
    others = in_a_set(credit(books, "b"), credit(books, "c", ((9, 1),)))
    moved, _other = in_a_set(replace(cash, key="b"), credit(books, "d", ((9, 1),)))
    for statement in WRITTEN:
        assert rows(statement, alone[0].id) == rows(statement, others[0].id)
    for statement in WRITTEN[:2]:
        assert rows(statement, alone[1].id) == rows(statement, moved.id)
    kept = [{row[1]: row[3] for row in rows(WRITTEN[2], journal)} for journal in (alone[1].id, moved.id)]
    assert kept == [{books.cash: 1_040, books.income: None}, {books.cash: 1_080, books.income: None}]
    assert verify().differences == ()


def test_a_replay_by_the_other_way_exists_and_other_content_conflicts(books):
    one, other = post(credit(books, "a")), in_a_set(credit(books, "b"), credit(books, "c"))
    assert in_a_set(credit(books, "a"), credit(books, "d"))[0] == replace(one, outcome="exists")
    assert post(credit(books, "b")) == replace(other[0], outcome="exists")
    for way in (post, lambda journal: in_a_set(journal, credit(books, "e"))):
        with pytest.raises(KeyConflict):
            way(credit(books, "a", ((3, 1),)))


BAD = {
    "does not balance": (Unbalanced, lambda j: replace(j, lines=(*j.lines[:3], Line(j.lines[1].account, -8)))),
    "one line": (Unbalanced, lambda j: replace(j, lines=j.lines[:1], sub_lines=())),
    "unknown account": (UnknownAccount, lambda j: replace(j, lines=(*j.lines[:3], Line(987_654_321, -7)))),
    "unknown holder": (
        UnknownAccount,
        lambda j: replace(j, sub_lines=(SubLine(j.lines[0].account, 5_000, PARTS[0], 95),)),
    ),
    "too little for the holders": (Unbalanced, lambda j: replace(j, sub_lines=j.sub_lines[:1])),
    "nothing for the holders": (Unbalanced, lambda j: replace(j, sub_lines=())),
    "holders without their account": (
        Unbalanced,
        lambda j: replace(j, lines=(Line(j.lines[1].account, 7), Line(j.lines[1].account, -7))),
    ),
    "below zero": (
        Overdraft,
        lambda j: replace(
            j,
            lines=(Line(j.lines[0].account, 1), Line(j.lines[1].account, -1)),
            sub_lines=(SubLine(j.lines[0].account, 50, PARTS[0], -1),),
        ),
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_refused_alone_is_refused_in_a_set(books, what):
    refusal, spoil = BAD[what]
    bad = spoil(credit(books, "bad"))
    with pytest.raises(refusal):
        post(bad)
    with pytest.raises(refusal):
        in_a_set(credit(books, "good"), bad)


@pytest.mark.parametrize("actor", [Actor("officer", 7, region="4402"), Actor("officer", 7), Actor("person", 7)])
def test_neither_way_posts_for_somebody_without_the_right(books, actor):
    with acting(actor):
        for way in (post, lambda journal: in_a_set(journal, credit(books, "other"))):
            with pytest.raises(LedgerError):
                way(credit(books, "mine"))


def test_neither_way_posts_into_a_closed_month(books):
    close_period(books.id, 202611)
    for way in (post, lambda journal: in_a_set(journal, credit(books, "other"))):
        with pytest.raises(PeriodClosed):
            way(credit(books, "late"))
