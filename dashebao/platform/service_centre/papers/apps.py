"""Registers the papers."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class PapersConfig(AppConfig):
    """Everything the office hands out on paper: its kinds, the register of issued ones, the check page."""

    name = "dashebao.platform.service_centre.papers"
    label = "papers"
    verbose_name = pgettext_lazy("issued", "Papers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the papers every case has, and the pages."""
        for part in ("of_cases", "screens"):
            import_module(f"{self.name}.{part}")
