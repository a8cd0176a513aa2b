"""Addresses of the portal face: its own pages and those the businesses registered."""

from dashebao.platform.screens.api import Face, addresses, pages

urlpatterns = addresses("my/", pages(Face.PORTAL))
