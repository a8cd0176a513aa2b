"""Three different officers sign what is paid, and the database itself refuses everything else."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from dashebao.business.fund import api
from dashebao.business.fund.models import BatchSignature, PaymentBatch
from dashebao.kernel.identity.api import NotPermitted, actor_of
from dashebao.kernel.records.api import SYSTEM, Actor, acting, ensure_partition, sign

from .conftest import FUND, MONTH, POOL, lines, make_book, make_officers, sign_all

SIGN = """insert into fund_batchsignature (batch_id, stage, user_id, user_name, line_count, total_fen, digest)
select id, %s, %s, 'x', line_count, total_fen, digest from fund_paymentbatch where id = %s"""


@pytest.fixture
def drafted(book, officers):
    api.add_payment_lines(lines([1, 2, 3]))
    api.make_batches(MONTH, FUND, POOL)
    return PaymentBatch.objects.get()


def test_maker_checker_and_approver_sign_in_turn(drafted, officers):
    with pytest.raises(api.BatchNotOpen):
        api.sign_batches("approver", [drafted.pk], officers["approver"])
    sign_all(officers)
    drafted.refresh_from_db()
    assert drafted.state == "approved"
    view = api.batch_view(drafted.pk)
    assert [s.user_name for s in view.signatures] == ["maker", "checker", "approver"]


def test_a_signature_needs_the_role_of_its_stage(drafted, officers):
    with pytest.raises(NotPermitted):
        api.sign_batches("maker", [drafted.pk], officers["checker"])
    assert not BatchSignature.objects.exists()


def test_nobody_signs_twice(drafted, officers):
    from datetime import date

    from dashebao.kernel.identity.api import Grant

    since = (date(2020, 1, 1), None)
    maker = officers["maker"]
    Grant.objects.create(user=maker, role="fund.checker", family="finance", valid_during=since)
    api.sign_batches("maker", [drafted.pk], maker)
    del maker._roles_today
    with pytest.raises(api.SameOfficer):
        api.sign_batches("checker", [drafted.pk], maker)


def test_a_rejected_batch_frees_its_lines(drafted, officers):
    api.sign_batches("maker", [drafted.pk], officers["maker"])
    api.reject_batch(drafted.pk, officers["checker"], "wrong account")
    assert api.make_batches(MONTH, FUND, POOL).lines == 3
    assert BatchSignature.objects.filter(batch=drafted).count() == 1


@contextmanager
def as_web():
    """Django's own connection, opened as the web process opens it."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER="dashebao_web", PASSWORD=settings.SECRETS["passwords"]["dashebao_web"])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


class Web:
    """The web process's own login, as an injected statement would use it."""

    def __init__(self, opened: psycopg.Connection) -> None:
        self.opened = opened

    def act(self, user) -> None:
        self.opened.execute("select set_config('app.ctx', %s, false)", [sign(actor_of(user))])

    def refused(self, sql: str, values=()) -> str:
        with pytest.raises(psycopg.Error) as told:
            self.opened.execute(sql, values)
        return str(told.value)

    def run(self, sql: str, values=()) -> int:
        return self.opened.execute(sql, values).rowcount


@pytest.fixture
def web(transactional_db):
    place = connection.settings_dict
    password = settings.SECRETS["passwords"]["dashebao_web"]
    with psycopg.connect(
        host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user="dashebao_web", password=password,
        autocommit=True,
    ) as opened:  # fmt: skip
        yield Web(opened)


@pytest.fixture
def committed(transactional_db):
    """A drafted batch and the officers, committed so that another connection sees them."""
    with acting(SYSTEM, "test"):
        make_book()
        officers = make_officers()
        api.add_payment_lines(lines([1, 2, 3]))
        api.make_batches(MONTH, FUND, POOL)
        return PaymentBatch.objects.get(), officers


def test_the_database_refuses_what_the_program_would(web, committed):
    batch, officers = committed
    maker, checker = officers["maker"], officers["checker"]
    web.act(maker)
    assert "lacks a signature" in web.refused("update fund_paymentbatch set state = 'made' where id = %s", [batch.pk])
    assert "cannot go from" in web.refused("update fund_paymentbatch set state = 'approved'")
    assert "frozen" in web.refused("update fund_paymentbatch set total_fen = total_fen + 1")
    assert "frozen" in web.refused("update fund_paymentbatch set digest = 'x'")
    assert "frozen" in web.refused("delete from fund_paymentbatch")
    assert "who acts" in web.refused(SIGN, [1, checker.pk, batch.pk])
    assert "not open for stage" not in web.refused(SIGN, [2, maker.pk, batch.pk])
    assert web.run(SIGN, [1, maker.pk, batch.pk]) == 1
    assert "does not hold the role" in web.refused(SIGN, [2, maker.pk, batch.pk])
    web.act(checker)
    assert web.run(SIGN, [2, checker.pk, batch.pk]) == 1
    assert "lacks a signature" not in web.refused(
        "update fund_paymentbatch set state = 'sent' where id = %s", [batch.pk]
    )
    assert "permission denied" in web.refused("update fund_batchsignature set user_id = 1")
    assert "permission denied" in web.refused("delete from fund_batchsignature")


