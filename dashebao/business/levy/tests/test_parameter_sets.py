"""The frozen set of rates is made once, also where two chunks of the month need it at the same moment."""

import threading
import time

import pytest
from django.db import connection

from dashebao.business.levy.models import ParameterSet
from dashebao.business.levy.rates import parameter_set_of, rates_of
from dashebao.kernel.records.api import SYSTEM, acting

MONTH, COUNTY = 202611, "440106"
LONG = 30  # seconds until the test gives up
HELD_UP = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


def held_up():
    """Whether somebody comes to wait for another's row."""
    until = time.monotonic() + LONG
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(HELD_UP)
            if cursor.fetchone()[0]:
                return True
            time.sleep(0.05)
    return False


@pytest.mark.django_db(transaction=True)
def test_two_chunks_that_make_it_at_once_use_the_same():
    rates, first_made, second_waits, used = rates_of(COUNTY, MONTH), threading.Event(), threading.Event(), []

    def chunk(begin, end):
        try:
            begin.wait(LONG)
            with acting(SYSTEM, "chunk"):
                used.append(parameter_set_of(rates))
                first_made.set()
                end.wait(LONG)
        finally:
            connection.close()

    now = threading.Event()
    now.set()
    chunks = [threading.Thread(target=chunk, args=args) for args in ((now, second_waits), (first_made, now))]
    for one in chunks:
        one.start()
    assert first_made.wait(LONG)
    assert held_up()
    second_waits.set()
    for one in chunks:
        one.join()
    assert used == [ParameterSet.objects.get().pk] * 2
