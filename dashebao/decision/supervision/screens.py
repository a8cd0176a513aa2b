"""Puts the suspicious items, one item and the rules at the counter, and a panel on the person's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from dashebao.kernel.identity.api import User, has_role
from dashebao.kernel.money.api import parse_yuan
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.api import persons, region_name, unit
from dashebao.platform.screens.api import (
    Ask,
    Column,
    Content,
    Face,
    Fact,
    Facts,
    Figure,
    Figures,
    Group,
    Link,
    Page,
    Panel,
    Subject,
    Table,
    Tag,
    download,
    paged,
    register_group,
    register_page,
    register_panel,
    workbook,
)

from .actions import ACTS, NEEDS_REASON, Step, acts_on, carry_on
from .duties import OFFICER, VIEWER
from .errors import SupervisionError
from .models import Finding, FindingState
from .queries import Wanted, counts_by_rule, findings, last_runs, open_of_person, totals
from .register import AREAS, GRAVITY, rules
from .words import ACT_NAMES, PARAMETERS, fact_list

ROLES = (OFFICER, VIEWER)
GRAVITY_TONES = {1: "info", 2: "warn", 3: "err"}
STATE_TONES = {"new": "err", "checked": "info", "proposed": "warn", "confirmed": "violet", "recovered": "ok", "dismissed": ""}  # fmt: skip
AT_MOST = 5_000


def gravity_tag(gravity: int) -> Tag:
    """How grave a finding is, as a tag."""
    return Tag(GRAVITY[gravity], GRAVITY_TONES[gravity])


def state_tag(state: str) -> Tag:
    """The state of a finding as a tag."""
    return Tag(FindingState(state).label, STATE_TONES[state])


def wanted_of(request: HttpRequest) -> Wanted:
    """What the address asks for."""
    state, rule, area = (request.GET.get(name, "") for name in ("state", "rule", "area"))
    mine = request.user.pk if request.GET.get("mine") == "1" else None
    return Wanted(
        state if state in (*FindingState.values, "all") else "open", rule if rule in rules() else "",
        area if area in AREAS else "", mine,
    )  # fmt: skip


def _asked(wanted: Wanted) -> Wanted:
    return Wanted("", wanted.rule, wanted.area, wanted.officer) if wanted.state == "all" else wanted


def findings_view(request: HttpRequest) -> HttpResponse:
    """Suspicious items, gravest first, with totals and a choice."""
    wanted = wanted_of(request)
    listed = paged(request, findings(_asked(wanted)))
    if request.GET.get("as") == "xlsx":
        return _file(wanted)
    sums = totals()
    figures = Figures(
        [
            Figure(pgettext("finding", "New"), sums.fresh, tone="err" if sums.fresh else ""),
            Figure(pgettext("finding", "Checked"), sums.at_work),
            Figure(pgettext("finding", "Dismissal proposed"), sums.proposed, tone="warn" if sums.proposed else ""),
            Figure(pgettext("finding", "Confirmed"), sums.confirmed),
            Figure(_("Money at stake"), sums.open_fen, "money", unit=_("yuan")),
            Figure(_("Come back"), sums.recovered_fen, "money", unit=_("yuan"), tone="ok"),
        ]
    )
    context = {
        "figures": figures, "table": _table(listed.rows, linked=True), "paged": listed, "wanted": wanted,
        "states": [("open", pgettext("finding", "Open")), ("all", _("All")), *FindingState.choices], "areas": AREAS.items(),
        "rules": [(code, rule.title) for code, rule in rules().items()],
    }  # fmt: skip
    return render(request, "supervision/findings.html", context)


def _table(rows: Any, *, linked: bool) -> Table:
    names = {pk: human.name for pk, human in persons([row.person_id for row in rows if row.person_id]).items()}
    known = rules()
    body = []
    for row in rows:
        title = str(known[row.rule].title) if row.rule in known else row.rule
        link = Link(title, reverse("supervision_finding", args=[row.pk])) if linked else title
        body.append(
            [
                gravity_tag(row.gravity), link, names.get(row.person_id, row.facts.get("officer", "")),
                region_name(row.region_code), row.month, row.amount_fen, row.assigned_name, row.found_at,
                state_tag(row.state),
            ]
        )  # fmt: skip
    columns = [
        Column(_("Gravity"), "tag"), Column(_("Rule"), "link"), Column(_("About")), Column(_("Place")),
        Column(_("Month"), "month"), Column(_("Amount"), "money"), Column(_("With")), Column(pgettext("finding", "Found"), "moment"),
        Column(_("State"), "tag"),
    ]  # fmt: skip
    return Table(columns, body, empty=_("No rule has found anything here."))


def _file(wanted: Wanted) -> HttpResponse:
    """The chosen items as an Excel file; the taking is told to the trail."""
    rows = list(findings(_asked(wanted))[:AT_MOST])
    audit("supervision.exported", ("supervision.finding", len(rows)), rows=len(rows))
    return download(workbook([(_("Suspicious items"), _table(rows, linked=False))], _("Suspicious items")), "findings")


class StepForm(forms.Form):
    """One step on a finding."""

    act = forms.ChoiceField(choices=[(act, name) for act, name in ACT_NAMES.items()], widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("What was found, or why"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )  # fmt: skip
    amount = forms.CharField(
        label=gettext_lazy("Money that came back (yuan)"), max_length=16, required=False,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "decimal"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A reason where the act needs one; an amount where money came back."""
        given: dict[str, Any] = super().clean() or {}
        act = given.get("act")
        if act in NEEDS_REASON and not given.get("note", "").strip():
            self.add_error("note", _("Say what you found or why; the words stay with the item."))
        given["amount_fen"] = None
        if act == "recover":
            try:
                given["amount_fen"] = parse_yuan(given.get("amount", "").replace(",", "").strip() or "0")
            except ValueError:
                self.add_error("amount", _("Enter an amount like 1234.56."))
        return given


