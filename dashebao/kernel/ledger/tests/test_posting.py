"""What a posting does and what it refuses."""

import pytest

from dashebao.kernel.ledger.api import (
    BadPosting,
    Journal,
    JournalColumns,
    KeyConflict,
    Line,
    LineColumns,
    NoContext,
    NotPermitted,
    Overdraft,
    PeriodClosed,
    PostingSet,
    ReversalRefused,
    SubLine,
    SubLineColumns,
    Unbalanced,
    UnknownAccount,
    account_balances,
    close_period,
    entries_of,
    is_closed,
    journal_of,
    open_account,
    open_books,
    open_sub_accounts,
    place_holders,
    post,
    post_all,
    post_many,
    release,
    reserve,
    reverse,
    sub_balances,
    sub_balances_between,
    sub_entries_of,
    sub_movements,
    trial_balance,
    verify,
)
from dashebao.kernel.ledger.errors import HoldRefused
from dashebao.kernel.records.api import SYSTEM, Actor, acting


@pytest.fixture(autouse=True)
def _as_system(db):
    with acting(SYSTEM):
        yield


def simple(books, key, amount=50, month=202611, **more):
    return Journal(books.id, "tax", key, month, (Line(books.bank, amount), Line(books.income, -amount)), **more)


def test_a_posting_is_made_once_whatever_the_order_of_its_lines(books):
    first = post(simple(books, "a"))
    again = post(
        Journal(books.id, "tax", "a", 202611, (Line(books.income, -50), Line(books.bank, 50)), memo="other words")
    )
    assert (first.outcome, again.outcome, first.id == again.id) == ("posted", "exists", True)
    assert account_balances(books.id)[books.bank] == 50


@pytest.mark.parametrize("change", [{"amount": 51}, {"month": 202612}])
def test_the_same_key_with_other_content_is_refused(books, change):
    post(simple(books, "a"))
    with pytest.raises(KeyConflict) as refusal:
        post(simple(books, "a", **change))
    assert "tax a" in str(refusal.value)
    assert account_balances(books.id)[books.bank] == 50


def test_what_does_not_balance_is_refused(books):
    for lines in (
        (Line(books.bank, 5), Line(books.income, -4)),
        (Line(books.bank, 5),),
        (),
        (Line(books.bank, 0), Line(books.income, 0)),
    ):
        with pytest.raises(Unbalanced):
            post(Journal(books.id, "tax", "x", 202611, lines))
    assert entries_of(book=books.id, month=202611) == []


def test_control_accounts_tie_to_their_sub_lines(books):
    lines = (Line(books.contra, 10), Line(books.control, -10))
    sub = SubLine(books.control, 7, "worker_principal", 10)
    for wrong in ((), (SubLine(books.control, 7, "worker_principal", 9),), (sub, sub)):
        with pytest.raises(Unbalanced):
            post(Journal(books.id, "give", "x", 202611, lines, wrong))
    with pytest.raises(Unbalanced):
        post(simple(books, "y", sub_lines=(sub,)))
    assert post(Journal(books.id, "give", "x", 202611, lines, (sub,))).outcome == "posted"
    assert sub_balances(books.control, [7]).balance_fen == (0, 10)


def test_sub_balances_never_fall_below_zero_and_move_between_holders(books):
    books.give(1, 100, "g1")
    move = (Line(books.control, 30), Line(books.control, -30))
    subs = (SubLine(books.control, 1, "worker_principal", -30), SubLine(books.control, 2, "worker_principal", 30))
    assert post(Journal(books.id, "move", "m", 202611, move, subs)).outcome == "posted"
    assert sub_balances_between(books.control, 1, 2).balance_fen == (0, 70, 0, 30)
    draw = (Line(books.contra, -71), Line(books.control, 71))
    with pytest.raises(Overdraft):
        post(Journal(books.id, "draw", "d", 202611, draw, (SubLine(books.control, 1, "worker_principal", -71),)))
    statement = sub_entries_of(books.control, 1)
    assert [(row.kind, row.amount_fen, row.balance_fen) for row in statement] == [("give", 100, 100), ("move", -30, 70)]


def test_accounts_with_limits_keep_them(books):
    with pytest.raises(Overdraft):
        post(Journal(books.id, "pay", "x", 202611, (Line(books.cash, -1001), Line(books.bank, 1001))))
    with pytest.raises(Overdraft):
        post(Journal(books.id, "pay", "y", 202611, (Line(books.cash, 999_001), Line(books.bank, -999_001))))
    assert (
        post(Journal(books.id, "pay", "z", 202611, (Line(books.cash, -1000), Line(books.bank, 1000)))).outcome
        == "posted"
    )


def test_unknown_accounts_and_bad_shapes_are_refused(books):
    other = open_account(open_books("310", "440300"), "1005")
    for account in (424242, other):
        with pytest.raises(UnknownAccount):
            post(Journal(books.id, "tax", "x", 202611, (Line(books.bank, 5), Line(account, -5))))
    with pytest.raises(UnknownAccount):
        books.give(4711, 5, "nobody")
    for month in (0, 202613, 300001):
        with pytest.raises(BadPosting):
            post(simple(books, "x", month=month))
    with pytest.raises(BadPosting):
        post(Journal(books.id, "tax", "k" * 201, 202611, (Line(books.bank, 5), Line(books.income, -5))))


