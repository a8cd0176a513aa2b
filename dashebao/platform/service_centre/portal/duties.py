"""The duties of the service desk that answers citizens."""

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.identity.api import Role, register_role

SERVICE_CLERK = register_role(Role("service.clerk", _("Service desk clerk")))
SERVICE_INSPECTOR = register_role(Role("service.inspector", _("Complaints inspector")))
SERVICE_HANDLER = register_role(Role("service.handler", _("Complaints handler")))
