"""Addresses of the open interface."""

from django.urls import path

from dashebao.platform.service_centre.open_api import docs
from dashebao.platform.service_centre.open_api.interface import interface

urlpatterns = [
    path("api/v1/openapi.json", docs.described, name="open_api_description"),
    path("api/v1/", interface().urls),
]
