"""All settings, by environment. Every value a deployment may change is an environment variable (docs/deployment.md)."""

import base64
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ENVIRONMENT = env("DJANGO_ENV", default="development")
if ENVIRONMENT not in {"development", "test", "demo", "production"}:
    raise ImproperlyConfigured(f"DJANGO_ENV={ENVIRONMENT} is none of development, test, demo, production")
PRODUCTION = ENVIRONMENT == "production"
DEMO = ENVIRONMENT == "demo"
DEBUG = ENVIRONMENT == "development" and env.bool("DEBUG", default=False)


def secret(name: str, fallback: str) -> str:
    """A secret from the environment; a fixed one only where no real data can be."""
    return str(env(name) if ENVIRONMENT in {"production", "demo"} else env(name, default=fallback))


def keyring(text: str) -> dict[int, bytes]:
    """`1:<base64>,2:<base64>` → {1: key, 2: key}; keys have 32 bytes."""
    pairs = (part.split(":", 1) for part in text.split(",") if part)
    return {int(number): base64.b64decode(key) for number, key in pairs}


_DEVELOPMENT_KEY = base64.b64encode(bytes(range(32))).decode()
SECRET_KEY = secret("SECRET_KEY", "development-only-" + "x" * 50)
FIELD_KEYS = keyring(secret("FIELD_KEYS", f"1:{_DEVELOPMENT_KEY}"))
FIELD_KEY_CURRENT = env.int("FIELD_KEY_CURRENT", default=max(FIELD_KEYS))
BLIND_INDEX_KEY = base64.b64decode(secret("BLIND_INDEX_KEY", _DEVELOPMENT_KEY))
JOURNAL_KEY = base64.b64decode(secret("JOURNAL_KEY", _DEVELOPMENT_KEY))

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_ADDRESS = env("SITE_ADDRESS", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "config",
    "supervision",
    "disclosure",
    "funds",
    "cases",
    "archives",
    "policies",
    "organizations",
    "journal",
    "common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organizations.middleware.ActorMiddleware",
    "config.plain.PlainAddresses",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "config.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database: one PostgreSQL, three roles -----------------------------------------------------------------------


def database(url: str, role: str) -> dict[str, Any]:
    """Connection settings that act as `role`: by the login itself, or by SET ROLE where the login may."""
    config: dict[str, Any] = env.db_url_config(url)
    config["HOST"] = config.get("OPTIONS", {}).pop("host", config["HOST"])  # …?host=/folder/of/a/socket
    options = "-c lock_timeout=4s"
    if config["USER"] != role:
        options += f" -c role={role}"
    config["OPTIONS"] = {**config.get("OPTIONS", {}), "options": options}
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    config["TIME_ZONE"] = (
        "Asia/Shanghai"  # else Django sets the session to UTC, and a day in SQL is another than in Python
    )
    return config


DATABASE_URL = env("DATABASE_URL", default="postgresql://postgres@127.0.0.1:5432/sunlight")
MIGRATION_DATABASE_URL = env("MIGRATION_DATABASE_URL", default=DATABASE_URL)
DATABASES = {
    "default": database(DATABASE_URL, "sunlight_web"),
    "owner": database(MIGRATION_DATABASE_URL, "sunlight_owner"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_AGE = 8 * 60 * 60
SIGNING_SITTING_SECONDS = 10 * 60

ANONYMOUS_USER_NAME = None
# guardian's backend answers has_perm() without dates or the tree of areas: organizations.queries.powers reads its rows instead.
# axes.W006: the lock-out counts by account alone; offices share one address, and an attacker has many.
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "axes.W006"]

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "organizations.services.sign_in.attempt_name"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True  # the journal keeps sign-in and sign-out
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a lock ends when the page says it does
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

ACCOUNT_ADAPTER = "organizations.adapters.AccountAdapter"
MFA_ADAPTER = "organizations.adapters.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_RATE_LIMITS = False  # axes is the one lock-out
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "organizations.forms.LoginForm"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp"]
MFA_TOTP_ISSUER = "阳光救助"

# --- Interfaces for other systems (REST, OAuth 2 client credentials) -----------------------------------------------------------

OAUTH2_PROVIDER_APPLICATION_MODEL = "organizations.SystemClient"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",  # client credentials, nothing else
    "SCOPES_BACKEND_CLASS": "organizations.scopes.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": env.int("API_TOKEN_SECONDS", default=60 * 60),
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
}
API_KEY_DAYS = env.int("API_KEY_DAYS", default=30)  # how long an Idempotency-Key is remembered with its answer
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["organizations.api_access.ClientAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["organizations.api_access.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["organizations.api_access.ClientRate"],
    "DEFAULT_THROTTLE_RATES": {
        "client": env("API_RATE", default="300/min"),
        "token": env("API_TOKEN_RATE", default="30/min"),
        "public": env("API_PUBLIC_RATE", default="60/min"),
    },
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "organizations.api.problem",
    "DEFAULT_SCHEMA_CLASS": "organizations.api_schema.Documented",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": 0,  # config.proxy has already put the caller's address into REMOTE_ADDR
}
SPECTACULAR_SETTINGS = {
    "TITLE": "阳光救助接口",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "供其他政务系统使用。\n\n"
        "- **令牌**：OAuth 2.0 客户端凭证方式。编号和密钥由管理单位登记后交给对方，"
        "在 `/api/v1/token/` 换取令牌，放进请求头 `Authorization: Bearer …`。\n"
        "- **只办一次**：每个 POST 带请求头 `Idempotency-Key`。没有收到回答时用原来的值重发，得到原来的回答，不会重办。\n"
        "- **不覆盖别人的办理**：补充、撤回要带 `If-Match`，值为上次查询返回的 `ETag`；版本不符返回 412，先查询再办。\n"
        "- **问题说明**：出错时按 RFC 9457 返回 `application/problem+json`，"
        "`code` 固定不变，`detail` 说明原因和办法，`errors` 指出哪一项。\n"
        "- **频率**：超过限制返回 429，按 `Retry-After` 等待。\n"
        "- 时间为带时区的 ISO 8601，金额为十进制字符串。"
    ),
    "TAGS": [{"name": "申请", "description": "提交申请、补充材料、查询、撤回"}, {"name": "令牌"}],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "organizations.api_schema.without_docstrings",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
}

