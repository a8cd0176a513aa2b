"""Registers the indicators and their pages."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """Indicators computed from ledger and registry, and the leader's overview."""

    name = "dashebao.decision.indicators"
    label = "indicators"
    verbose_name = _("Indicators")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the indicators, the job and the pages known."""
        for part in ("definitions", "jobs", "screens"):
            import_module(f"{self.name}.{part}")
