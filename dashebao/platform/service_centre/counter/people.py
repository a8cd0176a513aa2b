"""Persons and units: search, and the page that gathers what every business knows."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dashebao.kernel.cases.api import Filter, cases_of_person, cases_of_unit, find_cases, today
from dashebao.kernel.identity.api import User, roles, roles_of
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.api import (
    NoSuchPerson,
    NoSuchUnit,
    bank_account_of,
    bank_account_of_unit,
    credit_code_of,
    find_person,
    find_unit,
    id_number_of,
    person,
    region_name,
    search_persons,
    search_units,
    unit,
)
from dashebao.platform.screens.api import Ask, Face, Subject, shown


def _in_business(user: User) -> bool:
    known = roles()
    return any(known[code].family == "business" for code in roles_of(user) if code in known)


def find(request: HttpRequest) -> HttpResponse:
    """The search box: goes straight to an exact hit, else lists persons, units and cases."""
    text = request.GET.get("q", "").strip()
    context: dict[str, object] = {"text": text, "allowed": _in_business(request.user)}
    if text and _in_business(request.user):
        exact = _exact(request, text)
        if exact is not None:
            return exact
        context["people"] = _named(search_persons(text))
        context["units"] = _named(search_units(text))
        context["cases"] = find_cases(request.user, Filter(text=text, size=20))
    return render(request, "counter/find.html", context)


def _exact(request: HttpRequest, text: str) -> HttpResponse | None:
    if len(text) in (15, 18):
        human = find_person(text)
        if human is not None:
            return redirect("counter_person", human.pk)
        firm = find_unit(text)
        if firm is not None:
            return redirect("counter_unit", firm.pk)
    cases = find_cases(request.user, Filter(text=text, size=2)) if len(text) > 18 else []
    return redirect("counter_case", cases[0].case_no) if len(cases) == 1 else None


def _named(found: list) -> list[tuple[object, str]]:
    return [(one, region_name(one.region_code)) for one in found]


def people(request: HttpRequest) -> HttpResponse:
    """Persons by number or name."""
    text = request.GET.get("q", "").strip()
    hits = _named(search_persons(text, limit=50))
    return render(request, "counter/hits.html", {"text": text, "hits": hits, "kind": "person"})


def units(request: HttpRequest) -> HttpResponse:
    """Units by credit code or name."""
    text = request.GET.get("q", "").strip()
    hits = _named(search_units(text, limit=50))
    return render(request, "counter/hits.html", {"text": text, "hits": hits, "kind": "unit"})


def _on(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today()


def person_page(request: HttpRequest, key: int) -> HttpResponse:
    """One person: identity, panels of the businesses, cases. Looking is recorded and the person can see who looked."""
    try:
        human = person(key)
    except NoSuchPerson as error:
        raise Http404(str(error)) from error
    on = _on(request)
    audit("person.viewed", human, person=human.pk)
    context = {
        "person": human,
        "id_number": id_number_of(human.pk),
        "account": bank_account_of(human.pk),
        "region": region_name(human.region_code),
        "panels": shown(Subject.PERSON, Ask(human.pk, request.user, Face.COUNTER, on)),
        "cases": cases_of_person(human.pk, 20),
        "on": on,
        "menu_name": "counter_people",
    }
    return render(request, "counter/person.html", context)


def unit_page(request: HttpRequest, key: int) -> HttpResponse:
    """One unit: identity, panels of the businesses, cases."""
    try:
        firm = unit(key)
    except NoSuchUnit as error:
        raise Http404(str(error)) from error
    on = _on(request)
    context = {
        "unit": firm,
        "credit_code": credit_code_of(firm.pk),
        "account": bank_account_of_unit(firm.pk),
        "region": region_name(firm.region_code),
        "panels": shown(Subject.UNIT, Ask(firm.pk, request.user, Face.COUNTER, on)),
        "cases": cases_of_unit(firm.pk, 20),
        "on": on,
        "menu_name": "counter_units",
    }
    return render(request, "counter/unit.html", context)
