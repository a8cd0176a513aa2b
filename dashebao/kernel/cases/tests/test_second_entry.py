"""Fields typed a second time: blind, by other eyes, and no step ends before the entries agree or are settled."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from dashebao.kernel.cases.api import (
    Application,
    FourEyes,
    NotAllowed,
    ReasonMissing,
    ReentryOpen,
    ReentryState,
    StepFormInvalid,
    WrongState,
    advance,
    case_view,
    correct_entry,
    reenter,
    return_to_step,
    settle_difference,
    submit,
)
from dashebao.kernel.cases.models import Case, CaseStep, Reentry
from dashebao.kernel.cases.tests.declarations.account import EFFECTS, ChangeAccount
from dashebao.kernel.cases.tests.people import TIANHE, officer
from dashebao.kernel.catalogue.api import Applicant, Channel, registered
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import Actor, acting
from dashebao.kernel.secrecy.api import Family, seal

CITIZEN = Actor("person", 501, name="钱一")
ACCOUNT = "6217 0033 1000 1234567"


@pytest.fixture(autouse=True)
def _catalogue():
    EFFECTS.clear()
    with registered(ChangeAccount):
        yield


def at_review(clerk, amount: str = "100") -> str:
    answers = {"account": ACCOUNT, "amount": amount}
    applicant = Applicant.of_person(501, "钱一", TIANHE)
    no = submit(Application("TT-005", applicant, answers, Channel.COUNTER, f"a{amount}"), clerk).case_no
    advance(no, clerk)
    return no


@pytest.mark.django_db
def test_the_second_officer_types_blind_and_blanks_do_not_matter():
    clerk, assessor = officer("pension.clerk"), officer("pension.assessor")
    no = at_review(clerk)
    before = case_view(no, assessor)
    assert {"reenter"} == before.can & {"reenter", "advance", "settle_difference"}
    assert ACCOUNT not in str(before.answers)
    assert [(one.first, one.second) for one in before.reentries] == [("", "")]
    with pytest.raises(ReentryOpen):
        advance(no, assessor)
    assert reenter(no, assessor, {"account": "6217003310001234567"}) == {"account": ReentryState.SAME}
    after = case_view(no, assessor)
    assert ACCOUNT in str(after.answers)
    assert "advance" in after.can
    advance(no, assessor)
    advance(no, officer("pension.approver"))
    assert EFFECTS[0].answers["account"] == ACCOUNT


@pytest.mark.django_db
def test_the_applicant_still_sees_the_own_answer_and_no_notes_of_officers():
    no = at_review(officer("pension.clerk"))
    with acting(CITIZEN):
        view = case_view(no, CITIZEN)
    assert ACCOUNT in str(view.answers)
    assert view.reentries == view.notes == ()


@pytest.mark.django_db
@pytest.mark.parametrize(("fen", "fields"), [("5000000", ["account"]), ("5000001", ["account", "amount"])])
def test_an_amount_is_typed_again_only_above_the_parameter(fen, fields):
    no = at_review(officer("pension.clerk"), fen)
    assert [one.field for one in case_view(no, officer("pension.assessor")).reentries] == fields


@pytest.mark.django_db
def test_a_difference_stops_the_step_until_it_is_settled_with_a_reason():
    assessor = officer("pension.assessor")
    no = at_review(officer("pension.clerk"))
    with pytest.raises(StepFormInvalid):
        reenter(no, assessor, {"account": ""})
    assert reenter(no, assessor, {"account": "6217003310001234576"}) == {"account": ReentryState.DIFFERENT}
    with pytest.raises(WrongState):
        reenter(no, assessor, {"account": ACCOUNT})
    with pytest.raises(ReentryOpen):
        advance(no, assessor)
    with pytest.raises(ReasonMissing):
        settle_difference(no, assessor, "account", " ")
    with pytest.raises(NotAllowed):
        settle_difference(no, officer("pension.assessor"), "account", "not mine")
    settle_difference(no, assessor, "account", "看错末两位")
    advance(no, assessor)
    assert case_view(no, assessor).reentries[0].state == ReentryState.SETTLED


@pytest.mark.django_db
def test_a_wrong_first_entry_goes_back_is_corrected_and_typed_again():
    clerk, assessor = officer("pension.clerk"), officer("pension.assessor")
    no = at_review(clerk)
    right = "6217003310007654321"
    reenter(no, assessor, {"account": right})
    with pytest.raises(NotAllowed):
        correct_entry(no, assessor, "account", right)
    return_to_step(no, assessor, "intake", "账号与存折不符")
    view = case_view(no, clerk)
    assert [(one.field, one.second) for one in view.corrections] == [("account", right)]
    correct_entry(no, clerk, "account", right)
    advance(no, clerk)
    again = case_view(no, assessor)
    assert right not in str(again.answers)
    reenter(no, assessor, {"account": right})
    advance(no, assessor)
    advance(no, officer("pension.approver"))
    assert EFFECTS[0].answers["account"] == right
    assert set(Reentry.objects.values_list("round", "state")) == {(1, "returned"), (2, "same")}


@pytest.mark.django_db
def test_the_database_keeps_second_entries_honest():
    both = officer("pension.clerk", "pension.assessor")
    no = at_review(both)
    case = Case.objects.get(case_no=no)
    step = CaseStep.objects.get(case=case, key="review")
    with pytest.raises(FourEyes):
        reenter(no, both, {"account": ACCOUNT})
    with acting(actor_of(both)):
        with pytest.raises(IntegrityError, match="other eyes"), transaction.atomic():
            Reentry.objects.filter(case=case).update(state="same", entered_by=both.pk)
        with pytest.raises(IntegrityError, match=r"still to be typed|signatures"), transaction.atomic():
            CaseStep.objects.filter(pk=step.pk).update(state="done")
    assessor = officer("pension.assessor")
    reenter(no, assessor, {"account": "123"})
    with acting(actor_of(assessor)), pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Reentry.objects.filter(case=case).update(second=seal(Family.ANSWER, f"c{case.pk}", ACCOUNT))


def test_second_entries_work_as_the_web_login(transactional_db, request):
    clerk, assessor = officer("pension.clerk"), officer("pension.assessor")
    request.getfixturevalue("web_login")
    with acting(actor_of(clerk)):
        no = at_review(clerk)
    with acting(actor_of(assessor)):
        reenter(no, assessor, {"account": ACCOUNT})
        advance(no, assessor)
    with acting(CITIZEN):
        assert list(Reentry.objects.all()) == []
