"""The pages of the open interface: its documentation for everybody, its clients for the officer with the duty."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.identity.api import NotPermitted, Role, register_role
from dashebao.kernel.registry.api import RegistryError
from dashebao.platform.screens.api import Face, Group, Page, register_group, register_page
from dashebao.platform.service_centre.open_api import administration, docs
from dashebao.platform.service_centre.open_api.actions import DUTY, ClientError

register_role(Role(DUTY, _("Open interface administrator"), "information"))
register_group(Group("interface", _("Open interface"), order=95))
TOLD = (ClientError, RegistryError, NotPermitted)


def _counter(path: str, name: str, title: object, view: object, **more: object) -> None:
    register_page(
        Page(face=Face.COUNTER, path=path, name=name, title=title, view=view, told=TOLD, roles=(DUTY,), **more)
    )


register_page(
    Page(face=Face.PORTAL, path="/api/", name="open_api", title=_("Open interface"), view=docs.page, public=True)
)
register_page(
    Page(
        face=Face.PORTAL,
        path="/api/operation/<str:name>/",
        name="open_api_operation",
        title=_("Open interface"),
        view=docs.one,
        public=True,
    )
)
_counter(
    "interface/", "open_api_clients", _("Clients and keys"), administration.clients, icon="plug", group="interface"
)
_counter("interface/new/", "open_api_new", _("Admit a client"), administration.new)
_counter("interface/<int:number>/", "open_api_client", _("Client"), administration.client)
_counter("interface/<int:number>/change/", "open_api_change", _("Change a client"), administration.change)
