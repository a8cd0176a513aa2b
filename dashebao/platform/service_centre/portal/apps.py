"""Registers the portal face."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The citizens' portal and what it keeps for them."""

    name = "dashebao.platform.service_centre.portal"
    label = "portal"
    verbose_name = _("Citizen portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register duties, items, listeners and the face's own pages."""
        for part in ("duties", "items", "listeners", "screens"):
            import_module(f"{self.name}.{part}")
