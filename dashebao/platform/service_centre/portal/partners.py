"""The other persons of a joint application, named by name and identity number and found in the registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.catalogue.api import ApplicantKind, ServiceItem
from dashebao.platform.service_centre.portal.actions.naming import named_person
from dashebao.platform.service_centre.portal.errors import PortalRefused

MOST = 3


class PartnerForm(forms.Form):
    """One other person."""

    name = forms.CharField(
        label=_("Name of the other person"),
        max_length=80,
        error_messages={"required": _("Enter the name of the person who applies together with you")},
    )
    number = forms.CharField(
        label=_("ID number of the other person"),
        max_length=18,
        help_text=_("The person is asked to confirm; nothing is handed in before"),
        error_messages={"required": _("Enter the ID number of the person who applies together with you")},
    )


class Partners:
    """The forms of the other persons; none for items of one person. `named` are the persons found."""

    def __init__(self, item: ServiceItem, data: QueryDict | None, kept: Sequence[dict[str, Any]]) -> None:
        self.several = item.applicant is ApplicantKind.PERSONS
        self.kept = list(kept)
        self.named: list[dict[str, Any]] = []
        self.forms: list[PartnerForm] = []
        if self.several:
            count = MOST if data is not None and f"partner-{MOST - 1}-name" in data else 1
            self.forms = [self._form(number, data) for number in range(count)]

    def _form(self, number: int, data: QueryDict | None) -> PartnerForm:
        first = self.kept[number] if number < len(self.kept) else {}
        initial = {"name": first.get("name", ""), "number": first.get("number", "")}
        return PartnerForm(
            data, prefix=f"partner-{number}", initial=initial, empty_permitted=number > 0, use_required_attribute=False
        )

    @property
    def errors(self) -> bool:
        """Whether any of the forms has an error."""
        return any(form.errors for form in self.forms)

    def is_valid(self) -> bool:
        """Whether every named person was found; a person that is not found is an error of its form."""
        self.named = []
        fits = True
        for form in self.forms:
            if not form.is_valid():
                fits = False
                continue
            if not form.has_changed():
                continue
            given = form.cleaned_data
            try:
                found = named_person(given["name"], given["number"])
            except PortalRefused as error:
                form.add_error("number", str(error))
                fits = False
                continue
            self.named.append({"person_id": found.pk, "name": found.name, "number": given["number"]})
        return fits
