"""Two insured relations of one person brought together (SI-1052)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.merging import PaidTwice, paid_twice, return_paid_twice
from dashebao.business.levy.items.flexible import IDENTITY_CARD
from dashebao.business.levy.items.flexible_changes import returned_sheet
from dashebao.business.levy.items.parts import by_two_officers, current_month
from dashebao.business.levy.queries.enrolments import relations_of
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, SCHEME_LINKING, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_text
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Person, find_person, merge, person

KINDS = (
    ("resident_id", gettext_lazy("Resident identity card")),
    ("passport", gettext_lazy("Passport")),
    ("hk_macao_permit", gettext_lazy("Hong Kong or Macao residence permit")),
    ("taiwan_permit", gettext_lazy("Taiwan residence permit")),
)


def other_record(answers: Answers) -> Person | None:
    """The second record, which the applicant could not see without the number."""
    with acting(SYSTEM, why="the second record of one person"):
        return find_person(answers["number"].strip().upper(), answers["number_kind"])


@register
class ClearDuplicate(ServiceItem):
    """重复参保关系清理"""

    code = "SI-1052"
    title = gettext_lazy("Bring two insurance records together")
    summary = gettext_lazy("One person insured under two numbers: the records become one, months paid twice go back.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[58], HANDLING_RULES[10], SCHEME_LINKING["第六条"])
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(5, Terms(basis=HANDLING_RULES[10]))
    materials = (
        IDENTITY_CARD,
        Material("两个号码属于同一人的证明", "Proof that both numbers are one person's", law=HANDLING_RULES[10]),
    )
    steps = by_two_officers()
    result = gettext_lazy("Notice that the records are one")
    examples = (
        Example(
            "an old number with an employment of its own",
            {"number_kind": "resident_id", "number": "440305197604120022", "reason": "身份证号码更正"},
            facts={"taken": True, "twin_enrolled": True},
        ),
        Example(
            "a number nobody has",
            {"number_kind": "resident_id", "number": "440305197604120022", "reason": "身份证号码更正"},
            expect="refused",
        ),
    )

    class Form(forms.Form):
        """The other number, and how it came about."""

        number_kind = forms.ChoiceField(label=gettext_lazy("Kind of the other document"), choices=KINDS)
        number = forms.CharField(label=gettext_lazy("The other number"), max_length=40)
        reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A second record that is not the same one and is not merged already."""
        other = other_record(answers)
        if other is None:
            yield Refusal(_("Nobody with this number is in the registry."), HANDLING_RULES[10])
        elif other.pk == applicant.id:
            yield Refusal(_("The number belongs to this record already."), HANDLING_RULES[10])
        elif other.merged_into_id:
            yield Refusal(_("The other record is merged already."), HANDLING_RULES[10])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Whether both look like one person, what the other holds, which months were paid twice."""
        other = other_record(answers)
        if other is None:
            return ()
        own = person(applicant.id)
        with acting(SYSTEM, why="the second record of one person"):
            held = sum(1 for row in relations_of(other.pk) if row.until_month is None)
        twice = self._twice(applicant.id, other.pk)
        months = ", ".join(sorted({month_text(row.month) for row in twice})) or _("None")
        same = own.birth_on == other.birth_on and own.sex == other.sex
        return (
            Check(_("Same birth and sex"), _("%(name)s, %(day)s") % {"name": other.name, "day": other.birth_on}, same),
            Check(_("Relations of the other record"), str(held), True),
            Check(_("Months paid twice"), months, not twice),
        )

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """What goes back for months paid twice."""
        other = other_record(answers)
        twice = self._twice(applicant.id, other.pk) if other else []
        parts = [(row.scheme, row.employer_fen, row.worker_fen) for row in twice]
        return returned_sheet(parts, applicant.region_code, current_month())

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Return what was paid twice, then let the other record stand for this one; its relations follow.

        Done by the system: the other record may lie outside the deciding officer's area.
        """
        other = other_record(case.answers)
        if other is None:
            raise LookupError(case.answers["number"])
        twice = self._twice(case.applicant.id, other.pk)
        with acting(SYSTEM, why="two records of one person"):
            reason = _("Paid under two records of one person")
            refunds = return_paid_twice(twice, other.region_code, reason, case.case_no)
            made = merge(case.applicant.id, other.pk, case.answers["reason"])
        return {"merge": made.pk, "refunds": refunds}

    def _twice(self, keep_id: int, lose_id: int) -> list[PaidTwice]:
        with acting(SYSTEM, why="months paid under two records"):
            return paid_twice(keep_id, lose_id)
