"""Notices: written by one officer, published by another, withdrawn with a reason, never changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from dashebao.kernel.cases.tests.conftest import web_login  # noqa: F401
from dashebao.kernel.identity.api import Grant, NotPermitted, User, actor_of, roles
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.notices.actions import NoticeRefused, Wording, publish, withdraw, write
from dashebao.platform.service_centre.notices.models import Notice
from dashebao.platform.service_centre.portal.tests import world as worlds

WORDS = Wording("notice", "系统维护", "Maintenance", "今晚维护。", "Tonight.")


@pytest.fixture
def world(transactional_db, web_login):  # noqa: F811
    return worlds.build()


@pytest.fixture
def draft(world):
    editor = world.users["notices.editor"]
    with acting(actor_of(editor)):
        return write(WORDS, by=editor).pk


def published(world, draft):
    publisher = world.users["notices.publisher"]
    with acting(actor_of(publisher)):
        return publish(draft, 0, by=publisher)


def test_a_draft_is_not_public_until_another_officer_publishes_it(world, draft):
    reader = Client(headers={"accept-language": "en"})
    assert "Maintenance" not in reader.get("/notices/").content.decode()
    assert reader.get(f"/notices/{draft}/").status_code == 404
    published(world, draft)
    assert "Maintenance" in reader.get("/notices/").content.decode()
    assert "Tonight." in reader.get(f"/notices/{draft}/").content.decode()
    assert "今晚维护" in reader.get(f"/notices/{draft}/", headers={"accept-language": "zh-hans"}).content.decode()


def test_the_writer_may_not_publish_even_with_both_duties(world, draft):
    editor = world.users["notices.editor"]
    with acting(actor_of(editor)), pytest.raises(NotPermitted):
        publish(draft, 0, by=editor)
    with acting(SYSTEM, "a second duty"):
        known = roles()["notices.publisher"]
        first = Grant.objects.get(user=editor)
        Grant.objects.create(user=editor, role=known.code, family=known.family, valid_during=first.valid_during)
    editor = User.objects.select_related("office").get(pk=editor.pk)
    with acting(actor_of(editor)):
        with pytest.raises(NoticeRefused):
            publish(draft, 0, by=editor)
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.update(published_by=editor.pk)


def test_what_is_published_does_not_change_and_is_not_deleted(world, draft):
    published(world, draft)
    editor = world.users["notices.editor"]
    with acting(actor_of(editor)):
        with pytest.raises(NoticeRefused):
            write(WORDS, by=editor, notice_id=draft)
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.update(body_zh="另一段")
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.all().delete()


def test_a_citizen_writes_no_notice_even_past_the_program(world, draft):
    with acting(actor_of(world.users["citizen"])), pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.update(title_zh="假公告")


def test_withdrawing_needs_a_reason_the_public_reads(world, draft):
    published(world, draft)
    publisher = world.users["notices.publisher"]
    with acting(actor_of(publisher)):
        with pytest.raises(NoticeRefused):
            withdraw(draft, 0, " ", by=publisher)
        withdraw(draft, 0, "the day changed", by=publisher)
    reader = Client(headers={"accept-language": "en"})
    assert "Maintenance" not in reader.get("/notices/").content.decode()
    assert "the day changed" in reader.get(f"/notices/{draft}/").content.decode()


def test_the_desk_writes_publishes_and_tells_a_stale_page(world):
    editor, publisher = world.client("notices.editor"), world.client("notices.publisher")
    empty = editor.post("/counter/notices/new/", {"title_zh": "只有标题"})
    assert empty.status_code == 422
    assert "只有标题" in empty.content.decode()
    form = {"kind": "policy", "title_zh": "新政策", "title_en": "New policy", "body_zh": "正文", "body_en": "Text"}
    assert editor.post("/counter/notices/new/", form).status_code == 302
    assert publisher.get("/counter/notices/new/").status_code == 403
    with acting(SYSTEM, "look"):
        key = Notice.objects.get().pk
    editor.post(f"/counter/notices/{key}/", {**form, "version": "1"})
    stale = publisher.post("/counter/notices/", {"act": "publish", "notice": key, "version": "1"}, follow=True)
    assert "Somebody else changed this notice" in stale.content.decode()
    publisher.post("/counter/notices/", {"act": "publish", "notice": key, "version": "2"})
    assert "New policy" in Client(headers={"accept-language": "en"}).get("/").content.decode()
