"""The open part of the portal: home, the list of services and the guide of each, all from the catalogue."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dashebao.kernel.cases.api import cases_of_person, today
from dashebao.kernel.catalogue.api import Channel, UnknownItem, categories, guide, item, items
from dashebao.platform.screens.api import Ask, Face, Figures, Subject, pages, shown

TONES = ("", "tile--teal", "tile--violet", "tile--green", "tile--gold", "tile--red")
ICONS = {"pension": "umbrella", "levy": "receipt-text", "civil": "heart-handshake", "labour": "scale"}
SHOWN_SERVICES = 8


def home(request: HttpRequest) -> HttpResponse:
    """The front page; a signed-in citizen sees the own figures and cases."""
    offered = [found for found in items() if found.channels & (Channel.PORTAL | Channel.EMPLOYER)]
    mine = [found for found in offered if Channel.PORTAL in found.channels]
    citizen = request.user.is_authenticated and request.user.kind == "citizen"
    tools = [page for page in pages(Face.PORTAL) if page.group] if citizen else []
    context = {
        "services": [
            (found, TONES[number % len(TONES)], ICONS.get(found.category, "file-text"))
            for number, found in enumerate(mine[: max(4, SHOWN_SERVICES - len(tools[:4]))])
        ],
        "count": len(offered),
        "hot": mine[:4],
        "headings": categories(Channel.PORTAL),
        "tools": tools[:4],
        "employer": [found for found in offered if Channel.EMPLOYER in found.channels][:4],
        "citizen": citizen,
    }
    if citizen:
        context["figures"] = _figures(request)
        context["cases"] = cases_of_person(request.user.person_id, 3)
    return render(request, "portal/home.html", context)


def _figures(request: HttpRequest) -> list[object]:
    ask = Ask(request.user.person_id, request.user, Face.PORTAL, today())
    found = [
        figure for one in shown(Subject.PERSON, ask) if isinstance(one.content, Figures) for figure in one.content.items
    ]
    return found[:3]


def services(request: HttpRequest) -> HttpResponse:
    """All services open to citizens or employers, by heading, narrowed by a text."""
    text = request.GET.get("q", "").strip()
    wanted = text.lower()
    groups = []
    for category, found in categories():
        fits = [
            one
            for one in found
            if one.channels & (Channel.PORTAL | Channel.EMPLOYER | Channel.COUNTER)
            and wanted in f"{one.code} {one.name} {one.title} {one.summary}".lower()
        ]
        if fits:
            groups.append((category, ICONS.get(category.code, "file-text"), fits))
    return render(request, "portal/services.html", {"groups": groups, "text": text})


def service_guide(request: HttpRequest, code: str) -> HttpResponse:
    """Who may apply, with which papers, how long it takes, on what law, and where."""
    try:
        found = item(code)
    except UnknownItem as error:
        raise Http404(str(error)) from error
    context = {
        "item": found,
        "guide": guide(found),
        "portal": Channel.PORTAL in found.channels and found.applicant.value == "person",
        "employer": Channel.EMPLOYER in found.channels,
    }
    return render(request, "portal/guide.html", context)
