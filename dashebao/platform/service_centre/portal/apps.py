"""Registers the portal face."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The citizens' portal; it has no tables."""

    name = "dashebao.platform.service_centre.portal"
    label = "portal"
    verbose_name = _("Citizen portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the face's own pages."""
        from dashebao.platform.service_centre.portal import screens  # noqa: F401
