"""Settings. What differs between places is an environment variable, listed in `.env.example`."""

import logging
import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
from csp.constants import NONE, SELF
from django.core.mail.utils import DNS_NAME

from tradematch import keys, logs
from tradematch.processes import Process, database_options

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # former keys, while what they signed still counts
PROCESS = Process(env("TM_PROCESS", default=Process.COMMAND))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATA_DIR = Path(env("TM_DATA_DIR", default=str(BASE_DIR / "var")))
REFERENCE_DIR = BASE_DIR / "data"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "accounts",
    "notices",
    "commodities",
    "corridor",
    "companies",
    "matching",
    "reports",
    "desk",
    "tradematch",
]

MIDDLEWARE = [
    "tradematch.request_ids.RequestIdMiddleware",
    "tradematch.access_log.AccessLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tradematch.headers.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # after those whose headers static files carry too
    "tradematch.bodies.BodySizeMiddleware",  # before the first one that reads a form
    "tradematch.outages.OutageMiddleware",  # before the first one that asks the database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.history.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    "accounts.sessions.LastSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "desk.visits.VisitMiddleware",
]

ROOT_URLCONF = "tradematch.urls"
WSGI_APPLICATION = "tradematch.wsgi.application"

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
                "django.template.context_processors.i18n",
            ],
        },
    },
]

