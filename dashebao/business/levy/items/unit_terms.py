"""Terms of a registered unit: more insurances (SI-1024), another injury class (SI-1025), bank debit (SI-1026)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.registering import change_unit, set_injury_rate
from dashebao.business.levy.actions.sending import send_unit_registration
from dashebao.business.levy.actions.succeeding import Adding, add_schemes
from dashebao.business.levy.items.parts import (
    SCHEME_CHOICES,
    at_once,
    by_two_officers,
    not_registered,
    wrong_month,
)
from dashebao.business.levy.items.units import RISK_CHOICES
from dashebao.business.levy.models import UnitKind
from dashebao.business.levy.queries.enrolments import conflicts, injury_rate_of, registration_of, staff_of
from dashebao.business.levy.rates import rates_of
from dashebao.business.levy.schemes import INJURY, codes
from dashebao.business.levy.words import scheme_names
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
from dashebao.kernel.law.api import HANDLING_RULES, INJURY_RATES, INJURY_RULES, LEVY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, first_day_of
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import AccountEntry, set_unit_account, unit
from dashebao.kernel.rules.api import exact, explain, ratio_text


@register
class AddInsurances(ServiceItem):
    """单位增加参保险种"""

    code = "SI-1024"
    title = gettext_lazy("Join more insurances")
    summary = gettext_lazy("The unit and all its staff join an insurance they are not in yet.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[57], SOCIAL_INSURANCE_LAW[58], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.staff"
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[10]))
    steps = by_two_officers()
    result = gettext_lazy("Social insurance registration form")
    examples = (
        Example(
            "maternity insurance is added",
            {"schemes": ["510"], "month": "2026-12"},
            facts={"schemes": ["110", "210", "310", "410"], "staff": ["440101199003070018"]},
        ),
        Example(
            "an insurance the unit is in already",
            {"schemes": ["110"], "month": "2026-12"},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """Which insurances, from which month."""

        schemes = forms.MultipleChoiceField(
            label=gettext_lazy("Insurances"), choices=SCHEME_CHOICES, widget=forms.CheckboxSelectMultiple
        )
        month = MonthField(label=gettext_lazy("From month"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Something new, an open month, and nobody of the staff insured for it elsewhere."""
        yield from not_registered(applicant)
        yield from wrong_month(answers["month"])
        row = registration_of(applicant.id)
        if row is None:
            return
        new = [code for code in answers["schemes"] if code not in codes(row.schemes)]
        if not new:
            yield Refusal(_("The unit is registered for these insurances already."), SOCIAL_INSURANCE_LAW[57])
        if row.unit_kind == UnitKind.PROJECT:
            yield Refusal(_("A construction project joins work injury insurance only."), INJURY_RULES[10])
        staff = {person.person_id: person.name for person in staff_of(applicant.id, answers["month"])}
        for person_id in conflicts(list(staff), applicant.id, new, answers["month"]):
            sentence = _("%(name)s is still insured with another employer, who must remove the person first.")
            yield Refusal(sentence % {"name": staff[person_id]}, SOCIAL_INSURANCE_LAW[58])

    def checks(self, applicant: Applicant, answers: Answers) -> tuple[Check, ...]:
        """What the unit is in now."""
        row = registration_of(applicant.id)
        return (Check(_("Insurances so far"), scheme_names(codes(row.schemes)) if row else "—", row is not None),)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Widen the registration and the relations, and tell the tax office."""
        answers = case.answers
        people = add_schemes(Adding(case.applicant.id, tuple(answers["schemes"]), answers["month"], case.case_no))
        send_unit_registration(case.applicant.id, "change", case.decided_on)
        return {"people": people}


@register
class ChangeInjuryClass(ServiceItem):
    """单位工伤保险行业风险类别变更"""

    code = "SI-1025"
    title = gettext_lazy("Change the injury risk class")
    summary = gettext_lazy("Another main business: the base rate of its class counts from the month given.")
    category = "levy"
    law = (INJURY_RULES[8], INJURY_RATES["第二条"], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(5, Terms(basis=HANDLING_RULES[10]))
    materials = (
        Material("营业执照", "Business licence", fetched_from=gettext_lazy("the market regulation register")),
        Material("主营业务说明", "Statement on the main business", law=INJURY_RATES["第二条"]),
    )
    steps = by_two_officers()
    result = gettext_lazy("Notice of the injury rate")
    examples = (
        Example(
            "from trade to machinery",
            {"risk_class": "4", "month": "2026-12", "business": "机械制造"},
            facts={"staff": ["440101199003070018"]},
        ),
        Example(
            "the class the unit is in already",
            {"risk_class": "2", "month": "2026-12", "business": "批发零售"},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """Which class, from when, and why."""

        risk_class = forms.ChoiceField(
            label=gettext_lazy("Injury risk class of the main business"), choices=RISK_CHOICES
        )
        month = MonthField(label=gettext_lazy("From month"))
        business = forms.CharField(label=gettext_lazy("Main business"), max_length=160)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Another class than now, from a month that is open."""
        yield from not_registered(applicant)
        yield from wrong_month(answers["month"])
        rate = injury_rate_of(applicant.id, answers["month"])
        if rate and rate[0] == int(answers["risk_class"]):
            yield Refusal(_("The unit is in this class already."), INJURY_RULES[8])

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """The monthly premium before and after on today's payroll."""
        rate = injury_rate_of(applicant.id, answers["month"])
        staff = [row for row in staff_of(applicant.id, answers["month"]) if INJURY in row.schemes]
        if rate is None or not staff:
            return None
        rates = rates_of(applicant.region_code, answers["month"]).injury_rates
        inputs = {
            "payroll": format_yuan(sum(row.wage_fen for row in staff)),
            "rate_before": ratio_text(exact(rates[rate[0]])),
            "float_before": ratio_text(exact(Fraction(rate[1], 100))),
            "rate_after": ratio_text(exact(rates[int(answers["risk_class"])])),
            "float_after": "1",
        }
        day = first_day_of(answers["month"])
        return explain("levy.class_change", inputs, on=day, region=applicant.region_code).as_json()

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """The base rate of the new class counts from the month on."""
        answers = case.answers
        set_injury_rate(
            case.applicant.id, int(answers["risk_class"]), 100, answers["month"], reason=answers["business"]
        )
        send_unit_registration(case.applicant.id, "change", case.decided_on)
        return {"risk_class": int(answers["risk_class"]), "month": answers["month"]}


