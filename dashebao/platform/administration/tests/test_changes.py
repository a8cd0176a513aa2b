"""A change of the law: proposed, enacted by another officer, in force in every computation from its day, cited."""

from datetime import date

import pytest

from dashebao.kernel.batches.api import Run
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting
from dashebao.kernel.rules.api import STORE, explain, parameters, trial
from dashebao.platform.administration import actions
from dashebao.platform.administration.actions import parameter_wanted
from dashebao.platform.administration.errors import AdministrationRefused
from dashebao.platform.administration.impact import impact_of, months_begun
from dashebao.platform.administration.loading import amendment_of
from dashebao.platform.administration.models import Closure, Enactment, Kind
from dashebao.platform.administration.tests.officers import GROUNDS, as_officer, enact, officer, propose

NEW_YEAR = date(2027, 1, 1)
BASIC = "residents.basic"
INPUTS = {"account_balance": "13900.00"}


class Undone(Exception):
    """Something failed after the approval."""


def pension(on: date) -> dict:
    return explain("pension.residents_award", INPUTS, on=on, region="440106").as_json()


def test_an_approved_value_counts_from_its_day_and_its_act_is_cited(staff):
    before = pension(date(2026, 12, 1))
    enact(staff.approver, propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300")))
    with acting(SYSTEM, "the next chunk"):
        after = pension(NEW_YEAR)
        assert parameters("440106", NEW_YEAR)[BASIC].whole() == 30_000
        assert parameters("350100", NEW_YEAR)[BASIC].whole() != 30_000
    assert after["results"]["basic"] == "300.00"
    cited = [p for line in after["lines"] for p in line["parameters"] if p["name"] == BASIC]
    assert cited[0]["reference"] == ["粤人社发〔2026〕99号 第二条"]
    assert cited[0]["since"] == "2027-01-01"
    assert pension(date(2026, 12, 1)) == before


def test_a_proposal_alone_changes_nothing(staff):
    propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))
    with acting(SYSTEM, "the next chunk"):
        assert parameters("440106", NEW_YEAR)[BASIC].whole() != 30_000
    assert STORE.amendments == ()


def test_nobody_approves_his_own_proposal(staff):
    made = propose(staff.both, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))
    with pytest.raises(AdministrationRefused, match="own proposal"):
        enact(staff.both, made)
    assert Enactment.objects.count() == 0


def test_approving_needs_the_content_that_was_shown(staff):
    made = propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))
    with as_officer(staff.approver) as user, pytest.raises(AdministrationRefused, match="not the one that was shown"):
        actions.enact(made, by=user, digest="0" * 64)


def test_a_decided_proposal_is_not_decided_again(staff):
    made = propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))
    with as_officer(staff.approver) as user:
        actions.reject(made, by=user, reason="wrong article")
    assert Closure.objects.get().outcome == "rejected"
    with pytest.raises(AdministrationRefused, match="decided already"):
        enact(staff.approver, made)
    mine = propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "310"))
    with as_officer(staff.approver) as user, pytest.raises(AdministrationRefused, match="Only its proposer"):
        actions.withdraw(mine, by=user)
    with as_officer(staff.maker) as user:
        assert actions.withdraw(mine, by=user).outcome == "withdrawn"


@pytest.mark.parametrize(
    ("name", "region", "since", "value", "sentence"),
    [
        ("levy.late_fee_rate", "44", NEW_YEAR, "5%", "not a number"),
        ("levy.nothing", "44", NEW_YEAR, "1", "no parameter"),
        (BASIC, "44", date(2024, 7, 1), "300", "two cannot begin on one day"),
        (BASIC, "44", NEW_YEAR, "300.001", "two decimals"),
        (BASIC, "44", NEW_YEAR, "-1", "out of range"),
        ("levy.pension.worker_rate", "44", NEW_YEAR, "16", "write a rate as"),
        ("pension.calc_base", "44", date(2027, 7, 1), "9493", "change nothing"),
        ("pension.index_wage", "44", date(2029, 1, 1), "9000", "years would overlap or be missing"),
        ("pension.payout_months", "", NEW_YEAR, "139", "choose the bracket"),
    ],
)
def test_what_the_files_would_refuse_is_refused_with_a_sentence(staff, name, region, since, value, sentence):
    with pytest.raises(AdministrationRefused, match=sentence):
        propose(staff.maker, parameter_wanted(name, region, since, value))


