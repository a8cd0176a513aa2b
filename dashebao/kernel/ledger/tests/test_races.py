"""Many logins at once: one wins, nobody loses money, nobody waits for ever."""

import random
import threading
from collections import Counter

import psycopg
import pytest

from dashebao.kernel.ledger.tests.hostile import connect
from dashebao.kernel.records.api import Actor, sign

pytestmark = pytest.mark.django_db
RUNNERS = 24


def race(world, runners, step):
    """Runs `step(connection, number)` on that many connections at the same moment; counts answers and SQL states."""
    connections = [connect() for _ in range(runners)]
    barrier, answers = threading.Barrier(runners), []

    def run(number):
        own = connections[number]
        own.execute("select set_config('app.ctx', %s, false)", (sign(world.officer(100 + number)),))
        barrier.wait()
        try:
            answers.append(step(own, number))
        except psycopg.Error as error:
            answers.append(error.diag.constraint_name or error.sqlstate)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in connections:
        one.close()
    return Counter(answers)


def test_the_last_money_is_taken_once(world):
    own = world.own
    answers = race(world, RUNNERS, lambda c, n: world.send(c, [(own.cash, -1000), (own.bank, 1000)])[1])
    assert answers == {"posted": 1, "ledger_account_floor": RUNNERS - 1}


def test_one_key_is_posted_once(world):
    own = world.own
    answers = race(world, RUNNERS, lambda c, n: world.send(c, [(own.bank, -5), (own.income, 5)], key="race")[1])
    assert answers == {"posted": 1, "exists": RUNNERS - 1}


def test_one_journal_is_reversed_once(world):
    own = world.own
    journal = world.post([(own.bank, -3), (own.income, 3)])
    answers = race(world, RUNNERS, lambda c, n: world.send(c, [(own.bank, 3), (own.income, -3)], reverses=journal)[1])
    assert answers == {"posted": 1, "LG008": RUNNERS - 1}


def test_opposite_transfers_between_holders_do_not_lock_each_other_out(world):
    own = world.own
    give = [(own.contra, 1000), (own.control, -1000)]
    world.post(give, [(own.control, holder, "worker_principal", 500) for holder in (61, 62)])

    def step(connection, number):
        sign_ = 1 if number % 2 else -1
        subs = [(own.control, 61, "worker_principal", sign_), (own.control, 62, "worker_principal", -sign_)]
        return world.send(connection, [(own.control, 5), (own.control, -5)], subs[::sign_])[1]

    assert race(world, RUNNERS, step) == {"posted": RUNNERS}
    world.sign_in(Actor("person", 61))
    assert world.run("select sum(balance_fen) from ledger_subaccount where account_id = %s", own.control) == [(500,)]
    world.fresh()


def test_wide_journals_over_the_same_holders_do_not_lock_each_other_out(world):
    own = world.own

    def step(connection, number):
        holders = random.Random(number).sample(range(62, 99), 30)  # more than a counter posts: a set
        subs = [(own.control, holder, "worker_interest", 1) for holder in holders]
        return [world.send(connection, [(own.contra, 30), (own.control, -30)], subs)[1] for _ in range(5)].count(
            "posted"
        )

    assert race(world, RUNNERS, step) == {5: RUNNERS}


def test_no_posting_slips_into_a_month_that_closes(world):
    own = world.own

    def step(connection, number):
        if number == 0:
            return connection.execute("select lg.close_period(%s, 202603)", (own.id,)).fetchone()[0]
        return world.send(connection, [(own.bank, -1), (own.income, 1)], month=202603)[1]

    answers = race(world, RUNNERS, step)
    late = world.run(
        """select count(*) from ledger_journal j join ledger_period p on p.book_id = j.book_id and p.month >= j.month
            where j.book_id = %s and j.posted_at > p.closed_at""",
        own.id,
    )
    kept = world.run("select sum(balance_fen) from ledger_closing where account_id = %s and month = 202603", own.bank)
    entries = world.run("select sum(amount_fen) from ledger_entry where account_id = %s and month <= 202603", own.bank)
    assert (answers["closed"], answers["posted"] + answers["LG002"], late[0][0], kept) == (1, RUNNERS - 1, 0, entries)
