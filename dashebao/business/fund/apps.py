"""The fund accounts system (基金财务): chart of accounts, payment batches, bank files, reconciliation, statements, budget."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundConfig(AppConfig):
    """Application entry of the fund accounts."""

    name = "dashebao.business.fund"
    label = "fund"
    verbose_name = _("Fund accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the message handlers known."""
        import_module("dashebao.business.fund.listeners")
