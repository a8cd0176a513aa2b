"""The catalogue as a Django application (it has a language catalogue and no tables)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Registers the catalogue's texts."""

    name = "dashebao.kernel.catalogue"
    label = "catalogue"
    verbose_name = _("Service catalogue")
    default_auto_field = "django.db.models.BigAutoField"
