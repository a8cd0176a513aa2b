"""Officers join, move, are locked, stand in for each other and leave; refusals say what to do."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashebao.kernel.identity.api import (
    Grant,
    Joiner,
    NotPermitted,
    SignedIn,
    User,
    delegate,
    end_delegation,
    end_role,
    grant_role,
    hire,
    leave,
    lock_account,
    move,
    reset_password,
    reset_second_factor,
    roles_of,
    unlock_account,
)
from dashebao.kernel.records.api import AuditEntry
from dashebao.platform.administration.tests.officers import as_officer, make_offices, officer


def again(user: User) -> User:
    return User.objects.select_related("office").get(pk=user.pk)


def test_a_newcomer_must_change_the_first_password(staff):
    city = make_offices()[1]
    with as_officer(staff.admin) as admin:
        made, password = hire(Joiner("newcomer", "新人", city), by=admin)
        grant_role(made, "levy.clerk", by=admin)
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/sign-in/", {"username": "newcomer", "password": password})
    assert answer.status_code == 302
    assert client.get("/counter/tasks/").headers["Location"] == "/account/password/"
    own = "umbrella-Garden-77"
    client.post("/account/password/", {"old_password": password, "new_password1": own, "new_password2": own})
    assert client.get("/counter/tasks/").status_code == 200


def test_families_that_exclude_each_other_are_refused_in_clear_words(staff):
    clerk = officer("clerk", "levy.clerk")
    with as_officer(staff.admin) as admin, pytest.raises(NotPermitted) as caught:
        grant_role(again(clerk), "fund.maker", by=admin)
    assert "Levy clerk" in str(caught.value)
    assert "Finance duties exclude each other" in str(caught.value)
    assert "End that duty first" in str(caught.value)


def test_a_role_has_a_beginning_and_an_end(staff):
    colleague = officer("colleague")
    today = timezone.localdate()
    with as_officer(staff.admin) as admin:
        grant_role(again(colleague), "levy.clerk", by=admin, since=today + timedelta(5), until=today + timedelta(9))
        assert roles_of(again(colleague)) == frozenset()
        with pytest.raises(NotPermitted, match="already"):
            grant_role(again(colleague), "levy.clerk", by=admin, since=today + timedelta(8))
        with pytest.raises(NotPermitted, match="end before it begins"):
            grant_role(again(colleague), "levy.reviewer", by=admin, until=today)
        # after the first family has ended, another one may begin
        grant_role(again(colleague), "fund.maker", by=admin, since=today + timedelta(9))


def test_moving_ends_the_duties_of_the_old_post(staff):
    city = make_offices()[1]
    clerk = officer("clerk", "levy.clerk")
    SignedIn.objects.create(user=clerk, session_key="k" * 32, seen_at=timezone.now())
    with as_officer(staff.admin) as admin:
        move(again(clerk), city, by=admin, window="3")
    assert again(clerk).office == city
    assert roles_of(again(clerk)) == frozenset()
    assert not SignedIn.objects.filter(user=clerk).exists()


def test_leaving_closes_everything_and_a_return_needs_a_new_account(staff):
    clerk, colleague = officer("clerk", "levy.clerk"), officer("colleague")
    with as_officer(clerk) as giver:
        delegate(giver, colleague, "levy.clerk", timezone.localdate() + timedelta(9), "leave")
    assert roles_of(again(colleague)) == {"levy.clerk"}
    with as_officer(staff.admin) as admin:
        leave(again(clerk), by=admin, reason="retired")
        with pytest.raises(NotPermitted, match="has left"):
            unlock_account(again(clerk), by=admin)
        with pytest.raises(NotPermitted, match="in office"):
            grant_role(again(clerk), "levy.clerk", by=admin)
    assert roles_of(again(colleague)) == frozenset()
    assert again(clerk).left_on == timezone.localdate()
    line = AuditEntry.objects.get(verb="identity.officer_left")
    assert line.detail == {"reason": "retired", "ended_roles": ["levy.clerk"]}


def test_locking_unlocking_and_resetting(staff):
    clerk = officer("clerk", "levy.clerk")
    User.objects.filter(pk=clerk.pk).update(totp_secret="ABC", locked_until=timezone.now() + timedelta(minutes=9))
    with as_officer(staff.admin) as admin:
        unlock_account(again(clerk), by=admin)
        assert again(clerk).locked_until is None
        lock_account(again(clerk), by=admin, reason="away")
        assert not again(clerk).is_active
        unlock_account(again(clerk), by=admin)
        reset_second_factor(again(clerk), by=admin)
        assert again(clerk).totp_secret == ""
        password = reset_password(again(clerk), by=admin)
    assert again(clerk).check_password(password)
    assert again(clerk).must_change_password


def test_nobody_administers_himself_or_another_area(staff):
    city = make_offices()[1]
    local, far = officer("local", "admin.users", office=city), officer("far", "levy.clerk")
    with as_officer(local) as admin:
        for act in (lock_account, leave):
            with pytest.raises(NotPermitted, match="outside your area"):
                act(again(far), by=admin, reason="x")
        with pytest.raises(NotPermitted, match="own account"):
            lock_account(admin, by=admin, reason="x")
        with pytest.raises(NotPermitted, match="to himself"):
            grant_role(admin, "admin.approver", by=admin)
        with pytest.raises(NotPermitted, match="own duty"):
            end_role(Grant.objects.get(user=admin), by=admin)


def test_standing_in_is_for_own_roles_and_one_family(staff):
    clerk, payer, colleague = officer("clerk", "levy.clerk"), officer("payer", "fund.maker"), officer("colleague")
    until = timezone.localdate() + timedelta(9)
    with as_officer(clerk) as giver:
        with pytest.raises(NotPermitted, match="exclude each other"):
            delegate(giver, payer, "levy.clerk", until, "leave")
        with pytest.raises(NotPermitted, match="role that you hold"):
            delegate(giver, colleague, "levy.reviewer", until, "leave")
        with pytest.raises(NotPermitted, match="end before"):
            delegate(giver, colleague, "levy.clerk", date(2020, 1, 1), "leave")
        made = delegate(giver, colleague, "levy.clerk", until, "leave")
        with pytest.raises(NotPermitted, match="already"):
            delegate(giver, colleague, "levy.clerk", until, "leave")
        assert roles_of(again(colleague)) == {"levy.clerk"}
        end_delegation(made, by=giver)
    assert roles_of(again(colleague)) == frozenset()
