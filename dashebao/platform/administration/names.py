"""Names and lists the administrators' pages share."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import Office, User, prefix
from dashebao.kernel.registry.api import region_name
from dashebao.kernel.rules.api import Parameter


def place_name(region_prefix: str) -> str:
    """The name of a region by its scope prefix; "" is the whole country."""
    return region_name(region_prefix.ljust(6, "0")) if region_prefix else _("Whole country")


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def described(parameter: Parameter) -> str:
    """What a parameter is, in the reader's language: descriptions are written “中文 / English”."""
    zh, _slash, en = parameter.description.partition(" / ")
    return (zh if chinese() else en or zh).strip()


def own_prefix(user: User) -> str:
    """The scope prefix of an officer's office."""
    return prefix(user.office.region_code) if user.office else "-"


def offices_below(user: User) -> QuerySet[Office]:
    """The offices in an officer's area, by code."""
    return Office.objects.filter(region_code__startswith=own_prefix(user)).order_by("region_code", "code")


def office_name(office: Office | None) -> str:
    """An office's name in the reader's language."""
    if office is None:
        return ""
    return office.name if chinese() else office.name_en or office.name
