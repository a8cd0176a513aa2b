"""Every address of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("dashebao.platform.screens.urls")),
    path("", include("dashebao.platform.service_centre.counter.urls")),
    path("", include("dashebao.platform.service_centre.portal.urls")),
    path("", include("dashebao.platform.service_centre.employer.urls")),
    path("", include("dashebao.platform.service_centre.open_api.urls")),
]

handler400 = "dashebao.platform.screens.errors.bad_request"
handler403 = "dashebao.platform.screens.errors.forbidden"
handler404 = "dashebao.platform.screens.errors.missing"
handler500 = "dashebao.platform.screens.errors.broken"
