"""Sign-in, roles, families that exclude each other, delegation, sessions."""

import datetime

import pyotp
import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.utils import timezone

from dashebao.kernel.identity import backends
from dashebao.kernel.identity.api import (
    NotPermitted,
    Office,
    User,
    actor_of,
    delegate,
    end_role,
    grant_role,
    has_role,
    officers_with,
    prefix,
    require_role,
    start_second_factor,
)
from dashebao.kernel.records.api import AuditEntry

PASSWORD = "a long Password 1"
pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office.objects.create(code="o", name="广州", name_en="Guangzhou", level="city", region_code="440100")


@pytest.fixture
def officer(office):
    return User.objects.create_user("li", PASSWORD, kind="officer", name="Li", office=office)


@pytest.fixture
def other(office):
    return User.objects.create_user("wu", PASSWORD, kind="officer", name="Wu", office=office)


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("code", "short"), [("440000", "44"), ("440100", "4401"), ("440106", "440106"), ("441900", "4419")]
)
def test_the_scope_prefix_drops_trailing_pairs_of_zeros(code, short):
    assert prefix(code) == short


def test_an_officer_acts_in_the_region_of_the_office(officer):
    assert (actor_of(officer).kind, actor_of(officer).region) == ("officer", "4401")


def test_the_right_password_signs_in_and_is_audited(officer):
    assert authenticate(username="li", password=PASSWORD) == officer
    assert AuditEntry.objects.filter(verb="identity.signed_in").count() == 1


@pytest.mark.parametrize(("name", "password"), [("li", "wrong"), ("nobody", PASSWORD), ("li", "")])
def test_a_refusal_says_nothing(officer, name, password):
    assert authenticate(username=name, password=password) is None


def test_five_failures_lock_for_a_quarter_of_an_hour(officer):
    for _time in range(backends.TRIES):
        authenticate(username="li", password="wrong")
    assert authenticate(username="li", password=PASSWORD) is None
    User.objects.filter(pk=officer.pk).update(locked_until=timezone.now() - datetime.timedelta(seconds=1))
    assert authenticate(username="li", password=PASSWORD) == officer


def test_a_second_factor_is_needed_and_works_once(officer):
    assert start_second_factor(officer).startswith("otpauth://totp/")
    code = pyotp.TOTP(fresh(officer).totp_secret).now()
    assert authenticate(username="li", password=PASSWORD) is None
    assert authenticate(username="li", password=PASSWORD, code=code) == officer
    assert authenticate(username="li", password=PASSWORD, code=code) is None


def test_a_role_is_held_from_its_grant_to_its_end(officer, other):
    grant_role(other, "admin.users")
    grant = grant_role(officer, "pension.clerk", by=fresh(other))
    assert has_role(fresh(officer), "pension.clerk")
    end_role(grant, by=fresh(other))
    assert not has_role(fresh(officer), "pension.clerk")
    with pytest.raises(NotPermitted, match="Pension clerk"):
        require_role(fresh(officer), "pension.clerk")


def test_only_an_administrator_grants_and_never_to_himself(officer, other):
    with pytest.raises(NotPermitted):
        grant_role(officer, "pension.clerk", by=other)
    grant_role(other, "admin.users")
    with pytest.raises(NotPermitted, match="himself"):
        grant_role(fresh(other), "admin.users", by=fresh(other))


@pytest.mark.parametrize("second", ["fund.maker", "admin.users", "audit.reader"])
def test_the_database_refuses_duties_that_exclude_each_other(officer, second):
    grant_role(officer, "pension.clerk")
    with pytest.raises(IntegrityError, match="identity_families_exclude"), transaction.atomic():
        grant_role(officer, second)
    grant_role(officer, "pension.assessor")


def test_a_role_is_delegated_only_by_who_holds_it_and_while_he_does(officer, other):
    until = timezone.localdate() + datetime.timedelta(days=5)
    with pytest.raises(NotPermitted):
        delegate(officer, other, "pension.approver", until, "leave")
    grant = grant_role(officer, "pension.approver")
    delegate(fresh(officer), other, "pension.approver", until, "leave")
    assert has_role(fresh(other), "pension.approver")
    grant.delete()
    assert not has_role(fresh(other), "pension.approver")


def test_a_role_is_not_delegated_across_families(officer, other):
    grant_role(officer, "pension.approver")
    grant_role(other, "audit.reader")
    with pytest.raises(NotPermitted, match="exclude"):
        delegate(fresh(officer), other, "pension.approver", timezone.localdate() + datetime.timedelta(days=5), "leave")


def test_officers_of_the_city_and_the_province_cover_a_county(officer, other):
    grant_role(officer, "pension.clerk")
    assert set(officers_with("pension.clerk", "440106")) == {officer}
    assert set(officers_with("pension.clerk", "440300")) == set()


def test_a_user_needs_what_its_kind_belongs_to():
    with pytest.raises(IntegrityError, match="identity_user_belongs"), transaction.atomic():
        User.objects.create_user("x", PASSWORD, kind="officer", name="X")
