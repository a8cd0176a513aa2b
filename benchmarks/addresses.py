"""The product's addresses and one more page that does nothing, behind the same server: the baseline of pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from dashebao.site import urls


def nothing(request: HttpRequest) -> HttpResponse:
    """One short sentence."""
    return HttpResponse("<!doctype html><title>nothing</title><p>nothing")


urlpatterns = [path("benchmark/nothing/", nothing), path("", include(urls))]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
