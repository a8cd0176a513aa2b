"""Staff that goes on at another unit: merger and split (SI-1023), transfer inside a group (SI-1033)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.sending import send_unit_registration
from dashebao.business.levy.actions.succeeding import Succession, succeed
from dashebao.business.levy.items.parts import (
    CreditCodeField,
    IdRow,
    by_two_officers,
    current_month,
    not_registered,
    registered,
    unit_with,
    wrong_month,
)
from dashebao.business.levy.models import SuccessionKind
from dashebao.business.levy.queries.arrears import owed_by
from dashebao.business.levy.queries.enrolments import headcount_of, staff_with
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import CIVIL_CODE, HANDLING_RULES, INJURY_RULES, LABOUR_CONTRACT_LAW, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, first_day_of
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, acting

SISTER = "91440101MA5E200182"


def other_refusals(applicant: Applicant, credit_code: str) -> Iterator[Refusal]:
    """The other unit must be known, registered and a different one."""
    other = unit_with(credit_code)
    if other is None:
        yield Refusal(_("No unit has this credit code. Check every character."), HANDLING_RULES[10])
    elif other.pk == applicant.id:
        yield Refusal(_("The other unit must be a different one."), HANDLING_RULES[10])
    elif not registered(other.pk):
        sentence = _("%(unit)s is not registered for social insurance; it must register first.")
        yield Refusal(sentence % {"unit": other.name}, SOCIAL_INSURANCE_LAW[57])


def list_refusals(applicant: Applicant, rows: Sequence[Mapping[str, Any]]) -> Iterator[Refusal]:
    """Everybody on the list must be on the staff list, once."""
    staff = staff_with(applicant.id, current_month(), [row["id_number"] for row in rows])
    seen: set[str] = set()
    for row in rows:
        number = row["id_number"]
        if number not in staff:
            sentence = _("%(number)s is not on the unit's staff list.") % {"number": number}
            yield Refusal(sentence, HANDLING_RULES[10])
        elif number in seen:
            yield Refusal(_("%(number)s is on the list twice.") % {"number": number}, HANDLING_RULES[10])
        seen.add(number)


def carried_over(case: CaseFacts, kind: str) -> Mapping[str, Any]:
    """Carry the listed staff over and tell the tax office of both units.

    Done by the system: the other unit may lie outside the deciding officer's area.
    """
    answers, unit_id = case.answers, case.applicant.id
    other = unit_with(answers["credit_code"])
    if other is None:
        raise LookupError(answers["credit_code"])
    with acting(SYSTEM, why="staff carried over to another unit"):
        numbers = [row["id_number"] for row in answers["rows"]]
        staff = staff_with(unit_id, current_month(), numbers)
        made = succeed(
            Succession(
                unit_id=unit_id,
                successor_id=other.pk,
                kind=kind,
                from_month=answers["month"],
                person_ids=tuple(staff[number].person_id for number in numbers),
                case_no=case.case_no,
                closes_on=first_day_of(answers["month"]) - timedelta(days=1),
            )
        )
        if kind == SuccessionKind.MERGER:
            send_unit_registration(unit_id, "close", case.decided_on)
        if kind != SuccessionKind.GROUP:
            send_unit_registration(other.pk, "change", case.decided_on)
    return {"succession": made.pk, "people": made.people, "successor": other.pk}


@register
class MergeOrSplitUnit(ServiceItem):
    """单位合并、分立参保登记"""

    code = "SI-1023"
    title = gettext_lazy("Merger or split of units")
    summary = gettext_lazy("The staff goes on at the other unit without a gap; a merged unit is closed.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[57], HANDLING_RULES[10], CIVIL_CODE[67], INJURY_RULES[43])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(5, Terms(basis=HANDLING_RULES[10]))
    materials = (
        Material("合并、分立决议或批准文件", "Resolution or approval of the merger or split", law=CIVIL_CODE[67]),
        Material("营业执照", "Business licence", fetched_from=gettext_lazy("the market regulation register")),
    )
    steps = by_two_officers()
    result = gettext_lazy("Notice of the succession of units")
    Row = IdRow
    row_title = gettext_lazy("Staff that goes over (nobody named in a merger: all of it)")
    examples = (
        Example(
            "a small company is merged into its parent",
            {"kind": "merger", "credit_code": SISTER, "month": "2026-12"},
            facts={"staff": ["440101199003070018"], "sister": SISTER},
        ),
        Example(
            "one department is split off",
            {
                "kind": "split",
                "credit_code": SISTER,
                "month": "2026-12",
                "rows": [{"id_number": "440101199003070018"}],
            },
            facts={"staff": ["440101199003070018", "440305197604120022"], "sister": SISTER},
        ),
        Example(
            "a merged unit with arrears",
            {"kind": "merger", "credit_code": SISTER, "month": "2026-12"},
            expect="refused",
            facts={"owes": ["440101199003070018", "2026-10"], "sister": SISTER},
        ),
    )

    class Form(forms.Form):
        """What happens, with which unit, from which month."""

        kind = forms.ChoiceField(label=gettext_lazy("What happens"), choices=SuccessionKind.choices[:2])
        credit_code = CreditCodeField(label=gettext_lazy("Credit code of the other unit"))
        month = MonthField(label=gettext_lazy("First month at the other unit"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Registered units, an open month, no arrears where the unit closes, names where it is split."""
        yield from not_registered(applicant)
        yield from wrong_month(answers["month"])
        yield from other_refusals(applicant, answers["credit_code"])
        owed = owed_by(applicant.id)
        if answers["kind"] == SuccessionKind.MERGER and owed:
            sentence = _("The unit still owes %(amount)s yuan; it must pay before it can close.")
            yield Refusal(sentence % {"amount": format_yuan(owed)}, HANDLING_RULES[10])
        if answers["kind"] == SuccessionKind.MERGER and answers["rows"]:
            yield Refusal(_("In a merger all staff goes over; leave the list empty."), CIVIL_CODE[67])
        if answers["kind"] == SuccessionKind.SPLIT and not answers["rows"]:
            yield Refusal(_("Name the staff that goes over to the new unit."), CIVIL_CODE[67])
        yield from list_refusals(applicant, answers["rows"])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What is owed, how many go over."""
        owed = owed_by(applicant.id)
        going = len(answers["rows"]) or headcount_of(applicant.id, current_month())
        return (
            Check(_("Arrears and late fees"), format_yuan(owed), owed == 0 or answers["kind"] == SuccessionKind.SPLIT),
            Check(_("Staff that goes over"), str(going), going > 0),
        )

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Carry the staff over; a merged unit is closed."""
        return carried_over(case, case.answers["kind"])


