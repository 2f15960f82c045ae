"""Tests of the set-up: refusals of unsafe settings, health, headers, lock files, containers."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import global_settings, settings
from django.test import Client
from django.urls import reverse

from courts.upkeep.services import health
from qualityyear import probe
from tests import postgres

BASE = Path(settings.BASE_DIR)
GOOD = {
    "SECRET_KEY": "8mZr2vQx7LkPd1TnW5yBc9HsJf4GaUe3RtVi6o0XqKwMhC8sNz2pYdEb",
    "ALLOWED_HOSTS": "quality.example, 10.0.0.5",
}
REPORT = """
import json
from qualityyear import settings
names = [name for name in dir(settings) if name.isupper()]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def start(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment of these variables alone, so that nothing relaxes it."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
    )


def settings_of(**environment: str) -> dict:
    result = start(environment, "-c", REPORT)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# --- Starting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "  "}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "change-me-" + GOOD["SECRET_KEY"]}, "SECRET_KEY is an example"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "SECRET_KEY is an example"),
        ({"SECRET_KEY": GOOD["SECRET_KEY"][:31]}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "abcdefg" * 20}, "SECRET_KEY is too short or too simple"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS holds a wildcard"),
        ({"ALLOWED_HOSTS": "quality.example,*"}, "ALLOWED_HOSTS holds a wildcard"),
        ({"ALLOWED_HOSTS": "*.example"}, "ALLOWED_HOSTS holds a wildcard"),
        ({"ALLOWED_HOSTS": ".quality.example"}, "ALLOWED_HOSTS holds a name with a leading dot"),
        ({"ALLOWED_HOSTS": "a.example, .b"}, "ALLOWED_HOSTS holds a name with a leading dot"),
        ({"DEBUG": "1", "PRODUCTION": "1"}, "DEBUG must not be set"),
    ],
)
def test_refuses_to_start_unsafe(change: dict[str, str], sentence: str) -> None:
    result = start({**GOOD, **change}, "manage.py", "check")
    assert result.returncode != 0
    assert f"ImproperlyConfigured: {sentence}" in result.stderr


def test_the_development_key_is_refused() -> None:
    result = start({**GOOD, "SECRET_KEY": settings.DEVELOPMENT_SECRET_KEY}, "manage.py", "check")
    assert "ImproperlyConfigured: SECRET_KEY is an example" in result.stderr


def test_production_is_closed() -> None:
    loaded = settings_of(**GOOD)
    assert loaded["DEBUG"] is False
    assert loaded["ALLOWED_HOSTS"] == ["quality.example", "10.0.0.5"]
    assert loaded["SESSION_COOKIE_SECURE"] is loaded["CSRF_COOKIE_SECURE"] is True
    assert loaded["SECURE_SSL_REDIRECT"] is True
    assert "SECURE_PROXY_SSL_HEADER" not in loaded
    assert "CompressedManifest" in loaded["STORAGES"]["staticfiles"]["BACKEND"]


def test_production_passes_djangos_own_check() -> None:
    environment = {**GOOD, "SECURE_HSTS_SECONDS": "3600", "DATABASE_URL": "sqlite:///:memory:"}
    result = start(environment, "manage.py", "check", "--deploy")
    assert result.returncode == 0, result.stderr
    warnings = set(re.findall(r"\((security\.W\d+)\)", result.stderr))
    # Other hosts of the domain belong to other offices: they are not ours to move to https.
    assert warnings == {"security.W005", "security.W021"}
    # What it would say of a server that is set up badly.
    careless = {**environment, "SECURE_HSTS_SECONDS": "0", "HTTPS": "0"}
    told = start(careless, "manage.py", "check", "--deploy").stderr
    assert {"W004", "W008", "W016"} <= set(re.findall(r"security\.(W\d+)", told))


def test_cookies_are_this_hosts_alone() -> None:
    """Over https alone, and out of reach for scripts; over plain http a browser takes no prefix."""
    loaded = vars(global_settings) | settings_of(**GOOD)
    for name in ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE"):
        assert loaded[f"{name}_NAME"].startswith("__Host-")
        assert loaded[f"{name}_SECURE"] is True
        assert loaded[f"{name}_HTTPONLY"] is True
        assert loaded[f"{name}_SAMESITE"] == "Lax"
        assert loaded[f"{name}_PATH"] == "/"
        assert loaded[f"{name}_DOMAIN"] is None
    plain = settings_of(**GOOD, HTTPS="0")
    assert plain["SESSION_COOKIE_NAME"] == "sessionid"