def test_closed_months_take_nothing_but_answer_replays(books):
    post(simple(books, "a", month=202609))
    assert close_period(books.id, 202610) == "closed"
    assert close_period(books.id, 202609) == "already"
    assert (is_closed(books.id, 202608), is_closed(books.id, 202611)) == (True, False)
    assert post(simple(books, "a", month=202609)).outcome == "exists"
    with pytest.raises(PeriodClosed):
        post(simple(books, "b", month=202610))


def test_the_trial_balance_carries_the_closed_months(books):
    post(simple(books, "a", 70, month=202609))
    expected = None
    for closed in (None, 202609, 202610):
        if closed:
            close_period(books.id, closed)
        rows = {row.code: row for row in trial_balance(books.id, 202611)}
        expected = expected or rows
        assert rows == expected
    post(simple(books, "b", 30))
    row = {row.code: row for row in trial_balance(books.id, 202611)}["1005"]
    assert (row.opening_fen, row.debit_fen, row.credit_fen, row.closing_fen) == (70, 30, 0, 100)
    assert sum(row.closing_fen for row in trial_balance(books.id, 202611)) == 0
    assert account_balances(books.id)[books.bank] == 100


def test_a_reversal_mirrors_once(books):
    given = books.give(5, 40, "g")
    undone = reverse(given.id, kind="undo", key="g", month=202612)
    assert journal_of(undone.id).reverses == given.id
    assert sub_balances(books.control, [5]).balance_fen == (0, 0)
    assert reverse(given.id, kind="undo", key="g", month=202612).outcome == "exists"
    with pytest.raises(ReversalRefused):
        reverse(given.id, kind="undo", key="h", month=202612)
    kept = post(simple(books, "a"))
    with pytest.raises(ReversalRefused):
        post(simple(books, "b", -49, reverses=kept.id))


def test_a_set_is_posted_whole_or_not_at_all_and_only_what_is_new(books):
    def postings(count, amount):
        return PostingSet(
            JournalColumns([books.id] * count, ["set"] * count, [str(i) for i in range(count)], [202611] * count),
            LineColumns(
                [i for i in range(count) for _ in "ab"],
                [books.contra, books.control] * count,
                [sign * amount for _ in range(count) for sign in (1, -1)],
            ),
            SubLineColumns(
                list(range(count)),
                [books.control] * count,
                list(range(1, count + 1)),
                ["worker_principal"] * count,
                [amount] * count,
            ),
        )

    assert post_many(postings(10, 5)).posted == 10
    with pytest.raises(KeyConflict):
        post_many(postings(20, 6))
    answers = post_all(postings(20, 5))
    assert [answer.outcome for answer in answers] == ["exists"] * 10 + ["posted"] * 10
    assert sum(sub_balances(books.control, range(1, 101)).balance_fen) == 100
    moves = sub_movements(books.control, (202611, 202611), (1, 3))
    assert (moves.increase_fen, moves.decrease_fen) == ((5, 5, 5), (0, 0, 0))


def test_holds_reserve_money_and_end_once(books):
    from uuid import uuid4

    first, second = uuid4(), uuid4()
    assert reserve(books.cash, 600, hold_id=first) == "held"
    assert reserve(books.cash, 600, hold_id=first) == "exists"
    with pytest.raises(Overdraft):
        reserve(books.cash, 401, hold_id=second)
    with pytest.raises(Overdraft):
        post(Journal(books.id, "pay", "x", 202611, (Line(books.cash, -401), Line(books.bank, 401))))
    with pytest.raises(HoldRefused):
        release(first, "expired")
    with pytest.raises(HoldRefused):
        release(first, "posted", post(simple(books, "elsewhere")).id)
    assert release(first, "voided") == "voided"
    assert release(first, "voided") == "already"
    assert reserve(books.cash, 1000, hold_id=second) == "held"


def test_officers_post_in_their_own_region_and_never_approve_themselves(books):
    with acting(Actor("officer", 11, region="4401")):
        assert post(simple(books, "a", approved_by=12)).outcome == "posted"
        with pytest.raises(NotPermitted):
            post(simple(books, "b", approved_by=11))
    for actor in (
        Actor("officer", 11, region="4403"),
        Actor("officer", 11),
        Actor("person", 7),
        Actor("unit", 3, unit_id=9),
    ):
        with acting(actor), pytest.raises(NotPermitted):
            post(simple(books, "c"))
    assert journal_of(post(simple(books, "a")).id).made_by == 11


def test_opening_again_with_other_settings_is_refused(books):
    assert open_account(books.id, "1001", min_balance_fen=0, max_balance_fen=1_000_000) == books.cash
    with pytest.raises(KeyConflict):
        open_account(books.id, "1001")
    assert open_sub_accounts(books.control, [1, 2, 101], "worker_principal", ["440106"] * 3) == 1
    assert place_holders(books.control, [1, 2], ["440104", "440106"]) == 4


def test_clean_books_verify(books):
    books.give(3, 10, "g")
    close_period(books.id, 202610)
    report = verify()
    assert [str(difference) for difference in report.differences] == []
    assert report.sub_entries >= 1


def test_without_a_signed_context_nothing_is_posted(books):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.ctx', '', true)")
    with pytest.raises(NoContext):
        post(simple(books, "a"))
