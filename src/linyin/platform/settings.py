"""Settings of the Django project; what an installation may choose comes from `LINYIN_*`."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.csp import CSP

from linyin.platform.identity import read_identities
from linyin.platform.rooms import added_rooms
from linyin.platform.workspace import Workspace

WORKSPACE = Workspace.from_environment()
IDENTITIES = read_identities(WORKSPACE.identity_file)
HERE = Path(__file__).parent


def _listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DEBUG = False
SECRET_KEY = os.environ.get("LINYIN_SECRET_KEY") or (
    WORKSPACE.secret_file.read_text() if WORKSPACE.secret_file.exists() else ""
)
ALLOWED_HOSTS = _listed("LINYIN_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _listed("LINYIN_ORIGINS")
IS_DEMO = os.environ.get("LINYIN_DEMO") == "1"

ROOMS = ("organization", "governance", "ledger", "inventory")
ROOM_APPS = [*(f"linyin.{room}.web" for room in ROOMS), *added_rooms()]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *IDENTITIES.apps,
    "django_tasks_db",
    "linyin.platform",
    *ROOM_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linyin.platform.middleware.PersonMiddleware",
    "linyin.platform.middleware.MethodMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "linyin.platform.urls"
WSGI_APPLICATION = "linyin.platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.csp",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linyin.platform.shell.page_context",
                "linyin.platform.demo.demo_context",
            ],
            "builtins": [
                "linyin.platform.templatetags.linyin",
                "linyin.platform.templatetags.parts",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    database: dict[str, Any] = dict(dj_database_url.parse(WORKSPACE.database_url))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # With Django's defaults 216 of 600 concurrent transactions failed (measured). FULL: what
        # was answered as done (an approval, a batch of the lake) survives a loss of power.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    else:
        database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "platform_cache",
        # Above it some are thrown away, counters of sign-ins and requests among them.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_LEASE_SECONDS = float(os.environ.get("LINYIN_JOB_LEASE_SECONDS", "60"))

AUTH_USER_MODEL = "platform.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "linyin.platform.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "linyin.platform.accounts.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = IDENTITIES.providers
# By an address that the provider vouches for, of somebody who was invited.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Linyin 林荫] "
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip", "login": "30/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are the administrator's: nobody signs up with one
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # also of invitations
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Browsers keep cookies by host, whatever the port: each workspace has its own names.
COOKIES_OF = sha256(SECRET_KEY.encode()).hexdigest()[:8]
SESSION_COOKIE_NAME = f"linyin_session_{COOKIES_OF}"
CSRF_COOKIE_NAME = f"linyin_csrf_{COOKIES_OF}"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linyin.platform.failing.form_too_old"

IS_HTTPS = os.environ.get("LINYIN_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF, *IDENTITIES.origins, *_listed("LINYIN_IDENTITY_ORIGINS")],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_NAME = "linyin_language"
TIME_ZONE = os.environ.get("LINYIN_TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    # The one copy of ECharts, which also draws the printed reports.
    ("linyin/vendor/echarts", HERE.parent / "inventory" / "report" / "vendor"),
    *(
        (f"linyin/guides/{language}", HERE / "guides" / language / "img")
        for language in ("en", "zh")
    ),
]
FORM_RENDERER = "linyin.platform.forms.Renderer"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a month grid of 200 sources has 2,400 cells
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = WORKSPACE.uploads  # where what a killed process left is removed
UPLOAD_LIMIT_BYTES = 200 * 2**20

MAILERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": os.environ["LINYIN_MAIL_HOST"],
            "port": int(os.environ.get("LINYIN_MAIL_PORT", "25")),
            "username": os.environ.get("LINYIN_MAIL_USER", ""),
            "password": os.environ.get("LINYIN_MAIL_PASSWORD", ""),
            "use_tls": os.environ.get("LINYIN_MAIL_TLS") == "1",
            "timeout": 20,
        },
    }
    if os.environ.get("LINYIN_MAIL_HOST")
    else {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": WORKSPACE.outbox},
    }
}
PUBLIC_URL = os.environ.get("LINYIN_URL", "http://127.0.0.1:8000")
DEFAULT_FROM_EMAIL = os.environ.get("LINYIN_MAIL_FROM", "linyin@localhost")
NINJA_PAGINATION_PER_PAGE = 100
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LINYIN_LOG_LEVEL", "WARNING")},
    "loggers": {"django.tasks": {"level": "WARNING"}},
}
API_CALLS_A_MINUTE = int(os.environ.get("LINYIN_API_CALLS_A_MINUTE", "600"))
API_FAILURES_A_MINUTE = 60
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("LINYIN_PROXIES", "0"))