# The database. PostgreSQL only; `run.py` gives the address of the embedded one.
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "TEST": {"NAME": env("TM_TEST_DB", default="test_tradematch")},
}
_given = DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] = database_options(PROCESS, _given.get("options", "")) | {
    name: value for name, value in _given.items() if name != "options"
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis (or Valkey): the broker in the database named by the address, the shared cache in the next one.
REDIS_URL = env("REDIS_URL")


def redis_database_after(url: str) -> str:
    """The same server, one database number further."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + 1
    return urlunsplit(parts._replace(path=f"/{number}"))


CACHES = {
    "default": {
        "BACKEND": "tradematch.cache.ForgivingRedisCache",
        "LOCATION": redis_database_after(REDIS_URL),
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# Celery. Queue state is never the truth: the Run row is. docs/running.md explains the numbers.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "matching.tasks.*": {"queue": "matching"},
    "notices.tasks.*": {"queue": "mail"},
    "companies.tasks.send_invitations": {"queue": "mail"},
    "reports.tasks.send_due": {"queue": "mail"},  # quick, and not to wait behind a large report
    "reports.tasks.*": {"queue": "reports"},
}
CELERY_WORKER_CONSUMER = "tradematch.consumer:Consumer"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("TM_WORKER_MEMORY_MB", default=1000) * 1000  # kB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60 if not DEBUG else 0
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# While a worker waits for its broker it hears none of its new processes either, and would end them as dead after 4 s;
# where it waits longer than this it still does, and begins others.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # by itself it gives up after 100 tries and ends
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("TM_VISIBILITY_TIMEOUT_S", default=1200),
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
if PROCESS == Process.WEB:  # a person waits: one try of a broker that hangs takes a second; what was not sent is found
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_timeout": 1, "socket_connect_timeout": 1}
    CELERY_TASK_PUBLISH_RETRY_POLICY["max_retries"] = 0
CELERY_TIMEZONE = "UTC"

# A queued run without a message, or a running one without a heartbeat, is queued again after these many seconds.
RUN_SWEEP_S = env.float("TM_RUN_SWEEP_S", default=60)
RUN_HEARTBEAT_LOST_S = env.float("TM_HEARTBEAT_LOST_S", default=90)
# How many processors one step of the matching may use; 0: what is left to each process of a worker.
WORKER_PROCESSES = env.int("TM_WORKER_PROCESSES", default=2)
ENGINE_THREADS = env.int("TM_ENGINE_THREADS", default=0) or max((os.cpu_count() or 1) // WORKER_PROCESSES, 1)
# Notices by mail: how often it is looked what is due, and the hour (on the clock of TIME_ZONE) of what comes together.
LETTERS_ROUND_S = env.float("TM_LETTERS_ROUND_S", default=300)
LETTERS_HOUR = env.int("TM_LETTERS_HOUR", default=8)
# How often it is looked whether a finished run has something new for those who follow its sectors.
TELL_FOLLOWERS_S = 120
# How often it is looked what expires. The first round of a day says it; a clock that stood still catches up.
EXPIRY_ROUND_S = 3600
# Reports: how many days their rows and files are kept, and where files are written before they are kept; empty: where
# the system keeps temporary files.
REPORTS_KEPT_DAYS = env.int("TM_REPORTS_KEPT_DAYS", default=30)
REPORTS_WORK_DIR = env("TM_REPORTS_WORK_DIR", default="")
# How often it is looked which reports are due by a schedule, and which of them are ready.
SCHEDULES_ROUND_S = 60
CELERY_BEAT_SCHEDULE = {
    "sweep-runs": {"task": "matching.tasks.sweep_runs", "schedule": RUN_SWEEP_S},
    "send-letters": {"task": "notices.tasks.send_letters", "schedule": LETTERS_ROUND_S},
    "send-invitations": {"task": "companies.tasks.send_invitations", "schedule": LETTERS_ROUND_S},
    "forget-what-is-over": {"task": "accounts.tasks.forget_what_is_over", "schedule": 24 * 3600},
    "forget-ended-links": {"task": "companies.tasks.forget_what_is_over", "schedule": 24 * 3600},
    "sweep-books": {"task": "companies.tasks.sweep_books", "schedule": RUN_SWEEP_S},
    "forget-books": {"task": "companies.tasks.forget_books", "schedule": 24 * 3600},
    "look-what-expires": {"task": "companies.tasks.look_what_expires", "schedule": EXPIRY_ROUND_S},
    "sweep-reports": {"task": "reports.tasks.sweep_reports", "schedule": RUN_SWEEP_S},
    "remove-old-reports": {"task": "reports.tasks.remove_old_reports", "schedule": 3600},
    "send-due-reports": {"task": "reports.tasks.send_due", "schedule": SCHEDULES_ROUND_S},
    "tell-followers": {"task": "desk.tasks.tell_followers", "schedule": TELL_FOLLOWERS_S},
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up, and within minutes
ACCOUNT_CHANGE_EMAIL = True  # one address a person: the new one replaces the old one once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter tells of every change of how one signs in
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
# How often one may try: by network address, by account (key), by person. Nobody is ever kept out for good.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip,100/h/ip",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # key: account and network address; a second factor: the person
    "login_failed_account": "30/h/key",  # from all network addresses together
    "confirm_email": "1/1m/key,10/h/key,60/h/ip",
    "reset_password": "20/m/ip,5/m/key,20/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "number_asked": "40/h/user",  # a business that begins to register: numbers of others are not to be tried out
    "likely_asked": "400/h/user",  # names looked for among the companies while somebody types one
    "member_invited": "40/d/user",  # letters to strangers, whatever company they are sent for
    "link_opened": "60/h/ip",  # one-time links of companies: nobody finds one by trying
    "directory_asked": "120/h/user",  # a business that looks whether its company is in the public directory
    "book_sent": "40/h/user",  # spreadsheets that are kept and read
    "claim_made": "10/d/user",  # each is told to all who verify: nobody fills their queue by claiming and taking back
    "paper_brought": "60/h/user",  # files of certificates: nobody fills the disk with them
    "paper_verified": "60/h/ip",  # strangers who ask what a report was: nobody finds one by trying
}
# Second factors: an app that shows codes, passkeys, and recovery codes for the day they are lost.
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs in unconfirmed; an address somebody means to change to is no danger
MFA_TOTP_TOLERANCE = 1  # half a minute either way: clocks differ, fingers are slow
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
# For a first look on one machine: its sample users, whose passwords lie in a file, need no second factor.
SAMPLE_USERS_WITHOUT_SECOND_FACTOR = env.bool("TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR", default=False)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Where mail goes, as one address (smtp+tls://user:password@host:587); printed where none is given.
globals().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 20  # seconds; a mail server that says nothing is away
# How the product is reached: for links in letters, which are written where no request says it.
BASE_URL = env("TM_BASE_URL", default=(CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0])
# The name of this machine in letters: what people call it, instead of asking a name server what that might be.
DNS_NAME._fqdn = urlsplit(BASE_URL).hostname or "localhost"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="TradeMatch <webmaster@localhost>")

# Languages and places on the clock
LANGUAGE_CODE = "en"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English"), ("ru", "Русский"), ("kk", "Қазақша")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "borrowed"]  # ours, then what packages lack
FORMAT_MODULE_PATH = "tradematch.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Makassar"  # WITA, the clock of Balikpapan; moments are stored in UTC

# Files the browser gets
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env("TM_STATIC_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# Files that people bring, and the register of who was erased: kept beside the database, see docs/keeping.md.
MEDIA_ROOT = DATA_DIR / "kept" / "uploads"
ERASURE_REGISTER = DATA_DIR / "kept" / "erasures.jsonl"
# The snapshot of a large book that edits are matched by: made anew at any time, and never part of a backup. A folder of
# its own: one that holds anything else is refused.
SNAPSHOT_DIR = Path(env("TM_SNAPSHOT_DIR", default=str(DATA_DIR / "kept" / "snapshots")))
SNAPSHOT_FROM = env.int("TM_SNAPSHOT_FROM", default=20_000)  # open needs and capacities together
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
VERIFIED_FILE_MAX_SIZE = 50_000_000  # of a file that somebody asks about; its bytes are counted and never kept
CERTIFICATE_FILE_MAX_SIZE = 8_000_000  # a picture that a telephone takes of a paper
# Together, so that nobody fills the disk before somebody has looked at the company.
CERTIFICATE_FILES_MAX_OF_COMPANY = env.int("TM_PAPERS_MAX_OF_COMPANY", default=100_000_000)
CERTIFICATE_FILES_MAX_OF_PERSON = env.int("TM_PAPERS_MAX_OF_PERSON", default=200_000_000)
# From then on a company that waits to be verified is marked. A choice of this house; no law gives a term.
VERIFICATION_WORKING_DAYS = env.int("TM_VERIFICATION_WORKING_DAYS", default=5)

# Trust
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
HTTPS = env.bool("TM_HTTPS", default=False)  # behind a proxy that speaks TLS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # it names the visitor in X-Forwarded-For: limits count people, not the proxy
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"

CSRF_FAILURE_VIEW = "tradematch.error_pages.csrf_failure"
# What anybody could guess protects nobody.
if not DEBUG:
    keys.refuse_weak_key(SECRET_KEY)
if HTTPS:
    keys.refuse_known_password("DATABASE_URL", env("DATABASE_URL"))
    keys.refuse_known_password("REDIS_URL", REDIS_URL)

# What is written down of what happens: one JSON object a line, or `line` for a terminal.
LOG_LEVEL = env("LOG_LEVEL", default="WARNING")
LOG_FORMAT = env("LOG_FORMAT", default="line" if PROCESS == Process.COMMAND else "json")
LOGGING = logs.configuration(LOG_FORMAT, LOG_LEVEL)
logging.captureWarnings(LOG_FORMAT == "json")  # they are several lines long otherwise