@register
class TransferStaff(ServiceItem):
    """集团内职工成批转移"""

    code = "SI-1033"
    title = gettext_lazy("Transfer staff inside a group")
    summary = gettext_lazy("Many people at once to another unit of the same group, insured without a gap.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[58], HANDLING_RULES[10], LABOUR_CONTRACT_LAW[34])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    operator_right = "unit.staff"
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[10]))
    materials = (Material("集团成员单位关系证明", "Proof that both units belong to one group", law=HANDLING_RULES[10]),)
    steps = by_two_officers()
    result = gettext_lazy("List of staff changes")
    Row = IdRow
    row_title = gettext_lazy("Staff that goes over")
    min_rows = 1
    examples = (
        Example(
            "two people go to a sister company",
            {
                "credit_code": SISTER,
                "month": "2026-12",
                "rows": [{"id_number": "440101199003070018"}, {"id_number": "440305197604120022"}],
            },
            facts={"staff": ["440101199003070018", "440305197604120022"], "sister": SISTER},
        ),
        Example(
            "the other unit is unknown",
            {"credit_code": SISTER, "month": "2026-12", "rows": [{"id_number": "440101199003070018"}]},
            expect="refused",
            facts={"staff": ["440101199003070018"]},
        ),
    )

    class Form(forms.Form):
        """To which unit, from which month."""

        credit_code = CreditCodeField(label=gettext_lazy("Credit code of the other unit"))
        month = MonthField(label=gettext_lazy("First month at the other unit"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Registered units, an open month, people of this unit."""
        yield from not_registered(applicant)
        yield from wrong_month(answers["month"])
        yield from other_refusals(applicant, answers["credit_code"])
        yield from list_refusals(applicant, answers["rows"])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Carry the listed staff over."""
        return carried_over(case, SuccessionKind.GROUP)
