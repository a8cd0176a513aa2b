"""Parts that the levy's service items share: fields, lookups and the usual steps."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.queries.enrolments import open_month, registration_of
from dashebao.kernel.cases.api import today
from dashebao.kernel.catalogue.api import Applicant, Refusal, Step, StepKind
from dashebao.kernel.codes.api import CodeError, check_resident_id, check_uscc
from dashebao.kernel.law.api import SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import month_text
from dashebao.kernel.money.api import parse_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Person, Unit, find_unit, person_by_id_number

SCHEME_CHOICES = (
    ("110", gettext_lazy("Employees' pension")),
    ("310", gettext_lazy("Employees' medical insurance")),
    ("510", gettext_lazy("Maternity insurance")),
    ("210", gettext_lazy("Unemployment insurance")),
    ("410", gettext_lazy("Work injury insurance")),
)
ALL_SCHEMES = [code for code, _label in SCHEME_CHOICES]


class YuanField(forms.CharField):
    """An amount in yuan with at most two decimals and at most `most_fen`; its cleaned value is fen."""

    def __init__(self, *, most_fen: int = 1_000_000_000, **options: Any) -> None:
        self.most_fen = most_fen
        settings: dict[str, Any] = {"max_length": 16, "widget": forms.TextInput(attrs={"inputmode": "decimal"})}
        super().__init__(**(settings | options))

    def clean(self, value: Any) -> int | None:
        """The amount in fen; ValidationError if it is not an amount."""
        text = str(super().clean(value)).strip().replace(",", "")
        if not text:
            return None
        try:
            fen = parse_yuan(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write an amount in yuan, for example 6500.00.")) from error
        if fen < 0 or fen > self.most_fen:
            raise forms.ValidationError(_("Write an amount in yuan, for example 6500.00."))
        return fen


class ResidentIdField(forms.CharField):
    """A citizen's number (GB 11643), checked digit by digit."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"max_length": 18, "label": gettext_lazy("ID number")}
        super().__init__(**(settings | options))

    def clean(self, value: Any) -> str:
        """The number in capitals; ValidationError says what is wrong with it."""
        text = str(super().clean(value)).strip().upper()
        if not text:
            return ""
        try:
            check_resident_id(text)
        except CodeError as error:
            raise forms.ValidationError(_("This ID number is not valid. Check every digit.")) from error
        return text


class CreditCodeField(forms.CharField):
    """A unified social credit code (GB 32100), checked by its check digit."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"max_length": 18, "label": gettext_lazy("Credit code")}
        super().__init__(**(settings | options))

    def clean(self, value: Any) -> str:
        """The code in capitals; ValidationError if a character is wrong."""
        text = str(super().clean(value)).strip().upper()
        if not text:
            return ""
        try:
            return check_uscc(text)
        except CodeError as error:
            raise forms.ValidationError(_("This credit code is not valid. Check every character.")) from error


def current_month() -> int:
    """The month that is open for changes and declarations."""
    return open_month(today())


def not_registered(applicant: Applicant) -> Iterator[Refusal]:
    """Refusal where the unit has no open registration."""
    if registration_of(applicant.id) is None:
        sentence = _("The unit is not registered for social insurance. Register it first.")
        yield Refusal(sentence, SOCIAL_INSURANCE_LAW[57])


def wrong_month(month: int) -> Iterator[Refusal]:
    """Refusal where a month has been assessed already: then it is a back-payment (handbook 1.2)."""
    earliest = current_month()
    if month < earliest:
        sentence = _("%(month)s has been assessed already; ask for a back-payment. The earliest month is %(earliest)s.")
        yield Refusal(
            sentence % {"month": month_text(month), "earliest": month_text(earliest)}, SOCIAL_INSURANCE_LAW[63]
        )


def person_of(id_number: str) -> Person | None:
    """The person with a citizen's number."""
    return person_by_id_number(id_number)


RECORDED = gettext_lazy("Checked and recorded by the system")


def at_once(title: Any = RECORDED) -> tuple[Step, ...]:
    """Steps of what is done at once by rule, without an officer."""
    return (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), automatic=True),
        Step(kind=StepKind.DECIDE, title=title, automatic=True),
    )


def by_two_officers(*reenter: str) -> tuple[Step, ...]:
    """Acceptance by a clerk, decision by another officer, who types the fields named in `reenter` again."""
    return (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="levy.clerk"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Review and decision"), role="levy.reviewer", reenter=reenter),
    )


def unit_with(credit_code: str) -> Unit | None:
    """The unit with a credit code, which may lie outside what the applicant can see; None if there is none."""
    with acting(SYSTEM, why="another unit named in an application"):
        return find_unit(credit_code) if credit_code else None


def registered(unit_id: int) -> bool:
    """Whether another unit has an open registration."""
    with acting(SYSTEM, why="another unit named in an application"):
        return registration_of(unit_id) is not None


def one_sheet(traces: Iterable[Mapping[str, Any]], results: Mapping[str, Any]) -> dict[str, Any] | None:
    """Several traces as one: lines in the order of calculation, the title of the last, the results of the whole."""
    rows = [dict(trace) for trace in traces]
    if not rows:
        return None
    acts = [act for trace in rows for act in trace["law"]]
    return rows[-1] | {
        "lines": [line for trace in rows for line in trace["lines"]],
        "law": [act for number, act in enumerate(acts) if act not in acts[:number]],
        "results": dict(results),
    }


class ChangesForm(forms.Form):
    """Only what changes is filled in: every field may be empty, not all of them."""

    def clean(self) -> dict[str, Any]:
        """At least one change."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.values()) and not self.errors:
            raise forms.ValidationError(_("Nothing that can be changed was given."))
        return cleaned


class StaffNumberField(forms.CharField):
    """The number of somebody on the staff list: compared with the list, not by its digits (there are passports)."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"max_length": 30, "label": gettext_lazy("ID number")}
        super().__init__(**(settings | options))

    def clean(self, value: Any) -> str:
        """The number in capitals."""
        return str(super().clean(value)).strip().upper()


class IdRow(forms.Form):
    """One person of a list."""

    id_number = StaffNumberField()
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