@pytest.mark.django_db
def test_every_answer_has_the_headers_of_safety(client: Client) -> None:
    for address in ("/login/", "/", "/no-such-page/", "/healthz"):
        headers = client.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_plain_http_is_a_choice() -> None:
    loaded = settings_of(**GOOD, HTTPS="0")
    assert loaded["SESSION_COOKIE_SECURE"] is loaded["CSRF_COOKIE_SECURE"] is False
    assert loaded["SECURE_SSL_REDIRECT"] is False


def test_a_proxy_is_trusted_only_when_named() -> None:
    loaded = settings_of(**GOOD, BEHIND_TLS_PROXY="1")
    assert loaded["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_a_portal_is_asked_over_https_and_its_certificate_is_looked_at() -> None:
    names = ("ISSUER", "AUTHORIZATION_URL", "TOKEN_URL", "USER_URL", "KEYS_URL")
    portal = {f"OIDC_{name}": f"https://portal.example/{name}" for name in names}
    known = {**GOOD, "SIGN_ON": "oidc", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    assert settings_of(**known, **portal)["OIDC_VERIFY_SSL"] is True
    own = settings_of(**known, **portal, SIGN_ON_CERTIFICATES="/etc/portal.pem")
    assert own["OIDC_VERIFY_SSL"] == "/etc/portal.pem"
    for name, address in portal.items():
        plain = {name: address.replace("https", "http")}
        result = start({**known, **portal, **plain}, "manage.py", "check")
        assert f"ImproperlyConfigured: {name} has to be an address" in result.stderr
    cas = {**GOOD, "SIGN_ON": "cas", "CAS_URL": "http://portal.example/cas"}
    assert "CAS_URL has to be" in start(cas, "manage.py", "check").stderr


def test_development_accepts_any_secret_and_local_hosts() -> None:
    loaded = settings_of(DEBUG="1", SECRET_KEY="x")
    assert loaded["SECRET_KEY"] == "x"
    assert "127.0.0.1" in loaded["ALLOWED_HOSTS"]
    assert loaded["SESSION_COOKIE_SECURE"] is False
    assert settings_of(DEBUG="1")["SECRET_KEY"] == settings.DEVELOPMENT_SECRET_KEY


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"ENGINE": "django.db.backends.sqlite3", "NAME": str(BASE / "db.sqlite3")}),
        ("sqlite:////data/x.sqlite3", {"NAME": "/data/x.sqlite3"}),
        (
            "postgres://us%40er:p%2Fw@db:5433/name",
            {
                "ENGINE": "django.db.backends.postgresql",
                "USER": "us@er",
                "PASSWORD": "p/w",
                "HOST": "db",
                "PORT": 5433,
                "NAME": "name",
                "CONN_HEALTH_CHECKS": True,
            },
        ),
        ("postgres://qy@%2Frun%2Fpostgresql/name", {"HOST": "/run/postgresql", "USER": "qy"}),
        ("postgres:///name?host=/run/postgresql", {"HOST": "/run/postgresql"}),
    ],
)
def test_database_url(url: str, expected: dict) -> None:
    database = settings_of(DEBUG="1", DATABASE_URL=url)["DATABASES"]["default"]
    database["HOST"] = database["HOST"] or database.get("OPTIONS", {}).get("host")
    assert {key: database.get(key) for key in expected} == expected


# --- Serving ---------------------------------------------------------------------------------


@pytest.fixture
def healthy(monkeypatch) -> None:
    """Let the server be well: a test's own transaction would hold the question up on SQLite."""
    monkeypatch.setattr(health, "ask", lambda: None)


