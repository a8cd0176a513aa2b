"""The fund accounts (基金财务): chart, payment batches, bank files, reconciliation, statements, budget."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class FundConfig(AppConfig):
    """Application entry of the fund accounts."""

    name = "dashebao.business.fund"
    label = "fund"
    verbose_name = _("Fund accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the message handlers and the pages known."""
        import_module("dashebao.business.fund.indicators")
        import_module("dashebao.business.fund.listeners")
        if apps.is_installed("dashebao.platform.screens"):
            import_module("dashebao.business.fund.screens")
