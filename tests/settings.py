"""Settings of the tests: the project's own in development mode, with a few made quick or fixed.

TEST_DATABASE_URL, TEST_REDIS_URL and TEST_BROWSER say what `scripts/services.py` brought; without
them the tests run on SQLite and those that need more are listed as not run.
"""

import os
import tempfile
import zlib

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
# The first process makes the folder; xdist processes and Celery workers inherit its name.
SCRATCH = os.environ.get("TEST_SCRATCH_DIR") or tempfile.mkdtemp(prefix="hanbin-test-")
os.environ["TEST_SCRATCH_DIR"] = SCRATCH

TEST_DATABASE = os.environ.get("TEST_DATABASE", "test_hanbin")
_redis = os.environ.get("TEST_REDIS_URL", "")
_redis_number = zlib.crc32(f"{TEST_DATABASE}-{WORKER}".encode()) % 64

os.environ.update(
    {
        "DEBUG": "1",
        "SECRET_KEY": "tests-only",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "CSRF_TRUSTED_ORIGINS": "",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "REDIS_URL": f"{_redis}/{_redis_number}" if _redis else "",
        "DATA_DIR": os.path.join(SCRATCH, WORKER),
        "HTTPS": "0",
        "TRUSTED_PROXIES": "0",
        "LOG_LEVEL": "WARNING",
    }
)

from hanbin_cppcc.settings import *  # noqa: E402, F403
from hanbin_cppcc.settings import DATA_DIR, DATABASES  # noqa: E402

os.makedirs(DATA_DIR, exist_ok=True)

DEBUG = False
STATIC_ROOT = SCRATCH
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = False
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 0
if worker_database := os.environ.get("TEST_WORKER_DATABASE"):
    _database["NAME"] = worker_database  # a test's Celery worker works on the test's database
elif _database["ENGINE"].endswith("sqlite3"):
    # A file, since threads of a live server cannot share one in memory without locking errors.
    _database["TEST"] = {"NAME": os.path.join(DATA_DIR, "test.sqlite3")}
else:
    _database["TEST"] = {"NAME": TEST_DATABASE}
if not _redis:
    CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
