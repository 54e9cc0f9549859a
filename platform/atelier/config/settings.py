"""The one settings module. Everything that differs between installs comes from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from atelier.config import env
from atelier.core import version
from atelier.toolkit.tasks import PERIODIC

BASE_DIR = Path(__file__).resolve().parents[3]
VERSION = version.VERSION

# --- features: a folder plus one line here; apps, urls and tasks derive from it ----------------

FEATURES: tuple[str, ...] = (
    "audit",
    "accounts",
    "projects",
    "catalog",
    "quotas",
    "workloads",
    "notebooks",
    "jobs",
    "tenancy",
    "health",
)

# --- addresses -------------------------------------------------------------------------------

ATELIER_PORTAL_URL = env.env_url("ATELIER_PORTAL_URL")
ATELIER_CONTENT_URL = env.env_url("ATELIER_CONTENT_URL")
ATELIER_EVENTS_URL = env.env_url("ATELIER_EVENTS_URL", ATELIER_PORTAL_URL)
env.refuse_shared_host(
    ATELIER_PORTAL_URL,
    ATELIER_CONTENT_URL,
    allowed=env.env_bool("ATELIER_ALLOW_SHARED_HOST", False),
)
TLS = ATELIER_PORTAL_URL.startswith("https://")

# --- the hub and the engine ------------------------------------------------------------------

# Where jobs run and notebook servers live; notebooks themselves always go through the hub.
ATELIER_ENGINE = env.env_choice("ATELIER_ENGINE", ("local", "kubernetes", "memory"), "local")
ATELIER_ISOLATION = env.env_choice("ATELIER_ISOLATION", ("uid", "none", "kubernetes"), "none")
ATELIER_HUB_API_URL = env.env_str("ATELIER_HUB_API_URL").rstrip("/")
ATELIER_HUB_API_TOKEN = env.env_str("ATELIER_HUB_API_TOKEN")
ATELIER_SPAWNER_TOKEN = env.env_str("ATELIER_SPAWNER_TOKEN")
ATELIER_START_TIMEOUT_SECONDS = env.env_int("ATELIER_START_TIMEOUT_SECONDS", 120, least=5)
# How long a notebook's pod may wait for a place on a node before its start is given up.
ATELIER_NOTEBOOK_WAIT_SECONDS = env.env_int("ATELIER_NOTEBOOK_WAIT_SECONDS", 1800, least=5)
ATELIER_IDLE_MINUTES = env.env_int("ATELIER_IDLE_MINUTES", 120)  # 0: nothing is stopped as idle
ATELIER_HOME = Path(env.env_str("ATELIER_HOME"))
# The Python of the local environment "runtime", in which local jobs run; '': there is none.
ATELIER_RUNTIME_PYTHON = env.env_str("ATELIER_RUNTIME_PYTHON", "")

# --- the cluster; only worker, tenancy worker and hub have an account there ---------------------

# Unset: the account of the pod this runs in.
ATELIER_KUBECONFIG = env.env_str("ATELIER_KUBECONFIG", "")
# Which installation an object in the cluster belongs to.
ATELIER_INSTANCE = env.env_label("ATELIER_INSTANCE", "atelier")
ATELIER_SYSTEM_NAMESPACE = env.env_label("ATELIER_SYSTEM_NAMESPACE", "atelier-system")
# How pods reach the portal and the hub's API.
ATELIER_POD_PORTAL_URL = env.env_url("ATELIER_POD_PORTAL_URL", ATELIER_PORTAL_URL)
ATELIER_POD_HUB_API_URL = env.env_str("ATELIER_POD_HUB_API_URL", ATELIER_HUB_API_URL).rstrip("/")
# Where pods of projects may go to, and be reached from, to use the platform.
ATELIER_PLATFORM_PEERS = env.env_json("ATELIER_PLATFORM_PEERS", [])
# Whether pods of projects may reach the internet where their project may, and what of it is ours:
# public addresses of the platform's own infrastructure, such as a managed cluster's API server.
ATELIER_PROJECT_INTERNET = env.env_bool("ATELIER_PROJECT_INTERNET", True)
ATELIER_PRIVATE_RANGES = env.env_json("ATELIER_PRIVATE_RANGES", [])
ATELIER_STORAGE_CLASS = env.env_str("ATELIER_STORAGE_CLASS", "")  # '': the cluster's default
ATELIER_HOME_GIB = env.env_int("ATELIER_HOME_GIB", 10, least=1)
ATELIER_NOTEBOOK_IMAGE = env.env_str(
    "ATELIER_NOTEBOOK_IMAGE", f"localhost/atelier/notebook:{VERSION}"
)
ATELIER_TRAINER_IMAGE = env.env_str("ATELIER_TRAINER_IMAGE", f"localhost/atelier/trainer:{VERSION}")

# --- Django ----------------------------------------------------------------------------------

SECRET_KEY = env.env_str("ATELIER_SECRET_KEY")
DEBUG = env.env_bool("ATELIER_DEBUG", False)
ALLOWED_HOSTS = [urlsplit(ATELIER_PORTAL_URL).hostname or "", *(
    h for h in env.env_str("ATELIER_EXTRA_HOSTS", "").split(",") if h
)]  # fmt: skip
ROOT_URLCONF = "atelier.config.urls"
WSGI_APPLICATION = "atelier.config.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False  # sentences live in core.reasons and in the SPA, in both languages
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "oauth2_provider",
    "atelier.toolkit",
    *(f"atelier.{feature}" for feature in FEATURES),
    "atelier.operate",
]

MIDDLEWARE = [
    "atelier.toolkit.middleware.CallerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "atelier.toolkit.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "atelier.accounts.middleware.SessionUserMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]

# --- database --------------------------------------------------------------------------------

# The event stream holds requests for hours: there a persistent connection would never come back.
_EVENT_STREAM = env.env_str("ATELIER_PROCESS", "web") == "events"
DATABASES = {
    "default": {
        **env.database_of(env.env_str("ATELIER_DATABASE_URL")),
        "CONN_MAX_AGE": 0 if _EVENT_STREAM else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=60000",
        },
    }
}

# --- people ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_ENGINE = "atelier.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-atelier_session" if TLS else "atelier_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = "__Host-atelier_csrf" if TLS else "atelier_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = TLS
CSRF_FAILURE_VIEW = "atelier.toolkit.http.csrf_failure"
CSRF_TRUSTED_ORIGINS = [ATELIER_PORTAL_URL]

# --- what browsers are told ------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
# Whether other hosts of the domain speak TLS is not the portal's to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
X_FRAME_OPTIONS = "DENY"
ATELIER_TRUSTED_PROXIES = env.env_int("ATELIER_TRUSTED_PROXIES", 0)
ATELIER_CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # Mantine sets style attributes
        "img-src 'self' data:",
        "font-src 'self'",
        f"connect-src 'self' {ATELIER_EVENTS_URL}",
        f"form-action 'self' {ATELIER_CONTENT_URL}",  # the OpenID sign-in redirects to the hub
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- the single-page application ---------------------------------------------------------------

ATELIER_SPA_DIR = Path(env.env_str("ATELIER_SPA_DIR", str(BASE_DIR / "frontend" / "dist")))
STATIC_URL = "/static/"
WHITENOISE_ROOT = ATELIER_SPA_DIR if ATELIER_SPA_DIR.is_dir() else None
# Vite names its assets by their content.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+$"

# --- API -------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["atelier.accounts.api.authentication.SessionOrBearer"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["atelier.toolkit.http.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["atelier.toolkit.http.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "atelier.toolkit.http.Cursor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "atelier.toolkit.http.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Atelier",
    "VERSION": VERSION,
    "DESCRIPTION": "Notebooks, training jobs and model endpoints behind one portal.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "PlatformRole": "atelier.accounts.models.PlatformRole",
        "Language": "atelier.accounts.models.Language",
        "Theme": "atelier.accounts.models.Theme",
        "Role": "atelier.projects.models.Role",
        "TokenScope": "atelier.accounts.models.ApiToken.Scope",
        "KindLabel": "atelier.catalog.models.KindLabel",
        "Isolation": ("uid", "none"),
        "QuotaScope": "atelier.quotas.models.Scope",
        "WorkloadStatus": "atelier.workloads.status.SHOWN",
        "WorkloadPhase": "atelier.workloads.status.Status",
        "ComponentState": ("ok", "degraded", "down"),
        "StepState": ("done", "active", "waiting", "failed"),
        "PlaceState": ("pending", "ready", "draining", "gone", "failed"),
        "EventSource": "atelier.workloads.models.WorkloadEvent.Source",
        "CheckVerdict": ("fits", "waits", "never"),
        "CheckState": ("ok", "waits", "never"),
        "CheckConditionCode": (
            "project_quota",
            "user_quota",
            "platform_quota",
            "engine",
            "image",
        ),
    },
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "atelier.toolkit.openapi.add_problems",
        "atelier.accounts.api.openapi.allow_no_platform_role",
    ],
}

# --- tasks -----------------------------------------------------------------------------------

ATELIER_BROKER_URL = env.env_str("ATELIER_BROKER_URL")
ATELIER_DOORBELLS = env.env_bool("ATELIER_DOORBELLS", True)
CELERY_BROKER_URL = ATELIER_BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A broker that accepts and never answers would otherwise block for ever.
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "visibility_timeout": 600,
}
CELERY_TASK_DEFAULT_QUEUE = "celery"
# Only the worker of this queue has the rights to make namespaces.
CELERY_TASK_ROUTES = {"tenancy.*": {"queue": "tenancy"}}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(ATELIER_HOME / "run" / "celerybeat-schedule")
ATELIER_PERIODIC = PERIODIC

# --- OpenID provider for the hub ---------------------------------------------------------------

OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": f"{ATELIER_PORTAL_URL}/oauth",
    "OIDC_RSA_PRIVATE_KEY": env.env_file("ATELIER_OIDC_KEY_FILE"),
    "PKCE_REQUIRED": True,
    "SCOPES": {
        "openid": "Sign in",
        "profile": "Your name",
        "email": "Your address",
        "groups": "Your projects",
    },
    "OAUTH2_VALIDATOR_CLASS": "atelier.accounts.oidc.Validator",
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] if TLS else ["http"],
    # RFC 9700: the code flow with S256 only, tokens in headers only and stored hashed, a refresh
    # token that is used twice ends its whole family.
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}
LOGIN_URL = "/login"

# --- logs ------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "atelier.toolkit.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.env_str("ATELIER_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        # Refusals are not worth a line, and their addresses may hold the secret of a link.
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        # Two lines for each of the tasks that beat rings every few seconds.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