def finding_view(request: HttpRequest, finding: int) -> HttpResponse:
    """One item: what the rule asks, what it found, who did what; and the next steps."""
    found = Finding.objects.filter(pk=finding).first()
    if found is None:
        raise Http404(_("There is no such item in your area."))
    by = request.user
    assert isinstance(by, User)  # the guard lets only officers in
    may = acts_on(found, by) if has_role(by, OFFICER) else []
    form = StepForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        carry_on(found.pk, Step(data["act"], data["version"], data["note"], data["amount_fen"]), by)
        messages.success(request, _("Done: %(act)s.") % {"act": ACT_NAMES[data["act"]]})
        return HttpResponseRedirect(reverse("supervision_finding", args=[found.pk]))
    rule = rules().get(found.rule)
    context = {
        "finding": found, "rule": rule, "facts": _facts(found), "state": state_tag(found.state),
        "gravity": gravity_tag(found.gravity), "steps": found.steps.order_by("-id"), "form": form,
        "acts": [(act, ACT_NAMES[act], act in NEEDS_REASON) for act in ACTS if act in may], "may": may,
        "links": _links(found), "act_names": ACT_NAMES,
        "history": [(ACT_NAMES.get(s.act, s.act), s) for s in found.steps.order_by("-id")],
        "waits": found.state == FindingState.PROPOSED and found.proposed_by == by.pk,
    }  # fmt: skip
    return render(request, "supervision/finding.html", context)


def _facts(found: Finding) -> Facts:
    items = [Fact(_("Place"), region_name(found.region_code)), Fact(_("Month"), found.month, "month")]
    if found.amount_fen is not None:
        items.append(Fact(_("Amount"), found.amount_fen, "money"))
    items += fact_list(found.facts)
    items.append(Fact(_("With"), found.assigned_name))
    if found.state == FindingState.RECOVERED:
        items.append(Fact(_("Come back"), found.recovered_fen, "money"))
    return Facts(items, columns=3)


