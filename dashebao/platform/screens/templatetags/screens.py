"""How raw values are written: money, months, dates, masked numbers, explanations and shared parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import template
from django.forms import BoundField, widgets
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from dashebao.kernel.catalogue.api import Channel
from dashebao.kernel.legal_time.api import Light
from dashebao.kernel.money.api import parse_yuan
from dashebao.kernel.registry.api import region_name
from dashebao.kernel.rules.api import worded
from dashebao.platform.screens.charts import Drawing
from dashebao.platform.screens.charts import drawn as drawing_of
from dashebao.platform.screens.panels import template_of
from dashebao.platform.screens.values import Chart, Content, Link, Table, Tag, TraceSheet

register = template.Library()
DASH = "—"


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as yuan with separators: 123456 -> 1,234.56; nothing -> a dash."""
    if fen is None or fen == "":
        return DASH
    sign, amount = ("−" if int(fen) < 0 else ""), abs(int(fen))
    return f"{sign}{amount // 100:,}.{amount % 100:02d}"


@register.filter
def month(yyyymm: int | None) -> str:
    """A month column as 2026-11."""
    if not yyyymm:
        return DASH
    return f"{int(yyyymm) // 100}-{int(yyyymm) % 100:02d}"


@register.filter
def masked(value: str | None) -> str:
    """An identity, bank or mobile number with its middle hidden."""
    text = str(value or "")
    if not text:
        return DASH
    if len(text) <= 4:
        return "*" * len(text)
    head = 6 if len(text) >= 15 else 3 if len(text) >= 8 else 1
    tail = 4 if len(text) >= 8 else 1
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


@register.filter
def masked_name(name: str | None) -> str:
    """A name with its middle hidden: 林岚 -> 林*, 林小岚 -> 林*岚."""
    text = str(name or "")
    if len(text) < 2:
        return text
    return text[0] + "*" if len(text) == 2 else text[0] + "*" * (len(text) - 2) + text[-1]


@register.filter
def beside(values: Sequence[Any], columns: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """Values of a row, each with its column."""
    return zip(values, columns, strict=True)


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a field is laid out: hidden, checkbox, choices, file, wide or line."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, widgets.CheckboxSelectMultiple | widgets.RadioSelect):
        return "choices"
    for kind, name in ((widgets.CheckboxInput, "checkbox"), (widgets.FileInput, "file"), (widgets.Textarea, "wide")):
        if isinstance(widget, kind):
            return name
    return "line"


@register.simple_tag
def cell(value: Any, kind: str = "text") -> str | SafeString:
    """One value as its kind says; nothing is a dash."""
    if value is None or value == "":
        return DASH
    if isinstance(value, Tag):
        return format_html('<span class="tag{}">{}</span>', f" tag--{value.tone}" if value.tone else "", value.text)
    if isinstance(value, Link):
        return format_html('<a href="{}">{}</a>', value.href, value.text)
    writer = _WRITERS.get(kind)
    return writer(value) if writer is not None else str(value)


def _moment(value: datetime) -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%Y-%m-%d %H:%M}"


def _date(value: date) -> str:
    return value.isoformat()[:10]


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _note(value: Any) -> SafeString:
    return format_html('<span class="muted small">{}</span>', value)


_WRITERS: dict[str, Any] = {
    "money": yuan,
    "month": month,
    "date": _date,
    "moment": _moment,
    "number": _number,
    "percent": lambda value: f"{value}%",
    "masked": masked,
    "note": _note,
}


@register.simple_tag(takes_context=True)
def draw(context: template.Context, content: Content) -> str:
    """Draw a content value with its template."""
    inner = context.flatten() | {"content": content} | dict(getattr(content, "context", {}))
    return str(context.template.engine.get_template(template_of(content)).render(template.Context(inner)))


@register.simple_tag(takes_context=True)
def card(context: template.Context, title: Any, icon: str, content: Content, anchor: str = "") -> str:
    """Draw a content value inside a card with a heading, with a name for links (`anchor`) if it has one."""
    inner = context.flatten() | {
        "content": content,
        "title": title,
        "icon": icon,
        "anchor": anchor,
        "template": template_of(content),
        "flush": isinstance(content, Table | TraceSheet | Chart),
        "more": content.more if isinstance(content, Table) else None,
    }
    inner |= dict(getattr(content, "context", {}))
    part = context.template.engine.get_template("screens/parts/card.html")
    return str(part.render(template.Context(inner)))


@register.simple_tag
def plot(chart: Chart) -> Drawing:
    """The geometry of a chart."""
    return drawing_of(chart)


@register.simple_tag
def ring(left: int, whole: int) -> str:
    """The dash pattern of a time ring of radius 15: the part left of the whole."""
    part = 0 if whole <= 0 else max(0, min(1, left / whole))
    return f"{94.2 * part:.0f} 95"


