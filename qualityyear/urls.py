"""Owns the addresses that belong to no area of the courts, and the pages for what goes wrong."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from courts.admin import site
from courts.systems.views import api
from qualityyear.health import healthz
from qualityyear.measures import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    # The login page has the language switch too, so it must work before anybody is logged in.
    path("language/", login_not_required(set_language), name="set_language"),
    path("admin/", site.urls),
    path("api/v1/", api.addresses()),
    path("", include("courts.urls")),
]

handler400 = "courts.frame.views.errors.bad_request"
handler403 = "courts.frame.views.errors.forbidden"
handler404 = "courts.frame.views.errors.not_found"
handler500 = "courts.frame.views.errors.server_error"
