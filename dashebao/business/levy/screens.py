"""The levy's panels and pages in the counter, the citizen portal and the employer portal."""

from django.utils.translation import gettext_lazy as _

from dashebao.business.levy import (
    screens_bases,
    screens_declaring,
    screens_money,
    screens_overview,
    screens_panels,
    screens_paying,
    screens_staff,
)
from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.workbooks import FileRefused
from dashebao.kernel.cases.api import CaseError
from dashebao.kernel.registry.api import RegistryError
from dashebao.platform.screens.api import (
    Face,
    Group,
    Page,
    Panel,
    Subject,
    register_group,
    register_page,
    register_panel,
)

TOLD = (LevyRefused, FileRefused, CaseError, RegistryError)
OFFICERS = ("levy.clerk", "levy.reviewer")
EVERYWHERE = frozenset({Face.COUNTER, Face.PORTAL})

register_group(Group("levy", _("Contributions"), order=30))
register_group(Group("papers", _("Certificates"), order=40))


def _employer(path: str, name: str, title: object, view: object, **more: object) -> None:
    register_page(Page(face=Face.EMPLOYER, path=path, name=name, title=title, view=view, told=TOLD, **more))


def _counter(path: str, name: str, title: object, view: object, **more: object) -> None:
    register_page(
        Page(face=Face.COUNTER, path=path, name=name, title=title, view=view, told=TOLD, roles=OFFICERS, **more)
    )


STAFF, DECLARATION = ("unit.staff",), ("unit.declaration",)
_employer("staff/", "levy_staff", _("Staff list"), screens_staff.staff_view, icon="users", group="staff", order=10)
_employer("staff/file/", "levy_staff_file", _("Staff list"), screens_staff.staff_file_view)
_employer("staff/<int:person_id>/", "levy_staff_person", _("Staff"), screens_staff.staff_person_view)
_employer("staff/add/", "levy_join", _("Add staff by Excel"), screens_staff.join_view, roles=STAFF)
_employer(
    "staff/add/template/", "levy_join_template", _("Excel template"), screens_staff.join_template_view, roles=STAFF
)
_employer("staff/remove/", "levy_leave", _("Remove staff by Excel"), screens_staff.leave_view, roles=STAFF)
_employer(
    "staff/remove/template/", "levy_leave_template", _("Excel template"), screens_staff.leave_template_view, roles=STAFF
)
_employer(
    "declare/",
    "levy_declare",
    _("Monthly declaration"),
    screens_declaring.declare_view,
    icon="file-spreadsheet",
    group="pay",
    order=10,
    roles=DECLARATION,
)
_employer("declare/template/", "levy_template", _("Excel template"), screens_declaring.template_view, roles=DECLARATION)
_employer(
    "bases/",
    "levy_bases",
    _("Bases of the year"),
    screens_bases.bases_view,
    icon="scale",
    group="pay",
    order=15,
    roles=DECLARATION,
)
_employer(
    "bases/template/", "levy_bases_template", _("Excel template"), screens_bases.bases_template_view, roles=DECLARATION
)
_employer("bills/", "levy_bills", _("Bills"), screens_paying.bills_view, icon="receipt", group="pay", order=20)
_employer("bills/<int:bill>/", "levy_slip", _("Pay-in slip"), screens_paying.slip_view)
_employer("bills/<int:bill>/people/", "levy_bill_lines", _("Bill by person"), screens_paying.lines_view)
_employer("bills/<int:bill>/file/", "levy_bill_file", _("Bill by person"), screens_paying.lines_file_view)
_employer("receipts/", "levy_receipts", _("What was received"), screens_paying.receipts_view)
_employer(
    "certificates/",
    "levy_certificates",
    _("Certificates"),
    screens_overview.certificates_view,
    icon="file-badge",
    group="papers",
    order=10,
    roles=("unit.certificates",),
)

_counter(
    "levy/money/",
    "levy_money",
    _("Unallocated money"),
    screens_money.money_view,
    icon="circle-question-mark",
    group="levy",
    order=20,
)
_counter("levy/bills/<int:bill>/", "levy_counter_slip", _("Pay-in slip"), screens_paying.counter_slip_view)
_counter("levy/person/<int:person>/", "levy_person", _("Contribution record"), screens_panels.counter_record_view)

register_page(
    Page(
        face=Face.PORTAL,
        path="record/",
        name="levy_record",
        title=_("Contribution record"),
        view=screens_panels.record_view,
        icon="scroll-text",
        group="me",
        order=30,
        told=TOLD,
    )
)

register_panel(
    Panel(
        code="levy.figures",
        subject=Subject.PERSON,
        title=_("Contributions at a glance"),
        provide=screens_panels.person_figures,
        faces=EVERYWHERE,
        icon="calendar-check",
        as_known=True,
        order=5,
    )
)
register_panel(
    Panel(
        code="levy.relations",
        subject=Subject.PERSON,
        title=_("Insurances"),
        provide=screens_panels.relations,
        faces=EVERYWHERE,
        icon="umbrella",
        as_known=True,
        order=15,
    )
)
register_panel(
    Panel(
        code="levy.contributions",
        subject=Subject.PERSON,
        title=_("Contributions of the last months"),
        provide=screens_panels.contributions,
        faces=EVERYWHERE,
        icon="coins",
        as_known=True,
        order=25,
    )
)
register_panel(
    Panel(
        code="levy.own_bills",
        subject=Subject.PERSON,
        title=_("Bills"),
        provide=screens_panels.own_bills,
        faces=EVERYWHERE,
        icon="receipt",
        dated=True,
        order=20,
    )
)
register_panel(
    Panel(
        code="levy.unit_figures",
        subject=Subject.UNIT,
        title=_("Contributions at a glance"),
        provide=screens_panels.unit_figures,
        faces=frozenset({Face.COUNTER, Face.EMPLOYER}),
        icon="building-2",
        order=5,
    )
)
register_panel(
    Panel(
        code="levy.unit_registration",
        subject=Subject.UNIT,
        title=_("Social insurance registration"),
        provide=screens_panels.unit_registration,
        faces=frozenset({Face.COUNTER, Face.EMPLOYER}),
        icon="badge-check",
        as_known=True,
        order=15,
    )
)
register_panel(
    Panel(
        code="levy.unit_bills",
        subject=Subject.UNIT,
        title=_("Bills"),
        provide=screens_panels.unit_bills,
        faces=frozenset({Face.COUNTER, Face.EMPLOYER}),
        icon="receipt",
        dated=True,
        order=25,
    )
)
register_panel(
    Panel(
        code="levy.unit_deferrals",
        subject=Subject.UNIT,
        title=_("Deferrals and instalments"),
        provide=screens_overview.unit_deferrals,
        faces=frozenset({Face.COUNTER, Face.EMPLOYER}),
        icon="calendar-clock",
        order=27,
    )
)
register_panel(
    Panel(
        code="levy.unit_todo",
        subject=Subject.UNIT,
        title=_("To do"),
        provide=screens_overview.unit_todo,
        faces=frozenset({Face.EMPLOYER}),
        icon="list-todo",
        order=6,
        wide=False,
    )
)
register_panel(
    Panel(
        code="levy.unit_calendar",
        subject=Subject.UNIT,
        title=_("Days to keep"),
        provide=screens_overview.unit_calendar,
        faces=frozenset({Face.EMPLOYER}),
        icon="calendar-days",
        order=7,
        wide=False,
    )
)
