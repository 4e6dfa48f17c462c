"""Settings, all from the environment; the defaults run the embedded platform of one machine."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from config.broker import broker_settings
from config.embedded.environment import whole_number
from config.embedded.postgres import database_url

REPOSITORY = Path(__file__).resolve().parents[2]


def _flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def _words(name: str, default: str) -> list[str]:
    return [word for word in os.environ.get(name, default).replace(",", " ").split() if word]


def _database(url: str) -> dict[str, object]:
    """Django's dictionary for a ``postgresql://user:password@host:port/name?host=/socket`` URL."""
    parts = urlsplit(url)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _key_of_data_folder() -> str:
    """The key that the embedded platform made, so that commands in another shell sign alike."""
    path = DATA_FOLDER / "secret_key"
    return path.read_text() if not PRODUCTION and path.is_file() else ""


ENVIRONMENT = os.environ.get("AFFECTORY_ENV", "development")
PRODUCTION = ENVIRONMENT == "production"
DATA_FOLDER = Path(os.environ.get("AFFECTORY_DATA", REPOSITORY / ".affectory")).resolve()
INSTANCE = os.environ.get("AFFECTORY_INSTANCE", "")

# `config.checks` refuses to start in production with this key or with DEBUG.
INSECURE_SECRET_KEY = "insecure-development-key"  # noqa: S105
SECRET_KEY = os.environ.get("AFFECTORY_SECRET_KEY") or _key_of_data_folder() or INSECURE_SECRET_KEY
DEBUG = _flag("AFFECTORY_DEBUG", default=False)
ALLOWED_HOSTS = _words("AFFECTORY_ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = _words("AFFECTORY_TRUSTED_ORIGINS", "")

INSTALLED_APPS = [
    "config.apps.PlatformConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "audit",
    "jobs",
    "storage",
    "webhooks",
    "ingest",
    "annotation",
    "exports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.pages.ContentSecurityPolicyMiddleware",
    "config.requests.RefuseNulMiddleware",
    "config.requests.EntityTagMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

DATABASE_URL = os.environ.get("DATABASE_URL") or database_url(DATA_FOLDER)
DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY = broker_settings(DATABASE_URL, os.environ)
# After so long without a sign of life of its worker, a job is another's to take.
JOB_LEASE_S = whole_number("AFFECTORY_JOB_LEASE_S", 60)

OBJECT_FOLDER = DATA_FOLDER / "objects"
S3 = {
    "endpoint_url": os.environ.get("S3_ENDPOINT_URL", ""),
    # Where browsers and clients reach the same server; left out, all files pass through the web server.
    "public_url": os.environ.get("S3_PUBLIC_URL", ""),
    "bucket": os.environ.get("S3_BUCKET", ""),
    "region": os.environ.get("S3_REGION", "us-east-1"),
}
# How long a media link handed to a browser works, in seconds: a rater may take a break in a long clip.
MEDIA_LINK_AGE_S = 6 * 60 * 60

# Webhooks go to public addresses only, unless the people who write their URLs may reach the inner network, too.
WEBHOOK_PRIVATE = _flag("AFFECTORY_WEBHOOK_PRIVATE", default=False)

# A PEM file with an Ed25519 private key: the manifests of new releases are signed with it. Only workers read it.
SIGNING_KEY = os.environ.get("AFFECTORY_SIGNING_KEY", "")

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
FRONTEND_FOLDER = REPOSITORY / "frontend" / "dist"
STATICFILES_DIRS = [("app", FRONTEND_FOLDER)] if FRONTEND_FOLDER.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"/static/app/assets/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION and _flag("AFFECTORY_HTTPS", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.requests.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "DEFAULT_THROTTLE_RATES": {"sign_in": "20/min"},
    # How many proxies stand before us: without one, X-Forwarded-For is whatever a client likes to say.
    "NUM_PROXIES": int(os.environ.get("AFFECTORY_PROXIES", "1" if PRODUCTION else "0")),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Affectory",
    "DESCRIPTION": "Corpora, ratings, agreement, gold standards and releases of affective-computing data.",
    "VERSION": "1",
    "DEFAULT_GENERATOR_CLASS": "config.openapi.SharedSchemaGenerator",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/",
    "ENUM_NAME_OVERRIDES": {
        "ItemKind": "annotation.protocol.ITEM_KINDS",
        "EntryState": "ingest.models.EntryState",
        "StudyState": "annotation.models.StudyState",
        "ParticipationState": "annotation.models.ParticipationState",
        "AssignmentState": "annotation.models.AssignmentState",
        "TraceState": "annotation.models.TraceState",
        "DialogueState": "annotation.talk.DialogueState",
        "ReleaseState": "exports.models.ReleaseState",
        "JobState": "jobs.models.JobState",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # It warns that the queue in PostgreSQL has no host name; it needs none.
        "kombu.connection": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("AFFECTORY_LOG_LEVEL", "INFO")},
}
