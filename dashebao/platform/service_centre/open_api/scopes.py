"""What a client may be given: one scope for each item it may hand in, one for its cases, and those of the queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.kernel.catalogue.api import ApplicantKind, Channel, ServiceItem, items_for
from dashebao.platform.service_centre.open_api.models import ClientKind
from dashebao.platform.service_centre.open_api.register import About, queries, register_scope, scope_titles

CASES, FIND = "cases.read", "subjects.find"
register_scope(CASES, gettext_lazy("See own cases, answer corrections, withdraw"))
register_scope(FIND, gettext_lazy("Find a person or a unit by number"))
OFFERED = (ApplicantKind.PERSON, ApplicantKind.UNIT)


@dataclass(frozen=True)
class ScopeLine:
    """One scope with its title and whether a client that acts for a unit can use it."""

    code: str
    title: str
    for_units: bool
    group: str


def open_items() -> tuple[ServiceItem, ...]:
    """The items programs may hand in."""
    return tuple(found for found in items_for(Channel.API) if found.applicant in OFFERED)


def submit_scope(found: ServiceItem) -> str:
    """The scope to hand an item in."""
    return f"submit.{found.code}"


def all_scopes() -> tuple[ScopeLine, ...]:
    """Every scope there is: cases and lookups, queries, then the items."""
    titles = scope_titles()
    by_unit = {CASES} | {query.scope for query in queries() if query.about is not About.PERSON}
    read = [ScopeLine(code, str(titles[code]), code in by_unit, _("Queries")) for code in sorted(titles)]
    handed_in = [
        ScopeLine(submit_scope(one), f"{one.code} {one.label}", one.applicant is ApplicantKind.UNIT, _("Service items"))
        for one in open_items()
    ]
    return (*read, *handed_in)


def allowed_for(kind: str) -> frozenset[str]:
    """The scopes a client of this kind can be given."""
    return frozenset(line.code for line in all_scopes() if kind == ClientKind.PARTNER or line.for_units)
