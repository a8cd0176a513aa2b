"""Pages of the parameters of the law: the list, one parameter with its history and its readers, a change proposed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.kernel.identity.api import has_role
from dashebao.kernel.rules.api import STORE, Parameter, Version, as_yaml, in_force, written
from dashebao.platform.administration import forms, readers
from dashebao.platform.administration.actions import PROPOSER, Grounds, parameter_wanted, propose
from dashebao.platform.administration.errors import AdministrationRefused
from dashebao.platform.administration.models import Enactment, Kind, Proposal
from dashebao.platform.administration.names import chinese, described, own_prefix, place_name
from dashebao.platform.administration.parameter_words import INSURANCES, TOPICS, topic_of
from dashebao.platform.screens.api import Chart, Series

CHART_POINTS = 3


@dataclass(frozen=True)
class Here:
    """What holds in one region."""

    place: str
    value: str
    since: date | None
    amended: bool


@dataclass(frozen=True)
class Line:
    """One parameter in the list: its words, its technical name, what holds where, and the act behind it."""

    name: str
    title: str
    values: tuple[Here, ...]
    act: str


@dataclass(frozen=True)
class Topic:
    """The parameters of one topic under its heading."""

    title: str
    lines: list[Line]


def parameters(request: HttpRequest) -> HttpResponse:
    """The parameters of one insurance by topic; a text is looked for in all of them. No query but the enacted changes'."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "insurance", "region")}
    found = [name for name, regions in STORE.parameters.items() if _fits(name, regions, asked)]
    counts = Counter(topic_of(name)[0] for name in found)
    known = [one for one in INSURANCES if counts[one.code]]
    chosen = asked["insurance"] if counts[asked["insurance"]] else "" if asked["q"] or not known else known[0].code
    shown_here = [name for name in found if chosen in ("", topic_of(name)[0])]
    kept = urlencode({name: asked[name] for name in ("q", "region") if asked[name]})
    context = {
        "topics": _topics(shown_here, asked["region"], many=not chosen),
        "asked": asked,
        "chosen": chosen,
        "kept": kept,
        "insurances": [(one.code, one.title, counts[one.code]) for one in known],
        "regions": [("nation", place_name(""))]
        + [(code, place_name(code)) for code in sorted({r for rs in STORE.parameters.values() for r in rs if r})],
        "total": len(found),
    }
    return render(request, "administration/parameters.html", context)


def _fits(name: str, regions: dict[str, Parameter], asked: dict[str, str]) -> bool:
    if asked["region"] and _code(asked["region"]) not in regions:
        return False
    words = " ".join([name, str(topic_of(name)[1]), *(one.description for one in regions.values())]).lower()
    return all(word in words for word in asked["q"].lower().split())


def _code(region: str) -> str:
    return "" if region == "nation" else region


def _topics(names: list[str], region: str, many: bool) -> list[Topic]:
    """Topics in the order of the register; with several insurances each heading says which."""
    today, changed = timezone.localdate(), {(one.name, one.region) for one in STORE.amendments}
    titles, order = {one.code: str(one.title) for one in INSURANCES}, [one.code for one in INSURANCES]
    places = {(code, str(title)): place for place, (code, title) in enumerate(TOPICS.values())}
    grouped: dict[tuple[str, str], list[Line]] = {}
    for name in sorted(names):
        code, title = topic_of(name)
        regions = {one: found for one, found in STORE.parameters[name].items() if not region or one == _code(region)}
        grouped.setdefault((code, str(title)), []).append(_line(regions, today, changed))
    keys = sorted(grouped, key=lambda key: (order.index(key[0]), places.get(key, len(places))))
    return [Topic(f"{titles[code]} · {title}" if many else title, grouped[code, title]) for code, title in keys]


def _line(regions: dict[str, Parameter], today: date, changed: set[tuple[str, str]]) -> Line:
    first = regions[min(regions)]
    cited = _cited(first, today)
    values = tuple(_here(regions[region], today, changed) for region in sorted(regions))
    return Line(first.name, described(first), values, str(cited.references[0]) if cited and cited.references else "")


def _here(parameter: Parameter, today: date, changed: set[tuple[str, str]]) -> Here:
    version, cited = _latest(parameter, today), _cited(parameter, today)
    value = shown(parameter, version) if version else _scale_text(parameter, today)
    amended = (parameter.name, parameter.region) in changed
    return Here(place_name(parameter.region), value, cited.since if cited else None, amended)


def _cited(parameter: Parameter, today: date) -> Version | None:
    return _latest(parameter, today) or (parameter.brackets[0].amount[0] if parameter.brackets else None)


def _latest(parameter: Parameter, on: date) -> Version | None:
    return in_force(parameter.versions, on) or (parameter.versions[0] if parameter.versions else None)


def _scale_text(parameter: Parameter, on: date) -> str:
    return _("Scale of %(count)d brackets") % {"count": len(parameter.brackets)}


