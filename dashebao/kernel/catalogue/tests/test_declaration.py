"""What may not be declared, and the words that say why."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from dashebao.kernel.catalogue.api import (
    Applicant,
    ApplicantKind,
    Channel,
    DeclarationError,
    Example,
    Extension,
    Material,
    Party,
    PartyRole,
    ServiceItem,
    Step,
    StepKind,
    WindowAct,
    register,
    registered,
)
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Days, WorkingDays

INTAKE = Step(kind=StepKind.INTAKE, title="Accept", role="pension.clerk")
DECIDE = Step(kind=StepKind.DECIDE, title="Decide", role="pension.approver")
LAWFUL: dict[str, Any] = {
    "__doc__": "要一份证明",
    "__module__": __name__,
    "code": "TT-900",
    "title": "Ask for a paper",
    "law": (HANDLING_RULES[32],),
    "channels": Channel.PORTAL,
    "applicant": ApplicantKind.PERSON,
    "legal_limit": WorkingDays(20),
    "steps": (INTAKE, DECIDE),
    "result": "A paper",
    "examples": (Example("ordinary", {}),),
    "effect": lambda self, case: None,
}


def declare(**changes: Any) -> type[ServiceItem]:
    """A service item class with some attributes of the lawful one changed; None takes an attribute away."""
    values = {name: value for name, value in {**LAWFUL, **changes}.items() if value is not None}
    return type("AskForPaper", (ServiceItem,), values)


def test_a_lawful_item_can_be_declared_and_found_by_code():
    item = declare()
    with registered(item):
        register(item)
    assert item().name == "要一份证明"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"law": None}, "law must name at least one article"),
        ({"law": ("社会保险法",)}, "law must name at least one article"),
        ({"__doc__": "A paper"}, "official Chinese name"),
        ({"code": "x"}, "must look like SI-401"),
        ({"title": None}, "title"),
        ({"result": None}, "result"),
        ({"channels": None}, "no channel is open"),
        ({"examples": None}, "examples are missing"),
        ({"examples": (Example("odd", {}, "maybe"),)}, "must expect"),
        ({"effect": None}, "effect is missing"),
        ({"promised_limit": WorkingDays(21)}, "longer than the law allows"),
        ({"promised_limit": Days(5)}, "same unit"),
        ({"legal_limit": None, "promised_limit": WorkingDays(5)}, "needs a legal_limit"),
        ({"legal_limit": None}, "needs a limit and its article"),
        ({"extension": Extension(Days(5), "pension.approver", HANDLING_RULES[18])}, "same unit"),
        ({"materials": (Material("无关证明", "Needless proof"),)}, "no legal basis"),
        ({"materials": (Material("表", "Form", law=HANDLING_RULES[18]),) * 2}, "asked for twice"),
        ({"steps": None}, "first step must be an intake"),
        ({"steps": (DECIDE,)}, "first step must be an intake"),
        ({"steps": (INTAKE,)}, "exactly one step must decide"),
        ({"steps": (INTAKE, INTAKE, DECIDE)}, "only one step may be an intake"),
        ({"steps": (INTAKE, Step(kind=StepKind.REVIEW, title="x"), DECIDE)}, "names no role"),
        ({"steps": (INTAKE, Step(kind=StepKind.PAY, title="x", role="pension.clerk"), DECIDE)}, "before the decision"),
        (
            {"steps": (INTAKE, DECIDE, Step(kind=StepKind.REVIEW, title="x", role="pension.clerk"))},
            "after the decision",
        ),
        ({"steps": (INTAKE, Step(kind=StepKind.NOTICE, title="x"), DECIDE)}, "needs its length"),
        (
            {"steps": (INTAKE, Step(kind=StepKind.WAIT, title="x", limit=Days(3), law=HANDLING_RULES[18]), DECIDE)},
            "what the parties do",
        ),
        ({"steps": (INTAKE, Step(kind=StepKind.PANEL, title="x", role="pension.clerk"), DECIDE)}, "too few officers"),
        ({"steps": (Step(kind=StepKind.INTAKE, title="x", role="a", officers=2), DECIDE)}, "only a visit or a panel"),
        ({"Form": dict}, "Form must be a form class"),
        ({"min_rows": 1}, "min_rows needs a Row"),
    ],
)
def test_an_unlawful_item_is_refused_with_its_fault(changes: dict[str, Any], fault: str):
    with pytest.raises(DeclarationError, match=fault):
        declare(**changes)


def test_all_faults_are_named_at_once():
    with pytest.raises(DeclarationError) as refused:
        declare(law=None, title=None, examples=None)
    assert str(refused.value).count(";") == 2


def test_a_code_belongs_to_one_item():
    with registered(declare()), pytest.raises(DeclarationError, match="belongs to"):
        register(declare())


def test_a_role_nobody_registered_is_refused():
    stranger = declare(steps=(INTAKE, Step(kind=StepKind.DECIDE, title="x", role="nobody.knows")))
    with pytest.raises(DeclarationError, match=r"nobody\.knows"):
        register(stranger)


def test_windows_and_steps_of_one_kind_need_keys_of_their_own():
    window = Step(kind=StepKind.WAIT, title="x", limit=Days(3), law=HANDLING_RULES[18], act=WindowAct.REFLECT)
    with pytest.raises(DeclarationError, match="own key"):
        declare(steps=(INTAKE, window, window, DECIDE))


def test_a_form_and_a_roster_are_cleaned_together_with_all_errors():
    class Rows(forms.Form):
        wage = forms.IntegerField()

    class Questions(forms.Form):
        reason = forms.CharField()

    item = declare(Form=Questions, Row=Rows)()
    assert item.clean({"reason": "a", "rows": [{"wage": "5"}]}) == {"reason": "a", "rows": [{"wage": 5}]}
    with pytest.raises(Exception, match="missing or wrong") as wrong:
        item.clean({"rows": [{"wage": "5"}, {"wage": "x"}]})
    assert sorted(wrong.value.errors) == ["reason", "rows.2.wage"]


def test_several_persons_need_an_applicant():
    with pytest.raises(ValueError, match="at least one applicant"):
        Applicant.of_persons("440106", Party("某公司", unit_id=3, role=PartyRole.RESPONDENT))
