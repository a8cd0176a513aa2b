"""Pages of proposals: the list, and one proposal with its effect and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashebao.kernel.codes.api import table
from dashebao.kernel.identity.api import has_role
from dashebao.kernel.legal_time.api import MissingCalendar, year_calendar
from dashebao.kernel.records.api import audit
from dashebao.kernel.rules.api import STORE, Version
from dashebao.platform.administration import texts
from dashebao.platform.administration.actions import APPROVER, enact, reject, withdraw
from dashebao.platform.administration.impact import impact_of, value_before
from dashebao.platform.administration.loading import amendment_of, calendar_of
from dashebao.platform.administration.models import Change, Enactment, Kind, Proposal
from dashebao.platform.administration.names import chinese, described, place_name
from dashebao.platform.administration.screens_calendars import drawn_year
from dashebao.platform.administration.screens_parameters import shown
from dashebao.platform.screens.api import Column as Col
from dashebao.platform.screens.api import Table, TraceSheet, paged

TONES = {"open": "warn", "enacted": "ok", "rejected": "err", "withdrawn": ""}


def state_of(proposal: Proposal) -> str:
    """open, enacted, rejected or withdrawn; the two relations must have been selected."""
    if hasattr(proposal, "enactment"):
        return "enacted"
    return str(proposal.closure.outcome) if hasattr(proposal, "closure") else "open"


def state_words(state: str) -> tuple[str, str]:
    """A state in words with its tone."""
    words = {
        "open": _("Waits for approval"),
        "enacted": _("Approved"),
        "rejected": _("Rejected"),
        "withdrawn": _("Withdrawn"),
    }
    return words[state], TONES[state]


def title_of(change: Change) -> str:
    """What a change is about, in the reader's language."""
    if change.kind == Kind.PARAMETER:
        regions = STORE.parameters.get(change.subject, {})
        found = regions.get(change.region_prefix) or next(iter(regions.values()), None)
        return described(found) if found else change.subject
    if change.kind == Kind.CODE:
        known = table(change.subject)
        return f"{known.zh if chinese() else known.en} · {change.part}"
    if change.kind == Kind.CALENDAR:
        return _("Working days of %(year)s") % {"year": change.subject}
    return letter_title(change.subject)


def letter_title(name: str) -> str:
    """A letter's name in words, with the language it is written in."""
    stem, language = name.rsplit("/", 1)[-1].removesuffix(".txt").rsplit(".", 1)
    words = {
        "receipt": _("Receipt of an application"),
        "acceptance": _("Notice of acceptance"),
        "correction": _("Notice to complete papers"),
        "not_accepted": _("Notice of non-acceptance"),
        "suspension": _("Notice of suspension"),
        "extension": _("Notice of extension"),
        "grant": _("Decision: granted"),
        "refusal": _("Decision: refused"),
        "withdrawal": _("Confirmation of withdrawal"),
        "lapse": _("Notice of lapse"),
    }
    tongue = _("Chinese") if language == "zh" else _("English")
    return f"{words.get(stem, stem.replace('_', ' '))} · {tongue}"


def proposals(request: HttpRequest) -> HttpResponse:
    """Changes of reference data, open ones first asked for; one query."""
    asked = {name: request.GET.get(name, "") for name in ("state", "kind")}
    found = Proposal.objects.select_related("enactment", "closure").order_by("-id")
    conditions: dict[str, dict[str, Any]] = {
        "open": {"enactment": None, "closure": None},
        "enacted": {"enactment__isnull": False},
        "closed": {"closure__isnull": False},
    }
    found = found.filter(**conditions.get(asked["state"], {}))
    if asked["kind"] in Kind.values:
        found = found.filter(kind=asked["kind"])
    page = paged(request, found)
    rows = [(one, title_of(one), place_name(one.region_prefix), state_words(state_of(one))) for one in page.rows]
    context = {"paged": page, "rows": rows, "asked": asked, "kinds": Kind.choices}
    return render(request, "administration/proposals.html", context)


@dataclass(frozen=True)
class Side:
    """What is shown of a change: the words before and after, and what kind of drawing they need."""

    before: str
    after: str
    before_act: str = ""


