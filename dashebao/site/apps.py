"""The last app: the command line and the order of the big jobs."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "dashebao.site"
    label = "site"

    def ready(self) -> None:
        from dashebao.site import month

        month.register()
