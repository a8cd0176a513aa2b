"""The payment batches at the counter: lists, signatures, one batch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashebao.kernel.identity.api import has_role
from dashebao.kernel.registry.api import region_name
from dashebao.platform.screens.api import Column, Fact, Facts, Link, Table, paged

from . import api
from .models import BatchState, FundRequest, Stage
from .rules import funds
from .screens_shared import line_tag, named, officer, page_of, short_name, state_tag
from .words import BENEFIT_KINDS

STAGES = ("maker", "checker", "approver")


def batches_view(request: HttpRequest) -> HttpResponse:
    """Payment batches; officers sign those that wait for their stage, several at once."""
    if request.method == "POST":
        return _ask_again(request) if request.POST.get("act") == "ask_again" else _sign(request)
    stages = [s for s in ("maker", "checker", "approver") if has_role(officer(request), f"fund.{s}")]
    waiting = [(stage, api.batches_waiting(stage)) for stage in stages]
    state = request.GET.get("state", "")
    listed = paged(request, api.batches(state=state if state in BatchState.values else ""))
    rows = [
        [
            Link(b.msg_id or str(b.id), reverse("fund_batch", args=[b.id])), b.run_month, short_name(b.fund),
            region_name(b.region_code), b.bank_code, b.attempt, b.line_count, b.total_fen, state_tag(b.state),
        ]
        for b in listed.rows
    ]  # fmt: skip
    columns = [
        Column(_("Batch"), "link"), Column(_("Month"), "month"), Column(_("Fund")), Column(_("Place")),
        Column(_("Bank")), Column(_("Attempt"), "number"), Column(pgettext("count", "Payments"), "number"),
        Column(_("Amount"), "money"), Column(_("State"), "tag"),
    ]  # fmt: skip
    context = {
        "waiting": [(Stage[stage.upper()].label, stage, rows_to_sign(found)) for stage, found in waiting if found],
        "table": Table(columns, rows, empty=_("There are no payment batches.")),
        "refused": FundRequest.objects.filter(state="refused").order_by("-id")[:20],
        "paged": listed, "states": BatchState.choices, "state": state,
    }  # fmt: skip
    return render(request, "fund/batches.html", context)


def rows_to_sign(found: list[api.BatchView]) -> list[dict[str, Any]]:
    """What the list of waiting batches shows of each."""
    return [{"batch": b, "fund": short_name(b.fund), "place": region_name(b.region_code)} for b in found]


def _ask_again(request: HttpRequest) -> HttpResponse:
    refused = FundRequest.objects.filter(number=request.POST.get("number", ""), state="refused").first()
    if refused is None:
        raise Http404
    asked = api.request_funds(refused.run_month, refused.fund, refused.region_code)
    if asked is None:
        raise api.FundError(_("The money of this run is covered by another request."))
    messages.success(request, _("Fund request %(number)s was sent.") % {"number": asked.number})
    return HttpResponseRedirect(reverse("fund_batches"))


def _sign(request: HttpRequest) -> HttpResponse:
    stage = _stage(request.POST.get("stage", ""))
    ids = [int(value) for value in request.POST.getlist("batch") if value.isdecimal()]
    if not ids:
        raise api.BatchNotOpen(_("Choose at least one batch."))
    count = api.sign_batches(stage, ids, officer(request))
    text = ngettext("%(count)d batch signed.", "%(count)d batches signed.", count) % {"count": count}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("fund_batches"))


def _stage(text: str) -> str:
    if text not in STAGES:
        raise Http404
    return text


def batch_view(request: HttpRequest, batch: int) -> HttpResponse:
    """One batch: content, signatures, payments; sign or reject it."""
    found = api.batch_view(batch)
    if found is None:
        raise Http404(_("There is no such batch."))
    if request.method == "POST":
        return _decide(request, found)
    page = page_of(request)
    failed = request.GET.get("only") == "failed"
    lines = api.batch_lines(batch, page, 51, failed)
    rows = [
        [
            line.person_id, line.account_name, f"•••• {line.account_end}", BENEFIT_KINDS.get(line.benefit_kind, line.benefit_kind),
            line.month, line.amount_fen, line_tag(line.status or "waiting", line.reason),
        ]
        for line in lines[:50]
    ]  # fmt: skip
    columns = [
        Column(pgettext("number", "Person"), "number"), Column(_("Payee")), Column(_("Bank account")), Column(_("Benefit")),
        Column(_("For month"), "month"), Column(_("Amount"), "money"), Column(_("Result"), "tag"),
    ]  # fmt: skip
    context = {
        "batch": found, "facts": _batch_facts(found), "table": Table(columns, rows), "number": page, "only_failed": failed,
        "more": len(lines) > 50, "steps": _signature_steps(found), "mine": _my_stage(request, found),
        "may_reject": found.state in ("drafted", "made", "checked", "approved"),
    }  # fmt: skip
    return render(request, "fund/batch.html", context)


def _batch_facts(found: api.BatchView) -> Facts:
    failed = api.failed_count(found.id) if found.state == BatchState.ANSWERED else 0
    return Facts(
        [
            Fact(_("Fund"), named(funds()[found.fund])), Fact(_("Place"), region_name(found.region_code)),
            Fact(_("Month"), found.run_month, "month"), Fact(_("Bank"), found.bank_code),
            Fact(pgettext("count", "Payments"), found.line_count, "number"), Fact(_("Amount"), found.total_fen, "money"),
            Fact(_("Attempt"), found.attempt, "number"), Fact(_("State"), state_tag(found.state), "tag"),
            *([Fact(_("Failed payments"), Link(f"{failed:,}", "?only=failed"), "link")] if failed else []),
        ],
        columns=4,
    )  # fmt: skip


def _signature_steps(found: api.BatchView) -> list[dict[str, Any]]:
    signed = {s.stage: s for s in found.signatures}
    return [{"label": stage.label, "signed": signed.get(stage.value)} for stage in Stage]


def _my_stage(request: HttpRequest, found: api.BatchView) -> str:
    stage = {"drafted": "maker", "made": "checker", "checked": "approver"}.get(found.state, "")
    already = any(s.user_id == request.user.pk for s in found.signatures)
    return stage if stage and not already and has_role(officer(request), f"fund.{stage}") else ""


def _decide(request: HttpRequest, found: api.BatchView) -> HttpResponse:
    if request.POST.get("act") == "reject":
        reason = request.POST.get("reason", "").strip()
        if not reason:
            raise api.FundError(_("Say why the batch is rejected."))
        api.reject_batch(found.id, officer(request), reason)
        messages.success(request, _("The batch is rejected; its payments are free for another batch."))
    else:
        api.sign_batches(_stage(request.POST.get("stage") or "maker"), [found.id], officer(request))
        messages.success(request, _("Signed."))
    return HttpResponseRedirect(reverse("fund_batch", args=[found.id]))
