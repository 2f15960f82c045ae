"""Owns the addresses of the application's pages, and how a month is written in one."""

from django.urls import URLPattern, path, register_converter

from courts.views import accounts, dashboards


class MonthConverter:
    """A month such as 2019-12; whether it belongs to the year is the selector's to say."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(MonthConverter, "month")

app_name = "courts"

urlpatterns: list[URLPattern] = [
    path("", dashboards.home, name="home"),
    path("login/", accounts.LoginView.as_view(), name="login"),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("password/", accounts.PasswordView.as_view(), name="password"),
    path("password/done/", accounts.PasswordDoneView.as_view(), name="password_done"),
    path("<slug:year_code>/", dashboards.year, name="year"),
    path("<slug:year_code>/<month:month>/", dashboards.ranking, name="ranking"),
    path(
        "<slug:year_code>/<month:month>/<slug:court_code>/",
        dashboards.scorecard,
        name="scorecard",
    ),
]
