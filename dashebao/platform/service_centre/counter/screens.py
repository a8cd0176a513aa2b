"""The counter's own pages, in the same register the businesses use."""

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.cases.api import CaseError
from dashebao.kernel.registry.api import RegistryError
from dashebao.platform.screens.api import Face, Group, Page, register_group, register_page
from dashebao.platform.screens.desks import duties
from dashebao.platform.service_centre.counter import (
    cases,
    handover,
    month,
    pasts,
    people,
    starting,
    tasks,
)

register_group(Group("work", _("Work"), order=10))
register_group(Group("people", _("Look up"), order=20))
register_group(Group("running", _("Runs"), order=60))
register_group(Group("control", _("Control"), order=80))

ALL, BUSINESS = duties(), duties("business")
TOLD = (CaseError, RegistryError)
RUNS = duties("business", "finance", "information", "audit")


def _page(path: str, name: str, title: object, view: object, **more: object) -> Page:
    more.setdefault("roles", BUSINESS)
    return register_page(
        Page(face=Face.COUNTER, path=path, name=f"counter_{name}", title=title, view=view, told=TOLD, **more)
    )


_page("", "home", _("Workbench"), tasks.home, roles=ALL)
_page("tasks/", "tasks", _("My tasks"), tasks.tasks, icon="inbox", group="work", order=1)
_page("start/", "start", _("Start a service"), starting.choose, icon="file-plus", group="work", order=2)
_page("start/<str:code>/", "apply", _("Application"), starting.apply)
_page("cases/", "cases", _("All cases"), cases.listed, icon="folder-open", group="work", order=3)
_page("case/<str:number>/", "case", _("Case"), cases.case)
_page("case/<str:number>/letter/<int:letter>/", "letter", _("Letter"), cases.letter)
_page("case/<str:number>/explained/", "explained", _("Explanation"), cases.explained)
_page("case/<str:number>/refuse/", "refusing", _("Refusal"), cases.refusing)
_page("case/<str:number>/file/<str:name>/", "file", _("Paper"), cases.file)
_page("handover/", "handover", _("Change of shift"), handover.handover, icon="arrow-left-right", group="work", order=5)
_page("find/", "find", _("Search"), people.find, roles=ALL)
_page("people/", "people", _("Persons"), people.people, icon="users-round", group="people", order=1)
_page("units/", "units", _("Units"), people.units, icon="building-2", group="people", order=2)
_page("person/<int:key>/", "person", _("Person"), people.person_page)
_page("person/<int:key>/number/", "reveal", _("ID number"), people.reveal)
_page("person/<int:key>/history/", "person_past", _("History of the record"), pasts.person_history)
_page("unit/<int:key>/history/", "unit_past", _("History of the record"), pasts.unit_history)
_page("unit/<int:key>/", "unit", _("Unit"), people.unit_page)
_page("month/", "months", _("Month progress"), month.runs, icon="calendar-clock", group="running", order=5, roles=RUNS)
_page("month/<int:run>/", "month", _("Month progress"), month.progress, roles=RUNS)