@register.filter
def light(value: Light | str | None) -> SafeString | str:
    """The light of a time limit as a dot with words for readers who do not see it."""
    name = str(getattr(value, "value", value) or "").lower()
    words = {"green": _("In time"), "amber": _("Due soon"), "red": _("Overdue"), "grey": _("No limit running")}
    if name not in words:
        return ""
    return format_html(
        '<span class="light light--{}" title="{}"></span><span class="sr-only">{}</span>',
        name,
        words[name],
        words[name],
    )


def _spoken(value: Any) -> str:
    """A text given in both languages, in the reader's."""
    if isinstance(value, Mapping):
        chosen = "zh" if (get_language() or "zh").startswith("zh") else "en"
        return str(value.get(chosen) or value.get("zh") or value.get("en") or "")
    return str(value)


_UNITS = {"currency-CNY": ("元", "yuan"), "month": ("个月", "months"), "year": ("年", "years"), "day": ("天", "days")}


@register.filter
def trace_lines(trace: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The lines of a trace for reading: label, formula, numbers, law, parameter versions and rounding."""
    language = get_language() or "zh"
    chosen = 0 if language.startswith("zh") else 1
    lines = []
    for line in (trace or {}).get("lines", ()):
        unit = _UNITS.get(str(line.get("unit")), ("", ""))[chosen]
        rounding = line.get("rounding") or {}
        basis = _spoken(rounding.get("basis", ""))
        parts = basis.split(" / ")
        lines.append(
            {
                "label": _spoken(line.get("label", line.get("name", ""))),
                "name": line.get("name", ""),
                "formula": worded(line.get("formula", ""), language),
                "numbers": worded(line.get("numbers", ""), language),
                "value": line.get("value", ""),
                "exact": line.get("exact", ""),
                "unit": unit,
                "law": [_spoken(act) for act in line.get("law", ())],
                "parameters": [_parameter(one) for one in line.get("parameters", ())],
                "rounding": _("rounded: %(basis)s") % {"basis": parts[min(chosen, len(parts) - 1)]} if rounding else "",
            }
        )
    return _gathered(lines)


def _gathered(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Three and more lines of one rule in a row (the index of every year) as one line with `rows`."""
    found: list[dict[str, Any]] = []
    for _name, same in groupby(lines, key=lambda line: line["name"]):
        run = list(same)
        found += run if len(run) < 3 else [run[0] | {"rows": run, "value": "", "unit": ""}]
    return found


def _parameter(origin: Mapping[str, Any]) -> str:
    acts = _("; ").join(_spoken(act) for act in origin.get("reference", ()))
    return _("%(name)s = %(value)s since %(since)s (%(acts)s)") % {
        "name": origin.get("name", ""),
        "value": origin.get("value", ""),
        "since": origin.get("since", ""),
        "acts": acts,
    }


_TONES = {
    "submitted": "info",
    "accepted": "info",
    "suspended": "warn",
    "granted": "ok",
    "delivered": "ok",
    "refused": "err",
}


@register.filter
def state_tone(state: str) -> str:
    """The tag class of a case's state."""
    tone = _TONES.get(state, "")
    return f"tag--{tone}" if tone else ""


@register.filter
def place(code: str) -> str:
    """The name of a division in the reader's language."""
    return region_name(code) if code else DASH


@register.filter
def channel_name(code: str) -> str:
    """The name of the channel an application came by."""
    return next((str(channel.label) for channel in Channel if channel.code == code), code)


@register.filter
def abs_value(number: int) -> int:
    """A number without its sign."""
    return abs(number)


@register.simple_tag
def trace_sheet(trace: Mapping[str, Any]) -> TraceSheet:
    """A stored trace ready to draw, with its total where the results name one in yuan."""
    total = dict(trace.get("results") or {}).get("total")
    amount = None
    if isinstance(total, str) and total.replace(",", "").replace(".", "", 1).isdecimal():
        amount = parse_yuan(total.replace(",", ""))
    return TraceSheet(trace, amount, _("Total"))


_RESULTS = {
    "basic": gettext_lazy("Basic pension"),
    "account": pgettext_lazy("part of a pension", "Account pension"),
    "transitional": gettext_lazy("Transitional pension"),
    "adjustment": pgettext_lazy("part of a pension", "Adjustment"),
    "total": pgettext_lazy("sum", "Total"),
    "monthly": gettext_lazy("Monthly amount"),
    "funeral": gettext_lazy("Funeral grant"),
    "survivor": gettext_lazy("Survivors' grant"),
    "amount": pgettext_lazy("sum", "Amount"),
}


@register.filter
def result_name(name: str) -> str:
    """The name of a result of a calculation in the reader's language."""
    return str(_RESULTS.get(name, name))


_RUNS = {
    "month": gettext_lazy("The month"),
    "year": gettext_lazy("The year's end"),
}


@register.filter
def run_name(pipeline: str) -> str:
    """The name of a run in the reader's language."""
    return str(_RUNS.get(pipeline, pipeline))


@register.filter
def table_name(kind: str) -> str:
    """The table of a subject kind of the trail: registry.person -> registry_person."""
    return kind.replace(".", "_", 1)
