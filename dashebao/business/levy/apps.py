"""Registration, declaration, assessment and collection of social insurance contributions."""

from importlib import import_module

from django.apps import AppConfig


class LevyConfig(AppConfig):
    """登记、申报、核定、征缴"""

    name = "dashebao.business.levy"
    label = "levy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register rules and message handlers."""
        import_module("dashebao.business.levy.rules")
        import_module("dashebao.business.levy.rules_orders")
        import_module("dashebao.business.levy.listeners")
        import_module("dashebao.business.levy.indicators")
        import_module("dashebao.business.levy.items")
        import_module("dashebao.business.levy.papers")
        import_module("dashebao.business.levy.screens")
        import_module("dashebao.business.levy.open_api")
        import_module("dashebao.business.levy.touched")
