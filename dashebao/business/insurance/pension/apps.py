"""The Django application of employees' pension insurance."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PensionConfig(AppConfig):
    """Registers items, listeners and panels when the site starts."""

    name = "dashebao.business.insurance.pension"
    label = "pension"
    verbose_name = _("Employees' pension insurance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself on import."""
        for part in (
            "rules",
            "items",
            "jobs",
            "listeners",
            "indicators",
            "papers",
            "screens",
            "screens_transfers",
            "screens_units",
            "open_api",
            "touched",
        ):
            import_module(f"{self.name}.{part}")
