"""Registers the records system and installs the database guards after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "dashebao.kernel.records"
    label = "records"
    verbose_name = _("Records")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dashebao.kernel.records import guards

        post_migrate.connect(guards.install_after_migrate, dispatch_uid="records.guards")
