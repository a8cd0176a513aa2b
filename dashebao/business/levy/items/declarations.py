"""The monthly declaration (SI-201) and the annual base declaration (SI-2012), taken at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.assessing import assess_unit
from dashebao.business.levy.actions.correcting import NewBases, adjust_bases
from dashebao.business.levy.actions.declaring import Declared, billed, declare
from dashebao.business.levy.items.parts import (
    YuanField,
    at_once,
    current_month,
    not_registered,
)
from dashebao.business.levy.models import Channel as DeclarationChannel
from dashebao.business.levy.models import DeclarationKind
from dashebao.business.levy.queries.checks import CheckedRows, check_rows
from dashebao.business.levy.queries.enrolments import headcount_of
from dashebao.business.levy.workbooks import SheetRow, problem_text
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import LEVY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_text

CHANNELS = Channel.COUNTER | Channel.EMPLOYER | Channel.API
MOST_NAMED = 20


class WageRow(forms.Form):
    """One person's wage; the number is checked against the staff list, not by its digits."""

    id_number = forms.CharField(label=gettext_lazy("ID number"), max_length=30)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    wage_fen = YuanField(label=gettext_lazy("Monthly wage (yuan)"))


class AnnualRow(WageRow):
    """One person's average monthly wage of last year."""


@register
class DeclareMonth(ServiceItem):
    """社会保险缴费申报"""

    code = "SI-201"
    title = gettext_lazy("Monthly contribution declaration")
    summary = gettext_lazy("One declaration for five insurances; each insurance keeps its own base and limits.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[60], SOCIAL_INSURANCE_LAW[62], LEVY_RULES[10])
    channels = CHANNELS
    applicant = ApplicantKind.UNIT
    operator_right = "unit.declaration"
    legal_limit = WorkingDays(1, Terms(basis=LEVY_RULES[10]))
    promised_limit = WorkingDays(0, Terms(basis=LEVY_RULES[10]))
    steps = at_once()
    result = gettext_lazy("Assessment sheet")
    Row = WageRow
    row_title = gettext_lazy("Staff and wages")
    examples = (
        Example("nothing changed since last month", {"month": "2026-12"}, facts={"registered": True, "staff": 1}),
        Example(
            "one wage changed",
            {"month": "2026-12", "rows": [{"id_number": "440101199003070018", "wage_fen": "7000.00"}]},
            facts={"registered": True, "staff": ["440101199003070018"]},
        ),
        Example(
            "somebody who is not on the staff list",
            {"month": "2026-12", "rows": [{"id_number": "440305197604120022", "wage_fen": "7000.00"}]},
            expect="refused",
            facts={"registered": True, "staff": ["440101199003070018"]},
        ),
    )

    class Form(forms.Form):
        """Which month; without rows everything stays as last month."""

        month = MonthField(label=gettext_lazy("Month"))
        source = forms.ChoiceField(
            label=gettext_lazy("Came as"),
            choices=DeclarationChannel.choices,
            required=False,
            widget=forms.HiddenInput,
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Registered unit with staff, a month not assessed on a declaration yet, rows that fit the staff list."""
        missing = list(not_registered(applicant))
        yield from missing
        month = answers["month"]
        if month > current_month():
            sentence = _("%(month)s is not open yet.") % {"month": month_text(month)}
            yield Refusal(sentence, LEVY_RULES[10])
        if billed(applicant.id, month):
            sentence = _("%(month)s has been declared and assessed already.") % {"month": month_text(month)}
            yield Refusal(sentence, LEVY_RULES[10])
        if not missing and not headcount_of(applicant.id, month):
            yield Refusal(_("The unit has no enrolled staff in this month."), SOCIAL_INSURANCE_LAW[60])
        if not missing:
            yield from row_refusals(checked(applicant.id, month, answers))

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep the declaration; a month whose run is over is assessed at once."""
        month, unit = case.answers["month"], case.applicant.id
        declaration = declare(
            Declared(
                unit_id=unit,
                month=month,
                rows=checked(unit, month, case.answers).rows,
                channel=case.answers["source"] or DeclarationChannel.FORM,
                case_no=case.case_no,
            )
        )
        late = month < current_month()
        if late:
            assess_unit(unit, month)
        return {"declaration": declaration.pk, "assessed": late}


@register
class DeclareAnnualBases(ServiceItem):
    """年度缴费基数申报"""

    code = "SI-2012"
    title = gettext_lazy("Annual base declaration")
    summary = gettext_lazy("Last year's average wages; months billed since the year began are settled by difference.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[60], LEVY_RULES[10])
    channels = CHANNELS
    applicant = ApplicantKind.UNIT
    operator_right = "unit.declaration"
    legal_limit = WorkingDays(10, Terms(basis=LEVY_RULES[10]))
    promised_limit = WorkingDays(0, Terms(basis=LEVY_RULES[10]))
    steps = at_once()
    result = gettext_lazy("Base declaration form")
    Row = AnnualRow
    row_title = gettext_lazy("Average monthly wages")
    min_rows = 1
    examples = (
        Example(
            "a new year begins",
            {"from_month": "2026-07", "rows": [{"id_number": "440101199003070018", "wage_fen": "7200.00"}]},
            facts={"registered": True, "staff": ["440101199003070018"]},
        ),
    )

    class Form(forms.Form):
        """From which month the new bases count."""

        from_month = MonthField(label=gettext_lazy("First month of the new year"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Rows must fit the staff list; the year may not begin in the future."""
        missing = list(not_registered(applicant))
        yield from missing
        if answers["from_month"] > current_month():
            yield Refusal(
                _("%(month)s is not open yet.") % {"month": month_text(answers["from_month"])}, LEVY_RULES[10]
            )
        if not missing:
            yield from row_refusals(checked(applicant.id, current_month(), answers))

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep the wages from the first month on and bill what past months differ by."""
        unit, month = case.applicant.id, current_month()
        rows = checked(unit, month, case.answers).rows
        start = case.answers["from_month"]
        declaration = declare(Declared(unit, start, rows, kind=DeclarationKind.ANNUAL, case_no=case.case_no))
        people = [row.person_id for row in rows if row.person_id]
        wages = [row.wage_fen or 0 for row in rows]
        done = adjust_bases(NewBases(unit, start, month, people, wages, case.case_no))
        return {"declaration": declaration.pk, "owed_fen": done.owed_fen, "credit_fen": done.credit_fen}


def checked(unit_id: int, month: int, answers: Answers) -> CheckedRows:
    """The answers' rows against the unit's staff list."""
    rows = [
        SheetRow(number, row["id_number"].strip().upper(), row["name"], row["wage_fen"])
        for number, row in enumerate(answers["rows"], start=1)
    ]
    return check_rows(unit_id, month, rows)


def row_refusals(rows: CheckedRows) -> Iterable[Refusal]:
    """One refusal for each wrong row, the first twenty of them."""
    for row in rows.refused[:MOST_NAMED]:
        sentence = _("Row %(row)d (%(number)s): %(problem)s")
        values = {"row": row.row_no, "number": row.id_number, "problem": problem_text(row.problem)}
        yield Refusal(sentence % values, LEVY_RULES[10])