@register
class AgreeBankDebit(ServiceItem):
    """社会保险费委托银行扣缴协议登记"""

    code = "SI-1026"
    title = gettext_lazy("Bank debit agreement")
    summary = gettext_lazy("The account contributions are debited from: agree, change or end; at once.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[60], LEVY_RULES[12], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[10]))
    steps = at_once()
    result = gettext_lazy("Notice of the bank debit agreement")
    examples = (
        Example(
            "another account",
            {"act": "agree", "bank_code": "102", "account": "3602000019200012345", "agreement": "XY2026120001"},
            facts={"registered": True},
        ),
        Example("the agreement ends", {"act": "end"}, facts={"registered": True}),
        Example("a unit that is not registered", {"act": "end"}, expect="refused"),
    )

    class Form(forms.Form):
        """Agree to a debit from an account, or end it."""

        act = forms.ChoiceField(
            label=gettext_lazy("What happens"),
            choices=(("agree", gettext_lazy("Agree or change")), ("end", gettext_lazy("End"))),
        )
        bank_code = forms.CharField(label=gettext_lazy("Bank code"), max_length=12, required=False)
        account = forms.RegexField(
            r"^\d{8,34}$",
            label=gettext_lazy("Account for the debit"),
            required=False,
            error_messages={"invalid": gettext_lazy("Give the digits of the account number.")},
        )
        agreement = forms.CharField(label=gettext_lazy("Debit agreement number"), max_length=40, required=False)

        def clean(self) -> dict[str, Any]:
            """An agreement needs its bank, account and number."""
            cleaned: dict[str, Any] = super().clean() or {}
            if cleaned.get("act") == "agree":
                for name in ("bank_code", "account", "agreement"):
                    if not cleaned.get(name) and name not in self.errors:
                        self.add_error(name, _("This is needed for an agreement."))
            return cleaned

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only a registered unit is debited."""
        yield from not_registered(applicant)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep the account, and tell the tax office, which debits it."""
        answers, unit_id = case.answers, case.applicant.id
        ends = answers["act"] == "end"
        changes = {
            "debit_bank_code": "" if ends else answers["bank_code"],
            "debit_account": "" if ends else answers["account"],
            "debit_agreement": "" if ends else answers["agreement"],
        }
        registration = change_unit(unit_id, changes, case_no=case.case_no)
        if not ends:
            entry = AccountEntry(answers["bank_code"], answers["account"], unit(unit_id).name)
            set_unit_account(unit_id, entry, case.decided_on)
        send_unit_registration(unit_id, "change", case.decided_on)
        return {"registration": registration.pk, "debit": not ends}
