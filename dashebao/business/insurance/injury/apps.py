"""Work-injury insurance (scheme 410): today its premium rule."""

from importlib import import_module

from django.apps import AppConfig


class InjuryConfig(AppConfig):
    """工伤保险"""

    name = "dashebao.business.insurance.injury"
    label = "injury"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the rules."""
        import_module("dashebao.business.insurance.injury.rules")
