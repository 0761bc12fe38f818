"""Settings of the project, read from the environment (运行设置).

Unset means production: without its secrets the project refuses to start and says which are
missing. `DEBUG=1` means development: SQLite, a file-system broker and no Redis. A file `.env`
beside `manage.py` is read first; what stands in the real environment wins over it.
"""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hanbin_cppcc.environment import flag, mail_server, read_env_file, words

BASE_DIR = Path(__file__).resolve().parent.parent

read_env_file(BASE_DIR / ".env")

DEVELOPMENT = flag("DEBUG", default=False)
# `make run` shows the pages that people get when something is missing, `runserver` Django's own for developers.
DEBUG = DEVELOPMENT and not flag("PLAIN_ERRORS", default=False)
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()

if DEVELOPMENT:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
else:
    _required = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"]
    _required += ["MAIL_FROM", "SITE_URL"] if os.environ.get("EMAIL_URL") else []
    _missing = [name for name in _required if not os.environ.get(name, "").strip()]
    if _missing:
        raise ImproperlyConfigured(
            "Production needs these environment variables, which are not set: "
            f"{', '.join(_missing)}. 缺少以上环境变量，系统不能启动；请对照 .env.example 填写，"
            "开发环境请设 DEBUG=1。"
        )

# Secrets and hosts
SECRET_KEY = os.environ.get("SECRET_KEY") or "development-only-key-never-used-in-production"
# Keys of personal data at rest: the first encrypts, all decrypt; unset, they follow from SECRET_KEY.
DATA_KEYS = words("DATA_KEY") or [SECRET_KEY]
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
REDIS_URL = os.environ.get("REDIS_URL", "")

# Applications
INSTALLED_APPS = [
    *("core", "members", "proposals", "sentiment", "consultations", "oversight", "portal", "dashboards"),
    *("members.admin_config.OfficeAdminConfig", "django.contrib.auth"),
    *("django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"),
    "django.contrib.staticfiles",
    *("axes", "crispy_forms", "crispy_bootstrap5", "csp", "django_htmx"),
    *("django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static"),
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.ClientAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "core.middleware.IdleSessionMiddleware",
    "core.middleware.BadgeMiddleware",
    "members.middleware.KeepTypedMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "members.middleware.AccountDutyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "core.middleware.BodyLimitMiddleware",
]

ROOT_URLCONF, WSGI_APPLICATION = "hanbin_cppcc.urls", "hanbin_cppcc.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "core.form_renderer.StringRenderer"

# Data
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers take their lock at once and wait for it; readers never wait for a writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis_cache = {
    "BACKEND": "hanbin_cppcc.cache.TolerantRedisCache",
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": "hanbin",
    "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
}
_file_cache = {  # files, because web and worker share it
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": DATA_DIR / "cache",
}
CACHES = {"default": _redis_cache if REDIS_URL else _file_cache}

MEDIA_ROOT = DATA_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a form without its files, in bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000  # a batch form over 500 rows
DATA_UPLOAD_MAX_NUMBER_FILES = 200  # an import of a whole folder
MAX_BODY_MEGABYTES = 210  # one request with all its files; the proxy in front must let as much through
FILE_UPLOAD_PERMISSIONS = 0o640

STATIC_URL, STATIC_ROOT = "static/", BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
_manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _plain if DEVELOPMENT else _manifest},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT

# People and sessions
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "members.passwords.PasswordRules"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "/accounts/login/", "/home/", "/"
SESSION_COOKIE_AGE = 30 * 60  # idle seconds; IdleSessionMiddleware makes it slide

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=20)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "core.middleware.visitor_address"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says until when; that must hold
AXES_LOCKOUT_CALLABLE = "members.views.accounts.locked"
AXES_HTTP_RESPONSE_CODE = 429
SECOND_FACTOR_REQUIRED = not DEVELOPMENT  # demo accounts sign in with the password alone
OTP_TOTP_ISSUER = "汉滨区政协"

# Transport security
HTTPS = flag("HTTPS", default=not DEVELOPMENT)  # HTTPS=0 only for a closed network without TLS
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or 0)  # reverse proxies in front
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.errors_views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks as data: images
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# Background work
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost//"
# A broker that is away must not hold a page up: the outbox is swept every minute anyway.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
} | (
    {"visibility_timeout": 3600, "socket_connect_timeout": 1, "socket_timeout": 2}
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
    }
)
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep-reminders": {"task": "core.tasks.sweep_reminders", "schedule": crontab("30", "7")},
    "run-pending-effects": {"task": "core.tasks.run_pending_effects", "schedule": crontab()},
    "send-mail": {"task": "members.tasks.send_mail", "schedule": crontab("*/10", "8-18")},
}

# E-mail: off unless EMAIL_URL names a server; links in mails begin with SITE_URL
globals().update(_mail := mail_server(os.environ.get("EMAIL_URL", "")))
MAIL_ON, EMAIL_TIMEOUT = bool(_mail), 10
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM") or "webmaster@localhost"
SITE_URL = (os.environ.get("SITE_URL") or "http://127.0.0.1:8000").rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"axes.apps": {"level": "WARNING"}},  # no greeting from every command
}
