"""The levy's panels and pages in the counter, the citizen portal and the employer portal."""

from django.utils.translation import gettext_lazy as _

from dashebao.business.levy import screens_declaring, screens_panels, screens_paying
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


def _employer(path: str, name: str, title: object, view: object, **more: object) -> None:
    register_page(Page(face=Face.EMPLOYER, path=path, name=name, title=title, view=view, told=TOLD, **more))


def _counter(path: str, name: str, title: object, view: object, **more: object) -> None:
    register_page(
        Page(face=Face.COUNTER, path=path, name=name, title=title, view=view, told=TOLD, roles=OFFICERS, **more)
    )


_employer("staff/", "levy_staff", _("Staff list"), screens_panels.staff_view, icon="users", group="staff", order=10)
_employer(
    "declare/",
    "levy_declare",
    _("Monthly declaration"),
    screens_declaring.declare_view,
    icon="file-spreadsheet",
    group="pay",
    order=10,
)
_employer("declare/template/", "levy_template", _("Excel template"), screens_declaring.template_view)
_employer("bills/", "levy_bills", _("Bills"), screens_paying.bills_view, icon="receipt", group="pay", order=20)
_employer("bills/<int:bill>/", "levy_slip", _("Pay-in slip"), screens_paying.slip_view)

_counter(
    "levy/money/",
    "levy_money",
    _("Unallocated money"),
    screens_paying.money_view,
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
        order=25,
    )
)
