"""Reads the environment that the settings are made of (环境变量)."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def read_env_file(path: Path) -> None:
    """Take `NAME=value` lines of `path` into the environment where the name is not yet set."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sep, value = line.strip().partition("=")
        if sep and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def flag(name: str, default: bool) -> bool:
    """Read a yes/no variable: 1, true, yes and on mean yes, an unset or empty one the default."""
    text = os.environ.get(name, "").strip().lower()
    return text in {"1", "true", "yes", "on"} if text else default


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated variable as a list without empty parts."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def mail_server(address: str) -> dict[str, Any]:
    """Read `smtp://USER:PASSWORD@HOST:PORT` (with `?tls=0` in the clear) or `smtps://…` as Django's settings; unset: none."""
    if not address.strip():
        return {}
    parts = urlsplit(address.strip())
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("EMAIL_URL must look like smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465")
    ssl = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if ssl else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": ssl,
        "EMAIL_USE_TLS": not ssl and parse_qs(parts.query).get("tls", ["1"])[0] != "0",
    }