def _links(found: Finding) -> list[Link]:
    """Where the person, the unit, the case or the other people of the item are shown."""
    out = []
    people = found.facts.get("people")
    wanted = [found.person_id, *(people if isinstance(people, list) else [])]
    for pk, human in persons([one for one in wanted if one]).items():
        out.append(Link(human.name, reverse("counter_person", args=[pk])))
    if found.unit_id:
        out.append(Link(unit(found.unit_id).name, reverse("counter_unit", args=[found.unit_id])))
    if found.case_no:
        out.append(Link(found.case_no, reverse("counter_case", args=[found.case_no])))
    if found.facts.get("batch_id"):
        out.append(Link(_("Payment batch"), reverse("fund_batch", args=[found.facts["batch_id"]])))
    return out


def rules_view(request: HttpRequest) -> HttpResponse:
    """The rules: what each asks, its numbers, its law, and what its last run found."""
    runs, open_items = last_runs(), counts_by_rule()
    rows = []
    for code, rule in rules().items():
        run = runs.get(code)
        numbers = ", ".join(f"{PARAMETERS.get(name, name)} {value}" for name, value in rule.parameters.items())
        rows.append(
            [
                Link(rule.title, f"{reverse('supervision_findings')}?rule={code}"), rule.question, AREAS[rule.area],
                gravity_tag(rule.gravity), rule.law, numbers, open_items.get(code, 0), run.found if run else None,
                run.ran_at if run else None,
            ]
        )  # fmt: skip
    columns = [
        Column(_("Rule"), "link"), Column(_("What it asks")), Column(_("Area")), Column(_("Gravity"), "tag"),
        Column(pgettext("indicator", "Law")), Column(_("Numbers")), Column(pgettext("finding", "Open"), "number"), Column(_("Found last time"), "number"),
        Column(_("Last run"), "moment"),
    ]  # fmt: skip
    return render(request, "supervision/rules.html", {"table": Table(columns, rows)})


def waiting_items(ask: Ask) -> Content | None:
    """What waits for the supervisor."""
    sums = totals()
    address = reverse("supervision_findings")
    return Figures(
        [
            Figure(pgettext("finding", "New"), sums.fresh, href=f"{address}?state=new"),
            Figure(pgettext("finding", "Dismissal proposed"), sums.proposed, href=f"{address}?state=proposed"),
        ]
    )


def items_of_person(ask: Ask) -> Content | None:
    """Open items about the person, for supervisors only."""
    rows = open_of_person(ask.subject_id)
    return _table(rows, linked=True) if rows else None


def register() -> None:
    """Put pages and panels into the counter."""
    register_group(Group("supervision", gettext_lazy("Fund supervision"), order=55))
    pages: list[tuple[str, str, Any, str, Any, str]] = [
            ("", "supervision_findings", gettext_lazy("Suspicious items"), "shield-alert", findings_view, "supervision"),
            ("rules/", "supervision_rules", gettext_lazy("Supervision rules"), "list-checks", rules_view, "supervision"),
            ("items/<int:finding>/", "supervision_finding", gettext_lazy("Suspicious item"), "shield-alert", finding_view, ""),
        ]  # fmt: skip
    for order, (path, name, title, icon, view, group) in enumerate(pages):
        register_page(
            Page(
                face=Face.COUNTER, path=f"supervision/{path}", name=name, title=title, icon=icon, view=view, group=group,
                order=order * 10, roles=ROLES, told=(SupervisionError,),
            )
        )  # fmt: skip
    register_panel(
        Panel(
            code="supervision.waiting", subject=Subject.DESK, title=gettext_lazy("Suspicious items"), icon="shield-alert",
            order=20, roles=ROLES, provide=waiting_items,
        )
    )  # fmt: skip
    register_panel(
        Panel(
            code="supervision.person", subject=Subject.PERSON, title=pgettext_lazy("panel", "Suspicious items"),
            icon="shield-alert", order=90, roles=ROLES, provide=items_of_person,
        )
    )  # fmt: skip


register()
