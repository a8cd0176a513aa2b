"""What running benefits show on a person's page: state, components, interruptions, overpayments."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashebao.business.insurance.common.models import BenefitState, Overpayment, StopReason
from dashebao.business.insurance.common.queries import (
    FOREVER,
    RunningBenefit,
    benefits_of,
    benefits_then,
    components_of,
    overpayments_then,
    suspensions_then,
)
from dashebao.kernel.legal_time.api import month_of
from dashebao.platform.screens.api import (
    Ask,
    Column,
    Face,
    Fact,
    Facts,
    Figure,
    Figures,
    Panel,
    Subject,
    Table,
    Tag,
    register_panel,
)

BOTH = frozenset({Face.COUNTER, Face.PORTAL})
TONES = {"granted": "info", "running": "ok", "suspended": "warn", "ended": ""}
SCHEMES = {"110": gettext_lazy("Employees' pension"), "170": gettext_lazy("Residents' pension")}
KINDS = {
    "basic": gettext_lazy("Basic pension"),
    "account": gettext_lazy("Account pension"),
    "transitional": gettext_lazy("Transitional pension"),
    "adjustment": gettext_lazy("Difference of the methods"),
    "increases": gettext_lazy("Yearly increases"),
}


def kind_name(kind: str) -> str:
    """The name of a component; a yearly increase says its year."""
    if kind.startswith("increase-"):
        return _("Increase of %(year)s") % {"year": kind.removeprefix("increase-")}
    return str(KINDS.get(kind, kind))


def state_tag(state: str) -> Tag:
    """A benefit's state as a coloured word."""
    return Tag(BenefitState(state).label, TONES[state])


def benefit_panel(ask: Ask) -> Facts | None:
    """The newest benefit: scheme, state, months, amount; on another day than today as it stood then."""
    found = _benefits(ask)
    if not found:
        return None
    row = found[0]
    facts = [
        Fact(_("Insurance"), str(SCHEMES.get(row.scheme, row.scheme))),
        Fact(pgettext("benefit", "State"), state_tag(row.state), "tag"),
        Fact(_("Paid from"), row.start_month, "month"),
        Fact(_("Monthly amount"), row.monthly_fen, "money"),
        Fact(_("Of this from the account"), row.account_fen, "money"),
        Fact(_("Proof valid until"), row.qualified_until_on, "date"),
    ]
    if row.end_month:
        facts.append(Fact(_("Last month"), row.end_month, "month"))
    return Facts(facts, columns=3)


def _benefits(ask: Ask) -> list[RunningBenefit]:
    return benefits_then(ask.subject_id, ask.on, ask.known_at) if ask.past else benefits_of(ask.subject_id)


def component_panel(ask: Ask) -> Table | None:
    """The parts of the monthly amount in force on the day asked for, oldest first."""
    found = _benefits(ask)
    if not found:
        return None
    until = month_of(ask.on) if ask.past else FOREVER
    parts = [row for row in components_of(found[0].id) if row.from_month <= until]
    rows = [(kind_name(row.kind), row.from_month, row.amount_fen) for row in parts]
    if not rows:
        return None
    columns = [
        Column(_("Part")),
        Column(pgettext("benefit", "In force from"), "month"),
        Column(_("Amount"), "money", total=True),
    ]
    return Table(columns, rows)


def interruption_panel(ask: Ask) -> Table | None:
    """Months without payment and why."""
    rows = [
        (
            StopReason(stop.reason).label,
            stop.from_month,
            stop.to_month,
            _("Lost") if stop.months_lost else _("Paid later"),
        )
        for benefit in _benefits(ask)[:1]
        for stop in suspensions_then(ask.subject_id, ask.known_at)
        if stop.benefit_id == benefit.id
    ]
    if not rows:
        return None
    columns = [
        Column(_("Reason")),
        Column(pgettext("period", "From"), "month"),
        Column(pgettext("period", "To"), "month"),
        Column(_("Months withheld")),
    ]
    return Table(columns, rows)


def overpayment_panel(ask: Ask) -> Table | None:
    """What was paid without right and how much came back."""
    rows = [
        (
            StopReason(row.cause).label,
            row.from_month,
            row.to_month,
            row.amount_fen,
            row.recovered_fen,
            Tag(Overpayment.State(row.state).label, "warn" if row.state == "open" else "ok"),
        )
        for row in overpayments_then(ask.subject_id, ask.known_at)
    ]
    if not rows:
        return None
    columns = [
        Column(_("Reason")),
        Column(pgettext("period", "From"), "month"),
        Column(pgettext("period", "To"), "month"),
        Column(_("Overpaid"), "money"),
        Column(_("Recovered"), "money"),
        Column(pgettext("benefit", "State"), "tag"),
    ]
    return Table(columns, rows)


def monthly_figure(ask: Ask) -> Figures | None:
    """The large figure of the portal: what comes every month."""
    running = [row for row in _benefits(ask) if row.state != "ended"]
    if not running:
        return None
    return Figures([Figure(_("Monthly pension"), row.monthly_fen, "money", _("yuan")) for row in running])


REMEMBERING = frozenset({"monthly", "state", "interruptions", "overpayments"})


def _panel(code: str, title: object, provide: object, order: int, icon: str) -> None:
    register_panel(
        Panel(
            code=f"benefit.{code}",
            subject=Subject.PERSON,
            title=title,
            provide=provide,
            faces=BOTH,
            order=order,
            icon=icon,
            dated=True,
            as_known=code in REMEMBERING,
        )
    )


_panel("monthly", gettext_lazy("Monthly pension"), monthly_figure, 5, "wallet")
_panel("state", gettext_lazy("Pension being paid"), benefit_panel, 40, "hand-coins")
_panel("components", gettext_lazy("What the pension is made of"), component_panel, 42, "layers")
_panel("interruptions", gettext_lazy("Interruptions"), interruption_panel, 44, "circle-pause")
_panel("overpayments", gettext_lazy("Overpayments"), overpayment_panel, 48, "undo-2")
