"""The Django application of running benefits."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """Registers items, listeners and panels when the site starts."""

    name = "dashebao.business.insurance.common"
    label = "common"
    verbose_name = _("Running benefits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself on import."""
        for part in ("items", "listeners", "indicators", "screens", "open_api"):
            import_module(f"{self.name}.{part}")
