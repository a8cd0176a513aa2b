"""The levy's papers: certificates, roster, assessment sheet and slip say what is on record, to those it concerns."""

from datetime import date

import pytest

from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.api import Declared, declare
from dashebao.business.levy.models import Bill
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.business.levy.tests.conftest import GUANGZHOU, MONTH
from dashebao.kernel.cases.api import Application, advance, at, case_view, reenter, submit
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.tests.scene import make_user
from dashebao.platform.service_centre.papers.api import NothingToPrint, NotYours, Wanted, issue, paper_kind, result_kind
from dashebao.platform.service_centre.papers.tests.reading import text_of

TODAY = date(2026, 12, 20)


@pytest.fixture
def firm(world, settings, tmp_path):
    """A unit with two people and a bill; its operator, and the first of its people as a citizen."""
    settings.DATA = tmp_path
    unit = world.unit()
    people = world.staff(unit, [400_000, 3_000_000])
    declare(Declared(unit, MONTH))
    payers = PayerRange(unit, unit)
    assess_range(payers, MONTH)
    bill_range(payers, MONTH)
    operator = make_user("op", "operator", name="经办人", unit_id=unit)
    citizen = make_user("me", "citizen", name="我", person_id=people[0])
    return unit, people, operator, citizen


def printed(code, by, language="zh", **wanted):
    with at(TODAY):
        paper = issue(paper_kind(code), Wanted(on=TODAY, **wanted), language=language, by=by)
    return text_of(bytes(paper.pdf))


def test_a_persons_certificate_lists_insurances_and_months(firm):
    _unit, people, _operator, citizen = firm
    text = printed("levy.certificate", citizen, subject_id=people[0])
    for words in ("社会保险参保缴费证明", "2026-11", "5,510.00", "有效期至2027-03-20"):
        assert words in text, (words, text)
    english = printed("levy.certificate", citizen, "en", subject_id=people[0])
    assert "Certificateofsocialinsuranceandcontributions" in english
    assert (
        "2026-11"
        not in printed(
            "levy.certificate", citizen, subject_id=people[0], answers={"from_month": 202501, "until_month": 202512}
        )
        .split("缴费明细")[1]
        .split("本证明")[0]
    )


def test_nobody_gets_the_certificate_of_a_colleague_or_of_nothing(firm, world):
    _unit, people, operator, citizen = firm
    for by, subject in ((citizen, people[1]), (operator, people[0])):
        with pytest.raises(NotYours):
            printed("levy.certificate", by, subject_id=subject)
    [uninsured] = world.people(1)
    stranger = make_user("stranger", "citizen", name="他", person_id=uninsured)
    with pytest.raises(NothingToPrint):
        printed("levy.certificate", stranger, subject_id=uninsured)


def test_a_units_certificate_roster_sheet_and_slip(firm):
    unit, _people, operator, _citizen = firm
    with acting(SYSTEM, "test"):
        bill = Bill.objects.get(unit_id=unit)
    certificate = printed("levy.unit_certificate", operator, subject_id=unit)
    for words in ("单位参保缴费证明", "2026-11", "参保人数"):
        assert words in certificate, (words, certificate)
    roster = printed("levy.roster", operator, subject_id=unit, answers={"month": MONTH})
    assert all(f"P{number}" in roster for number in (1, 2))
    assert "440106********" in roster
    for code, title in (("levy.slip", "缴费"), ("levy.assessment", "社会保险费核定单")):
        text = printed(code, operator, subject_id=unit, source=str(bill.pk))
        assert title in text
        assert "11,661.92" in text, text


def test_a_bill_of_another_unit_is_not_printed(firm, world):
    unit, _people, _operator, _citizen = firm
    other = world.unit()
    stranger = make_user("other", "operator", name="别家", unit_id=other)
    with acting(SYSTEM, "test"):
        bill = Bill.objects.get(unit_id=unit)
    for subject, source in ((other, str(bill.pk)), (unit, str(bill.pk)), (other, "x"), (other, "999999")):
        with pytest.raises(NotYours):
            printed("levy.slip", stranger, subject_id=subject, source=source)


def test_the_form_of_a_changed_registration_shows_old_and_new(firm):
    unit, _people, operator, _citizen = firm
    given = {"name": "广州示例新材料有限公司", "debit_account": "3602000019200012345"}
    with at(TODAY):
        applicant = Applicant.of_unit(unit, "Unit", GUANGZHOU)
        case_no = submit(Application("SI-102", applicant, given, Channel.EMPLOYER, "c"), actor_of(operator)).case_no
        advance(case_no, officer("levy.clerk"))
        reviewer = officer("levy.reviewer")
        reenter(case_no, reviewer, given)
        advance(case_no, reviewer)
        view = case_view(case_no, by=operator)
    text = printed(result_kind("SI-102").code, operator, subject_id=unit, case=view)
    for words in ("社会保险变更登记表", "单位名称", "变更前", "Unit1", "变更后", "广州示例新材料有限公司", case_no):
        assert words in text, (words, text)
    assert "3602000019200012345" not in text