# --- Language, time, files ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
MEDIA_ROOT = env("MEDIA_ROOT", default=str(BASE_DIR / "var" / "files"))
STORAGES = {
    "default": {"BACKEND": env("FILE_STORAGE", default="django.core.files.storage.FileSystemStorage")},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENVIRONMENT in {"production", "demo"}
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
PROGRESS_TRIES = env.int("PROGRESS_TRIES", default=5)  # wrong ones, of an address and of a receipt code
PROGRESS_SECONDS = env.int("PROGRESS_SECONDS", default=60 * 60)
APPLY_TRIES = env.int("APPLY_TRIES", default=3)  # online applications of an address
APPLY_SECONDS = env.int("APPLY_SECONDS", default=60 * 60)
DRAFT_DAYS = env.int("DRAFT_DAYS", default=90)  # personal data in a draft nobody comes back to is not kept
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
PACK_FILE_MAX_BYTES = 300 * 1024
UPLOAD_MAX_PIXELS = 40_000_000

# --- Celery and cache -------------------------------------------------------------------------------------------------

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if ENVIRONMENT == "test"
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
BROKER_URL = "memory://" if ENVIRONMENT == "test" else REDIS_URL.replace("unix://", "redis+socket://")
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=BROKER_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 4 * 60 * 60,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "max_retries": 1,  # for whoever sends: a page does not wait for a broker that is down, the outbox keeps the task
    "interval_start": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its lines go through LOGGING like all others
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = env("CELERY_BEAT_SCHEDULE", default=str(BASE_DIR / "var" / "celerybeat-schedule"))
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "common.sweep_outbox", "schedule": 60},
    "seal-journal": {"task": "journal.seal", "schedule": 5 * 60},
    "heal-powers": {"task": "organizations.heal_powers", "schedule": 60 * 60},
    "drop-old-answers": {"task": "organizations.drop_old_answers", "schedule": 24 * 60 * 60},
    "heal-limits": {"task": "cases.heal_limits", "schedule": 60 * 60},
    "drop-old-drafts": {"task": "common.drop_old_drafts", "schedule": 24 * 60 * 60},
}

# --- Browser security -------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE.insert(0, "config.proxy.ClientAddress")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- Logs: structured, without personal data ----------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {
        "handlers": ["console"],
        "level": env("LOG_LEVEL", default="WARNING" if ENVIRONMENT == "test" else "INFO"),
    },
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "CRITICAL"},
        "weasyprint": {"level": "ERROR"},
    },
}
