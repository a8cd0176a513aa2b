"""Pages of the papers at the three faces and the check page for everybody."""

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import CaseError
from dashebao.kernel.registry.api import RegistryError
from dashebao.platform.screens.api import (
    Ask,
    Column,
    Face,
    Link,
    Page,
    Panel,
    Subject,
    Table,
    register_page,
    register_panel,
)
from dashebao.platform.screens.desks import duties
from dashebao.platform.service_centre.papers import public, views
from dashebao.platform.service_centre.papers.errors import PaperError
from dashebao.platform.service_centre.papers.queries import as_row, papers_of_person, papers_of_unit

TOLD = (PaperError, CaseError, RegistryError)
SHOWN = 5


def person_panel(ask: Ask) -> Table:
    """The newest papers of a person."""
    return _table(ask, Subject.PERSON)


def unit_panel(ask: Ask) -> Table:
    """The newest papers of a unit."""
    return _table(ask, Subject.UNIT)


def _table(ask: Ask, subject: Subject) -> Table:
    rows = papers_of_person(ask.subject_id) if subject is Subject.PERSON else papers_of_unit(ask.subject_id)
    chinese = (get_language() or "zh").startswith("zh")
    shown = []
    for row in rows[:SHOWN]:
        found = as_row(row, chinese)
        link = Link(found["title"], reverse("counter_issued_paper", args=[row.pk]))
        shown.append((link, row.number, row.issued_at, found["tag"]))
    columns = [
        Column(_("Paper"), "link"),
        Column(_("Number")),
        Column(_("Issued"), "moment"),
        Column(_("State"), "tag"),
    ]
    more = Link(_("Print a paper"), reverse("counter_papers", args=[subject.value, ask.subject_id]))
    return Table(columns, shown, empty=_("No paper has been issued yet."), more=more)


def _page(face: Face, path: str, name: str, view: object, **more: object) -> None:
    more.setdefault("title", pgettext_lazy("issued", "Papers"))
    register_page(Page(face=face, path=path, name=name, view=view, told=TOLD, **more))


BUSINESS = duties("business")
_page(Face.PORTAL, "papers/", "portal_papers", views.my_papers, icon="stamp", group="me", order=35)
_page(Face.PORTAL, "papers/<int:paper>/", "portal_issued_paper", views.issued_file)
_page(Face.PORTAL, "papers/print/<str:kind>/<str:source>/", "portal_paper_print", views.print_own)
_page(Face.PORTAL, "cases/<str:number>/paper/<str:what>/", "portal_case_paper", views.print_of_case)
_page(
    Face.EMPLOYER,
    "papers/",
    "employer_papers",
    views.unit_papers,
    icon="stamp",
    group="cases",
    order=30,
    roles=("unit.certificates",),
)
_page(Face.EMPLOYER, "papers/<int:paper>/", "employer_issued_paper", views.issued_file)
_page(Face.EMPLOYER, "papers/print/<str:kind>/<str:source>/", "employer_paper_print", views.print_own)
_page(Face.EMPLOYER, "cases/<str:number>/paper/<str:what>/", "employer_case_paper", views.print_of_case)
_page(Face.COUNTER, "papers/<str:subject>/<int:key>/", "counter_papers", views.papers_at_the_counter, roles=BUSINESS)
_page(Face.COUNTER, "papers/<int:paper>/", "counter_issued_paper", views.issued_page, roles=BUSINESS)
_page(Face.COUNTER, "papers/<int:paper>/file/", "counter_issued_file", views.issued_file, roles=BUSINESS)
_page(
    Face.COUNTER,
    "papers/print/<str:kind>/<int:key>/<str:source>/",
    "counter_paper_print",
    views.print_at_the_counter,
    roles=BUSINESS,
)
_page(Face.COUNTER, "case/<str:number>/paper/<str:what>/", "counter_case_paper", views.print_of_case, roles=BUSINESS)
_page(
    Face.PORTAL,
    "/check/",
    "paper_check",
    public.check,
    public=True,
    title=gettext_lazy("Check a paper"),
    icon="shield-check",
)
_page(
    Face.PORTAL,
    "/check/<str:code>/",
    "paper_check_code",
    public.check_code,
    public=True,
    title=gettext_lazy("Check a paper"),
)

for subject, provide in ((Subject.PERSON, person_panel), (Subject.UNIT, unit_panel)):
    register_panel(
        Panel(
            code=f"papers.of_{subject.value}",
            subject=subject,
            title=gettext_lazy("Papers issued"),
            provide=provide,
            roles=BUSINESS,
            icon="stamp",
            order=90,
        )
    )
