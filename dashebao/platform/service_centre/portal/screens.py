"""The portal's own pages, in the same register the businesses use."""

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.cases.api import CaseError
from dashebao.kernel.catalogue.api import register_category
from dashebao.kernel.registry.api import RegistryError
from dashebao.platform.screens.api import Face, Group, Page, register_group, register_page
from dashebao.platform.service_centre.portal import applying, home, mine

register_group(Group("me", _("My insurance"), order=10))
register_category("other", _("Other services"), order=1000)
TOLD = (CaseError, RegistryError)


def _page(path: str, name: str, title: object, view: object, **more: object) -> Page:
    return register_page(
        Page(face=Face.PORTAL, path=path, name=f"portal_{name}", title=title, view=view, told=TOLD, **more)
    )


_page("/", "home", _("Home"), home.home, public=True)
_page("/services/", "services", _("Services"), home.services, public=True)
_page("/services/<str:code>/", "guide", _("Guide"), home.service_guide, public=True)
_page("insurance/", "insurance", _("My insurance"), mine.insurance)
_page("cases/", "cases", _("My cases"), mine.cases)
_page("cases/<str:number>/", "case", _("Case"), mine.case)
_page("cases/<str:number>/explained/", "explained", _("Explanation"), mine.explained)
_page("cases/<str:number>/letter/<int:letter>/", "letter", _("Letter"), mine.letter)
_page("access/", "access", _("Who looked at my data"), mine.access, icon="eye", group="me", order=90)
_page("apply/<str:code>/", "apply", _("Apply"), applying.apply)
_page("apply/<str:code>/check/", "check", _("Check your answers"), applying.check)
_page("apply/done/<str:number>/", "done", _("Handed in"), applying.done)
