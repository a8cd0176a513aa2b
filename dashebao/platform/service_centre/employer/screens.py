"""The employer portal's own pages, in the same register the businesses use."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.cases.api import CaseError
from dashebao.kernel.identity.api import MAIN_OPERATOR
from dashebao.kernel.registry.api import RegistryError
from dashebao.platform.screens.api import Face, Group, Page, register_group, register_page
from dashebao.platform.service_centre.employer import desk, operators

register_group(Group("overview", _("Overview"), order=1))
register_group(Group("staff", pgettext_lazy("menu", "Staff"), order=10))
register_group(Group("pay", _("Bills and payments"), order=20))
register_group(Group("cases", _("Cases"), order=90))
register_group(Group("unit", _("Unit"), order=95))
TOLD = (CaseError, RegistryError)


def _page(path: str, name: str, title: object, view: object, **more: object) -> Page:
    return register_page(
        Page(face=Face.EMPLOYER, path=path, name=f"employer_{name}", title=title, view=view, told=TOLD, **more)
    )


_page("", "home", _("Overview"), desk.home, icon="layout-dashboard", group="overview")
_page("apply/", "services", _("Apply"), desk.services, icon="file-plus", group="cases", order=10)
_page("apply/<str:code>/", "apply", _("Application"), desk.apply)
_page("cases/", "cases", _("Cases"), desk.cases, icon="clipboard-list", group="cases", order=20)
_page("cases/<str:number>/", "case", _("Case"), desk.case)
_page("cases/<str:number>/explained/", "explained", _("Explanation"), desk.explained)
_page("cases/<str:number>/letter/<int:letter>/", "letter", _("Letter"), desk.letter)
_page("messages/", "messages", _("Messages"), desk.letters, icon="mail", group="unit", order=10)
MAIN = (MAIN_OPERATOR,)
_page(
    "operators/",
    "operators",
    _("Operators and rights"),
    operators.operators,
    icon="shield-check",
    group="unit",
    order=20,
    roles=MAIN,
)
_page("operators/invite/", "invite", _("Invite a colleague"), operators.invite, roles=MAIN)
_page("operators/<int:operator>/", "rights", _("Rights of a colleague"), operators.rights, roles=MAIN)
