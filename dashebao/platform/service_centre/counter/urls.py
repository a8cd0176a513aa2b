"""Addresses of the counter face: its own pages and those the businesses registered."""

from dashebao.platform.screens.api import Face, addresses, pages

urlpatterns = addresses("counter/", pages(Face.COUNTER))
