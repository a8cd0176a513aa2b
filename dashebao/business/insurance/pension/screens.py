"""Panels and pages of the employees' pension: account, award sheet, statement, estimate, recoveries."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.api import BenefitError, balances_of
from dashebao.business.insurance.pension import views, views_compare
from dashebao.business.insurance.pension.models import Category
from dashebao.business.insurance.pension.queries import (
    award_then,
    career_of,
    category_of,
    current_award,
    transfers_then,
)
from dashebao.business.insurance.pension.views import PART_NAMES
from dashebao.kernel.registry.api import person
from dashebao.kernel.rules.api import RulesError
from dashebao.platform.screens.api import (
    Ask,
    Column,
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
    register_group,
    register_page,
    register_panel,
)

BOTH = frozenset({Face.COUNTER, Face.PORTAL})
OFFICERS = ("pension.clerk", "pension.assessor", "pension.approver")


def account_panel(ask: Ask) -> Table | None:
    """The personal account with its four parts."""
    human = person(ask.subject_id)
    held = balances_of(human.id, human.region_code)
    if not held.total:
        return None
    rows = [(str(name), getattr(held, part)) for part, name in PART_NAMES.items()]
    name = "pension_my_statement" if ask.face is Face.PORTAL else "pension_statement"
    more = Link(_("Statement of rights"), _address(name, ask))
    return Table([Column(_("Part of the account")), Column(_("Balance"), "money", total=True)], rows, more=more)


def account_figure(ask: Ask) -> Figures | None:
    """The balance of the account as one of the portal's large figures."""
    human = person(ask.subject_id)
    total = balances_of(human.id, human.region_code).total
    return (
        Figures([Figure(_("Personal account"), total, "money", note=_("Own contributions and interest"))])
        if total
        else None
    )


def _address(name: str, ask: Ask) -> str:
    return reverse(name) if ask.face is Face.PORTAL else reverse(name, args=[ask.subject_id])


def career_panel(ask: Ask) -> Facts | None:
    """Months paid and deemed, the retirement category."""
    career = career_of(ask.subject_id)
    if not career.months:
        return None
    award = current_award(ask.subject_id)
    category = award.category if award else category_of(person(ask.subject_id))
    name = "pension_my_estimate" if ask.face is Face.PORTAL else "pension_estimate"
    return Facts(
        [
            Fact(_("Months paid"), career.paid_months, "number"),
            Fact(_("Months deemed paid"), career.deemed_months, "number"),
            Fact(_("Retirement category"), Category(category).label if category else _("Not decided")),
            Fact(_("Pension estimate"), Link(_("Compare months of retirement"), _address(name, ask)), "link"),
        ],
        columns=4,
    )


def award_panel(ask: Ask) -> Facts | None:
    """The award in force on the day asked for, with the way to its sheet."""
    row = award_then(ask.subject_id, ask.on, ask.known_on) if ask.past else current_award(ask.subject_id)
    if row is None:
        return None
    name = "pension_my_award" if ask.face is Face.PORTAL else "pension_award"
    address = reverse(name) if ask.face is Face.PORTAL else reverse(name, args=[row.pk])
    return Facts(
        [
            Fact(_("Retired in"), row.retire_month, "month"),
            Fact(_("Paid from"), row.start_month, "month"),
            Fact(_("Amount at the award"), row.monthly_fen, "money"),
            Fact(_("Average index"), f"{row.average_index_e4 / 10_000:.4f}"),
            Fact(_("Months counted"), row.paid_months + row.deemed_months, "number"),
            Fact(_("Award sheet"), Link(_("Every line of the calculation"), address), "link"),
        ]
    )


def transfer_panel(ask: Ask) -> Table | None:
    """Moves between provinces."""
    rows = [
        (row.get_direction_display(), views.province_name(row.other_region), row.get_state_display(), row.next_limit_on)
        for row in transfers_then(ask.subject_id, ask.known_at)
    ]
    if not rows:
        return None
    return Table(
        [Column(_("Direction")), Column(_("Province")), Column(_("Stage")), Column(_("Next step by"), "date")], rows
    )


PANELS = (
    ("figure", gettext_lazy("Personal account"), account_figure, 6, "piggy-bank", frozenset({Face.PORTAL})),
    ("account", gettext_lazy("Personal account"), account_panel, 30, "piggy-bank", BOTH),
    ("career", gettext_lazy("Contribution years"), career_panel, 32, "calendar-clock", BOTH),
    ("award", gettext_lazy("Pension award"), award_panel, 38, "file-check", BOTH),
    ("transfers", gettext_lazy("Transfers"), transfer_panel, 49, "arrow-left-right", BOTH),
)
REMEMBERING = frozenset({"award", "transfers"})
for code, title, provide, order, icon, faces in PANELS:
    register_panel(
        Panel(
            code=f"pension.{code}",
            subject=Subject.PERSON,
            title=title,
            provide=provide,
            faces=faces,
            order=order,
            icon=icon,
            as_known=code in REMEMBERING,
        )
    )

register_group(Group("pension", gettext_lazy("Pension"), order=30))
TOLD = (BenefitError, RulesError)
PORTAL_PAGES = (
    (
        "pension/statement/",
        "pension_my_statement",
        gettext_lazy("Statement of rights"),
        views.my_statement,
        "scroll-text",
    ),
    ("pension/estimate/", "pension_my_estimate", gettext_lazy("Pension estimate"), views.my_estimate, "calculator"),
    ("pension/award/", "pension_my_award", gettext_lazy("Pension award sheet"), views.my_award, "file-check"),
)
for number, (path, name, title, view, icon) in enumerate(PORTAL_PAGES):
    register_page(
        Page(
            face=Face.PORTAL,
            path=path,
            name=name,
            title=title,
            view=view,
            icon=icon,
            group="me",
            order=30 + number,
            told=TOLD,
        )
    )
register_page(
    Page(
        face=Face.PORTAL,
        path="/calculator/",
        name="pension_calculator",
        title=gettext_lazy("Pension calculator"),
        view=views_compare.calculator,
        icon="sliders-horizontal",
        public=True,
        told=TOLD,
    )
)
COUNTER_PAGES = (
    (
        "pension/statement/<int:person_id>/",
        "pension_statement",
        gettext_lazy("Statement of rights"),
        views.statement_of,
        "",
    ),
    ("pension/estimate/<int:person_id>/", "pension_estimate", gettext_lazy("Pension estimate"), views.estimate_of, ""),
    ("pension/award/<int:award_id>/", "pension_award", gettext_lazy("Pension award sheet"), views.award_of, ""),
    ("pension/overpayments/", "pension_overpayments", gettext_lazy("Overpayments"), views.overpayments, "pension"),
)
for number, (path, name, title, view, group) in enumerate(COUNTER_PAGES):
    register_page(
        Page(
            face=Face.COUNTER,
            path=path,
            name=name,
            title=title,
            view=view,
            icon="undo-2" if group else "file-check",
            group=group,
            order=30 + number,
            roles=OFFICERS,
            told=TOLD,
        )
    )
