"""Production refuses to start without its secrets and names them; development needs none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
}
PRINT = (
    "from hanbin_cppcc import settings as s;"
    "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CELERY_BROKER_URL, s.DATABASES['default']['ENGINE'])"
)


def start(**env: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a new process with only these variables set."""
    blank = {
        "DEBUG": "",
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": "",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    return subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **blank, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_names_everything_missing_at_once() -> None:
    done = start()
    assert done.returncode != 0
    for name in PRODUCTION:
        assert name in done.stderr


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_refuses_each_missing_variable(missing: str) -> None:
    done = start(**{name: value for name, value in PRODUCTION.items() if name != missing})
    assert done.returncode != 0
    message = done.stderr.splitlines()[-1]
    assert message.split(". ")[0].endswith(f": {missing}")


def test_production_is_what_unset_debug_means() -> None:
    assert start(**PRODUCTION).stdout.split() == [
        "False",
        "True",
        "redis://127.0.0.1:1",
        "django.db.backends.postgresql",
    ]


def test_development_needs_only_debug() -> None:
    assert start(DEBUG="1").stdout.split() == [
        "True",
        "False",
        "filesystem://localhost//",
        "django.db.backends.sqlite3",
    ]


def test_served_development_shows_the_pages_of_the_house() -> None:
    assert start(DEBUG="1", PLAIN_ERRORS="1").stdout.split()[:3] == ["False", "False", "filesystem://localhost//"]


def test_mail_server_wants_a_sender_and_an_address_for_links() -> None:
    done = start(**PRODUCTION, EMAIL_URL="smtp://u:p@mail.example.org")
    assert "MAIL_FROM" in done.stderr
    assert "SITE_URL" in done.stderr


def test_mail_server_is_read_from_one_address() -> None:
    from hanbin_cppcc.environment import mail_server

    assert mail_server("") == {}
    one = mail_server("smtps://a%40b:p%2Fq@mail.example.org")
    assert (one["EMAIL_HOST_USER"], one["EMAIL_HOST_PASSWORD"]) == ("a@b", "p/q")
    assert (one["EMAIL_PORT"], one["EMAIL_USE_SSL"], one["EMAIL_USE_TLS"]) == (465, True, False)
    two = mail_server("smtp://mail.example.org:25/?tls=0")
    assert (two["EMAIL_PORT"], two["EMAIL_USE_SSL"], two["EMAIL_USE_TLS"]) == (25, False, False)
    with pytest.raises(ValueError, match="EMAIL_URL"):
        mail_server("mail.example.org")
