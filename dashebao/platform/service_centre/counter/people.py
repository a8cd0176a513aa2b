"""Persons and units: search, and the page that gathers what every business knows, now or as it was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dashebao.kernel.cases.api import (
    Filter,
    cases_of_person,
    cases_of_unit,
    cases_of_unit_then,
    cases_then,
    find_cases,
    today,
)
from dashebao.kernel.identity.api import User, roles, roles_of
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.api import (
    NoSuchPerson,
    NoSuchUnit,
    find_person,
    find_unit,
    id_number_of,
    moment_of,
    person,
    person_then,
    region_name,
    search_persons,
    search_units,
    unit,
    unit_then,
)
from dashebao.platform.screens.api import Ask, Face, Subject, shown, silent
from dashebao.platform.service_centre.counter.rounds import laid_out

EXACT_ID, EXACT_OLD_ID, CASE_NUMBER = 18, 15, 20


def _in_business(user: User) -> bool:
    known = roles()
    return any(known[code].family == "business" for code in roles_of(user) if code in known)


def find(request: HttpRequest) -> HttpResponse:
    """The search box: goes straight to an exact hit, else lists persons, units and cases. Every search is recorded."""
    text = request.GET.get("q", "").strip()
    context: dict[str, object] = {"text": text, "allowed": _in_business(request.user)}
    if text and _in_business(request.user):
        exact = _exact(request, text)
        if exact is not None:
            return exact
        context["people"] = _named(search_persons(text))
        context["units"] = _named(search_units(text))
        context["cases"] = find_cases(request.user, Filter(text=text, size=20))
        found = {name: len(context[name]) for name in ("people", "units", "cases")}  # type: ignore[arg-type]
        _searched(request, text, **found)
    return render(request, "counter/find.html", context)


def _searched(request: HttpRequest, text: str, **found: int) -> None:
    """One line of the trail for a search: how it began and what it showed, never a whole number."""
    region = request.user.office.region_code
    audit("counter.searched", ("search", "counter"), region=region, began=text[:6], signs=len(text), **found)


def _exact(request: HttpRequest, text: str) -> HttpResponse | None:
    if len(text) in (EXACT_OLD_ID, EXACT_ID):
        human = find_person(text)
        if human is not None:
            return redirect("counter_person", human.pk)
        firm = find_unit(text)
        if firm is not None:
            return redirect("counter_unit", firm.pk)
    cases = find_cases(request.user, Filter(text=text, size=2)) if len(text) >= CASE_NUMBER else []
    return redirect("counter_case", cases[0].case_no) if len(cases) == 1 else None


def _named(found: list) -> list[tuple[object, str]]:
    return [(one, region_name(one.region_code)) for one in found]


def people(request: HttpRequest) -> HttpResponse:
    """Persons by number, mobile number or name."""
    text = request.GET.get("q", "").strip()
    hits = _named(search_persons(text, limit=50))
    if text:
        _searched(request, text, people=len(hits))
    return render(request, "counter/hits.html", {"text": text, "hits": hits, "kind": "person"})


def units(request: HttpRequest) -> HttpResponse:
    """Units by credit code or name."""
    text = request.GET.get("q", "").strip()
    hits = _named(search_units(text, limit=50))
    return render(request, "counter/hits.html", {"text": text, "hits": hits, "kind": "unit"})


@dataclass(frozen=True)
class Sight:
    """What the page is asked for: the day the facts are to hold, and the moment whose knowledge counts (None: now)."""

    on: date
    known_on: date | None

    @property
    def known_at(self) -> datetime | None:
        """The evening of the day whose knowledge counts."""
        return moment_of(self.known_on) if self.known_on else None

    @property
    def past(self) -> bool:
        """Whether the page shows anything but today as known today."""
        return self.known_on is not None or self.on != today()

    @classmethod
    def of(cls, request: HttpRequest) -> Sight:
        """Read both days from the address; nonsense, and knowledge of the future, count as now."""
        known = _day(request, "known")
        return cls(_day(request, "on") or today(), known if known and known < today() else None)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def person_page(request: HttpRequest, key: int) -> HttpResponse:
    """One person: identity, panels of the businesses, cases. Looking is recorded and the person can see who looked."""
    try:
        human = person(key)
    except NoSuchPerson as error:
        raise Http404(str(error)) from error
    sight = Sight.of(request)
    then = person_then(human.pk, sight.on, sight.known_at)
    audit("person.viewed", human, person=human.pk, **_told(sight))
    ask = Ask(human.pk, request.user, Face.COUNTER, sight.on, sight.known_at)
    panels = shown(Subject.PERSON, ask)
    cases = cases_then(human.pk, sight.known_at) if sight.known_at else cases_of_person(human.pk, 20)
    context = {
        "person": then.person,
        "then": then,
        "id_number": _number(then.identifiers) or id_number_of(human.pk),
        "account": then.accounts[-1] if then.accounts else None,
        "region": region_name(then.person.region_code) if then.person else "",
        "key": human.pk,
        "name": human.name,
        "age": _age(then.person.birth_on, sight.on) if then.person else None,
        "round": laid_out(panels, cases, then),
        "silent": silent(Subject.PERSON, ask, panels),
        "cases": cases,
        "sight": sight,
        "menu_name": "counter_people",
    }
    return render(request, "counter/person.html", context)


def _age(born: date | None, on: date) -> int | None:
    """Full years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) if born else None


def _number(identifiers: tuple[Any, ...]) -> str:
    found = sorted(identifiers, key=lambda one: one.kind != "resident_id")
    return found[0].value if found else ""


def _told(sight: Sight) -> dict[str, str]:
    return {"on": sight.on.isoformat(), "known": sight.known_on.isoformat()} if sight.known_on else {}


def reveal(request: HttpRequest, key: int) -> HttpResponse:
    """The unmasked number of a person, for one look; the look is recorded by itself."""
    try:
        human = person(key)
    except NoSuchPerson as error:
        raise Http404(str(error)) from error
    if request.method != "POST":
        return redirect("counter_person", key)
    audit("person.number_shown", human, person=human.pk)
    context = {"person": human, "number": id_number_of(human.pk), "menu_name": "counter_people"}
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "counter/_number.html" if fragment else "counter/number.html", context)


def unit_page(request: HttpRequest, key: int) -> HttpResponse:
    """One unit: identity, panels of the businesses, cases."""
    try:
        firm = unit(key)
    except NoSuchUnit as error:
        raise Http404(str(error)) from error
    sight = Sight.of(request)
    then = unit_then(firm.pk, sight.on, sight.known_at)
    audit("unit.viewed", firm, **_told(sight))
    ask = Ask(firm.pk, request.user, Face.COUNTER, sight.on, sight.known_at)
    panels = shown(Subject.UNIT, ask)
    cases = cases_of_unit_then(firm.pk, sight.known_at) if sight.known_at else cases_of_unit(firm.pk, 20)
    context = {
        "unit": then.unit,
        "then": then,
        "credit_code": next((one.value for one in then.identifiers if one.kind == "uscc"), ""),
        "account": then.accounts[-1] if then.accounts else None,
        "region": region_name(then.unit.region_code) if then.unit else "",
        "key": firm.pk,
        "name": firm.name,
        "round": laid_out(panels, cases, then),
        "silent": silent(Subject.UNIT, ask, panels),
        "cases": cases,
        "sight": sight,
        "menu_name": "counter_units",
    }
    return render(request, "counter/unit.html", context)
