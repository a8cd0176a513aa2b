"""Facts are stored with the change and heard in the same transaction."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction

from dashebao.kernel.events import publishing
from dashebao.kernel.events.api import Event, listeners, listens, publish, publish_many
from dashebao.kernel.events.models import EventRow


@dataclass(frozen=True)
class LampLit(Event):
    """A lamp was lit (of these tests only)."""

    lamp: int
    on: date


@pytest.fixture(autouse=True)
def _own_listeners(monkeypatch):
    monkeypatch.setattr(publishing, "_listeners", {})


@pytest.mark.django_db
def test_a_fact_is_stored_and_heard_once():
    heard = []
    listens(LampLit)(heard.append)
    publish(LampLit(7, date(2026, 11, 1)))
    assert heard == [LampLit(7, date(2026, 11, 1))]
    assert EventRow.objects.get(name="LampLit").content == {"lamp": 7, "on": "2026-11-01"}


@pytest.mark.django_db
def test_a_listener_that_refuses_undoes_the_fact():
    def refuse(event):
        raise ValueError("no")

    listens(LampLit)(refuse)
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        publish(LampLit(7, date(2026, 11, 1)))
    assert not EventRow.objects.filter(name="LampLit").exists()


@pytest.mark.django_db
def test_many_facts_are_stored_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        publish_many([LampLit(n, date(2026, 11, 1)) for n in range(500)])


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        publish(LampLit(7, date(2026, 11, 1)))


def test_who_hears_whom_can_be_listed():
    @listens(LampLit)
    def ring(event):
        """Listen."""

    assert listeners() == {"LampLit": [f"{__name__}.ring"]}
