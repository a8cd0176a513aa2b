"""Words for the codes in a person's or unit's record."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

FACTS: dict[str, Any] = {
    "death": pgettext_lazy("fact", "Death"),
    "imprisonment": pgettext_lazy("fact", "Imprisonment"),
    "employment": pgettext_lazy("fact", "Employment"),
    "military": pgettext_lazy("fact", "Military service"),
    "abroad": pgettext_lazy("fact", "Settled abroad"),
    "marriage": pgettext_lazy("fact", "Marriage"),
    "divorce": pgettext_lazy("fact", "Divorce"),
}
RELATIONS: dict[str, Any] = {
    "head": pgettext_lazy("household", "Head"),
    "spouse": pgettext_lazy("household", "Spouse"),
    "child": pgettext_lazy("household", "Child"),
    "parent": pgettext_lazy("household", "Parent"),
    "other": pgettext_lazy("household", "Other"),
}
SOURCES: dict[str, Any] = {
    "public_security": _("Public security"),
    "civil_affairs": _("Civil affairs"),
    "justice": _("Justice"),
    "health": _("Health"),
    "counter": _("Counter"),
    "employer": _("Employer"),
}
NUMBERS: dict[str, Any] = {
    "resident_id": _("Resident identity number"),
    "passport": _("Passport"),
    "hk_macao_permit": _("Permit for residents of Hong Kong and Macao"),
    "taiwan_permit": _("Permit for residents of Taiwan"),
    "card": _("Social security card"),
    "uscc": _("Unified social credit code"),
}


@register.filter
def fact_name(kind: str) -> str:
    """A kind of fact in words."""
    return str(FACTS.get(kind, kind))


@register.filter
def relation_name(relation: str) -> str:
    """A place in a household in words."""
    return str(RELATIONS.get(relation, relation))


@register.filter
def source_name(source: str) -> str:
    """Who told a fact."""
    return str(SOURCES.get(source, source))


@register.filter
def number_name(kind: str) -> str:
    """A kind of number in words."""
    return str(NUMBERS.get(kind, kind))


@register.filter
def errors_of(errors: Any, field: str) -> list[str]:
    """The errors of one field."""
    return list((errors or {}).get(field, ()))
