"""The levy's papers: certificates for persons and units, the assessment sheet and the pay-in slip."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy import papers_of_persons, papers_of_units
from dashebao.kernel.catalogue.api import MonthField
from dashebao.platform.screens.api import Face, Subject
from dashebao.platform.service_centre.papers.api import PaperKind, register_paper

MOST_MONTHS = 600
OFFICE_AND_UNIT = frozenset({Face.COUNTER, Face.EMPLOYER})
PAYMENT, CERTIFICATES = "unit.payment", "unit.certificates"


class Period(forms.Form):
    """From which month to which; empty means the last twelve months."""

    from_month = MonthField(label=gettext_lazy("From month"), required=False)
    until_month = MonthField(label=gettext_lazy("Until month"), required=False)

    def clean(self) -> dict[str, Any]:
        """Months in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("from_month"), cleaned.get("until_month")
        if first and last and first > last:
            self.add_error("until_month", _("The last month is before the first one."))
        return cleaned


class OneMonth(forms.Form):
    """Which month."""

    month = MonthField(label=gettext_lazy("Month"))


register_paper(
    PaperKind(
        code="levy.certificate",
        mark="CB",
        title=gettext_lazy("Certificate of social insurance and contributions"),
        summary=gettext_lazy("Insurances, months in all, and every month of the period you choose."),
        provide=papers_of_persons.certificate,
        form=Period,
        items=("SI-301",),
        faces=frozenset({Face.COUNTER, Face.PORTAL}),
        icon="scroll-text",
        order=10,
    )
)
register_paper(
    PaperKind(
        code="levy.unit_certificate",
        mark="DWCB",
        title=gettext_lazy("Certificate of the unit's insurance and payments"),
        summary=gettext_lazy("Registration, people insured, what was due and paid in each month, what is owed."),
        provide=papers_of_units.certificate,
        subject=Subject.UNIT,
        form=Period,
        items=("SI-3012", "SI-3014"),
        faces=OFFICE_AND_UNIT,
        right=CERTIFICATES,
        icon="building-2",
        order=20,
    )
)
register_paper(
    PaperKind(
        code="levy.roster",
        mark="MC",
        title=gettext_lazy("Certificate of the insured staff"),
        summary=gettext_lazy("Everybody the unit insures in a month, with the insurances of each."),
        provide=papers_of_units.roster,
        subject=Subject.UNIT,
        form=OneMonth,
        items=("SI-3013",),
        faces=OFFICE_AND_UNIT,
        right=CERTIFICATES,
        icon="users",
        order=30,
    )
)
register_paper(
    PaperKind(
        code="levy.changed_registration",
        mark="DJBG",
        title=gettext_lazy("Form of the changed social insurance registration"),
        provide=papers_of_units.changed_registration,
        subject=Subject.UNIT,
        items=("SI-102",),
        listed=False,
        icon="building-2",
        order=35,
    )
)
register_paper(
    PaperKind(
        code="levy.slip",
        mark="JF",
        title=gettext_lazy("Social insurance pay-in slip"),
        provide=papers_of_units.slip,
        subject=Subject.UNIT,
        listed=False,
        right=PAYMENT,
        icon="receipt",
        order=40,
    )
)
register_paper(
    PaperKind(
        code="levy.assessment",
        mark="HD",
        title=gettext_lazy("Sheet of assessed contributions"),
        provide=papers_of_units.assessment,
        subject=Subject.UNIT,
        listed=False,
        right=PAYMENT,
        icon="receipt-text",
        order=50,
    )
)