def proposal(request: HttpRequest, key: int) -> HttpResponse:
    """One proposal: what changes, what that does, and the decision of another officer."""
    found = Proposal.objects.select_related("enactment", "closure").filter(pk=key).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _decided(request, found)
    state = state_of(found)
    context = {
        "proposal": found,
        "title": title_of(found),
        "place": place_name(found.region_prefix),
        "kind": Kind(found.kind).label,
        "state": state,
        "state_words": state_words(state),
        "may_approve": state == "open" and has_role(request.user, APPROVER) and found.proposed_by != request.user.pk,
        "may_withdraw": state == "open" and found.proposed_by == request.user.pk,
        "own_and_approver": state == "open"
        and found.proposed_by == request.user.pk
        and has_role(request.user, APPROVER),
        "menu_name": "admin_proposals",
    }
    context |= _PARTS[Kind(found.kind)](found, state)
    if found.kind == Kind.PARAMETER and state == "open":
        audit("administration.impact_seen", found, about=found.subject)
    return render(request, "administration/proposal.html", context)


def _parameter_part(found: Proposal, state: str) -> dict[str, Any]:
    regions = STORE.parameters.get(found.subject, {})
    base = regions.get(found.region_prefix) or next(iter(regions.values()))
    before = value_before(found)
    amendment = amendment_of(found)
    after = Version(found.since, amendment.value, (amendment.reference,), "")
    impact = impact_of(found)
    return {
        "side": Side(
            shown(base, before) if before else "—",
            shown(base, after),
            f"{before.references[0]} · {before.since}" if before and before.references else "",
        ),
        "impact": impact,
        "apart": [place_name(region) for region in impact.apart],
        "formulas": [(f, f.zh if chinese() else f.en) for f in impact.formulas],
        "comparisons": [_comparison(one) for one in impact.comparisons] if state == "open" else [],
    }


def _comparison(found: Any) -> dict[str, Any]:
    columns = (Col(_("Person")), Col(_("Base of the example")), Col(_("Before"), "money"), Col(_("After"), "money"),
               Col(_("Difference"), "money"))  # fmt: skip
    rows = [
        (masked_name(p.before.title), p.before.note, p.before.amount_fen, p.after.amount_fen, p.difference_fen)
        for p in found.pairs
    ]
    largest = max(found.pairs, key=lambda pair: abs(pair.difference_fen), default=None)
    sheets = []
    if largest is not None and largest.after.trace and largest.before.trace:
        sheets = [
            (_("Before"), TraceSheet(largest.before.trace, largest.before.amount_fen, _("Total"))),
            (_("After"), TraceSheet(largest.after.trace, largest.after.amount_fen, _("Total"))),
        ]
    problem = found.problem.text("zh" if chinese() else "en") if found.problem else ""
    empty = _("There is nobody to compare in this region.")
    return {"title": found.title, "table": Table(columns, rows, empty=empty), "sheets": sheets, "problem": problem}


def masked_name(name: str) -> str:
    """A name with only its first character: an example needs no more."""
    return name[:1] + "*" * max(0, len(name) - 1)


def _code_part(found: Proposal, state: str) -> dict[str, Any]:
    known = table(found.subject).codes.get(found.part)
    content = found.content
    days = " – ".join((content.get("since") or "…", content.get("until") or "…"))
    before = (
        f"{known.zh} / {known.en} ({known.since or '…'} – {known.until or '…'})" if known else _("no such code yet")
    )
    return {"side": Side(before if state == "open" else "—", f"{content['zh']} / {content['en']} ({days})")}


def _calendar_part(found: Proposal, state: str) -> dict[str, Any]:
    calendar = calendar_of(found)
    try:
        known = year_calendar(calendar.year)
        before = _("%(days)d working days") % {"days": known.working_days()}
    except MissingCalendar:
        before = _("no calendar yet")
    after = _("%(days)d working days") % {"days": calendar.working_days()}
    return {"side": Side(before if state == "open" else "—", after), "year": drawn_year(calendar)}


def _text_part(found: Proposal, state: str) -> dict[str, Any]:
    return {"text_before": texts.current(found.subject) if state == "open" else texts.original(found.subject),
            "text_after": found.content["text"]}  # fmt: skip


_PARTS = {
    Kind.PARAMETER: _parameter_part,
    Kind.CODE: _code_part,
    Kind.CALENDAR: _calendar_part,
    Kind.TEXT: _text_part,
}


def _decided(request: HttpRequest, found: Proposal) -> HttpResponse:
    act, said = request.POST.get("act", ""), request.POST.get("opinion", "").strip()[:400]
    if act == "approve":
        made: Enactment = enact(found, by=request.user, digest=request.POST.get("digest", ""), opinion=said)
        messages.success(
            request,
            _("Approved. Every process computes with it from its next request or chunk; it holds from %(day)s.")
            % {"day": made.since.isoformat()},
        )
    elif act == "reject":
        reject(found, by=request.user, reason=said)
        messages.success(request, _("The proposal is rejected."))
    elif act == "withdraw":
        withdraw(found, by=request.user, reason=said)
        messages.success(request, _("The proposal is withdrawn."))
    return redirect("admin_proposal", found.pk)
