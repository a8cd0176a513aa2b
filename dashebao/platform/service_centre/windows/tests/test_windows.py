"""Numbers are given, called, passed on and finished; two windows never get the same one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dashebao.kernel.cases.api import at, now
from dashebao.kernel.cases.tests.declarations.simple import AskForPaper
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import registered
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.tests.declared import ClaimExample
from dashebao.platform.service_centre.windows.actions import call_next, finish, miss, recall, take_number, transfer
from dashebao.platform.service_centre.windows.errors import (
    NobodyWaits,
    NoSuchBusiness,
    NotYours,
    NoWindow,
    StillServing,
)
from dashebao.platform.service_centre.windows.models import Ticket
from dashebao.platform.service_centre.windows.queries import ahead_of, businesses, next_in_line, todays


@pytest.fixture(autouse=True)
def _catalogue():
    with registered(ClaimExample, AskForPaper):
        yield


def clerk(window: str = "7"):
    user = officer("pension.clerk")
    user.window = window
    with acting(SYSTEM, "test"):
        user.save()
    return user


def kinds() -> list[str]:
    return [one.code for one in businesses()]


@pytest.mark.django_db
def test_numbers_run_by_business_and_the_weak_go_first():
    user, (one, other, *_rest) = clerk(), kinds()
    first, second = take_number(user.office, one), take_number(user.office, one)
    assert [first.serial, second.serial] == [1, 2]
    assert first.number == f"{first.letter}001"
    assert take_number(user.office, other).serial == 1
    with at(now() + timedelta(minutes=1)):
        old = take_number(user.office, one, first=True)
    assert ahead_of(second) == 2
    assert ahead_of(old) == 0
    assert next_in_line(user.office)[0].pk == old.pk
    with pytest.raises(NoSuchBusiness):
        take_number(user.office, "nothing")


@pytest.mark.django_db
def test_a_number_is_called_again_passed_on_and_finished():
    user, (one, other, *_rest) = clerk(), kinds()
    with pytest.raises(NobodyWaits):
        call_next(user)
    with pytest.raises(NotYours):
        finish(user)
    taken = take_number(user.office, one)
    with pytest.raises(NobodyWaits):
        call_next(user, [other])
    assert call_next(user, [one]).pk == taken.pk
    with pytest.raises(StillServing):
        call_next(user)
    assert recall(user).calls == 2
    transfer(user, other)
    again = call_next(user, [other])
    assert (again.pk, again.number) == (taken.pk, taken.number)
    finish(user)
    take_number(user.office, one)
    call_next(user)
    assert miss(user).state == "missed"
    line = next(row for row in todays(user.office) if row.business.code == other)
    assert (line.served, line.waiting) == (1, 0)


@pytest.mark.django_db
def test_without_a_window_nobody_is_called():
    user = clerk("")
    take_number(user.office, kinds()[0])
    with pytest.raises(NoWindow):
        call_next(user)


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_get_two_numbers():
    users, code = [clerk("1"), clerk("2"), clerk("3")], kinds()[0]
    for _turn in range(3):
        take_number(users[0].office, code)
    gate = Barrier(len(users))

    def run(user):
        gate.wait()
        try:
            return call_next(user).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        called = list(pool.map(run, users))
    assert len(set(called)) == len(users)


def test_the_pages_work_as_the_web_login_and_other_offices_see_nothing(transactional_db, request):
    user, stranger = clerk(), officer("pension.clerk", region="440300", level="city")
    client = Client(headers={"accept-language": "en"})
    with acting(SYSTEM, "test"):
        client.force_login(user, "dashebao.kernel.identity.backends.PasswordBackend")
    request.getfixturevalue("web_login")
    sent = client.post(reverse("windows_terminal"), {"business": kinds()[0]})
    slip = client.get(sent.url).content.decode()
    number = f"{businesses()[0].letter}001"
    assert number in slip
    called = client.post(reverse("windows_desk"), {"act": "call", "next": reverse("counter_tasks")})
    assert called.url == reverse("counter_tasks")
    assert number in client.get(reverse("counter_tasks")).content.decode()
    assert number in client.get(reverse("windows_board")).content.decode()
    outside = client.post(reverse("windows_desk"), {"act": "finish", "next": "https://elsewhere.example/"})
    assert outside.url == reverse("windows_desk")
    with acting(actor_of(stranger)):
        assert list(Ticket.objects.all()) == []
