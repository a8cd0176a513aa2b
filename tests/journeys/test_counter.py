"""The counter: a new unit is registered by two officers; a pension relation moves to another province."""

import pytest

from demonstration.employers import credit_code
from tests.journeys.acts import OFFICERS, act_on, fill, hand_in, remove_staff

pytestmark = pytest.mark.browser
YOUNG = """
    select i.value, p.name from registry_person p join registry_personidentifier i on i.person_id = p.id
    join levy_enrolment e on e.person_id = p.id and upper_inf(e.valid_during)
    join identity_user o on o.unit_id = e.unit_id and o.username = 'employer'
    where p.region_code like '4401%' and p.died_on is null
      and not exists (select 1 from identity_user u where u.person_id = p.id)
    order by p.birth_on desc limit 1"""


def test_a_new_unit_is_registered_by_two_officers(product, visit):
    clerk = visit("levy-clerk")
    clerk.goto("/counter/start/SI-101/")
    clerk.fill("#new", "广州示例软件有限公司")
    clerk.get_by_role("button", name="Find the applicant").click()
    fill(
        clerk,
        {
            "credit_code": credit_code("440100", 77),
            "unit_kind": "enterprise",
            "risk_class": "1",
            "debit_account": "3602000019200012345",
        },
    )
    for box in clerk.locator("[name=schemes]").all():
        box.check()
    number = hand_in(clerk)
    assert "Done" in act_on(clerk, number, "Accept")
    reviewer = visit("levy-reviewer")
    reviewer.goto(f"/counter/case/{number}/")
    assert "3602000019200012345" not in reviewer.content()
    reviewer.fill("[name=again-debit_account]", "3602 0000 1920 0012 345")
    reviewer.get_by_role("button", name="Compare the entries").click()
    assert "Both entries agree" in reviewer.inner_text("main")
    assert "Done" in act_on(reviewer, number, "Approve")
    found = product.rows(
        f"select schemes, left(debit_account, 1), right(debit_account, 4) from levy_unitregistration where case_no = '{number}'"
    )
    assert found == [([110, 210, 310, 410, 510], "~", "2345")]
    ((unit,),) = product.rows(f"select unit_id from levy_unitregistration where case_no = '{number}'")
    reviewer.goto(f"/counter/unit/{unit}/")
    assert "广州示例软件有限公司" in reviewer.inner_text("main")


def test_a_pension_relation_moves_out_once_the_employer_has_let_the_person_go(product, visit):
    ((sealed, name),) = product.rows(YOUNG)
    who = product.opened(sealed)
    remove_staff(visit("employer"), who, name)
    clerk = visit("pension-clerk")
    clerk.goto(f"/counter/start/SI-3021/?who={who}")
    fill(clerk, {"other_region": "430000", "home_region": "430000"})
    number = hand_in(clerk)
    for username, button in OFFICERS:
        assert "Done" in act_on(visit(username), number, button)
    clerk.goto(f"/counter/case/{number}/")
    assert "Granted" in clerk.inner_text("main")
    found = product.rows(f"select direction, other_region from pension_transfer where case_no = '{number}'")
    assert found == [("out", "430000")]


def test_the_survivors_grant_is_decided_for_a_death_in_another_county_after_the_month_closed(product, visit, grant):
    page = visit("citizen")
    page.goto(f"/my/cases/{grant}/")
    assert "Granted" in page.inner_text("main")
    page.get_by_role("link", name="See how it was calculated").click()
    assert "survivors" in page.inner_text("main")
    ((total,),) = product.rows(
        f"select funeral_fen + survivor_fen + account_fen from pension_deathgrant where case_no = '{grant}'"
    )
    assert total > 0
