"""The yearly tier and payment of a resident, and the end of a membership."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.business.insurance.common.api import balances_of, live_benefit
from dashebao.business.insurance.residents.assessing import YearOrder, assess_year, waiting_years
from dashebao.business.insurance.residents.ending import Ending, choose_tier, end_with_account
from dashebao.business.insurance.residents.models import MembershipEnd, ResidentEnrolment
from dashebao.business.insurance.residents.queries import (
    SCHEME,
    active_enrolment,
    award_of,
    payments_of,
    subsidy_fen,
    tiers,
)
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, RESIDENT_PENSION
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.records.api import SYSTEM, acting, current_actor
from dashebao.kernel.registry.api import Person, person, person_by_id_number

PAYING, ACCOUNT, ENDING = (RESIDENT_PENSION[part] for part in ("第四条", "第六条", "第七条"))
IDENTITY_CARD = Material(
    "居民身份证", "Resident identity card", identity=True, fetched_from=gettext_lazy("the public security register")
)
OFFICERS = (
    Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
    Step(kind=StepKind.REVIEW, title=pgettext_lazy("step", "Calculation"), role="pension.assessor"),
    Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
)


@register
class ChooseTier(ServiceItem):
    """城乡居民养老保险缴费档次变更"""

    code = "SI-1047"
    title = gettext_lazy("Choose another yearly tier")
    summary = gettext_lazy("For residents who pay; the government adds a subsidy by tier. Decided at once.")
    category = "pension"
    law = (PAYING, HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(1, Terms(basis=HANDLING_RULES[10]))
    materials = (IDENTITY_CARD,)
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk", automatic=True),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Registration"), role="pension.assessor", automatic=True),
    )
    result = gettext_lazy("Receipt of the chosen tier")
    examples = (
        Example("to 1,000 yuan", {"tier": "1000"}, facts={"birth_on": "1980-03-02", "resident_years": 2}),
        Example(
            "no such tier", {"tier": "1234"}, expect="refused", facts={"birth_on": "1980-03-02", "resident_years": 2}
        ),
    )

    class Form(forms.Form):
        """The yearly tier."""

        tier = forms.DecimalField(label=gettext_lazy("Yearly tier (yuan)"), min_value=1, decimal_places=2)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only members who do not draw a pension yet, and only the tiers of the place."""
        human, today = person(applicant.id), timezone.localdate()
        yield from not_paying(human)
        open_tiers = tiers(human.region_code, today)
        if parse_yuan(str(answers["tier"])) not in open_tiers:
            sentence = _("The yearly tiers are: %(tiers)s yuan.")
            yield Refusal(sentence % {"tiers": ", ".join(format_yuan(tier) for tier in open_tiers)}, PAYING)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The tier now, and the subsidy the new one brings."""
        human, enrolment = person(applicant.id), active_enrolment(applicant.id)
        tier = parse_yuan(str(answers["tier"]))
        subsidy = (
            subsidy_fen(human.region_code, tier, timezone.localdate())
            if tier in tiers(human.region_code, timezone.localdate())
            else 0
        )
        return [
            Check(_("Tier now"), format_yuan(enrolment.tier_fen) if enrolment else _("None"), enrolment is not None),
            Check(_("Subsidy a year"), format_yuan(subsidy), subsidy > 0),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep the tier for the years to come."""
        tier = parse_yuan(str(case.answers["tier"]))
        choose_tier(case.applicant.id, tier, case.decided_on, by=current_actor() or SYSTEM)
        return {"tier_fen": tier}


def not_paying(human: Person) -> Iterable[Refusal]:
    """Refusals for who is no member, or draws the pension already."""
    if active_enrolment(human.id) is None:
        yield Refusal(gettext_lazy("This person is not enrolled in the residents' pension."), PAYING)
    if live_benefit(human.id) is not None:
        yield Refusal(gettext_lazy("A pension is already being paid to this person."), PAYING)


