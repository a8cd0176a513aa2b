"""The Django application of residents' pension insurance."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    """Registers items, listeners and panels when the site starts."""

    name = "dashebao.business.insurance.residents"
    label = "residents"
    verbose_name = _("Residents' pension insurance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself on import."""
        for part in ("rules", "items", "listeners", "indicators", "screens", "open_api", "touched"):
            import_module(f"{self.name}.{part}")
