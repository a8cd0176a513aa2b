"""The history of a person's or unit's record: every change with who, when, why, before and after, masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import Change, Mark, Record, audit
from dashebao.kernel.registry.api import (
    NoSuchPerson,
    NoSuchUnit,
    changes_of_person,
    changes_of_unit,
    person,
    unit,
)
from dashebao.platform.screens.templatetags.screens import masked

MASKED = (Mark.IDENTITY, Mark.CONTACT, Mark.BANK, Mark.SECRET)
PLAIN = ("birth_on", "sex", "nation")
SKIPPED = ("id", "recorded_at", "person_id", "unit_id", "digest")
TABLES: dict[str, Any] = {
    "registry_person": _("Person"),
    "registry_personidentifier": _("Number"),
    "registry_bankaccount": _("Bank account"),
    "registry_personfact": pgettext_lazy("of a person", "Fact"),
    "registry_householdmember": _("Household"),
    "registry_unit": _("Unit"),
    "registry_unitidentifier": _("Number"),
}
COLUMNS: dict[str, Any] = {
    "name": _("Name"),
    "sex": _("Sex"),
    "birth_on": _("Born"),
    "nation": _("Nation"),
    "region_code": _("Place"),
    "hukou_region": _("Place of household registration"),
    "hukou_kind": _("Kind of household registration"),
    "mobile": _("Mobile number"),
    "address": _("Address"),
    "died_on": _("Died"),
    "merged_into_id": _("Merged into"),
    "kind": _("Kind"),
    "value": _("Number"),
    "valid_during": _("In force"),
    "source": _("Source"),
    "data": _("Details"),
    "bank_code": _("Bank"),
    "number": _("Number"),
    "household_id": _("Household"),
    "relation": _("Relation"),
    "industry": _("Industry"),
    "legal_person": _("Legal representative"),
    "contact": _("Contact"),
    "phone": _("Telephone"),
    "founded_on": _("Founded"),
    "closed_on": _("Closed"),
}


@dataclass(frozen=True)
class Edit:
    """One column that a change touched, in words."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One change: of what, when, by whom, why, and the columns."""

    what: Any
    op: str
    at: datetime
    who: str
    why: str
    edits: tuple[Edit, ...]


def person_history(request: HttpRequest, key: int) -> HttpResponse:
    """Every change of a person's record; looking is recorded."""
    try:
        human = person(key)
    except NoSuchPerson as error:
        raise Http404(str(error)) from error
    audit("person.history_viewed", human, person=human.pk)
    context = {"entries": entries(changes_of_person(human.pk)), "subject": human, "home": "counter_person"}
    return _shown(request, context | {"menu_name": "counter_people"})


def unit_history(request: HttpRequest, key: int) -> HttpResponse:
    """Every change of a unit's record."""
    try:
        firm = unit(key)
    except NoSuchUnit as error:
        raise Http404(str(error)) from error
    context = {"entries": entries(changes_of_unit(firm.pk)), "subject": firm, "home": "counter_unit"}
    return _shown(request, context | {"menu_name": "counter_units"})


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "counter/_past.html" if fragment else "counter/past.html", context)


def entries(changes: Iterable[Change]) -> list[Entry]:
    """Changes in words, with the names of the officers behind them in one query."""
    found = list(changes)
    officers = {change.actor_id for change in found if change.actor_kind in ("officer", "unit")}
    names = dict(User.objects.filter(pk__in=officers).values_list("pk", "name"))
    marks = {model._meta.db_table: model.personal for model in apps.get_models() if issubclass(model, Record)}
    return [_entry(change, names, marks.get(change.table_name, {})) for change in found]


def _entry(change: Change, names: dict[int, str], marks: dict[str, Mark]) -> Entry:
    old, new = change.before or {}, change.after or {}
    touched = [name for name in {**old, **new} if old.get(name) != new.get(name) and name not in SKIPPED]
    edits = [
        Edit(COLUMNS.get(name, name), _value(name, old.get(name), marks), _value(name, new.get(name), marks))
        for name in touched
    ]
    who = names.get(change.actor_id or 0, "") or str(_ACTORS.get(change.actor_kind, change.actor_kind))
    return Entry(
        TABLES.get(change.table_name, change.table_name),
        change.op,
        change.at,
        who,
        change.why,
        tuple(edit for edit in edits if edit.before or edit.after),
    )


_ACTORS: dict[str, Any] = {
    "system": pgettext_lazy("actor", "System"),
    "database": pgettext_lazy("actor", "System"),
    "person": pgettext_lazy("actor", "The person"),
    "unit": pgettext_lazy("actor", "The unit"),
    "partner": pgettext_lazy("actor", "Another agency"),
}


def _value(name: str, value: Any, marks: dict[str, Mark]) -> str:
    if value in (None, "", {}, []):
        return ""
    text = str(value)
    return masked(text) if marks.get(name) in MASKED and name not in PLAIN else text
