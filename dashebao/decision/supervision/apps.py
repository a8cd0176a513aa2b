"""Registers the supervision rules and the pages."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Suspicious items found by rules, and what became of them."""

    name = "dashebao.decision.supervision"
    label = "supervision"
    verbose_name = _("Fund supervision")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the rules, the job and the pages known."""
        for part in ("definitions", "jobs", "screens"):
            import_module(f"{self.name}.{part}")
