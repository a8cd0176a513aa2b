"""The portal's own pages, in the same register the businesses use."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.cases.api import CaseError
from dashebao.kernel.catalogue.api import register_category
from dashebao.kernel.registry.api import RegistryError
from dashebao.platform.screens.api import Face, Group, Page, register_group, register_page, register_unread
from dashebao.platform.service_centre.portal import account, agents, applying, duties, home, mine, officers
from dashebao.platform.service_centre.portal.actions.inbox import unread
from dashebao.platform.service_centre.portal.errors import PortalRefused

register_group(Group("me", _("My insurance"), order=10))
register_category("other", _("Other services"), order=1000)
TOLD = (CaseError, RegistryError, PortalRefused)


def _page(path: str, name: str, title: object, view: object, **more: object) -> Page:
    return register_page(
        Page(face=Face.PORTAL, path=path, name=f"portal_{name}", title=title, view=view, told=TOLD, **more)
    )


def unread_messages(user: Any) -> int:
    """What the shell shows beside the messages."""
    return unread(user.person_id)


register_unread(Face.PORTAL, unread_messages)
_page("/", "home", _("Home"), home.home, public=True)
_page("/services/", "services", _("Services"), home.services, public=True)
_page("/services/<str:code>/", "guide", _("Guide"), home.service_guide, public=True)
_page("/offices/", "offices", _("Offices"), home.office_list, public=True, icon="map-pin")
_page("/accessibility/", "accessibility", _("Accessibility"), home.accessibility, public=True, icon="accessibility")
_page("/mode/", "mode", _("Large text"), home.set_mode, public=True)
_page("insurance/", "insurance", _("My insurance"), mine.insurance)
_page("cases/", "cases", _("My cases"), mine.cases)
_page("cases/<str:number>/", "case", _("Case"), mine.case)
_page("cases/<str:number>/explained/", "explained", _("Explanation"), mine.explained)
_page("cases/<str:number>/letter/<int:letter>/", "letter", _("Letter"), mine.letter)
_page("messages/", "messages", _("Messages"), account.inbox, icon="mail", group="me", order=80)
_page("messages/<int:message_id>/", "message", _("Message"), account.message)
_page("agents/", "agents", _("Agents"), agents.agents, icon="handshake", group="me", order=84)
_page("agents/new/", "give", _("Give a mandate"), agents.give)
_page("profile/", "profile", _("Profile"), account.profile, icon="settings", group="me", order=86)
_page("access/", "access", _("Who looked at my data"), account.access, icon="eye", group="me", order=90)
_page("apply/<str:code>/", "apply", _("Apply"), applying.apply, public=True)
_page("apply/<str:code>/check/", "check", _("Check your answers"), applying.check)
_page("apply/done/<str:number>/", "done", _("Handed in"), applying.done)

register_page(
    Page(
        face=Face.COUNTER,
        path="service/ratings/",
        name="portal_ratings",
        title=_("Ratings"),
        view=officers.ratings,
        icon="star",
        group="service",
        order=10,
        roles=(duties.SERVICE_CLERK.code, duties.SERVICE_INSPECTOR.code, duties.SERVICE_HANDLER.code),
        told=TOLD,
    )
)