@pytest.mark.usefixtures("healthy")
def test_health_needs_no_login(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
@pytest.mark.usefixtures("healthy")
def test_health_check_is_not_sent_to_https(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/admin/").status_code == 301
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("healthy")
def test_policy_allows_nothing_foreign_and_nothing_inline(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "ko", "en"])
def test_language_can_be_chosen_before_login(client: Client, language: str) -> None:
    page = reverse(settings.LOGIN_URL)
    response = client.post(reverse("set_language"), {"language": language, "next": page})
    assert response.headers["Location"] == page
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == language


@pytest.mark.django_db
def test_everything_else_asks_for_a_login(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.django_db
@pytest.mark.usefixtures("healthy")
def test_probe(live_server, monkeypatch) -> None:
    port = live_server.thread.port
    monkeypatch.setenv("ALLOWED_HOSTS", "localhost, other.example")
    assert probe.main(port) == 0
    monkeypatch.setenv("ALLOWED_HOSTS", "foreign.example")
    assert probe.main(port) == 1
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert probe.main(unused.getsockname()[1]) == 1


# --- Lock files and containers ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["base.txt", "sign-on.txt", "dev.txt"])
def test_lock_files_pin_and_hash_and_name_no_host(name: str) -> None:
    text = (BASE / "requirements" / name).read_text("utf-8")
    assert not re.search(r"://|index-url|find-links|/(home|root|tmp|work)/", text)
    pinned = re.findall(r"^([a-z0-9-]+)(.*?)(?=^[a-z]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(pinned) > 20
    for package, rest in pinned:
        assert rest.startswith("=="), package
        assert "--hash=sha256:" in rest, package


def test_lock_files_agree() -> None:
    def pins(name: str) -> set[str]:
        text = (BASE / "requirements" / name).read_text("utf-8")
        return set(re.findall(r"^([a-z0-9-]+==[^ ;]+)", text, re.MULTILINE))

    assert pins("base.txt") <= pins("sign-on.txt") <= pins("dev.txt")


@pytest.fixture
def compose() -> dict:
    return yaml.safe_load((BASE / "docker-compose.yml").read_text("utf-8"))


def test_compose_has_both_services_watched_and_the_data_kept(compose: dict) -> None:
    services = compose["services"]
    in_profile = {name for name, one in services.items() if one.get("profiles") == ["province"]}
    assert set(services) - in_profile == {"web", "housekeeping", "backup", "database"}
    assert in_profile == {"web2", "proxy", "replica"}
    assert all("healthcheck" in service for service in compose["services"].values())
    assert compose["services"]["housekeeping"]["healthcheck"] == {"disable": True}
    assert compose["services"]["web"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert compose["services"]["database"]["volumes"][0] == "database:/var/lib/postgresql/data"
    assert "database" in compose["volumes"]


def test_the_image_has_the_tools_of_the_databases_version(compose: dict) -> None:
    server = re.match(r"postgres:(\d+)-", compose["services"]["database"]["image"])
    client = re.search(r"postgresql-client-(\d+)", (BASE / "Dockerfile").read_text("utf-8"))
    assert server
    assert client
    assert server[1] == client[1]
    backup = compose["services"]["backup"]
    assert backup["command"][:4] == ["python", "manage.py", "backup", "/backups"]
    assert backup["command"][-2:] == ["--every", str(24 * 60 * 60)]
    assert backup["volumes"] == ["backups:/backups"]
    assert "backups" in compose["volumes"]


def test_a_province_has_two_servers_and_a_replica(compose: dict) -> None:
    """What nginx and the replica make of the files is tried in tests/hold."""
    web, web2, proxy, replica = (
        compose["services"][name] for name in ("web", "web2", "proxy", "replica")
    )
    same = ("image", "environment", "secrets", "healthcheck")
    assert [web2[name] for name in same] == [web[name] for name in same]
    # It shares no folder, and is reached through the proxy alone.
    assert (web2["ports"], web2["volumes"]) == ([], [])
    file, target, _mode = proxy["volumes"][0].split(":")
    assert target == "/etc/nginx/conf.d/default.conf"
    text = (BASE / file).read_text("utf-8")
    assert re.findall(r"^    server (\S+) ", text, re.MULTILINE) == ["web:8000", "web2:8000"]
    assert set(proxy["depends_on"]) == {"web", "web2"}
    assert proxy["ports"] == ["${PROXY_LISTEN:-127.0.0.1:8080}:8080"]
    assert "listen 8080;" in text
    assert replica["image"] == compose["services"]["database"]["image"]
    assert replica["environment"]["PRIMARY"] == "host=database user=qualityyear"
    file, target, _mode = replica["volumes"][1].split(":")
    assert (Path(file).name, replica["entrypoint"]) == ("replica.sh", ["sh", target])
    # As the image's own entry point reads what it finds there.
    let_in = compose["services"]["database"]["volumes"][1]
    assert let_in.split(":")[1] == "/docker-entrypoint-initdb.d/replication.sh"
    # Off unless asked for.
    assert web["environment"]["REPLICA_URL"] == "${REPLICA_URL:-}"


def test_compose_carries_no_secret_and_demands_the_names(compose: dict) -> None:
    environment = compose["services"]["web"]["environment"]
    assert environment["ALLOWED_HOSTS"].startswith("${ALLOWED_HOSTS:?")
    assert environment["PRODUCTION"] == "1"
    assert "SECRET_KEY" not in environment
    for service in compose["services"].values():
        for name, value in (service.get("environment") or {}).items():
            if name.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert set(compose["secrets"]) == {"secret_key", "database_password"}
    kept_out = (BASE / ".gitignore").read_text("utf-8").splitlines()
    assert {"/secrets/", "/settings.env", "/.env"} <= set(kept_out)


def test_compose_the_image_and_the_settings_fit_each_other(compose: dict) -> None:
    """What only an engine can tell is not tried here: that the image builds, that volumes take
    their owner, that limits and health checks are obeyed, that the database takes the password.
    """
    dockerfile = (BASE / "Dockerfile").read_text("utf-8")
    source = (BASE / "qualityyear" / "settings.py").read_text("utf-8")
    known = set(
        re.findall(r'(?:env\.\w+|listed|of_the_portal|environ\.get)\(\s*"([A-Z_]+)"', source)
    )
    services = compose["services"]
    passed = {name.removesuffix("_FILE") for name in services["web"]["environment"]}
    # Every variable is one of the settings or of the image's command, and none is forgotten.
    assert passed - known == {"WEB_WORKERS"}
    assert "${WEB_WORKERS:-3}" in dockerfile
    assert known - passed == {"CONN_MAX_AGE", "SECURE_SSL_REDIRECT", "SETTINGS_FILE"}
    # Each has the default that the settings have.
    for name, value in services["web"]["environment"].items():
        default = re.fullmatch(r"\$\{[A-Z_]+:-(.*)\}", str(value))
        own = re.search(rf'"{name}", default=(\d+)\)', source)
        if default and own:
            assert default[1] == own[1], name
    # What is copied into the image reaches the builder; nothing else does.
    copied = {path.rstrip("/") for path in re.findall(r"^COPY (\S+) ", dockerfile, re.MULTILINE)}
    let_in = set(re.findall(r"^!(\S+)", (BASE / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    assert copied == let_in
    assert all((BASE / path).exists() for path in copied)
    # Folders that are written in are made by the image, for its account, and lie on a volume.
    made = re.search(r"install --directory --owner=qualityyear .*", dockerfile)
    assert made
    for name, service in services.items():
        for volume in service.get("volumes", []):
            kept, target, *mode = volume.split(":")
            if kept.startswith("./"):
                # A file of this version, which nobody in the container changes.
                assert (BASE / kept).is_file()
                assert mode == ["ro"]
                continue
            assert kept in compose["volumes"]
            assert name in ("database", "replica") or target in made[0].split()
    port = re.search(r"EXPOSE (\d+)", dockerfile)
    assert port
    assert services["web"]["ports"] == ["${LISTEN:-127.0.0.1:8000}:" + port[1]]
    assert f"--bind 0.0.0.0:{port[1]} " in dockerfile
    assert int(port[1]) == probe.PORT
    watched = services["web"]["healthcheck"]
    assert watched["test"][1:] == ["python", "-m", "qualityyear.probe"]
    assert int(watched["timeout"].rstrip("s")) > probe.TIMEOUT_SECONDS
    # A server that is ill because housekeeping is late must not keep it from starting.
    assert set(services["housekeeping"]["depends_on"]) == {"database"}
    for name, service in services.items():
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert service["mem_limit"]
        assert service["restart"] == "unless-stopped"
        waits_for = service.get("depends_on", {})
        assert all(one["condition"] == "service_healthy" for one in waits_for.values())
        # A server that is made anew has another address.
        assert {one.get("restart", False) for one in waits_for.values()} <= {name == "proxy"}
        assert bool(waits_for) is (name != "database")
        if "build" in service and "command" in service:
            assert (BASE / f"courts/management/commands/{service['command'][2]}.py").exists()


def test_secrets_come_from_files_and_settings_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD["SECRET_KEY"] + "\n")
    (tmp_path / "password").write_text("p@ss/word\n")
    (tmp_path / "own.env").write_text("HTTPS=0\nALLOWED_HOSTS=from.file\nLOGIN_TRIES=7\n")
    loaded = settings_of(
        SECRET_KEY_FILE=str(tmp_path / "key"),
        DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
        DATABASE_URL="postgres://us@db/name",
        SETTINGS_FILE=str(tmp_path / "own.env"),
        ALLOWED_HOSTS="quality.example",
    )
    assert loaded["SECRET_KEY"] == GOOD["SECRET_KEY"]
    assert loaded["DATABASES"]["default"]["PASSWORD"] == "p@ss/word"
    # What is set already stands.
    assert loaded["ALLOWED_HOSTS"] == ["quality.example"]
    assert (loaded["HTTPS"], loaded["AXES_FAILURE_LIMIT"]) == (False, 7)


def test_every_variable_is_explained(compose: dict) -> None:
    source = (BASE / "qualityyear" / "settings.py").read_text("utf-8")
    read = set(
        re.findall(r'(?:env\.\w+|listed|of_the_portal|environ\.get)\(\s*"([A-Z_]+)"', source)
    )
    passed = {name.removesuffix("_FILE") for name in compose["services"]["web"]["environment"]}
    explained = (BASE / "docs" / "operations.md").read_text("utf-8")
    assert len(read) > 15
    assert [name for name in sorted(read | passed) if f"`{name}`" not in explained] == []


def test_the_image_is_not_run_by_root() -> None:
    lines = (BASE / "Dockerfile").read_text("utf-8").splitlines()
    assert lines.index("USER qualityyear") < next(
        number for number, line in enumerate(lines) if line.startswith("CMD")
    )
    assert any(line.startswith("HEALTHCHECK") for line in lines)


# --- Commands --------------------------------------------------------------------------------


def test_make_says_what_is_missing_without_python(tmp_path: Path) -> None:
    result = subprocess.run(
        ["/usr/bin/make", "--no-print-directory", "-f", BASE / "Makefile", ".venv/bin/python"],
        cwd=tmp_path,
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "Quality Year needs Python 3.11 or newer" in result.stderr


def test_make_help_lists_every_command() -> None:
    makefile = (BASE / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    listed = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())


def suites_of(*goals: str) -> list[str]:
    """Return the commands by which make would start pytest for these goals."""
    command = ["/usr/bin/make", "--dry-run", *goals]
    result = subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=True)
    return [line for line in result.stdout.splitlines() if "-m pytest" in line]


def test_ci_runs_each_suite_once() -> None:
    script = (BASE / ".ci" / "run").read_text("utf-8")
    prepare, check = re.findall(r"^make (.*)$", script, re.MULTILINE)
    assert prepare == ".venv/dev &"
    assert set(check.split()) == {"check", "test"}
    scoring, others, postgresql = suites_of(*check.split())
    assert scoring.startswith("DATABASE_URL= ")
    assert "--cov" in scoring
    assert "--ignore=tests/scoring" in others
    assert "tests/postgres.py" in postgresql


def test_each_command_alone_runs_both_suites() -> None:
    assert len(suites_of("test")) == len(suites_of("check")) == 3


def test_by_night_each_day_is_upgraded_on_both_databases() -> None:
    sqlite, postgresql, *_more = suites_of("nightly")
    assert sqlite.startswith("QY_NIGHTLY=1 DATABASE_URL= ")
    # All there is: no folder is named.
    assert sqlite.endswith("worksteal")
    assert "tests/postgres.py" in postgresql
    assert {"tests/courts", "tests/upgrades"} <= set(postgresql.split())


def test_throw_away_postgresql_leaves_nothing_behind() -> None:
    if postgres.find_programs() is None:
        if os.environ.get("QY_REQUIRE_ALL"):
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    say = "import os, sys; print(os.environ['DATABASE_URL']); sys.exit(3)"
    result = start({}, "tests/postgres.py", sys.executable, "-c", say)
    assert result.returncode == 3, result.stderr
    folder = Path(result.stdout.strip().partition("host=")[2])
    assert folder.name.startswith("qy-pg-")
    assert not folder.exists()


def test_without_postgresql_one_line_says_so(monkeypatch, capsys) -> None:
    monkeypatch.setattr(postgres, "find_programs", lambda: None)
    monkeypatch.delenv("QY_REQUIRE_ALL", raising=False)
    assert postgres.main(["true"]) == 0
    assert capsys.readouterr().out == "PostgreSQL is not installed: its tests are skipped.\n"
    monkeypatch.setenv("QY_REQUIRE_ALL", "1")
    assert postgres.main(["true"]) == 1
