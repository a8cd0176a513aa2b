"""Registers the registry system and fills in the shipped divisions after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "dashebao.kernel.registry"
    label = "registry"
    verbose_name = _("Registry")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of migrations (and of emptied test databases)."""
        from dashebao.kernel.registry.regions import fill_in_regions

        post_migrate.connect(fill_in_regions, sender=self, dispatch_uid="registry.regions")
