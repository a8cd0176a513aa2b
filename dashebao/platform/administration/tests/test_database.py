"""The database keeps four eyes, families and areas even where the program would not."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from dashebao.kernel.cases.tests.conftest import signed_in_as
from dashebao.kernel.identity.api import Delegation, Grant, Office, User
from dashebao.platform.administration.actions import parameter_wanted
from dashebao.platform.administration.models import Closure, Enactment, Proposal
from dashebao.platform.administration.tests.officers import as_officer, make_offices, officer, propose

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def wanted():
    return parameter_wanted("residents.basic", "44", NEW_YEAR, "300")


@pytest.fixture
def officers(transactional_db):
    return {name: officer(name, *held) for name, held in {
        "maker": ["admin.parameters"], "approver": ["admin.approver"], "both": ["admin.parameters", "admin.approver"],
        "boss": ["admin.users"], "clerk": ["levy.clerk"], "colleague": [], "payer": ["fund.maker"],
    }.items()}  # fmt: skip


def refused(act, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


def function(proposal: Proposal, digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select administration_enact(%s, %s, '', 'x')", [proposal.pk, digest])


def test_the_web_login_cannot_write_an_approved_row(officers, wanted):
    made = propose(officers["maker"], wanted)
    with signed_in_as("dashebao_web"), as_officer(officers["approver"]):
        row = {
            f.name: getattr(made, f.name)
            for f in Proposal._meta.fields
            if f.name not in ("id", "reason", "proposed_at")
        }
        refused(
            lambda: Enactment.objects.create(proposal=made, approved_by=1, approved_name="x", **row),
            "permission denied",
        )
        refused(lambda: Proposal.objects.filter(pk=made.pk).update(content={"value": "1"}), "permission denied")
        refused(lambda: Proposal.objects.filter(pk=made.pk).delete(), "permission denied")


def test_the_database_itself_refuses_the_maker_as_approver(officers, wanted):
    made = propose(officers["both"], wanted)
    with signed_in_as("dashebao_web"), as_officer(officers["both"]):
        refused(lambda: function(made, made.digest), "nobody approves an own proposal")
    with as_officer(officers["both"]):
        refused(lambda: function(made, made.digest), "nobody approves an own proposal")
    row = {
        f.name: getattr(made, f.name) for f in Proposal._meta.fields if f.name not in ("id", "reason", "proposed_at")
    }
    refused(
        lambda: Enactment.objects.create(proposal=made, approved_by=made.proposed_by, approved_name="x", **row),
        "four_eyes",
    )


def test_only_the_duty_proposes_and_approves(officers, wanted):
    made = propose(officers["maker"], wanted)
    with signed_in_as("dashebao_web"):
        with as_officer(officers["clerk"]):
            refused(lambda: function(made, made.digest), "with that duty")
            row = {f.name: getattr(made, f.name) for f in Proposal._meta.fields if f.name != "id"}
            refused(lambda: Proposal.objects.create(**row | {"proposed_by": officers["clerk"].pk}), "with that duty")
        with as_officer(officers["both"]):
            refused(lambda: Proposal.objects.create(**row | {"proposed_by": officers["maker"].pk}), "in his own name")
        with as_officer(officers["approver"]):
            refused(lambda: function(made, "0" * 64), "not the one that was shown")
            function(made, made.digest)
            refused(
                lambda: Closure.objects.create(
                    proposal=made, outcome="rejected", reason="x", closed_by=officers["approver"].pk, closed_name="x"
                ),
                "enacted already",
            )
        assert Enactment.objects.get().approved_by == officers["approver"].pk


def test_a_content_changed_behind_the_back_is_not_approved(officers, wanted):
    made = propose(officers["maker"], wanted)
    with connection.cursor() as cursor:
        cursor.execute("alter table administration_proposal disable trigger frozen")
        cursor.execute('update administration_proposal set content = \'{"value": "999"}\'')
        cursor.execute("alter table administration_proposal enable trigger frozen")
    with as_officer(officers["approver"]):
        refused(lambda: function(made, made.digest), "not the one that was shown")


def test_roles_are_granted_by_an_administrator_of_the_area_to_somebody_else(officers):
    def grant(user: User, role: str, family: str, by: User) -> None:
        Grant.objects.create(
            user=user, role=role, family=family, valid_during=DateRange(date(2026, 1, 1), None), granted_by=by.pk
        )

    boss, clerk, colleague = officers["boss"], officers["clerk"], officers["colleague"]
    with signed_in_as("dashebao_web"):
        with as_officer(boss):
            grant(colleague, "levy.clerk", "business", boss)
            refused(lambda: grant(boss, "admin.approver", "information", boss), "to himself")
            refused(lambda: grant(colleague, "levy.reviewer", "business", clerk), "in another name")
            refused(lambda: grant(clerk, "fund.maker", "finance", boss), "identity_families_exclude")
            refused(lambda: Grant.objects.filter(user=clerk).delete(), "ended, not deleted")
            refused(lambda: Grant.objects.filter(user=clerk).update(role="pension.approver"), "only the time")
        with as_officer(clerk):
            refused(lambda: grant(colleague, "levy.reviewer", "business", clerk), "only a user administrator")
            refused(lambda: User.objects.filter(pk=colleague.pk).update(is_active=False), "only a user administrator")
            refused(lambda: Office.objects.update(name="x"), "only a user administrator")
            assert User.objects.filter(pk=clerk.pk).update(window="9") == 1


def test_an_administrator_of_a_city_reaches_only_his_city(officers):
    city = make_offices()[1]
    local, staff = officer("local", "admin.users", office=city), officer("staff", office=city)
    with signed_in_as("dashebao_web"), as_officer(local):
        assert User.objects.filter(pk=staff.pk).update(is_active=False) == 1
        refused(lambda: User.objects.filter(pk=officers["clerk"].pk).update(is_active=False), "of the area")
        refused(lambda: User.objects.filter(pk=staff.pk).update(office=make_offices()[0]), "of the area")


def test_standing_in_does_not_mix_families(officers):
    clerk, payer, colleague = officers["clerk"], officers["payer"], officers["colleague"]
    during = DateRange(date(2026, 1, 1), date(2099, 1, 1))
    with signed_in_as("dashebao_web"):
        with as_officer(clerk):
            refused(
                lambda: Delegation.objects.create(
                    giver=clerk, taker=payer, role="levy.clerk", valid_during=during, reason="x"
                ),
                "exclude",
            )
            refused(
                lambda: Delegation.objects.create(
                    giver=payer, taker=colleague, role="fund.maker", valid_during=during, reason="x"
                ),
                "by its holder",
            )
            refused(
                lambda: Delegation.objects.create(
                    giver=clerk, taker=colleague, role="levy.reviewer", valid_during=during, reason="x"
                ),
                "only an own role",
            )
            Delegation.objects.create(
                giver=clerk, taker=colleague, role="levy.clerk", valid_during=during, reason="leave"
            )
        with as_officer(payer):
            refused(
                lambda: Delegation.objects.create(
                    giver=payer, taker=colleague, role="fund.maker", valid_during=during, reason="x"
                ),
                "exclude",
            )
        with as_officer(officers["boss"]):
            refused(
                lambda: Grant.objects.create(
                    user=colleague,
                    role="fund.maker",
                    family="finance",
                    valid_during=during,
                    granted_by=officers["boss"].pk,
                ),
                "exclude",
            )
