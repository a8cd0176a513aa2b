"""Addresses of the employer face: its own pages and those the businesses registered."""

from dashebao.platform.screens.api import Face, addresses, pages

urlpatterns = addresses("employer/", pages(Face.EMPLOYER))
