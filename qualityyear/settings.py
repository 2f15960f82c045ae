"""Owns every setting, read from the environment and a file; never holds a number of an assessment.

`DEBUG=1` means development: any secret and the local hosts will do. Without it the server
refuses to start on settings that would be unsafe, and says which variable to set.
docs/operations.md lists the variables.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from qualityyear import VERSION as RELEASE
from qualityyear import waits

BASE_DIR = Path(__file__).resolve().parent.parent

# NAME_FILE names a file that holds the value of NAME, for secrets.
env = environ.FileAwareEnv()
# What is set already stands: the file only adds.
SETTINGS_FILE = Path(os.environ.get("SETTINGS_FILE") or BASE_DIR / "settings.env")
if SETTINGS_FILE.exists():
    environ.Env.read_env(str(SETTINGS_FILE))

# Named on the administrator's page, in logs and in backups.
VERSION = RELEASE

DEVELOPMENT_SECRET_KEY = "development-only-never-in-production-0123456789"  # noqa: S105
SHORTEST_SECRET_KEY = 32
FEWEST_DIFFERENT_CHARACTERS = 8

# --- What kind of start this is --------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# pytest sets this variable itself; the tests need neither a secret nor hosts.
TESTING = "PYTEST_VERSION" in os.environ
# The container image sets this, so that a stray DEBUG cannot open a server to everybody.
PRODUCTION = env.bool("PRODUCTION", default=False)
RELAXED = DEBUG or TESTING

if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must not be set where PRODUCTION is: remove DEBUG.")


def checked_secret_key(key: str) -> str:
    """Return the key when it can protect sessions, or refuse to start."""
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing: set it to a long random text, or set DEBUG=1 for development."
        )
    if key == DEVELOPMENT_SECRET_KEY or key.startswith(("change", "django-insecure", "example")):
        raise ImproperlyConfigured(
            "SECRET_KEY is an example that everybody knows: set it to a long random text."
        )
    if len(key) < SHORTEST_SECRET_KEY or len(set(key)) < FEWEST_DIFFERENT_CHARACTERS:
        raise ImproperlyConfigured(
            f"SECRET_KEY is too short or too simple: set it to at least {SHORTEST_SECRET_KEY} "
            "random characters."
        )
    return key


def checked_hosts(hosts: list[str]) -> list[str]:
    """Return the host names this server answers to, or refuse to start."""
    if not hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is empty: set it to the names of this server, separated by commas, "
            "or set DEBUG=1 for development."
        )
    if any("*" in host for host in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS holds a wildcard: name every host of this server instead."
        )
    if any(host.startswith(".") for host in hosts):
        # Django takes a leading dot for all names below, which anybody may be able to point here.
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS holds a name with a leading dot: name every host of this server instead."
        )
    return hosts


def listed(name: str) -> list[str]:
    """Return the parts of a comma-separated variable, without blanks."""
    return [part.strip() for part in env.str(name, default="").split(",") if part.strip()]


SECRET_KEY = env.str("SECRET_KEY", default="").strip()
SECRET_KEY = SECRET_KEY or DEVELOPMENT_SECRET_KEY if RELAXED else checked_secret_key(SECRET_KEY)

ALLOWED_HOSTS = listed("ALLOWED_HOSTS")
if RELAXED:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", ".localhost", "testserver"]
else:
    ALLOWED_HOSTS = checked_hosts(ALLOWED_HOSTS)

CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

# --- Parts -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "courts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_tables2",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qualityyear.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "csp.middleware.CSPMiddleware",
    # Sees every answer as it is sent.
    "courts.frame.views.caching.KeepsApart",
    # Before anything that reads the session, a form or the database.
    "courts.frame.views.errors.RefuseWhenBlocked",
    "courts.frame.views.unreadable.RefuseUnreadable",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Knows who asks, and comes before anything that reads a body.
    "courts.frame.views.bodies.BoundedBodies",
    "courts.frame.views.kept_text.KeepsText",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "courts.accounts.views.first_login.AsksForOwnPassword",
    "courts.accounts.views.portals.AsksForPasswordAtBallots",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "courts.frame.views.errors.ErrorsInWords",
    # Makes a page again, with all that is read for it, when a replica fails.
    "courts.frame.views.reading_apart.ReadsApart",
    "courts.frame.read_once.ReadsOnce",
]

ROOT_URLCONF = "qualityyear.urls"
WSGI_APPLICATION = "qualityyear.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "courts.desks.context.account",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------

# Behind a pooler in transaction mode nothing of a session may be counted on. Commands go past it
# where they are told the way.
DATABASE_POOLER = env.bool("DATABASE_POOLER", default=False)
_database_url = os.environ.get("DATABASE_URL", "")
if (DIRECT_URL := env.str("DIRECT_URL", default="").strip()) and not waits.serves():
    _database_url, DATABASE_POOLER = DIRECT_URL, False
DATABASES = {
    "default": env.db_url_config(
        _database_url or f"sqlite:///{(BASE_DIR / 'db.sqlite3').as_posix()}"
    ),
}
# A replica for pages that are only read (`courts.frame.replica`), if there is one.
if REPLICA_URL := env.str("REPLICA_URL", default="").strip():
    DATABASES["replica"] = env.db_url_config(REPLICA_URL) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["courts.frame.replica.Router"]
    if {one["ENGINE"] for one in DATABASES.values()} != {"django.db.backends.postgresql"}:
        raise ImproperlyConfigured("REPLICA_URL needs PostgreSQL there and in DATABASE_URL.")
# How many seconds it may be behind; further back nothing is read there.
REPLICA_LAG_SECONDS = env.float("REPLICA_LAG_SECONDS", default=5)
DATABASE_PASSWORD = env.str("DATABASE_PASSWORD", default="").strip()
# Of pages; a command has other limits. They grow, and end below the server's own.
LIMITS = waits.Limits(
    lock=env.int("LOCK_SECONDS", default=6),
    statement=env.int("STATEMENT_SECONDS", default=30),
    idle=env.int("IDLE_SECONDS", default=45),
)
for _database in DATABASES.values():
    if DATABASE_PASSWORD:
        # Apart from the address, so that it can come from a file.
        _database["PASSWORD"] = DATABASE_PASSWORD
    if _database["ENGINE"] == "django.db.backends.sqlite3":
        _database.setdefault("OPTIONS", {}).update(
            # FULL: what was acknowledged is on the disk, and a power cut does not take it back.
            # A writer takes its lock at BEGIN and the next one waits, instead of failing half-way.
            transaction_mode="IMMEDIATE",
            init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        )
    else:
        # A socket's folder as the host comes percent-encoded: postgres://%2Frun%2Fpostgresql/name
        _database["HOST"] = unquote(_database.get("HOST") or "")
        _database["CONN_HEALTH_CHECKS"] = True
        _database["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLER
    # A new connection costs more than most pages: SQLite reads every table and trigger anew.
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    waits.limit(_database, waits.limits_of(LIMITS), is_pooled=DATABASE_POOLER)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The admin's pages of figures post several fields a row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- Accounts --------------------------------------------------------------------------------

AUTH_USER_MODEL = "courts.User"
LOGIN_URL = "courts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "courts:login"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "courts.accounts.backend.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": "courts.accounts.passwords.KnownWordsValidator"}]
if TESTING:
    # The real hasher is slow on purpose, which would be most of the tests' time.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

AXES_FAILURE_LIMIT = env.int("LOGIN_TRIES", default=10)
# What follows from failures is decided here; a try that has to wait is no further failure.
AXES_HANDLER = "courts.accounts.login_limits.Handler"
AXES_CLIENT_IP_CALLABLE = "courts.accounts.login_limits.address_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Addresses or networks of proxies whose X-Forwarded-For is believed.
TRUSTED_PROXIES = listed("TRUSTED_PROXIES")
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_COOL_OFF_MINUTES", default=15))
# What signing in forgets of failures before.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "courts.accounts.views.accounts.locked_out"
CSRF_FAILURE_VIEW = "courts.frame.views.errors.csrf_failure"

SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=60) * 60
# The age counts from the last request, give or take a minute: an idle time-out.
SESSION_ENGINE = "qualityyear.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# However busy it is: after so many hours one signs in again.
SESSION_LONGEST_HOURS = env.int("SESSION_LONGEST_HOURS", default=12)

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

# --- Practice ---------------------------------------------------------------------------------

# A database of made-up figures to train on, apart from the real one: every page says so.
PRACTICE = env.bool("PRACTICE", default=False)

# --- Ballots ---------------------------------------------------------------------------------

# How long voters check the board after the closing, unless all have confirmed it before.
BALLOT_CHECK_HOURS = env.int("BALLOT_CHECK_HOURS", default=24)

# --- Housekeeping ----------------------------------------------------------------------------

# After how many minutes desks and the health check say that it is late; 0 where nobody watches.
HOUSEKEEPING_LATE_MINUTES = env.int("HOUSEKEEPING_LATE_MINUTES", default=0 if RELAXED else 30)

# After how many years who, why and what of an act are erased from the record; 0: never.
RECORD_YEARS = env.int("RECORD_YEARS", default=0)

# --- Notices outside -------------------------------------------------------------------------

# None leaves by default. Mail goes to the addresses of accounts, the webhook to one address; what
# leaves is the kind of a notice and where to sign in.
NOTICES_BY_EMAIL = env.bool("NOTICES_BY_EMAIL", default=False)
# Such as smtp+tls://user:password@mail.example:587
if EMAIL_URL := env.str("EMAIL_URL", default="").strip():
    vars().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("NOTICES_FROM", default="webmaster@localhost")
EMAIL_TIMEOUT = 5
NOTICES_WEBHOOK = env.str("NOTICES_WEBHOOK", default="").strip()
# JSON with {text}, {kind}, {account} and {address} in its texts, as the receiver wants it.
NOTICES_WEBHOOK_JSON = env.str(
    "NOTICES_WEBHOOK_JSON", default='{"msgtype": "text", "text": {"content": "{text} {address}"}}'
)
# Where people sign in, to be named outside.
NOTICES_ADDRESS = env.str("NOTICES_ADDRESS", default="").strip()

# --- Monitoring ------------------------------------------------------------------------------

# Who sends it as a bearer is told why a server is not well, and reads its measures.
MONITORING_TOKEN = env.str("MONITORING_TOKEN", default="").strip()

# --- Static files ----------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if RELAXED
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = RELAXED
WHITENOISE_AUTOREFRESH = RELAXED

# A folder with the official fonts (仿宋_GB2312, 方正小标宋 …), for bulletins as PDF; Noto without.
DOCUMENT_FONTS = env.str("DOCUMENT_FONTS", default="")

# --- Security --------------------------------------------------------------------------------

# HTTPS=0 is for intranets that only speak plain http: cookies then travel unprotected.
HTTPS = env.bool("HTTPS", default=not RELAXED)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# No other host of the domain can set these, which a browser holds to over https alone.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
# Programs are not led on, which they would follow unnoticed; the API refuses tokens in the clear.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$", r"^api/v1/"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0)
# Only behind a proxy that always sets or removes this header itself.
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=False)
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Browsers ignore this header on plain http and complain about it.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Nothing is ever loaded from elsewhere, and no script or style stands inside a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# --- Signing in by a portal ------------------------------------------------------------------

# A portal of the courts' network that says who somebody is: "oidc", "cas" or none. What they speak
# is installed from requirements/sign-on.txt.
SIGN_ON = env.str("SIGN_ON", default="")
SIGN_ON_LABEL = env.str("SIGN_ON_LABEL", default="")
# Which claim or attribute holds the name of the account here; empty in CAS: the name itself.
SIGN_ON_NAME = env.str("SIGN_ON_NAME", default="preferred_username" if SIGN_ON == "oidc" else "")
# Who signed the portal's certificate, where the system does not know it.
SIGN_ON_CERTIFICATES = env.str("SIGN_ON_CERTIFICATES", default="")
SIGN_ON_SECONDS = 10


def of_the_portal(name: str) -> str:
    """The address in a variable that the portal wants, or refuse to start."""
    address = env.str(name, default="")
    if not address.startswith("https://" if HTTPS and not RELAXED else ("https://", "http://")):
        raise ImproperlyConfigured(
            f"{name} has to be an address of the portal that SIGN_ON names, with https:// at its"
            " beginning."
        )
    return address


if SIGN_ON == "oidc":
    OIDC_ISSUER = of_the_portal("OIDC_ISSUER")
    OIDC_OP_AUTHORIZATION_ENDPOINT = of_the_portal("OIDC_AUTHORIZATION_URL")
    OIDC_OP_TOKEN_ENDPOINT = of_the_portal("OIDC_TOKEN_URL")
    OIDC_OP_USER_ENDPOINT = of_the_portal("OIDC_USER_URL")
    OIDC_OP_JWKS_ENDPOINT = of_the_portal("OIDC_KEYS_URL")
    OIDC_RP_CLIENT_ID = env.str("OIDC_CLIENT_ID")
    OIDC_RP_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET")
elif SIGN_ON == "cas":
    CAS_URL = of_the_portal("CAS_URL").rstrip("/") + "/"
    CAS_VERSION = env.str("CAS_VERSION", default="3")
elif SIGN_ON:
    raise ImproperlyConfigured("SIGN_ON has to be oidc, cas or nothing.")
OIDC_AUTHENTICATION_CALLBACK_URL = "courts:portal_back"
OIDC_RP_SCOPES = "openid profile"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_PKCE = True
OIDC_CREATE_USER = False
OIDC_TIMEOUT = SIGN_ON_SECONDS
OIDC_VERIFY_SSL = SIGN_ON_CERTIFICATES or True

# --- Foreign parts ---------------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"

# A past state is read, never brought back by a button that asks no service.
SIMPLE_HISTORY_REVERT_DISABLED = True

# --- Logging ---------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "qualityyear.logs.Lines"},
    },
    "filters": {"refusals": {"()": "qualityyear.logs.RefusalsInOneLine"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            # Somebody reads lines; a server's are read by a program.
            "formatter": "line" if RELAXED else "json",
            "filters": ["refusals"],
        },
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django's own handlers would write to standard error a second time.
        "django": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},
    },
}
