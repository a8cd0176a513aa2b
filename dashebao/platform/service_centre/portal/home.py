"""The open part of the portal: home, search, the guide of each service, offices, accessibility."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from dashebao.kernel.cases.api import cases_of_person, today
from dashebao.kernel.catalogue.api import Channel, ServiceItem, UnknownItem, categories, guide, item, items
from dashebao.kernel.identity.api import Office
from dashebao.kernel.registry.api import person
from dashebao.platform.screens.api import Ask, Face, Subject, figures, find_page
from dashebao.platform.screens.context import MODE_COOKIE
from dashebao.platform.service_centre.notices.api import newest
from dashebao.platform.service_centre.portal.actions.joints import joints_of
from dashebao.platform.service_centre.portal.finding import find
from dashebao.platform.service_centre.portal.headings import COMMON, ICONS, STAGES, TONES
from dashebao.platform.service_centre.portal.offices import nearest, offices_of
from dashebao.platform.service_centre.portal.wishes import wishes_of

SHOWN_SERVICES, HOT, ELDER_SERVICES = 8, 4, 6
YEAR = 365 * 24 * 3600


def is_citizen(request: HttpRequest) -> bool:
    """Whether a citizen is signed in."""
    return bool(request.user.is_authenticated and request.user.kind == "citizen")


def known_link(code: str) -> tuple[str, str, str] | None:
    """Title, note and address of an item by its code or of a page by its name; None if the installation has neither."""
    page = find_page(code, Face.PORTAL)
    if page is not None:
        return str(page.title), "", reverse(page.name)
    try:
        found = item(code)
    except UnknownItem:
        return None
    return found.label, str(found.summary), reverse("portal_guide", args=[code])


def tiles(size: int) -> tuple[dict[str, Any], ...]:
    """The common services that this installation has, under their everyday names, at most `size`."""
    return _tiles(get_language() or "")[:size]


@cache
def _tiles(_language: str) -> tuple[dict[str, Any], ...]:
    known = ((one, link) for one in COMMON if (link := known_link(one.code)) is not None)
    return tuple(
        {"title": str(one.name), "note": str(one.note or ""), "href": link[2], "icon": one.icon, "tone": one.tone}
        for one, link in known
    )


def stages() -> list[dict[str, Any]]:
    """Stages of life with their links, three each."""
    return _stages(get_language() or "")


@cache
def _stages(_language: str) -> list[dict[str, Any]]:
    found = []
    for stage in STAGES:
        known = (link for code in stage.wanted if (link := known_link(code)) is not None)
        if links := list(islice(known, 3)):
            found.append({"title": str(stage.title), "icon": stage.icon, "links": links})
    return found


def home(request: HttpRequest) -> HttpResponse:
    """The front page; a signed-in citizen sees the own figures, cases and what waits."""
    offered = [found for found in items() if found.channels & (Channel.PORTAL | Channel.EMPLOYER)]
    citizen = is_citizen(request)
    common = tiles(SHOWN_SERVICES)
    context: dict[str, Any] = {
        "services": common,
        "few": common[:ELDER_SERVICES],
        "count": len(offered),
        "hot": common[:HOT],
        "stages": stages(),
        "employer": [found for found in offered if Channel.EMPLOYER in found.channels][:4],
        "citizen": citizen,
        "notices": newest(5),
    }
    if not citizen:
        context["office"] = nearest("")
        return render(request, "portal/home.html", context)
    human = person(request.user.person_id)
    ask = Ask(human.pk, request.user, Face.PORTAL, today())
    cases = cases_of_person(human.pk, 3)
    context |= {
        "figures": figures(Subject.PERSON, ask)[:3],
        "cases": cases,
        "waiting": next((case for case in cases if case.state == "suspended"), None),
        "joint": next(iter(joints_of(human.pk)), None),
        "office": nearest(human.region_code),
    }
    return _as_wished(request, render(request, "portal/home.html", context))


def _as_wished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """On a device that has not said how it wants the portal, the person's own settings hold from the next page on."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or MODE_COOKIE in request.COOKIES:
        return response
    wished = wishes_of(request.user.person_id)
    if wished.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wished.language, YEAR, samesite="Lax")
    response.set_cookie(MODE_COOKIE, "elder" if wished.elder else "plain", YEAR, samesite="Lax")
    return response


def set_mode(request: HttpRequest) -> HttpResponse:
    """Switch between large text with few things and the ordinary pages; works without a script."""
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(target if safe else "/")
    if request.method == "POST":
        wanted = "elder" if request.POST.get("mode") == "elder" else "plain"
        response.set_cookie(MODE_COOKIE, wanted, YEAR, samesite="Lax")
    return response


def services(request: HttpRequest) -> HttpResponse:
    """All services by heading; with a text, everything that fits it: services, pages and notices."""
    text = request.GET.get("q", "").strip()[:60]
    if text:
        hits = find(text, is_citizen(request))
        return render(request, "portal/found.html", {"text": text, "hits": hits, "services": tiles(HOT)})
    groups = [
        (category, ICONS.get(category.code, "file-text"), TONES.get(category.code, ""), found)
        for category, found in categories()
    ]
    return render(request, "portal/services.html", {"groups": groups, "text": ""})


def service_guide(request: HttpRequest, code: str) -> HttpResponse:
    """Who may apply, with which papers, how long it takes, on what law, where, and how to complain."""
    try:
        found = item(code)
    except UnknownItem as error:
        raise Http404(str(error)) from error
    region = person(request.user.person_id).region_code if is_citizen(request) else ""
    context = {
        "item": found,
        "guide": guide(found),
        "portal": Channel.PORTAL in found.channels and found.applicant.value != "unit",
        "employer": Channel.EMPLOYER in found.channels,
        "office": nearest(region),
        "near": _neighbours(found),
    }
    return render(request, "portal/guide.html", context)


def _neighbours(found: ServiceItem) -> list[ServiceItem]:
    same = (one for one in items() if one.category == found.category and one.code != found.code)
    return [one for one in same if Channel.PORTAL in one.channels][:4]


def office_list(request: HttpRequest) -> HttpResponse:
    """Offices of a city with address, telephone and hours."""
    cities = list(Office.objects.filter(level="city").order_by("region_code"))
    own = person(request.user.person_id).region_code if is_citizen(request) else ""
    wanted = request.GET.get("city", "") or own[:4]
    chosen = wanted[:4] if any(city.region_code[:4] == wanted[:4] for city in cities) else ""
    chosen = chosen or (cities[0].region_code[:4] if cities else "")
    context = {"cities": cities, "chosen": chosen, "offices": offices_of(chosen), "own": own}
    return render(request, "portal/offices.html", context)


def accessibility(request: HttpRequest) -> HttpResponse:
    """How the portal can be used by everybody, and whom to tell where it cannot."""
    return render(request, "portal/accessibility.html")
