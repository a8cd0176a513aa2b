"""Persons and units: as known on a day, history, search, and the lists of tasks."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting
from dashebao.kernel.records.models import Change
from dashebao.kernel.registry.api import (
    AccountEntry,
    change_person,
    moment_of,
    person_then,
    record_fact,
    set_bank_account,
)
from dashebao.kernel.registry.past import changes_of_person
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.service_centre.counter.models import Handover


@pytest.fixture
def changed(scene):
    """The person as registered some moments ago, and what changed after `before`."""
    with acting(SYSTEM, "test"):
        record_fact(scene.person_id, "marriage", date(2001, 5, 1), source="civil_affairs")
        set_bank_account(scene.person_id, AccountEntry("102", "6222020000001111", "林小岚"), date(2020, 1, 1))
        before = timezone.now()
        change_person(scene.person_id, name="林大岚", mobile="13900000009")
        set_bank_account(scene.person_id, AccountEntry("105", "6217000000002222", "林大岚"), date(2020, 1, 1))
        record_fact(scene.person_id, "imprisonment", date(2024, 1, 1), date(2025, 1, 1), source="justice")
    return before


def test_two_dates_tell_what_held_and_what_was_known(scene, changed):
    now, then = person_then(scene.person_id, date(2024, 6, 1)), person_then(scene.person_id, date(2024, 6, 1), changed)
    assert (now.person.name, then.person.name) == ("林大岚", "林小岚")
    assert [one.number for one in now.accounts] == ["6217000000002222"]
    assert [one.number for one in then.accounts] == ["6222020000001111"]
    assert [one.kind for one in now.facts] == ["marriage", "imprisonment"]
    assert [one.kind for one in then.facts] == ["marriage"]
    assert person_then(scene.person_id, date(1990, 1, 1)).facts == ()
    assert person_then(scene.person_id, date(2024, 6, 1), moment_of(date(1999, 1, 1))).person is None


def test_looking_back_costs_few_queries(scene, changed, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        person_then(scene.person_id, date(2024, 6, 1), changed)


def test_the_page_says_clearly_that_it_shows_the_past(scene, enter, changed):
    clerk, page = enter("pension.clerk"), reverse("counter_person", args=[scene.person_id])
    now = clerk.get(page).content.decode()
    assert "You look at" not in now
    yesterday = timezone.localdate() - timedelta(days=1)
    past = clerk.get(page, {"on": "2024-06-01", "known": yesterday.isoformat()}).content.decode()
    assert "You look at the past" in past
    assert "did not know this person yet" in past
    other_day = clerk.get(page, {"on": "2024-06-01"}).content.decode()
    assert "You look at another day" in other_day
    assert "Imprisonment" in other_day
    assert "Imprisonment" not in now
    assert "Left out, because they keep no memory of what was known: " in past
    left_out = past.split("keep no memory of what was known: ")[1].split("<")[0]
    assert "Personal account" in left_out
    assert "Insurances" not in left_out
    assert "keep no memory" not in other_day
    assert AuditEntry.objects.filter(verb="person.viewed", detail__known=yesterday.isoformat()).exists()


@pytest.mark.parametrize("kind", ["person", "unit"])
def test_the_index_of_the_page_leads_to_parts_that_are_there(scene, enter, kind):
    key = scene.person_id if kind == "person" else scene.unit_id
    body = enter("pension.clerk").get(reverse(f"counter_{kind}", args=[key])).content.decode()
    index = body[body.index("data-index") : body.index("</nav>", body.index("data-index"))]
    anchors = re.findall(r'href="#([^"]+)"', index)
    assert {"cases", "numbers", "history"} <= set(anchors)
    assert [name for name in anchors if body.count(f'id="{name}"') != 1] == []


def test_the_history_shows_every_change_masked(scene, enter, changed):
    assert {one.op for one in changes_of_person(scene.person_id)} == {"I", "U", "D"}
    body = enter("pension.clerk").get(reverse("counter_person_past", args=[scene.person_id])).content.decode()
    assert "林小岚" in body
    assert "林大岚" in body
    assert "6222020000001111" not in body
    assert "13900000009" not in body
    assert Change.objects.filter(table_name="registry_person").exists()


def test_search_by_mobile_and_its_line_in_the_trail(scene, enter):
    clerk = enter("pension.clerk")
    body = clerk.get(reverse("counter_find"), {"q": "13800002046"}).content.decode()
    assert "林小岚" in body
    assert scenes.ID_NUMBER not in body
    line = AuditEntry.objects.get(verb="counter.searched")
    assert line.detail == {"began": "138000", "signs": 11, "people": 1, "units": 0, "cases": 0}


def test_the_number_is_shown_only_on_request_and_that_is_recorded(scene, enter):
    clerk, page = enter("pension.clerk"), reverse("counter_reveal", args=[scene.person_id])
    assert clerk.get(page).status_code == 302
    assert scenes.ID_NUMBER in clerk.post(page).content.decode()
    assert AuditEntry.objects.filter(verb="person.number_shown", subject_person_id=scene.person_id).count() == 1


def test_task_lists_cost_the_same_however_they_are_narrowed(scene, enter, django_assert_max_num_queries):
    clerk = enter("pension.clerk")
    for query in (
        {},
        {"list": "team", "order": "newest", "item": "TT-005", "q": "林"},
        {"list": "overdue", "page": "9"},
    ):
        with django_assert_max_num_queries(30):
            assert clerk.get(reverse("counter_tasks"), query).status_code == 200


def test_a_shift_is_handed_over_and_confirmed(scene, enter):
    with acting(SYSTEM, "test"):
        clerk = scene.users["pension.clerk"]
        taker = User.objects.create_user("taker", scenes.PASSWORD, kind="officer", name="接班人", office=clerk.office)
        grant = clerk.grants.get()
        grant.pk, grant.user = None, taker
        grant.save()
    scene.users["taker"] = taker
    page = reverse("counter_handover")
    assert "接班人" in enter("pension.clerk").get(page).content.decode()
    sent = enter("pension.clerk").post(page, {"act": "give", "to": str(taker.pk), "note": "九点有两位老人预约"})
    assert sent.status_code == 302
    row = Handover.objects.get()
    assert enter("pension.clerk").post(page, {"act": "receive", "handover": row.pk}).status_code == 404
    assert enter("taker").post(page, {"act": "receive", "handover": row.pk}).status_code == 302
    row.refresh_from_db()
    assert isinstance(row.received_at, datetime)
