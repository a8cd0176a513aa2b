"""The forms of the administrators' pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.catalogue.api import DayInput
from dashebao.kernel.identity.api import FAMILY_NAMES, Office, User, roles
from dashebao.kernel.registry.api import Region
from dashebao.kernel.rules.api import Parameter, written
from dashebao.platform.administration.names import office_name, offices_below, place_name


class OfficeField(forms.ModelChoiceField):
    """A choice of an office by its name in the reader's language."""

    def label_from_instance(self, obj: Office) -> str:
        """The name with the code, because counties share names."""
        return f"{office_name(obj)} · {obj.code}"


class GroundsForm(forms.Form):
    """The act a change rests on and why it is proposed; part of every proposal."""

    act_title = forms.CharField(
        label=_("Act"), max_length=200, help_text=_("Title and number, as it was published"), widget=forms.TextInput
    )
    act_article = forms.CharField(label=_("Article"), max_length=120, help_text=_("For example 第三条"))
    act_url = forms.URLField(
        label=_("Where it was published"), max_length=300, required=False, assume_scheme="https",
        help_text=_("Address of the official page"),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why this is proposed"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class ParameterForm(GroundsForm):
    """Another value of a parameter from a day on."""

    region = forms.ChoiceField(label=_("Region"))
    bracket = forms.ChoiceField(label=_("Bracket"), required=False)
    since = forms.DateField(label=_("In force from"), widget=DayInput())
    value = forms.CharField(label=_("New value"), max_length=400)
    backdated_reason = forms.CharField(
        label=_("Reason for reaching back"),
        max_length=400,
        required=False,
        help_text=_("Only if a month from that day on has begun or is closed already"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("region", "bracket", "since", "value", "act_title", "act_article", "act_url", "reason")

    def __init__(self, *args: Any, parameter: Parameter, office: Office, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["region"].choices = _regions(office, parameter)
        self.fields["value"].help_text = _value_hint(parameter)
        if parameter.brackets:
            self.fields["bracket"].required = True
            self.fields["bracket"].choices = [("", "")] + [
                (written(b.threshold[-1].value), written(b.threshold[-1].value)) for b in parameter.brackets
            ]
        else:
            del self.fields["bracket"]


def _regions(office: Office, parameter: Parameter) -> list[tuple[str, str]]:
    own = office.region_code
    while own.endswith("00"):
        own = own[:-2]
    found = [("", place_name(""))] if len(own) == 2 else []
    codes = Region.objects.filter(code__startswith=own, level__in=("province", "city"), valid_during__upper_inf=True)
    for code in codes.order_by("code").values_list("code", flat=True):
        short = code
        while short.endswith("00"):
            short = short[:-2]
        found.append((short, place_name(short)))
    return found


def _value_hint(parameter: Parameter) -> Any:
    sample = parameter.versions[-1].value if parameter.versions else None
    if isinstance(sample, bool):
        return _("yes or no")
    if isinstance(sample, tuple):
        return _("Numbers with commas between them")
    if parameter.unit.code == "currency-CNY":
        return _("Yuan, at most two decimals")
    if parameter.unit.code == "/1":
        return _("A rate in decimals: 0.08 is 8 per cent")
    return _("A whole or decimal number")


class CodeForm(GroundsForm):
    """A new code of a table, or a code with other labels or another end."""

    code = forms.CharField(label=_("Code"), max_length=20, validators=[RegexValidator(r"^[0-9A-Za-z_-]+$")])
    zh = forms.CharField(label=_("Label in Chinese"), max_length=120)
    en = forms.CharField(label=_("Label in English"), max_length=120)
    valid_since = forms.DateField(label=_("May be used from"), required=False, widget=DayInput())
    valid_until = forms.DateField(
        label=_("No longer from"), required=False, widget=DayInput(), help_text=_("Leave empty while it is in use")
    )
    field_order = ("code", "zh", "en", "valid_since", "valid_until", "act_title", "act_article", "act_url", "reason")

    def content(self) -> dict[str, str]:
        """The code as a proposal stores it."""
        data = self.cleaned_data
        days = {key: data[f"valid_{key}"].isoformat() if data[f"valid_{key}"] else "" for key in ("since", "until")}
        return {"zh": data["zh"], "en": data["en"], **days}


class CalendarForm(forms.Form):
    """A year's calendar as a file; the notice in the file is the act it rests on."""

    file = forms.FileField(label=_("Calendar file"), help_text=_("YAML in the layout shown below, one year a file"))
    act_article = forms.CharField(label=_("Article"), max_length=120, initial="全文")
    act_url = forms.URLField(
        label=_("Where it was published"), max_length=300, required=False, assume_scheme="https",
        help_text=_("Address of the official page"),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why this is proposed"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class TextForm(GroundsForm):
    """Another text of a letter from a day on."""

    since = forms.DateField(label=_("In force from"), widget=DayInput())
    text = forms.CharField(label=_("Text"), max_length=8000, strip=False, widget=forms.Textarea(attrs={"rows": 18}))
    field_order = ("since", "text", "act_title", "act_article", "act_url", "reason")


class OfficeForm(forms.ModelForm):
    """An office's names, place and level."""

    class Meta:
        model = Office
        fields = ("code", "name", "name_en", "level", "region_code", "parent", "address", "phone")
        labels = {
            "code": _("Code"),
            "name": _("Name in Chinese"),
            "name_en": _("Name in English"),
            "level": _("Level"),
            "region_code": _("Area served"),
            "parent": _("Office above"),
            "address": _("Address"),
            "phone": _("Telephone"),
        }

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        own = by.office.region_code if by.office else "-"
        while own.endswith("00"):
            own = own[:-2]
        codes = Region.objects.filter(code__startswith=own, valid_during__upper_inf=True).order_by("code")
        names = [(one.code, place_name(one.code)) for one in codes]
        self.fields["region_code"] = forms.ChoiceField(label=_("Area served"), choices=names)
        self.fields["parent"] = OfficeField(label=_("Office above"), queryset=offices_below(by), required=False)


class HireForm(forms.Form):
    """A new officer."""

    name = forms.CharField(label=_("Name"), max_length=80)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens; it stays for ever"),
        validators=[RegexValidator(r"^[a-z][a-z0-9.-]{2,}$", _("Use small letters, digits and hyphens."))],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    office = OfficeField(label=_("Office"), queryset=Office.objects.none())
    window = forms.CharField(label=_("Window"), max_length=20, required=False)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].queryset = offices_below(by)


class MoveForm(forms.Form):
    """Another office for an officer."""

    office = OfficeField(label=_("New office"), queryset=Office.objects.none())
    window = forms.CharField(label=_("Window"), max_length=20, required=False)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].queryset = offices_below(by)


class GrantForm(forms.Form):
    """A role from a day to a day."""

    role = forms.ChoiceField(label=_("Role"))
    since = forms.DateField(label=_("From"), widget=DayInput())
    until = forms.DateField(
        label=_("Until"), required=False, widget=DayInput(), help_text=_("First day without it; empty for no end")
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [("", ""), *role_choices()]
        self.fields["since"].initial = today


def role_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Roles of officers by family."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for role in roles().values():
        if role.family != "unit":
            groups.setdefault(role.family, []).append((role.code, str(role.name)))
    return [(str(FAMILY_NAMES[family]), sorted(found, key=lambda row: row[1])) for family, found in groups.items()]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class DelegationForm(forms.Form):
    """An own role for a colleague until a day."""

    role = forms.ChoiceField(label=_("Your role"))
    taker = forms.CharField(label=_("Colleague"), max_length=60, help_text=_("User name of the colleague"))
    until = forms.DateField(label=_("Until"), widget=DayInput(), help_text=_("First day without it"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, own: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        known = roles()
        self.fields["role"].choices = [(code, str(known[code].name)) for code in own]