def test_a_second_value_from_the_same_day_is_refused(staff):
    enact(staff.approver, propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300")))
    with pytest.raises(AdministrationRefused, match="two cannot begin on one day"):
        propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "301"))


def test_two_proposals_for_one_day_cannot_both_be_enacted(staff):
    first, second = (propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, v)) for v in ("300", "301"))
    enact(staff.approver, first)
    with pytest.raises(AdministrationRefused, match="one day"):
        enact(staff.approver, second)


def test_one_bracket_of_a_scale_can_change(staff):
    made = propose(staff.maker, parameter_wanted("pension.payout_months", "", NEW_YEAR, "140", "60"))
    enact(staff.approver, made)
    with acting(SYSTEM, "the next chunk"):
        scale = parameters("440106", NEW_YEAR).scale("pension.payout_months")
        assert dict(scale.rows)[60] == 140
        assert str(scale.origin.references[0]).startswith("粤人社发")
        assert dict(parameters("440106", date(2026, 12, 1)).scale("pension.payout_months").rows)[60] == 139


def test_a_change_into_a_month_begun_needs_its_reason_and_lists_the_months(staff):
    with acting(SYSTEM, "test"):
        for month in (202610, 202611):
            Run.objects.create(pipeline="month", period=month, state="done")
    day = date(2026, 10, 1)
    with pytest.raises(AdministrationRefused, match=r"2026-10, 2026-11.*reason for reaching back"):
        propose(staff.maker, parameter_wanted(BASIC, "44", day, "300"))
    reasoned = actions.Grounds(
        "粤人社发〔2026〕99号", "第二条", "补发", backdated_reason="文件自10月1日起执行，12月公布"
    )
    made = propose(staff.maker, parameter_wanted(BASIC, "44", day, "300"), reasoned)
    assert [m.month for m in months_begun("44", day)] == [202610, 202611]
    assert enact(staff.approver, made).backdated_reason


def test_the_officer_of_a_city_changes_only_his_city(staff):
    from dashebao.platform.administration.tests.officers import make_offices

    with acting(SYSTEM, "test"):
        city = make_offices()[1]
    local = officer("local", "admin.parameters", office=city)
    with pytest.raises(AdministrationRefused, match="outside your area"):
        propose(local, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))
    made = propose(local, parameter_wanted(BASIC, "4401", NEW_YEAR, "333"))
    enact(staff.approver, made)
    with acting(SYSTEM, "the next chunk"):
        assert parameters("440106", NEW_YEAR)[BASIC].whole() == 33_300
        assert parameters("440305", NEW_YEAR)[BASIC].whole() != 33_300


def test_a_trial_shows_the_effect_without_leaving_a_trace(staff):
    made = propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))
    with trial(amendment_of(made)):
        assert pension(NEW_YEAR)["results"]["basic"] == "300.00"
    assert pension(NEW_YEAR)["results"]["basic"] != "300.00"


def test_the_impact_names_formulas_people_and_places(staff):
    made = propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))
    with as_officer(staff.approver):
        impact = impact_of(made)
    assert {f.name for f in impact.formulas} == {"pension.residents", "pension.residents_award"}
    assert [c.people for c in impact.counts] == [0, 0]
    assert impact.months == ()
    assert "resident_sheet" in {r.function for r in impact.elsewhere}


def test_an_undone_approval_is_forgotten(staff):
    made = propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300"))

    def approve_and_fail() -> None:
        with as_officer(staff.approver) as user:
            actions.enact(made, by=user, digest=made.digest)
            raise Undone

    with pytest.raises(Undone):
        approve_and_fail()
    with acting(SYSTEM, "the next chunk"):
        assert parameters("440106", NEW_YEAR)[BASIC].whole() != 30_000


def test_every_step_leaves_a_line_in_the_trail(staff):
    enact(staff.approver, propose(staff.maker, parameter_wanted(BASIC, "44", NEW_YEAR, "300")))
    with acting(SYSTEM, "look"):
        lines = AuditEntry.objects.filter(verb__startswith="administration.").order_by("id")
        assert [line.verb for line in lines] == ["administration.proposed", "administration.enacted"]
        assert lines[1].detail["act"] == "粤人社发〔2026〕99号 第二条"
        assert Enactment.objects.get().kind == Kind.PARAMETER
    assert GROUNDS.backdated_reason == ""