def shown(parameter: Parameter, version: Version | None) -> str:
    """A value with its unit, rates also as per cent."""
    if version is None or version.value is None:
        return _("ended")
    if isinstance(version.value, bool):
        return _("yes") if version.value else _("no")
    text = written(version.value)
    if isinstance(version.value, Fraction) and parameter.unit.code == "/1":
        percent = version.value * 100
        if percent.denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100):
            return f"{float(percent):g}% ({text})"
    unit = parameter.unit.zh if chinese() else parameter.unit.en
    return f"{text} {unit}".strip()


@dataclass(frozen=True)
class Value:
    """One dated value of a parameter as its page shows it."""

    place: str
    bracket: str
    since: date
    value: str
    version: Version
    state: str
    tone: str
    enactment: Enactment | None


def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """One parameter: all its values everywhere, who reads it, open proposals; a table twin for its chart."""
    regions = STORE.parameters.get(name)
    if not regions:
        raise Http404
    first = regions.get("") or next(iter(regions.values()))
    rows = Enactment.objects.filter(kind=Kind.PARAMETER, subject=name)
    enacted = {(row.region_prefix, row.part, row.since): row for row in rows}
    today = timezone.localdate()
    context = {
        "parameter": first,
        "title": described(first),
        "topic": topic_of(name)[1],
        "unit": (first.unit.zh if chinese() else first.unit.en) or first.unit.code,
        "values": [value for region in sorted(regions) for value in _values(regions[region], enacted, today)],
        "charts": [chart for region in sorted(regions) if (chart := _chart(regions[region]))],
        "formulas": [(f, f.zh if chinese() else f.en) for f in readers.formulas_reading(name)],
        "elsewhere": readers.readers_of(name),
        "open": Proposal.objects.filter(kind=Kind.PARAMETER, subject=name, enactment=None, closure=None),
        "files": sorted({p.file for p in regions.values()}),
        "may_propose": has_role(request.user, PROPOSER),
        "exports": [(region, place_name(region)) for region in sorted(regions)],
        "menu_name": "admin_parameters",
    }
    return render(request, "administration/parameter.html", context)


def _values(parameter: Parameter, enacted: dict[tuple[str, str, date], Enactment], today: date) -> list[Value]:
    groups = [("", "", parameter.versions)] if not parameter.brackets else [
        (written(b.threshold[-1].value), written(b.threshold[-1].value), b.amount) for b in parameter.brackets
    ]  # fmt: skip
    found = []
    for bracket, part, versions in groups:
        current = in_force(versions, today)
        for version in reversed(versions):
            state, tone = (pgettext("value", "Earlier"), "")
            if version is current:
                state, tone = (_("In force"), "ok")
            elif version.since > today:
                state, tone = (_("Not begun"), "info")
            row = enacted.get((parameter.region, part, version.since))
            place = place_name(parameter.region)
            found.append(Value(place, bracket, version.since, shown(parameter, version), version, state, tone, row))
    return found


def _chart(parameter: Parameter) -> Chart | None:
    numbers = [v for v in parameter.versions if isinstance(v.value, Fraction)]
    if len(numbers) < CHART_POINTS:
        return None
    money = parameter.unit.code == "currency-CNY"
    values = [int(v.value * 100) if money else float(v.value) for v in numbers if isinstance(v.value, Fraction)]
    last = numbers[-1]
    return Chart(
        title=f"{described(parameter)} · {place_name(parameter.region)}",
        labels=[v.since.isoformat()[:7] for v in numbers],
        series=[Series(place_name(parameter.region), values)],
        unit="fen" if money else "",
        source=str(last.references[0]) if last.references else "",
        as_of=last.since,
    )


def propose_parameter(request: HttpRequest, name: str) -> HttpResponse:
    """The form of a change; the next page shows what it would do before anybody approves it."""
    regions = STORE.parameters.get(name)
    if not regions:
        raise Http404
    base = regions.get("") or next(iter(regions.values()))
    initial: dict[str, Any] = {"region": _own_region(regions, own_prefix(request.user))}
    form = forms.ParameterForm(request.POST or None, parameter=base, office=request.user.office, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        grounds = Grounds(
            data["act_title"], data["act_article"], data["reason"], data["act_url"], data["backdated_reason"]
        )
        try:
            wanted = parameter_wanted(name, data["region"], data["since"], data["value"], data.get("bracket", ""))
            made = propose(wanted, grounds, by=request.user)
        except AdministrationRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect("admin_proposal", made.pk)
    context = {
        "form": form,
        "heading": _("Propose a change: %(title)s") % {"title": described(base)},
        "lead": name,
        "button": _("See what it would do"),
        "back": "admin_parameters",
        "back_title": _("Parameters of the law"),
        "menu_name": "admin_parameters",
    }
    return render(request, "administration/form.html", context, status=422 if form.errors else 200)


def _own_region(regions: dict[str, Parameter], own: str) -> str:
    for size in range(len(own), -1, -2):
        if own[:size] in regions:
            return own[:size]
    return ""


def export(request: HttpRequest, name: str) -> HttpResponse:
    """One region's parameter with all its values as a file in the repository's layout."""
    region = request.GET.get("region", "")
    found = STORE.parameters.get(name, {}).get(region)
    if found is None:
        raise Http404
    head = f"# {found.file}: {name}\n"
    answer = HttpResponse(head + as_yaml(found), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}{"." + region if region else ""}.yaml"'
    return answer
