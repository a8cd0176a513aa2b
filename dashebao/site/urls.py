"""Every address of the product."""

from importlib.util import find_spec

from django.urls import include, path

# SCAFFOLD
FACES = ("screens", "service_centre.counter", "service_centre.portal", "service_centre.employer")
urlpatterns = [
    path("", include(f"dashebao.platform.{face}.urls"))
    for face in FACES
    if find_spec("dashebao.platform")
    and find_spec(f"dashebao.platform.{face.split('.')[0]}")
    and find_spec(f"dashebao.platform.{face}")
    and find_spec(f"dashebao.platform.{face}.urls")
]
handler400 = "dashebao.platform.screens.errors.bad_request"
handler403 = "dashebao.platform.screens.errors.forbidden"
handler404 = "dashebao.platform.screens.errors.missing"
handler500 = "dashebao.platform.screens.errors.broken"