@register
class PayYear(ServiceItem):
    """城乡居民养老保险缴费（补缴）登记"""

    code = "SI-1048"
    title = gettext_lazy("Payment of a resident's year")
    summary = gettext_lazy(
        "This year, or a missing one made up: the tax office collects it, and it counts with the subsidy once it is paid."
    )
    category = "pension"
    law = (PAYING, ENDING)
    channels = Channel.COUNTER | Channel.API
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[10]))
    materials = (IDENTITY_CARD, Material("缴费凭证", "Receipt of payment", law=PAYING, required=False))
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Registration"), role="pension.assessor"),
    )
    result = gettext_lazy("Notice of a year to be paid")
    examples = (
        Example(
            "this year",
            {"for_year": 2026, "tier": "500"},
            facts={"birth_on": "1980-03-02", "resident_years": 2},
        ),
        Example(
            "a year paid at the bank counter before",
            {"for_year": 2026, "tier": "500", "receipt": "SW-2026-1"},
            facts={"birth_on": "1980-03-02", "resident_years": 2},
        ),
        Example(
            "a year that lies ahead",
            {"for_year": 2030, "tier": "500", "receipt": "SW-2026-2"},
            expect="refused",
            facts={"birth_on": "1980-03-02", "resident_years": 2},
        ),
    )

    class Form(forms.Form):
        """Which year, which tier, and the receipt if it was paid before."""

        for_year = forms.IntegerField(label=gettext_lazy("For the year"), min_value=2009, max_value=2100)
        tier = forms.DecimalField(label=gettext_lazy("Yearly tier (yuan)"), min_value=1, decimal_places=2)
        receipt = forms.CharField(
            label=gettext_lazy("Receipt number"),
            max_length=40,
            required=False,
            help_text=gettext_lazy("Only if it was paid at tax or bank before; the tax office looks it up."),
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """No member, a year ahead, paid or waiting already, or no such tier."""
        human, today, year = person(applicant.id), timezone.localdate(), int(answers["for_year"])
        yield from not_paying(human)
        if year > today.year:
            yield Refusal(gettext_lazy("Years that lie ahead are not paid in advance."), PAYING)
        if any(row.for_year == year for row in payments_of(human.id)):
            yield Refusal(gettext_lazy("This year has been paid already."), PAYING)
        if any(row.for_year == year for row in waiting_years(human.id)):
            yield Refusal(gettext_lazy("This year waits for its payment at the tax office already."), PAYING)
        if parse_yuan(str(answers["tier"])) not in tiers(human.region_code, today):
            yield Refusal(gettext_lazy("This amount is not one of the yearly tiers of the place."), PAYING)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Years paid so far."""
        years = ", ".join(str(row.for_year) for row in payments_of(applicant.id)) or _("None")
        return [Check(_("Years paid"), years, True)]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Assess the year and tell the tax office; it is booked when the tax office reports it paid."""
        order = YearOrder(
            person_id=case.applicant.id,
            for_year=int(case.answers["for_year"]),
            tier_fen=parse_yuan(str(case.answers["tier"])),
            case_no=case.case_no,
            decided_on=case.decided_on,
            receipt_no=str(case.answers.get("receipt") or ""),
        )
        return {"assessment": assess_year(order, by=current_actor() or SYSTEM)}


@register
class EndMembership(ServiceItem):
    """城乡居民养老保险注销登记"""

    code = "SI-1046"
    title = gettext_lazy("End of a residents' pension membership")
    summary = gettext_lazy(
        "After a death the heirs receive the account; on settling abroad or another pension, the member."
    )
    category = "pension"
    law = (ACCOUNT, ENDING, HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    materials = (
        IDENTITY_CARD,
        Material("继承或终止事由证明", "Proof of inheritance or of the reason", law=ACCOUNT, required=False),
    )
    steps = OFFICERS
    result = gettext_lazy("Notice of the ended membership and of the account paid out")
    examples = (
        Example(
            "receives an employees' pension elsewhere",
            {"reason": "other", "member": ""},
            facts={"birth_on": "1970-03-02", "resident_years": 5},
        ),
        Example(
            "a death that nobody has recorded",
            {"reason": "death", "member": "440101199003070018"},
            expect="refused",
            facts={"birth_on": "1970-03-02"},
        ),
    )

    class Form(forms.Form):
        """Why, and for a death whose membership it was."""

        reason = forms.ChoiceField(
            label=gettext_lazy("Reason"),
            choices=[row for row in ResidentEnrolment.EndReason.choices if row[0] != "linked"],
        )
        member = forms.CharField(
            label=gettext_lazy("ID number of the member who died"),
            max_length=18,
            required=False,
            help_text=gettext_lazy("Only after a death; the applicant is then the heir."),
        )

        def clean(self) -> dict[str, Any] | None:
            """A death names the member."""
            cleaned = super().clean() or {}
            if cleaned.get("reason") == "death" and not cleaned.get("member"):
                self.add_error("member", _("State whose membership it was."))
            return cleaned

    def _member(self, applicant: Applicant, answers: Answers) -> Person | None:
        if answers["reason"] != "death":
            return person(applicant.id)
        with acting(SYSTEM, why="a member who died"):  # the heir may live anywhere
            return person_by_id_number(str(answers["member"]))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """No member, no death on record, a pension that runs, or an account paid out before."""
        member = self._member(applicant, answers)
        with acting(SYSTEM, why="the membership in question"):  # an heir has no right to the member's rows
            known = member is not None and ResidentEnrolment.objects.filter(person_id=member.id).exists()
            if member is None or not known:
                yield Refusal(gettext_lazy("This person is not enrolled in the residents' pension."), ENDING)
                return
            if answers["reason"] == "death" and member.died_on is None:
                yield Refusal(gettext_lazy("The registry records no death of this person."), ENDING)
            if live_benefit(member.id, SCHEME) is not None:
                yield Refusal(gettext_lazy("A residents' pension is still being paid; it must end first."), ENDING)
            if MembershipEnd.objects.filter(person_id=member.id).exists():
                yield Refusal(gettext_lazy("The account was paid out before."), ACCOUNT)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The account, and whether the pension had begun."""
        member = self._member(applicant, answers)
        if member is None:
            return [Check(_("Member"), _("None"), False, blocking=True)]
        with acting(SYSTEM, why="the membership in question"):
            held, award = balances_of(member.id, member.region_code, SCHEME).total, award_of(member.id)
        return [
            Check(_("Member"), member.name, True),
            Check(_("Balance of the account"), _("%(yuan)s yuan") % {"yuan": format_yuan(held)}, True),
            Check(_("Pension had begun"), _("Yes") if award else _("No"), True),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """End the membership and owe the account with the next run."""
        member = self._member(case.applicant, case.answers)
        if member is None:
            raise ResidentEnrolment.DoesNotExist(str(case.answers["member"]))
        reason = ResidentEnrolment.EndReason(str(case.answers["reason"]))
        ending = Ending(member.id, reason, case.applicant.id, case.case_no, case.decided_on)
        return {"end": end_with_account(ending, by=current_actor() or SYSTEM)}