def test_one_person_with_all_roles_still_cannot_sign_twice(web, committed):
    batch, officers = committed
    maker = officers["maker"]
    with acting(SYSTEM, "test"), connection.cursor() as cursor:
        for role in ("fund.checker", "fund.approver"):
            cursor.execute(
                "insert into identity_grant (user_id, role, family, valid_during)"
                " values (%s, %s, 'finance', daterange('2020-01-01', null))",
                [maker.pk, role],
            )
    web.act(maker)
    assert web.run(SIGN, [1, maker.pk, batch.pk]) == 1
    assert "fund_signature_other_person" in web.refused(SIGN, [2, maker.pk, batch.pk])


def test_lines_of_a_batch_are_frozen(web, committed):
    _batch, officers = committed
    ensure_partition("fund_paymentresult", MONTH)
    web.act(officers["maker"])
    assert "frozen" in web.refused("update fund_paymentbatchline set amount_fen = 1")
    assert "frozen" in web.refused("update fund_paymentbatchline set account_number = '666'")
    assert "frozen" in web.refused("delete from fund_paymentbatchline")
    assert "permission denied" in web.refused("update fund_paymentline set amount_fen = 1")
    copy = """insert into fund_paymentbatchline (batch_id, month, line_id, person_id, attempt, amount_fen, end_to_end_id, bank_code,
      account_number, account_name) select batch_id, month, line_id, person_id, %s, amount_fen, end_to_end_id, bank_code,
      account_number, account_name from fund_paymentbatchline"""
    assert "duplicate key" in web.refused(copy, [1])
    assert "being drafted" in web.refused(copy, [2])
    assert "was sent" in web.refused(
        "insert into fund_paymentresult (month, batch_id, line_id, person_id, attempt, status, reason, message, on_date)"
        " select month, batch_id, line_id, person_id, 1, 'paid', '', 'x', '2026-11-20' from fund_paymentbatchline"
    )


def test_an_officer_of_another_city_sees_and_signs_nothing(web, committed):
    batch, officers = committed
    with connection.cursor() as cursor, acting(SYSTEM, "test"):
        cursor.execute("update identity_office set region_code = '440300' where id = %s", [officers["maker"].office_id])
    officers["maker"].office.refresh_from_db()
    web.act(officers["maker"])
    assert web.opened.execute("select count(*) from fund_paymentbatch").fetchone() == (0,)
    forged = (
        "insert into fund_batchsignature (batch_id, stage, user_id, user_name, line_count, total_fen, digest)"
        " values (%s, 1, %s, 'x', %s, %s, %s)"
    )
    values = [batch.pk, officers["maker"].pk, batch.line_count, batch.total_fen, batch.digest]
    assert "outside the officer's region" in web.refused(forged, values)


def test_the_digest_is_the_sha256_of_the_lines(drafted):
    with connection.cursor() as cursor:
        cursor.execute(
            "select json_build_array(month, line_id, attempt, amount_fen, end_to_end_id, bank_code,"
            " left(account_number, 23), account_name)::text from fund_paymentbatchline order by month, line_id, attempt"
        )
        text = "\n".join(row[0] for row in cursor.fetchall())
    assert drafted.digest == hashlib.sha256(text.encode()).hexdigest()


def test_the_web_process_signs_and_rejects_with_its_own_login(committed):
    batch, officers = committed
    with as_web():
        api.sign_batches("maker", [batch.pk], officers["maker"])
        api.sign_batches("checker", [batch.pk], officers["checker"])
        api.reject_batch(batch.pk, officers["approver"], "amount looks wrong")
        with acting(actor_of(officers["approver"])):
            view = api.batch_view(batch.pk)
            assert (view.state, len(view.signatures), api.batch_lines(batch.pk)) == ("rejected", 2, [])


def test_people_see_their_own_payments_only(committed):
    _batch, officers = committed
    with as_web():
        with acting(Actor("person", 1)):
            own, other = api.lines_of(1), api.lines_of(2)
        with acting(actor_of(officers["maker"])):
            seen = api.lines_of(2)
    assert ([line.state for line in own], other, len(seen)) == (["batched"], [], 1)
